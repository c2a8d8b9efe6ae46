import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldHeader } from '../src/base/text.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Engine } from '../src/engine/engine.ts'
import { createMacros } from '../src/ingest/macros.ts'
import { isNormaliser } from '../src/ingest/normalise.ts'
import { pull } from '../src/ingest/pull.ts'
import { openFile } from '../src/ingest/read/open.ts'
import { headerScore, type NamedPlatform } from '../src/ingest/recognise.ts'
import { loadSource } from '../src/ingest/source.ts'
import type { ChannelConfig, Config, SourceConfig } from '../src/model/config.ts'
import { isFieldName, PROMOTION_KINDS, STATES } from '../src/model/field.ts'
import type { FieldSource, FileKind, Output } from '../src/platforms/platform.ts'
import { loadPlatform, platformIds } from '../src/platforms/registry.ts'

const ROOT = fileURLToPath(new URL('../src/platforms/', import.meta.url))
const PLACEHOLDER = /\{([A-Za-z_][\w.]*)(\?)?(?::(\w+))?\}/g
const ENTITIES = ['listing', 'stock', 'price', 'promotion', 'location'] as const

type Value = string | boolean | null
type Expected = Readonly<Partial<Record<(typeof ENTITIES)[number], readonly Readonly<Record<string, Value>>[]>>>

const ids = platformIds()
const platforms: readonly NamedPlatform[] = await Promise.all(
  ids.map(async (id) => ({ id, platform: await loadPlatform(id) })),
)

/** A platform that is queried has no files: its tests run against databases. */
function isQueried(id: string): boolean {
  return platforms.find((one) => one.id === id)?.platform.queried === true
}

function samplesOf(id: string): readonly string[] {
  if (isQueried(id)) return []
  return readdirSync(join(ROOT, id, 'samples')).filter((name) => !name.endsWith('.expected.json'))
}

function expectedOf(id: string, sample: string): string {
  return join(ROOT, id, 'samples', sample.replace(/(\.\w+)$/, '.expected.json'))
}

describe('the registry', () => {
  test('lists every folder with an index', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && existsSync(join(ROOT, entry.name, 'index.ts')),
    )
    expect(ids).toEqual(folders.map((entry) => entry.name).sort())
  })

  test.each([
    ['mercadolibre', 'platform/not-built', 'mercadolibre'],
    ['shopfy', 'platform/unknown', 'shopify'],
    ['../csv', 'platform/unknown', 'csv'],
    ['no such thing at all', 'platform/unknown', 'woocommerce'],
  ])('refuses %s with %s', async (id, code, word) => {
    const error = await loadPlatform(id).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DiagnosticError)
    const { diagnostic } = error as DiagnosticError
    expect(diagnostic.code).toBe(code)
    expect(`${diagnostic.message} ${diagnostic.help}`).toContain(word)
  })
})

describe.each(platforms)('$id', ({ id, platform }) => {
  test('has a README, a title and files', () => {
    expect(readFileSync(join(ROOT, id, 'README.md'), 'utf8').length).toBeGreaterThan(500)
    expect(platform.title).not.toBe('')
    expect(platform.files.length).toBeGreaterThan(0)
    expect(platform.precedence).toBe(id === 'csv' ? 0 : 10)
  })

  test.each(samplesOf(id))('says what sample %s gives', (sample) => {
    const expected = JSON.parse(readFileSync(expectedOf(id, sample), 'utf8')) as Expected
    const rows = Object.values(expected).flat()
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) for (const field of Object.keys(row)) expect(isFieldName(field), field).toBe(true)
  })

  describe.each(platform.files)('$name', (kind) => {
    test.skipIf(isQueried(id))('has a sample', () => {
      const slug = kind.name.replaceAll(' ', '-')
      expect(samplesOf(id).filter((sample) => sample.startsWith(slug))).not.toEqual([])
    })

    test('gives each header one meaning', () => {
      const meaning = new Map<string, string>()
      for (const [column, aliases] of Object.entries(kind.columns)) {
        for (const alias of aliases) {
          const folded = foldHeader(alias)
          expect(meaning.get(folded) ?? column, alias).toBe(column)
          meaning.set(folded, column)
        }
      }
    })

    test('names only columns it has', () => {
      const columns = new Set([...Object.keys(kind.columns), '_row'])
      const named = [...kind.requires, ...(kind.requiresAny ?? []).flat(), ...(kind.forbids ?? [])]
      for (const name of named) expect(columns, name).toContain(name)
      for (const [name, sql] of kind.derive ?? []) {
        expectPlaceholders(sql, columns)
        expect(columns, `${name} is derived and a column`).not.toContain(name)
        columns.add(name)
      }
      for (const output of kind.outputs) expectOutput(output, columns)
    })

    test('uses canonical fields and words', () => {
      for (const field of kind.grain) expect(isFieldName(field), field).toBe(true)
      for (const output of kind.outputs)
        for (const field of Object.keys(output.fields)) expect(isFieldName(field), field).toBe(true)
      expectWords(kind)
    })
  })
})

