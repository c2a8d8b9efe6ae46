/**
 * Audits of real exports that nobody on the project wrote. Each golden file in `fixtures/samples` names its files, says
 * what an audit finds in them, and for each kind of finding why it is right. `UPDATE=1` rewrites the facts of a golden
 * file and leaves its words alone.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import type { AuditRequest } from '../src/model/audit-run.ts'
import type { Cause, Coverage, Finding, ReportChannel, Totals } from '../src/model/report.ts'
import { runAudit } from '../src/ops/audit.ts'
import { splitByColumn } from './samples/split.ts'

const SAMPLES = process.env['OMNIPARITY_SAMPLES']
const FIXTURES = fileURLToPath(new URL('../fixtures/samples', import.meta.url))
const AS_OF = '2026-11-22T08:00:00Z'

interface Golden {
  /** What the files are and what a person sees in them. */
  readonly what: string
  /** Files audited without a configuration; a case with a folder of its own is audited with its `omniparity.yaml`. */
  readonly files?: readonly string[]
  /** Samples that the case's configuration reads. */
  readonly reads?: readonly string[]
  /** Files that are cut into one per value of a column first. */
  readonly split?: readonly { readonly file: string; readonly column: string; readonly into: string }[]
  /** Findings to show beside the first of each kind, as `rule item`. */
  readonly named?: readonly string[]
  /** One sentence for each kind of root finding and cause: `rule:code`, `cause:kind`. */
  readonly why: Readonly<Record<string, string>>
  readonly expect: unknown
}

interface Report {
  readonly channels: readonly ReportChannel[]
  readonly coverage: readonly Coverage[]
  readonly totals: Totals
  readonly causes: readonly Cause[]
  readonly findings: readonly Finding[]
}

interface Audited {
  readonly status: number
  readonly report: Report
  readonly warnings: readonly string[]
}

async function audit(cwd: string, files: readonly string[], configFile: string | null): Promise<Audited> {
  const out: string[] = []
  const warnings: string[] = []
  const request: AuditRequest = {
    files,
    configFile,
    cwd,
    stateDir: null,
    asOf: AS_OF,
    locale: 'en',
    userLocale: 'en',
    formats: [{ name: 'json', file: null }],
    output: null,
    failOn: null,
    maxUnknown: null,
    only: [],
    skip: [],
    allRules: true,
    baseline: null,
    channels: [],
    maxFindings: null,
    memoryLimit: null,
    threads: null,
    quiet: true,
    verbose: false,
  }
  const status = await runAudit(request, {
    stdout: (text) => void out.push(text),
    progress: () => undefined,
    warn: (text) => void warnings.push(text),
    error: (text) => void warnings.push(text),
    width: null,
    colour: false,
    errorColour: false,
    signal: new AbortController().signal,
  })
  return { status, report: JSON.parse(out.join('')) as Report, warnings }
}

function kindOf(finding: Pick<Finding, 'rule' | 'code'>): string {
  return finding.code === null ? finding.rule : `${finding.rule}:${finding.code}`
}

function sideText(side: Finding['sides'][number]): string {
  const place = side.source === null ? '' : ` @ row ${side.source.row}, line ${side.source.line}`
  const value = side.value === null ? 'nothing' : side.unit === null ? side.value : `${side.value} ${side.unit}`
  const raw = side.raw === null || side.raw === side.value ? '' : ` from ${JSON.stringify(side.raw)}`
  return `${side.channel} ${side.field}: ${value}${raw}${place}`
}

function shown(finding: Finding): unknown {
  const { rule, code, severity, item, message, expected, sides } = finding
  const id = item?.id ?? null
  return { rule, code, severity, item: id, message, expected, sides: sides.slice(0, 6).map(sideText) }
}

