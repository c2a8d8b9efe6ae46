/** The workbook, read by a reader of workbooks and by LibreOffice. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import readWorkbook from 'read-excel-file/node'
import { afterAll, describe, expect, it } from 'vitest'
import { type Entry, type Options, open, type ZipFile } from 'yauzl'
import { calzadosSol, ruleTitles } from '../fixtures/reports/calzados-sol.ts'
import { printable } from '../src/base/text.ts'
import type { Locale } from '../src/model/config.ts'
import type { Finding, Report } from '../src/model/report.ts'
import { reporter } from '../src/reports/formats/xlsx.ts'
import type { RenderOptions } from '../src/reports/reporter.ts'
import { HOSTILE, hostileReport } from './hostile-report.ts'

const run = promisify(execFile)
const dir = mkdtempSync(join(tmpdir(), 'omniparity-xlsx-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const OFFICE = [process.env['SOFFICE'], '/usr/bin/soffice', '/usr/bin/libreoffice'].find(
  (path): path is string => path !== undefined && existsSync(path),
)
const missing =
  OFFICE === undefined ? 'skipped: no LibreOffice (Debian: libreoffice-calc; another place: SOFFICE=/path)' : null
if (missing !== null && process.env['OMNIPARITY_REQUIRE'] === '1') throw new Error(missing)

function optionsFor(locale: Locale): RenderOptions {
  const ruleTitle = (rule: string): string => ruleTitles[rule]?.[locale] ?? rule
  return { locale, width: null, colour: false, maxFindings: null, timezone: 'Europe/Madrid', ruleTitle }
}

type Value = string | number | boolean | Date | null
type Sheets = readonly { readonly sheet: string; readonly data: readonly (readonly Value[])[] }[]

async function bytesOf(report: Report, locale: Locale = 'es'): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of reporter.render(report, optionsFor(locale))) {
    if (typeof piece === 'string') throw new Error('a workbook is bytes')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

async function written(name: string, report: Report, locale: Locale = 'es'): Promise<string> {
  const path = join(dir, name)
  writeFileSync(path, await bytesOf(report, locale))
  return path
}

async function read(path: string): Promise<Sheets> {
  return (await readWorkbook(path, { trim: false })) as unknown as Sheets
}

function sheetOf(sheets: Sheets, name: string): readonly (readonly Value[])[] {
  const found = sheets.find(({ sheet }) => sheet === name)
  if (found === undefined) throw new Error(`no sheet ${name}: ${sheets.map(({ sheet }) => sheet).join(', ')}`)
  return found.data
}

/** Rows by the titles of their columns. */
function records(rows: readonly (readonly Value[])[]): readonly Readonly<Record<string, Value>>[] {
  const [head = [], ...body] = rows
  return body.map((row) => Object.fromEntries(head.map((title, at) => [String(title), row[at] ?? null])))
}

async function findingsOf(report: Report): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for await (const finding of report.findings()) found.push(finding)
  return found
}