function expectPlaceholders(sql: string, columns: ReadonlySet<string>): void {
  for (const [placeholder, name, , normaliser] of sql.matchAll(PLACEHOLDER)) {
    expect([...columns], placeholder).toContain(name)
    if (normaliser !== undefined) expect(isNormaliser(normaliser), placeholder).toBe(true)
  }
  expect(sql.replace(PLACEHOLDER, ''), 'an unread placeholder').not.toMatch(/[{}]/)
}

function expectOutput(output: Output, kindColumns: ReadonlySet<string>): void {
  const columns = new Set(kindColumns)
  for (const name of Object.keys(output.each?.columns ?? {})) columns.add(name)
  if (output.each !== undefined) columns.add(output.each.as)
  const sources = Object.values(output.fields).flatMap((field): FieldSource[] =>
    typeof field === 'string' ? [{ sql: field }] : field === undefined ? [] : [field],
  )
  for (const { sql, raw, rawSql } of sources) {
    const short = /^\s*([\w.]+)\s*:\s*(\w+)\s*$/.exec(sql)
    expectPlaceholders(short === null ? sql : `{${short[1]}:${short[2]}}`, columns)
    if (rawSql !== undefined) expectPlaceholders(rawSql, columns)
    for (const name of raw === undefined ? [] : [raw].flat()) expect([...columns]).toContain(name)
  }
  for (const sql of [output.rows, output.parentKey, output.priceDelta, ...(output.keys ?? [])]) {
    if (sql !== undefined) expectPlaceholders(sql, columns)
  }
  expect(output.keys?.length ?? 0).toBeLessThanOrEqual(4)
  for (const pattern of Object.values(output.each?.columns ?? {}))
    expect(new RegExp(`${pattern.source}|`).exec('')?.length).toBe(2)
}

function expectWords({ vocabulary }: FileKind): void {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    status: STATES,
    'promotion.status': STATES,
    'promotion.kind': PROMOTION_KINDS,
    'stock.backorder': ['no', 'yes', 'notify', 'preorder'],
    condition: ['new', 'used', 'refurbished'],
  }
  for (const [field, list] of Object.entries(vocabulary ?? {})) {
    for (const [source, word] of Object.entries(list)) {
      expect(source, 'case folded').toBe(source.toLowerCase())
      expect(allowed[field], `${field}: ${source}`).toContain(word)
    }
  }
}

