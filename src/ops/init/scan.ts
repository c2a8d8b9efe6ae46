/** Looks at the files of a folder: which platform wrote each, what it is, and how its first records read. */
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { instantText, now } from '../../base/clock.ts'
import { defaultConfig } from '../../config/normalise.ts'
import { fail } from '../../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../../diagnostics/render.ts'
import { ident } from '../../engine/engine.ts'
import type { Source, Store } from '../../ingest/tables.ts'
import type { Locale } from '../../model/config.ts'
import { loadPlatform } from '../../platforms/registry.ts'
import { withSources } from '../project.ts'

/** One record as it was understood: canonical text by field. */
export type SampleRow = Readonly<Record<(typeof SAMPLE_FIELDS)[number], string | null>>

export const SAMPLE_FIELDS = ['sku', 'gtin', 'title', 'price', 'stock', 'status'] as const

const COLUMNS: Readonly<Record<(typeof SAMPLE_FIELDS)[number], string>> = {
  sku: 'sku',
  gtin: 'gtin',
  title: 'title',
  price: 'price.regular',
  stock: 'stock.available',
  status: 'status',
}

export interface ScannedFile {
  /** Relative to the folder, with slashes. */
  readonly path: string
  /** Of its bytes, and of which sheet of them. */
  readonly content: string
  readonly platform: string
  readonly kind: string
  readonly records: number
  /** Whether its records are articles, and not only figures or promotions of articles. */
  readonly hasListings: boolean
  /** Whether it only adds to articles that another file lists: stock, promotions, places. */
  readonly isPart: boolean
  readonly hasPrices: boolean
  /** Currency that all its prices name; null where none or several do. */
  readonly currency: string | null
  readonly sample: readonly SampleRow[]
}

export interface Scan {
  readonly files: readonly ScannedFile[]
  /** Files that no platform fits, with the reason. */
  readonly unknown: readonly { readonly path: string; readonly reason: string }[]
}

const ENDINGS = /\.(csv|tsv|txt|xlsx|json|ndjson|jsonl|xml|parquet)(\.gz)?$|\.zip$/i
/** What the tool itself writes, and what projects of developers have. */
const NOT_EXPORTS =
  /^(package(-lock)?|tsconfig|baseline|faults|suppressions|omniparity|report|plan|crosswalk|composer)\.|^omniparity-/i
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'vendor', '__MACOSX'])
const DEEPEST = 4
const MOST_FILES = 500
const SAMPLE = 10
/** A list with none of these compares nothing: a list of shops has codes and names too. */
const TELLING = ['gtin', 'price.regular', 'price.sale', 'stock.available', 'stock.on_hand', 'status'] as const

/** @throws DiagnosticError `init/no-folder`, `init/too-many-files`. */
export async function findExports(dir: string): Promise<readonly string[]> {
  const found: string[] = []
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
      if (depth > 0) return []
      throw fail('init/no-folder', { folder: dir, reason: cause.code ?? cause.message }, null, cause)
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory() && depth < DEEPEST && !SKIPPED_FOLDERS.has(entry.name)) await walk(path, depth + 1)
      else if (entry.isFile() && ENDINGS.test(entry.name) && !NOT_EXPORTS.test(entry.name)) {
        found.push(relative(dir, path).split(sep).join('/'))
      }
      if (found.length > MOST_FILES) throw fail('init/too-many-files', { folder: dir, most: MOST_FILES })
    }
  }
  await walk(dir, 0)
  return found
}

/** Reads each file by itself, so that one which cannot be read says nothing about the others. */
export async function scan(dir: string, paths: readonly string[], locale: Locale, signal: AbortSignal): Promise<Scan> {
  const channels = paths.map((path, index) => ({
    id: `file-${index}`,
    kind: 'web' as const,
    // A name with brackets or braces is a name, not a pattern.
    sources: [{ platform: 'auto', paths: [path] }],
  }))
  const config = { ...defaultConfig(dir, channels), locale }
  return withSources(config, instantText(now()), signal, async (store, engine) => {
    const files: ScannedFile[] = []
    for (const source of store.sources) {
      files.push({
        path: source.file.path,
        content: `${source.file.sha256}#${source.file.sheet ?? ''}`,
        platform: source.platform,
        kind: source.kind,
        records: source.file.records,
        ...(await natureOf(source)),
        currency: await currencyOf(store, engine, source.index),
        sample: await sampleOf(store, engine, source.index),
      })
    }
    const unknown = [...store.failed].map(([id, diagnostic]) => ({
      path: paths[Number(id.slice('file-'.length))] ?? id,
      reason:
        renderDiagnostic({ ...diagnostic, where: null }, { locale, colour: false })
          .split('\n')[0]
          ?.replace(/^\w+\[[^\]]*\]: /, '') ?? '',
    }))
    return { files, unknown }
  })
}

/** A list of prices is a channel of its own: whose prices they are nobody can tell from it. */
async function natureOf({
  platform,
  kind,
  fields,
}: Source): Promise<Pick<ScannedFile, 'hasListings' | 'isPart' | 'hasPrices'>> {
  const { files } = await loadPlatform(platform)
  const outputs = files.find(({ name }) => name === kind)?.outputs ?? []
  const listings = outputs.filter(({ entity }) => entity === 'listing')
  const lists = listings.some(({ fallback }) => fallback !== true || fields.has('price.regular'))
  return {
    hasListings: lists && TELLING.some((field) => fields.has(field)),
    isPart: !lists,
    hasPrices: fields.has('price.regular'),
  }
}

type Engine = Parameters<Parameters<typeof withSources>[3]>[1]

async function currencyOf(store: Store, engine: Engine, source: number): Promise<string | null> {
  if (!(store.fields.has('price.currency') && store.fields.has('price.regular'))) return null
  const [row] = await engine.rows<{ low: string | null; high: string | null; silent: number }>(
    `SELECT min("price.currency") AS low, max("price.currency") AS high,
       count(*) FILTER ("price.regular" IS NOT NULL AND "price.currency" IS NULL) AS silent
     FROM listing_all WHERE src = ${source}`,
  )
  return row !== undefined && row.low === row.high && Number(row.silent) === 0 ? row.low : null
}

async function sampleOf(store: Store, engine: Engine, source: number): Promise<readonly SampleRow[]> {
  const columns = SAMPLE_FIELDS.map((name) => {
    const field = COLUMNS[name]
    return `${[...store.fields.keys()].some((one) => one === field) ? `${ident(field)}::VARCHAR` : 'NULL'} AS ${ident(name)}`
  })
  const rows = await engine.rows<SampleRow & Record<string, string | null>>(
    `SELECT ${columns.join(', ')} FROM listing_all WHERE src = ${source} ORDER BY ord LIMIT ${SAMPLE}`,
  )
  return rows.map((row) => ({ ...row, price: trimmed(row.price), stock: trimmed(row.stock) }))
}

/** Decimals as people write them: two digits of a price, none of a count. */
function trimmed(decimal: string | null): string | null {
  if (decimal === null) return null
  const short = decimal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  return /\.\d$/.test(short) ? `${short}0` : short
}
