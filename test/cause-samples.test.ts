/** What the diagnosis says of real files: the configurations are those of the golden audits in `fixtures/samples`. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { CAUSE_RULES } from '../src/audit/causes.ts'
import type { AuditRequest } from '../src/model/audit-run.ts'
import type { Locale } from '../src/model/config.ts'
import type { Cause } from '../src/model/report.ts'
import { runAudit } from '../src/ops/audit.ts'
import { loadRules } from '../src/rules/load.ts'
import { splitByColumn } from './samples/split.ts'

const SAMPLES = process.env['OMNIPARITY_SAMPLES']
const FIXTURES = fileURLToPath(new URL('../fixtures/samples', import.meta.url))

interface Case {
  readonly name: string
  /** What a person sees in the files, and why the causes are right. */
  readonly what: string
  readonly folder: string
  readonly split?: { readonly file: string; readonly column: string; readonly into: string }
  readonly status: number
  /** Kind, channel at fault, detail, number of findings; then what is said. */
  readonly causes: readonly (readonly [string, string])[]
}

const CASES: readonly Case[] = [
  {
    name: 'the wholesale codes that a spreadsheet rounded',
    what: 'Eighteen towels of the wholesale list have the SKU 813232000000: a range of UPCs became one number.',
    folder: 'towel-store',
    status: 1,
    causes: [
      [
        'rounded-codes, wholesale, findings 1',
        'a spreadsheet rounded the codes of wholesale (sku); their last digits are lost',
      ],
    ],
  },
  {
    name: 'the day of the mojibake',
    what: 'One chain published its units of measure damaged: UTF-8 that was read as Windows-1252 and written in a code page without those characters.',
    folder: 'israel-first-day',
    split: { file: 'supermarkets/israel/israeli_prices_2026-08-09.csv.gz', column: 'מזהה רשת', into: 'prices' },
    status: 1,
    causes: [
      [
        'encoding, victory, is utf-8, read_as windows-1252, findings 1',
        'texts of victory (prices/7290696200003.csv) are utf-8 that was read as windows-1252',
      ],
      ['lost-zeros, shufersal, findings 395', 'the leading zeros of the GTINs of shufersal are lost'],
      ['lost-zeros, osher-ad, findings 132', 'the leading zeros of the GTINs of osher-ad are lost'],
      ['lost-zeros, rami-levy, findings 104', 'the leading zeros of the GTINs of rami-levy are lost'],
      ['lost-zeros, yohananof, findings 38', 'the leading zeros of the GTINs of yohananof are lost'],
      ['lost-zeros, carrefour, findings 33', 'the leading zeros of the GTINs of carrefour are lost'],
      ['lost-zeros, victory, findings 31', 'the leading zeros of the GTINs of victory are lost'],
    ],
  },
  {
    name: 'the chains that vanish overnight',
    what: 'Two chains have no file at all. That is no cause to guess at: both are named as unreadable, and the exit status says so.',
    folder: 'israel-overnight',
    split: { file: 'supermarkets/israel/israeli_prices_2026-08-11.csv.gz', column: 'מזהה רשת', into: 'prices' },
    status: 3,
    causes: [
      ['lost-zeros, shufersal, findings 390', 'the leading zeros of the GTINs of shufersal are lost'],
      ['lost-zeros, osher-ad, findings 218', 'the leading zeros of the GTINs of osher-ad are lost'],
      ['lost-zeros, rami-levy, findings 105', 'the leading zeros of the GTINs of rami-levy are lost'],
      ['lost-zeros, yohananof, findings 38', 'the leading zeros of the GTINs of yohananof are lost'],
      ['lost-zeros, carrefour, findings 34', 'the leading zeros of the GTINs of carrefour are lost'],
    ],
  },
  {
    name: 'the placeholders of a small web shop',
    what: 'Ten articles, four with a price unlike the one of the ERP, one of those 0.0 there: too few to say anything of a channel.',
    folder: 'tiendanube',
    status: 1,
    causes: [],
  },
]

test.runIf(SAMPLES === undefined && process.env['OMNIPARITY_REQUIRE'] === '1')('the real samples are there', () => {
  expect.fail('OMNIPARITY_SAMPLES is not set')
})

describe.skipIf(SAMPLES === undefined)('the causes in real files (skipped without OMNIPARITY_SAMPLES)', () => {
  it.each(CASES)('$name', { timeout: 120_000 }, async ({ folder, split, status, causes }) => {
    const dir = mkdtempSync(join(tmpdir(), 'omniparity-causes-'))
    const root = SAMPLES ?? ''
    try {
      symlinkSync(root, join(dir, 'samples'))
      if (split !== undefined) splitByColumn(join(root, split.file), split.column, join(dir, split.into))
      cpSync(join(FIXTURES, folder), dir, { recursive: true })
      const english = await audit(dir, 'en')
      expect(english.causes.map(told)).toEqual(causes)
      expect(english.status).toBe(status)
      const spanish = await audit(dir, 'es')
      expect(spanish.causes.map(({ id }) => id)).toEqual(english.causes.map(({ id }) => id))
      for (const [index, { message, advice }] of spanish.causes.entries())
        expect([message, advice]).not.toEqual([english.causes[index]?.message, english.causes[index]?.advice])
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})

function told({ kind, channels, detail, findings, message }: Cause): readonly [string, string] {
  const facts = Object.entries(detail).map(([name, value]) => `${name} ${value}`)
  return [[kind, channels[0] ?? '', ...facts, `findings ${findings}`].join(', '), message]
}

async function audit(cwd: string, locale: Locale): Promise<{ status: number; causes: readonly Cause[] }> {
  const known = await loadRules()
  const out: string[] = []
  const request: AuditRequest = {
    files: [],
    configFile: join(cwd, 'omniparity.yaml'),
    cwd,
    stateDir: null,
    baseline: null,
    asOf: '2026-11-22T08:00:00Z',
    locale,
    userLocale: 'en',
    formats: [{ name: 'json', file: null }],
    output: null,
    failOn: null,
    maxUnknown: null,
    // Other rules find other things in these files, and explain nothing by a cause.
    only: CAUSE_RULES.filter((id) => known.some((rule) => rule.id === id)),
    skip: [],
    allRules: true,
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
    warn: () => undefined,
    error: () => undefined,
    width: null,
    colour: false,
    errorColour: false,
    signal: new AbortController().signal,
  })
  return { status, causes: (JSON.parse(out.join('')) as { causes: readonly Cause[] }).causes }
}