describe('samples', () => {
  let dir: string
  let engine: Engine

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'omniparity-platforms-'))
  })
  afterAll(async () => rm(dir, { recursive: true }))

  async function withEngine<T>(work: () => Promise<T>): Promise<T> {
    engine = await openDuckDB({ tempDir: join(dir, 'engine'), memoryLimit: null, threads: 2 })
    try {
      return await work()
    } finally {
      await engine.close()
    }
  }

  const cases = ids.flatMap((id) => samplesOf(id).map((sample) => ({ id, sample })))

  test.each(cases)('$id/$sample gives its canonical rows', async ({ id, sample }) => {
    const expected = JSON.parse(readFileSync(expectedOf(id, sample), 'utf8')) as Expected
    await withEngine(async () => {
      const relations = await relationsOf(id, sample, expected)
      for (const entity of ENTITIES) {
        const rows = expected[entity]
        if (rows === undefined) continue
        const relation = relations[entity]
        // Stock columns of several outlets give rows of one record: by location within it.
        const order = entity === 'stock' ? 'ord, "stock.location"' : 'ord'
        const actual = await engine.rows(`SELECT * FROM ${relation} ORDER BY ${order}`)
        const shown = rows.map((row, index) => {
          const found: Record<string, Value> = {}
          for (const field of Object.keys(row)) found[field] = comparable(actual[index]?.[field])
          return found
        })
        expect(shown, entity).toEqual(
          rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([field, value]) => [field, comparable(value)])),
          ),
        )
        expect(actual.length, `${entity} rows`).toBe(rows.length)
      }
    })
  })

  async function relationsOf(
    id: string,
    sample: string,
    expected: Expected,
  ): Promise<Readonly<Record<string, string>>> {
    const path = join(ROOT, id, 'samples', sample)
    const config = configFor(path)
    if (expected.location !== undefined) return { location: await locationRelation(path, config) }
    const store = await pull({
      engine,
      config,
      tempDir: join(dir, 'tmp'),
      asOf: '2026-11-22T00:00:00Z',
      progress: () => {},
      signal: new AbortController().signal,
    })
    for (const diagnostic of store.failed.values()) throw new DiagnosticError(diagnostic)
    expect(store.sources.map((source) => source.platform)).toEqual([id])
    return { listing: 'listing_all', stock: 'stock', price: 'price_list_row', promotion: 'promotion' }
  }

  async function locationRelation(path: string, config: Config): Promise<string> {
    const [channel] = config.channels
    const [source] = channel?.sources ?? []
    await createMacros(engine)
    const [file] = await openFile({
      path,
      shown: path,
      encoding: null,
      tempDir: join(dir, 'tmp'),
      engine,
      maxBadShare: 0.2,
      headers: headerScore(platforms),
    })
    if (channel === undefined || source === undefined || file === undefined) throw new Error('no file')
    const loaded = await loadSource(file, {
      engine,
      index: 0,
      earlier: [],
      channelIndex: 0,
      entry: 0,
      channel,
      config: source,
      platforms,
      locale: 'es',
    })
    const arm = loaded.arms.find((one) => one.entity === 'location')
    if (arm === undefined) throw new Error('no location rows')
    return `(SELECT *, ${arm.ordinal} AS ord FROM ${arm.table}${arm.filter === null ? '' : ` WHERE ${arm.filter}`})`
  }
})

function configFor(path: string): Config {
  const source: SourceConfig = {
    platform: 'auto',
    paths: [path],
    encoding: null,
    decimal: null,
    grain: null,
    dataAsOf: null,
    maxAgeMs: null,
    contract: null,
    map: {},
    where: null,
  }
  const channel: ChannelConfig = {
    id: 'web',
    kind: 'web',
    owner: 'self',
    audience: 'consumer',
    market: 'ES',
    currency: 'EUR',
    timezone: 'UTC',
    includesTax: null,
    stockPool: null,
    pricePolicy: { kind: 'same', declared: false },
    assortment: null,
    phase: 'discovery',
    syncLagMs: 0,
    taxCountry: 'ES',
    statusMap: {},
    limits: {},
    adminUrl: null,
    sources: [source],
  }
  return {
    file: null,
    dir: '/',
    project: 'platforms',
    locale: 'es',
    market: 'ES',
    currency: 'EUR',
    timezone: 'UTC',
    extends: [],
    channels: [channel],
    identity: { crosswalk: null, keys: ['gtin', 'sku', 'brand+mpn'], skuTemplate: {}, wantsMatch: false },
    authority: {
      catalog: { default: null, markets: {} },
      price: { default: null, markets: {} },
      stock: { default: null, markets: {} },
      promotion: { default: null, markets: {} },
    },
    locations: {},
    inputs: [],
    channelIds: ['web'],
    rules: {},
    overrides: [],
    rulesDir: null,
    suppressions: null,
    gate: { failOn: 'error', maxNew: 0, maxUnknown: null },
    sha256: '',
  }
}

/** Decimals without trailing zeros, instants as milliseconds: `expected.json` need not know how the store prints them. */
function comparable(value: unknown): Value {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null
  const text = String(value)
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return new Date(text).toISOString()
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}
