/** Reports that audits keep: rendered again, in both languages, asked for parts, and taken away in time. */
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calzadosSol } from '../fixtures/reports/calzados-sol.ts'
import type { FindingLine } from '../src/audit/finding-store.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { Finding } from '../src/model/report.ts'
import { findingJson } from '../src/model/report-json.ts'
import { explain } from '../src/ops/explain.ts'
import { keepReport, REPORTS_KEPT } from '../src/ops/keep-report.ts'
import { openAudit, type ReportRequest, runReport } from '../src/ops/report.ts'
import { openStoredReport, storedReports } from '../src/ops/stored-report.ts'
import { judged } from '../src/reports/gate.ts'
import { heard, type Said, SmallProject } from './small-project.ts'

const CONFIG = `version: 1
project: Sol
market: ES
currency: EUR
extends: [recommended]
authority: {price: store, catalog: store}
channels:
  store: {kind: store, includes_tax: true, sources: [{platform: csv, path: store.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`

/** Two channels of `count` articles; a third of the prices differ, with impact figures of their own. */
function project(count: number): SmallProject {
  const rows = (price: (at: number) => number): string =>
    Array.from({ length: count }, (_, at) => `A-${at},Bota ${at},${price(at).toFixed(2)},5`).join('\n')
  const head = 'sku,title,price,stock\n'
  const changed = (at: number): number => 20 + at + (at % 3 === 0 ? 0.5 + (at % 7) : 0)
  return new SmallProject({
    'omniparity.yaml': CONFIG,
    // With a line above the header, and a record that cannot be read.
    'store.csv': `Tarifa 2026\n\n${head}${rows((at) => 20 + at)}\nA-x,too,many,cells,5,6\n`,
    'web.csv': `${head}${rows(changed)}\n`,
  })
}

const ours = project(4000)
let english: Said
beforeAll(async () => {
  english = await ours.audit({ locale: 'en', memoryLimit: null })
}, 60_000)
afterAll(() => ours.remove())

function report(from: SmallProject, changes: Partial<ReportRequest> = {}): Promise<Said> {
  const request: ReportRequest = {
    configFile: null,
    stateDir: null,
    cwd: from.dir,
    audit: null,
    locale: null,
    formats: [{ name: 'json', file: null }],
    output: null,
    maxFindings: null,
    ...changes,
  }
  return heard((io) => runReport(request, io))
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  )
  return error instanceof DiagnosticError ? error.diagnostic.code : String(error)
}

const open = (from: SmallProject, audit: string | null = null) =>
  openAudit({ configFile: null, stateDir: null, cwd: from.dir, audit })

describe('omniparity report', () => {
  it('gives the bytes that the audit gave, and ends with 0', async () => {
    const again = await report(ours)
    expect(english.status).toBe(1)
    expect(again.status).toBe(0)
    expect(again.stdout).toBe(english.stdout)
    expect(JSON.parse(again.stdout).findings.length).toBeGreaterThan(1300)
  })

  it('says everything in the other language as an audit in it does', { timeout: 60_000 }, async () => {
    const formats = [
      { name: 'json', file: 'es.json' },
      { name: 'pretty', file: 'es.txt' },
    ]
    const other = project(4000)
    await other.audit({ locale: 'es', formats })
    await report(ours, { locale: 'es', formats })
    // What tells one audit from another: its id, its times, and those of the files.
    const plain = (text: string): string =>
      text
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
        .replaceAll(/"(started_at|finished_at|data_as_of)":"[^"]*"/g, '"$1":""')
        .replaceAll(/\d\d\/\d\d\/\d{4} \d\d:\d\d/g, 'WHEN')
    for (const { file } of formats) expect(plain(ours.read(file)), file).toBe(plain(other.read(file)))
    expect(ours.read('es.json')).toContain('tiene precios distintos')
    expect(ours.read('es.txt')).toContain('6 celdas en lugar de 4')
    expect(ours.read('es.txt')).toContain('por encima de la cabecera no es')
    other.remove()
  })

  it('renders every format', { timeout: 60_000 }, async () => {
    const names = [
      'pretty',
      'concise',
      'csv',
      'ndjson',
      'sarif',
      'junit',
      'gitlab',
      'github',
      'markdown',
      'html',
      'xlsx',
    ]
    const formats = names.map((name) => ({ name, file: `out/${name}` }))
    expect((await report(ours, { formats })).status).toBe(0)
    expect(readdirSync(join(ours.dir, 'out')).sort()).toEqual([...names].sort())
    for (const name of names) expect(readFileSync(join(ours.dir, 'out', name)).length, name).toBeGreaterThan(1000)
  })

  it('answers for one rule and one page without reading all', async () => {
    const { report: stored } = await open(ours)
    const all: Finding[] = []
    for await (const finding of stored.findings()) all.push(finding)
    expect(stored.count).toBe(all.length)
    expect(await stored.page(495, 10)).toEqual(all.slice(495, 505))
    expect(await stored.page(all.length - 3, 10)).toEqual(all.slice(-3))
    for (const { rule, listed } of await stored.tallies()) {
      const found: Finding[] = []
      for await (const finding of stored.select({ listed: rule, limit: 7 })) found.push(finding)
      const expected = all.filter((one) => one.rule === rule && one.explained_by === null && one.status === 'new')
      expect(found).toEqual(expected.slice(0, 7))
      expect(listed).toBe(expected.length)
    }
  })

  it('names an audit by number, beginning of the id, or word', async () => {
    const { report: stored } = await open(ours)
    const { id } = stored.head.audit
    for (const name of ['1', id, id.slice(0, 6), id.slice(0, 6).toUpperCase(), 'latest', 'last', 'first', 'previous'])
      expect((await open(ours, name)).report.head.audit.id, name).toBe(id)
    expect(await codeOf(open(ours, '7'))).toBe('state/unknown-audit')
    expect(await codeOf(open(ours, 'latst'))).toBe('state/unknown-audit')
  })

  it('says so when a report has gone or is damaged', { timeout: 60_000 }, async () => {
    const small = project(30)
    expect(await codeOf(report(small))).toBe('state/no-history')
    await small.audit()
    const [id = ''] = await storedReports(join(small.dir, '.omniparity'))
    const folder = join(small.dir, '.omniparity/reports', id)
    const findings = readFileSync(join(folder, 'findings.ndjson.gz'))
    writeFileSync(join(folder, 'findings.ndjson.gz'), findings.subarray(0, findings.length - 9))
    expect(await codeOf(report(small))).toBe('state/damaged-report')
    rmSync(join(folder, 'findings.ndjson.gz'))
    expect(await codeOf(report(small))).toBe('state/damaged-report')
    writeFileSync(join(folder, 'head.json'), '{"format": "omniparity-stored-report/9"}')
    expect(await codeOf(report(small))).toBe('state/damaged-report')
    rmSync(folder, { recursive: true })
    expect(await codeOf(report(small))).toBe('state/no-report')
    small.remove()
  })
})

