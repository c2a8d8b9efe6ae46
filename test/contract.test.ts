/** What scripts may rely on: the same bytes for the same inputs, the same ids however files are ordered and named. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildIfStale, type Outcome, runProgram } from './cli-process.ts'

const dir = mkdtempSync(join(tmpdir(), 'omniparity-contract-'))
const AS_OF = ['--as-of', '2026-11-22T08:00:00Z']
const HEADER = 'sku,gtin,title,price,stock'
const ARTICLES = 120

/** A valid GTIN-13 of a Spanish prefix. */
function gtin(article: number): string {
  const digits = `84${String(article).padStart(10, '0')}`
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

function row(article: number, sku: string, cents: number): string {
  return `${sku},${gtin(article)},Article number ${article},${(cents / 100).toFixed(2)},${article % 4}`
}

const cents = (article: number): number => 990 + ((article * 37) % 4000)
const articles = Array.from({ length: ARTICLES }, (_, article) => article)
const rows: Readonly<Record<string, readonly string[]>> = {
  till: [...articles.map((article) => row(article, `S${article}`, cents(article))), row(7, 'S7', cents(7))],
  web: [
    ...articles.map((article) => row(article, `S${article}`, cents(article) + (article % 9 === 0 ? 137 : 0))),
    row(4, 'S900', 500),
  ],
  app: articles.map((article) => row(article, `APP-${article}`, cents(article) * (article % 17 === 3 ? 10 : 1))),
}

function write(
  folder: string,
  names: Readonly<Record<string, string>>,
  order: readonly string[],
  shuffle: boolean,
): void {
  mkdirSync(join(dir, folder))
  for (const [channel, file] of Object.entries(names)) {
    const own = [...(rows[channel] ?? [])]
    // Reversed in halves: no row keeps its place or its neighbours.
    const moved = [...own.slice(own.length / 2).reverse(), ...own.slice(0, own.length / 2).reverse()]
    writeFileSync(join(dir, folder, file), `${[HEADER, ...(shuffle ? moved : own)].join('\n')}\n`)
  }
  const channels = order.map((id) => `  ${id}: {kind: web, sources: [{platform: csv, path: ${names[id] ?? ''}}]}`)
  const config = ['version: 1', 'project: contract', 'market: ES', 'currency: EUR', 'channels:', ...channels]
  writeFileSync(join(dir, folder, 'omniparity.yaml'), `${config.join('\n')}\n`)
}

function run(folder: string, ...args: readonly string[]): Outcome {
  return runProgram(['audit', ...AS_OF, ...args], { cwd: join(dir, folder) })
}

const Findings = z.object({
  findings: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      code: z.string().nullable(),
      severity: z.string(),
      explained_by: z.string().nullable(),
      sides: z.array(
        z.object({
          channel: z.string(),
          source: z.object({ path: z.string(), row: z.number(), line: z.number() }).nullable(),
        }),
      ),
    }),
  ),
  omitted: z.record(z.string(), z.number()),
})

function json(folder: string, ...args: readonly string[]): z.infer<typeof Findings> {
  return Findings.parse(JSON.parse(run(folder, '--format', 'json', ...args).stdout))
}

beforeAll(() => {
  buildIfStale()
  write('plain', { till: 'till.csv', web: 'web.csv', app: 'app.csv' }, ['till', 'web', 'app'], false)
  write('moved', { till: 'a.csv', web: 'b.csv', app: 'c.csv' }, ['app', 'till', 'web'], true)
}, 60_000)

afterAll(() => rmSync(dir, { recursive: true }))