describe('what a reader reads back', () => {
  it.each(['en', 'es'] as const)('has the sheets in their order in %s', async (locale) => {
    const sheets = await read(await written(`sheets-${locale}.xlsx`, calzadosSol(locale), locale))
    const names = sheets.map(({ sheet }) => sheet)
    expect(names.slice(0, 2)).toEqual(locale === 'en' ? ['Summary', 'Causes'] : ['Resumen', 'Causas'])
    expect(names).toContain(locale === 'en' ? 'To do web' : 'Tareas web')
    expect(names).toContain(locale === 'en' ? 'Prices' : 'Precios')
    expect(names.slice(-2)).toEqual(locale === 'en' ? ['Coverage', 'Glossary'] : ['Cobertura', 'Glosario'])
  })

  it('has every finding once in the sheets of its family, numbers as numbers and codes as text', async () => {
    const report = calzadosSol('en')
    const sheets = await read(await written('findings.xlsx', report, 'en'))
    const families = sheets.filter(({ data }) => data[0]?.includes('explained by'))
    const rows = families.flatMap(({ data }) => records(data))
    const findings = await findingsOf(report)
    expect(rows.map((row) => row['finding']).sort()).toEqual(findings.map(({ id }) => id).sort())
    const price = rows.find((row) => row['finding'] === '5d41402abc4b2a76')
    expect(price).toMatchObject({
      article: 'ZAP-042-38',
      GTIN: '08412345678905',
      web: 21.99,
      erp: 19.99,
      expected: 19.99,
    })
    for (const { item, id, message } of findings) {
      const row = rows.find((one) => one['finding'] === id)
      expect([row?.['GTIN'], row?.['title']]).toEqual([item?.gtin ?? null, item?.title ? printable(item.title) : null])
      expect(row?.['what is wrong']).toBe(printable(message))
    }
  })

  it('tells each channel what to change, from what to what and why', async () => {
    const report = calzadosSol('en')
    const rows = records(sheetOf(await read(await written('work.xlsx', report, 'en')), 'To do web'))
    const row = rows.find((one) => one['finding'] === '5d41402abc4b2a76')
    expect(row).toMatchObject({ 'what to change': 'price.regular', from: 21.99, to: 19.99, article: 'ZAP-042-38' })
    // What is right, what is suppressed and what something explains is no work.
    const findings = await findingsOf(report)
    const idle = findings.filter((one) => one.explained_by !== null || one.status === 'suppressed').map(({ id }) => id)
    expect(rows.filter((one) => idle.includes(String(one['finding'])))).toEqual([])
  })

  it('counts in the coverage what the report counts', async () => {
    const report = calzadosSol('en')
    const rows = records(sheetOf(await read(await written('coverage.xlsx', report, 'en')), 'Coverage'))
    expect(rows.map(({ rule, checked, pass, fail }) => ({ rule, checked, pass, fail }))).toEqual(
      report.head.coverage.map(({ rule, checked, pass, fail }) => ({ rule, checked, pass, fail })),
    )
  })

  it('has the same bytes for the same report', async () => {
    expect((await bytesOf(calzadosSol('es'))).equals(await bytesOf(calzadosSol('es')))).toBe(true)
  })

  it('keeps hostile texts as texts, of any length', async () => {
    const path = await written('hostile.xlsx', hostileReport(), 'en')
    const rows = records(sheetOf(await read(path), 'Prices'))
    expect(rows).toHaveLength(HOSTILE.length)
    for (const [at, text] of HOSTILE.entries()) {
      const kept = printable(text).replace(/[\uffff\ufffe]/g, '\ufffd')
      expect(rows.find((row) => row['finding'] === `f${at}`)?.['title']).toBe(kept)
    }
    const parts = await partsOf(path)
    expect(parts.length).toBeGreaterThan(8)
    for (const xml of parts) expect(xml).not.toMatch(/<f[ >]/)
  })
})

describe('a long report', () => {
  it('fits, and shows the last finding', async () => {
    const [sample] = await findingsOf(calzadosSol('en'))
    const { head, quarantine } = calzadosSol('en')
    const report: Report = {
      head,
      quarantine,
      findings: async function* () {
        for (let at = 0; at < 20_000; at++) yield { ...sample, id: `f${at}`, explained_by: null } as Finding
      },
    }
    const rows = records(sheetOf(await read(await written('long.xlsx', report, 'en')), 'Prices'))
    expect(rows).toHaveLength(20_000)
    expect(rows.at(-1)).toMatchObject({ finding: 'f19999', web: 21.99 })
  }, 60_000)
})

describe.skipIf(missing !== null)(`LibreOffice${missing === null ? '' : ` (${missing})`}`, () => {
  it('opens it without repair and reads the same', { timeout: 120_000 }, async () => {
    const paths = [await written('sol.xlsx', calzadosSol('es')), await written('evil.xlsx', hostileReport(), 'en')]
    const out = join(dir, 'office')
    mkdirSync(out)
    const profile = `-env:UserInstallation=file://${dir}/profile`
    const args = [profile, '--headless', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', out]
    await run(OFFICE ?? '', [...args, ...paths])
    for (const [at, name] of ['sol.xlsx', 'evil.xlsx'].entries()) {
      const [ours, theirs] = [await read(paths[at] ?? ''), await read(join(out, name))]
      expect(theirs.map(({ sheet }) => sheet)).toEqual(ours.map(({ sheet }) => sheet))
      for (const { sheet, data } of ours) expect(shown(sheetOf(theirs, sheet)), sheet).toEqual(shown(data))
    }
  })
})

/** The XML of every part of a workbook. */
async function partsOf(path: string): Promise<readonly string[]> {
  const zip = await promisify<string, Options, ZipFile>(open)(path, { lazyEntries: true })
  const parts: string[] = []
  zip.on('entry', (entry: Entry) =>
    zip.openReadStream(entry, (error, stream) => {
      if (error) throw error
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        parts.push(Buffer.concat(chunks).toString('utf8'))
        zip.readEntry()
      })
    }),
  )
  zip.readEntry()
  await once(zip, 'end')
  return parts
}

/** Rows without the blanks at their ends; what spreadsheets read as one character is one. */
function shown(rows: readonly (readonly Value[])[]): readonly string[] {
  return rows.map((row) =>
    JSON.stringify(row)
      .replaceAll('_x005F_', '_')
      .replace(/(,null)*\]$/, ']'),
  )
}