describe('omniparity explain', () => {
  it('says all of a cause, and of a finding that it explains, in either language', { timeout: 60_000 }, async () => {
    const rows = (factor: number): string =>
      Array.from({ length: 400 }, (_, at) => `A-${at},Bota ${at},${((20 + at) * factor).toFixed(2)},5`).join('\n')
    const small = new SmallProject({
      'omniparity.yaml': CONFIG,
      'store.csv': `sku,title,price,stock\n${rows(1.21)}\n`,
      'web.csv': `sku,title,price,stock\n${rows(1)}\n`,
    })
    const { causes, findings } = JSON.parse((await small.audit()).stdout)
    const [cause] = causes
    const project = { configFile: null, cwd: small.dir }
    const told = await explain(cause.id, 'en', project)
    const flat = told.replaceAll(/\s+/g, ' ')
    for (const words of [cause.message, cause.advice, `explains ${cause.findings} findings`])
      expect(flat).toContain(words)
    expect(told).toContain(`${cause.rule}: `)
    const found = findings.find((one: Finding) => one.explained_by === cause.id)
    const spanish = (await explain(found.id.slice(0, 8), 'es', project)).replaceAll(/\s+/g, ' ')
    expect(spanish).toContain('la explica:')
    expect(spanish).toContain(found.item.sku)
    expect(await codeOf(explain('0000000000', 'en', project))).toBe('usage/unknown-code')
    small.remove()
  })
})

describe('the folder of reports', () => {
  const state = join(ours.dir, 'reports-only')

  async function keep(id: string, lines?: AsyncIterable<readonly FindingLine[]>): Promise<void> {
    const sol = calzadosSol('es')
    const { head, quarantine } = sol
    const facts = {
      project: 'Sol',
      locale: 'es',
      timezone: 'Europe/Madrid',
      gate: judged(sol),
      quarantine,
      tallies: [],
    } as const
    await keepReport(
      state,
      { head: { ...head, audit: { ...head.audit, id } }, ...facts },
      lines ?? linesOf(sol.findings()),
    )
  }

  async function* linesOf(findings: AsyncIterable<Finding>): AsyncGenerator<readonly FindingLine[]> {
    for await (const finding of findings) {
      const { rule, explained_by: explainedBy } = finding
      yield [{ json: findingJson(finding), rule, explainedBy, isListed: explainedBy === null }]
    }
  }

  const idOf = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`

  it('keeps the last twenty, and nothing of a run that was killed long ago', async () => {
    mkdirSync(join(state, 'reports/partial-1-dead'), { recursive: true })
    mkdirSync(join(state, 'reports/partial-2-busy'))
    utimesSync(join(state, 'reports/partial-1-dead'), 1_700_000_000, 1_700_000_000)
    for (let at = 0; at < REPORTS_KEPT + 3; at++) {
      await keep(idOf(at))
      utimesSync(join(state, 'reports', idOf(at)), 1_700_000_000 + at, 1_700_000_000 + at)
    }
    await keep(idOf(99))
    const names = readdirSync(join(state, 'reports')).sort()
    const kept = Array.from({ length: REPORTS_KEPT - 1 }, (_, at) => idOf(at + 4))
    expect(names).toEqual([...kept, idOf(99), 'partial-2-busy'])
  })

  it('keeps a report whole or not at all', async () => {
    const broken = (async function* (): AsyncGenerator<readonly FindingLine[]> {
      yield* linesOf(calzadosSol('es').findings())
      throw new Error('the disk is gone')
    })()
    await expect(keep(idOf(500), broken)).rejects.toThrow('the disk is gone')
    expect(await codeOf(openStoredReport(state, idOf(500)))).toBe('state/no-report')
    expect(readdirSync(join(state, 'reports')).filter((name) => name.startsWith('partial-'))).toEqual([
      'partial-2-busy',
    ])
  })
})