describe('an audit', { timeout: 60_000 }, () => {
  it('gives the same bytes twice, apart from its own id and times', () => {
    const once = (): string =>
      run('plain', '--format', 'json').stdout.replace(
        /"id":"[^"]*",("as_of":"[^"]*"),"started_at":"[^"]*","finished_at":"[^"]*"/,
        '$1',
      )
    const first = once()
    expect(first).not.toContain('started_at')
    expect(once()).toBe(first)
  })

  it('gives findings the same ids when rows, channels and names of files move', () => {
    const facts = (folder: string): readonly string[] =>
      json(folder)
        .findings.map(({ id, rule, code, severity, explained_by }) =>
          [id, rule, code, severity, explained_by].join(' '),
        )
        .sort()
    expect(facts('plain').length).toBeGreaterThan(15)
    expect(facts('moved')).toEqual(facts('plain'))
  })

  it('writes a file and the standard output in one run', () => {
    const { stdout, status } = run('plain', '--format', 'json=out/report.json', '--format', 'concise')
    const { findings } = Findings.parse(JSON.parse(readFileSync(join(dir, 'plain/out/report.json'), 'utf8')))
    expect(status).toBe(1)
    expect(stdout.trim().split('\n').length).toBeLessThanOrEqual(findings.length)
    expect(stdout).toMatch(/^(error|warning|info) /)
  })

  it('lists as many findings of a rule as asked for and counts the rest', () => {
    const all = json('plain')
    const few = json('plain', '--max-findings', '2')
    const count = (report: typeof all, rule: string): number =>
      report.findings.filter((one) => one.rule === rule).length
    const rules = [...new Set(all.findings.map(({ rule }) => rule))]
    expect(rules.length).toBeGreaterThan(1)
    for (const rule of rules) {
      expect(count(few, rule), rule).toBeLessThanOrEqual(2)
      expect(count(few, rule) + (few.omitted[rule] ?? 0), rule).toBe(count(all, rule))
    }
  })

  it.each([
    ['error', 1],
    ['warning', 1],
    ['info', 1],
    ['never', 0],
  ])('fails on %s with status %i', (severity, expected) => {
    expect(run('plain', '--fail-on', severity, '--quiet').status).toBe(expected)
  })

  it('fails on a warning only where warnings count', () => {
    const only = ['--only', 'catalog/missing-required-attribute', '--quiet']
    writeFileSync(join(dir, 'plain/untitled.csv'), 'sku,title,price\nS1,,10.27\nS2,Article number 2,10.64\n')
    const status = (severity: string): number | null =>
      runProgram(['audit', 'till.csv', 'untitled.csv', ...AS_OF, ...only, '--fail-on', severity], {
        cwd: join(dir, 'plain'),
      }).status
    expect([status('error'), status('warning'), status('info')]).toEqual([0, 1, 1])
  })

  it('colours the result only where colours are wanted', () => {
    const coloured = (env: Record<string, string>, ...args: readonly string[]): boolean =>
      runProgram(['audit', ...AS_OF, ...args], { cwd: join(dir, 'plain'), env }).stdout.includes('\u001b[')
    expect(coloured({})).toBe(false)
    expect(coloured({ FORCE_COLOR: '1' })).toBe(true)
    expect(coloured({ FORCE_COLOR: '1' }, '--no-color')).toBe(false)
    expect(coloured({ NO_COLOR: '1' })).toBe(false)
  })
})