/** What of a report a golden file holds. */
function facts({ status, report, warnings }: Audited, named: readonly string[]): unknown {
  const roots = report.findings.filter((finding) => finding.explained_by === null)
  const first = new Map(roots.toReversed().map((finding) => [kindOf(finding), finding]))
  const asked = roots.filter((finding) => named.includes(`${finding.rule} ${finding.item?.id}`))
  const examples = new Set([...first.values(), ...asked].sort((a, b) => roots.indexOf(a) - roots.indexOf(b)))
  return {
    status,
    ...(warnings.length === 0 ? {} : { warnings }),
    channels: Object.fromEntries(
      report.channels.map(({ id, platform, listings, linked, sources }) => [
        id,
        {
          platform,
          listings,
          linked,
          read: sources.map(({ kind, rows, quarantined }) => `${kind}: ${rows} rows, ${quarantined} quarantined`),
        },
      ]),
    ),
    totals: report.totals,
    causes: report.causes.map(({ kind, channels, findings, detail, message }) => ({
      kind,
      channels,
      findings,
      detail,
      message,
    })),
    roots: counts(roots.map(kindOf)),
    coverage: Object.fromEntries(report.coverage.flatMap((one) => judged(one))),
    examples: [...examples].map(shown),
  }
}

/** What a rule decided, in words; nothing where it had nothing to decide. */
function judged({ rule, pass, fail, unknown }: Coverage): [rule: string, outcome: string][] {
  const { no_input: _, ...open } = unknown
  const parts = Object.entries({ pass, fail, ...open }).filter(([, count]) => count > 0)
  return parts.length === 0 ? [] : [[rule, parts.map(([outcome, count]) => `${outcome} ${count}`).join(', ')]]
}

function counts(keys: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const key of keys.toSorted()) found[key] = (found[key] ?? 0) + 1
  return found
}

/** Kinds of findings that a golden file has to give a reason for. */
function kinds({ report }: Audited): string[] {
  const roots = report.findings.filter((finding) => finding.explained_by === null)
  const found = [...roots.map(kindOf), ...report.causes.map((cause) => `cause:${cause.kind}`)]
  return [...new Set(found)].sort()
}

const goldenFiles = readdirSync(FIXTURES).filter((name) => name.endsWith('.json') && name !== 'read.json')
const goldens = goldenFiles.map((name): readonly [string, Golden] => {
  const golden = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Golden
  return [name.slice(0, -'.json'.length), golden]
})

test.runIf(SAMPLES === undefined && process.env['OMNIPARITY_REQUIRE'] === '1')('the real samples are there', () => {
  expect.fail('OMNIPARITY_SAMPLES is not set')
})

describe.skipIf(SAMPLES === undefined)('an audit of real files (skipped without OMNIPARITY_SAMPLES)', () => {
  const root = SAMPLES ?? ''

  async function auditCase(name: string, golden: Golden): Promise<Audited> {
    const dir = mkdtempSync(join(tmpdir(), 'omniparity-sample-'))
    try {
      symlinkSync(root, join(dir, 'samples'))
      for (const { file, column, into } of golden.split ?? []) splitByColumn(join(root, file), column, join(dir, into))
      const own = join(FIXTURES, name)
      if (existsSync(own)) {
        cpSync(own, dir, { recursive: true })
        return await audit(dir, [], join(dir, 'omniparity.yaml'))
      }
      return await audit(root, golden.files ?? [], null)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }

  it.each(goldens)('%s', { timeout: 60_000 }, async (name, golden) => {
    const audited = await auditCase(name, golden)
    const ids = audited.report.findings.map(({ id }) => id)
    expect(ids.length - new Set(ids).size, 'findings that share their id').toBe(0)
    for (const { checked, pass, fail, not_applicable, unknown } of audited.report.coverage) {
      expect(pass + fail + not_applicable + Object.values(unknown).reduce((sum, one) => sum + one, 0)).toBe(checked)
    }
    const found = facts(audited, golden.named ?? [])
    if (process.env['UPDATE'] === '1') {
      const why = Object.fromEntries(kinds(audited).map((kind) => [kind, golden.why[kind] ?? '']))
      writeFileSync(join(FIXTURES, `${name}.json`), `${JSON.stringify({ ...golden, why, expect: found }, null, 2)}\n`)
      return
    }
    expect(found).toEqual(golden.expect)
    expect(Object.keys(golden.why).sort(), 'kinds of findings with a reason').toEqual(kinds(audited))
    for (const [kind, reason] of Object.entries(golden.why)) expect(reason, kind).toMatch(/\S{2}.* .*\S/)
  })

  it('is stated for every sample', () => {
    const stated = goldens.flatMap(([, { files = [], reads = [], split = [] }]) => [
      ...files,
      ...reads,
      ...split.map(({ file }) => file),
    ])
    const all = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    expect(all.filter((path) => !stated.includes(path)).sort()).toEqual([])
  })
})