describe('two files without a configuration', { timeout: 60_000 }, () => {
  const Plain = z.object({
    channels: z.array(
      z.object({ sources: z.array(z.object({ understood: z.object({ assumptions: z.array(z.string()) }) })) }),
    ),
    coverage: z.array(z.object({ rule: z.string(), fail: z.number(), unknown: z.record(z.string(), z.number()) })),
    causes: z.array(z.object({ kind: z.string(), message: z.string(), advice: z.string() })),
    findings: z.array(
      z.object({
        market: z.string().nullable(),
        sides: z.array(z.object({ value: z.string().nullable(), unit: z.string().nullable() })),
      }),
    ),
  })

  /** @param currency - That the web shop alone states. */
  function compare(
    name: string,
    prices: readonly (readonly [number, number])[],
    currency: string | null = null,
    locale = 'en',
  ): z.infer<typeof Plain> {
    const folder = join(dir, name)
    mkdirSync(folder)
    for (const [index, file] of ['pos.csv', 'web.csv'].entries()) {
      const [header, last] = currency === null || index === 0 ? ['', ''] : [',currency', `,${currency}`]
      const lines = prices.map(
        (pair, article) => `S${article},Article number ${article},${((pair[index] ?? 0) / 100).toFixed(2)}${last}`,
      )
      writeFileSync(join(folder, file), `${[`sku,title,price${header}`, ...lines].join('\n')}\n`)
    }
    const { stdout } = runProgram(['audit', 'pos.csv', 'web.csv', '--format', 'json', '--locale', locale, ...AS_OF], {
      cwd: folder,
    })
    return Plain.parse(JSON.parse(stdout))
  }

  function outcome({ coverage }: z.infer<typeof Plain>): { fail: number; unknown: Readonly<Record<string, number>> } {
    const found = coverage.find(({ rule }) => rule === 'price/differs-across-channels')
    return { fail: found?.fail ?? -1, unknown: found?.unknown ?? {} }
  }

  it('compares prices of which nobody says currency, tax or market, and says so', () => {
    const report = compare('undeclared', [
      [1000, 1000],
      [2000, 2500],
      [3000, 3130],
    ])
    expect(outcome(report)).toEqual({ fail: 2, unknown: {} })
    const sides = report.findings.flatMap((finding) =>
      finding.sides.map(({ value, unit }) => [finding.market, value, unit]),
    )
    expect(sides).toEqual([
      [null, '20.00', null],
      [null, '25.00', null],
      [null, '30.00', null],
      [null, '31.30', null],
    ])
    expect(
      report.channels.flatMap(({ sources }) => sources.map(({ understood }) => understood.assumptions.length)),
    ).toEqual([2, 2])
  })

  it('leaves a gap open that may be the tax', () => {
    const report = compare('gap', [
      [1000, 1000],
      [2000, 2420],
      [3000, 3300],
    ])
    expect(outcome(report)).toEqual({ fail: 0, unknown: { tax_basis: 2 } })
  })

  it.each([[21], [19], [25]])('finds that one of them is without the tax of %i %', (rate) => {
    const prices = articles.map(
      (article) => [cents(article), Math.round((cents(article) * (100 + rate)) / 100)] as const,
    )
    expect(compare(`tax-${rate}`, prices).causes).toMatchObject([
      { kind: 'tax-basis', message: `the prices of pos are those of web without the tax of ${rate}%` },
    ])
  })

  it('takes a uniform gap that is no tax for differences of one cause', () => {
    const prices = articles.map((article) => [cents(article), Math.round(cents(article) * 1.3)] as const)
    const report = compare('markup', prices)
    const markup = { kind: 'markup', message: 'the prices of web are those of pos +30%' }
    expect({ causes: report.causes, ...outcome(report) }).toMatchObject({
      causes: [markup],
      fail: ARTICLES,
      unknown: {},
    })
  })

  it('writes the figures of causes as Spanish does, rates in their order', () => {
    const said = (name: string, other: (cents: number, article: number) => number): readonly string[] => {
      const prices = articles.map((article) => [cents(article), Math.round(other(cents(article), article))] as const)
      return compare(`es-${name}`, prices, null, 'es').causes.map(({ message }) => message)
    }
    expect(said('rates', (price, article) => price / (1 + ([0.21, 0.04, 0.1][article % 3] ?? 0)))).toEqual([
      'los precios de web son los de pos sin el IVA del 4 %, 10 % y 21 %',
    ])
    expect(said('markup', (price) => price * 0.965)).toEqual(['los precios de web son los de pos −3,5 %'])
    expect(said('offset', (price) => price + 50)).toEqual(['los precios de web son los de pos +0,50'])
  })

  it('finds the tax where one of them alone states a currency', () => {
    const prices = articles.map((article) => [Math.round(cents(article) * 1.21), cents(article)] as const)
    expect(compare('stated-tax', prices, 'EUR').causes).toMatchObject([
      { kind: 'tax-basis', message: 'the prices of web are those of pos without the tax of 21%' },
    ])
  })

  it('says of a uniform gap that one of them alone states a currency', () => {
    const prices = articles.map((article) => [cents(article), Math.round(cents(article) * 1.08)] as const)
    expect(compare('stated-gap', prices, 'USD').causes).toEqual([
      {
        kind: 'markup',
        message: 'the prices of web are those of pos +8%',
        advice: expect.stringMatching(
          /^only web states a currency \(USD\): if the prices of pos are in another one, set /,
        ),
      },
    ])
  })
})

describe('the place of a side', { timeout: 60_000 }, () => {
  const records = articles
    .slice(0, 30)
    .map((article) => `Z${article};"Camiseta niño ${article}\r\nazul";${article + 12},35;3`)
  const spanish = ['Informe de artículos', '', 'SKU;Título;PVP;Existencias', ...records, ''].join('\r\n')
  const plain = articles.slice(0, 30).map((article) => `Z${article},Camiseta niño ${article} azul,${article + 13}.35,3`)

  it.each(['report.csv', 'report.csv.gz'])('is the record and the physical line, in %s too', (name) => {
    const folder = join(dir, name.replaceAll('.', '-'))
    mkdirSync(folder)
    const bytes = Buffer.from(spanish, 'latin1')
    writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(bytes) : bytes)
    writeFileSync(join(folder, 'web.csv'), `${['sku,title,price,stock', ...plain].join('\n')}\n`)
    const { stdout } = runProgram(
      ['audit', name, 'web.csv', '--format', 'json', '--only', 'price/differs-across-channels', ...AS_OF],
      { cwd: folder },
    )
    const { findings } = Findings.parse(JSON.parse(stdout))
    const places = findings
      .flatMap(({ sides }) => sides.flatMap(({ source }) => source ?? []))
      .filter(({ path }) => path === name)
    expect(stdout).toContain('Camiseta niño 7')
    expect(places.length).toBeGreaterThan(20)
    // Two lines of preamble, one of the header, two a record.
    for (const { row: record, line } of places) expect(line).toBe(4 + (record - 1) * 2)
  })
})
