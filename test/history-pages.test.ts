/** The pages and workbooks of `history` and `history diff`, opened by a real browser, a reader of workbooks and LibreOffice. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printable } from '../src/base/text.ts'
import type { Locale } from '../src/model/config.ts'
import { readAsset } from '../src/ops/asset.ts'
import { ruleTexts } from '../src/ops/rule-texts.ts'
import { diffFormats, listFormats } from '../src/reports/history/formats.ts'
import type { Formats } from '../src/reports/reporter.ts'
import { loadRules } from '../src/rules/load.ts'
import { expectInert, missingBrowser, startBrowser } from './chromium.ts'
import { auditsInARow, comparedAs, comparisonOf } from './compared-audits.ts'
import { HOSTILE } from './hostile-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'omniparity-history-pages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const rules = await loadRules()

async function write<Subject>(formats: Formats<Subject>, file: string, subject: Subject, locale: Locale = 'es') {
  const reporter = await formats.load(file.split('.').at(-1) ?? '')
  if (reporter === null) throw new Error(`no format for ${file}`)
  const options = { width: null, colour: false, locale, maxFindings: null, timezone: 'UTC', asset: readAsset }
  const pieces: (string | Uint8Array)[] = []
  for await (const piece of reporter.render(subject, { ...options, ...ruleTexts(rules, locale) })) pieces.push(piece)
  const path = join(folder, file)
  writeFileSync(path, Buffer.concat(pieces.map((piece) => Buffer.from(piece))))
  return path
}

const changes = [
  ...HOSTILE.map((text, at) => comparedAs('new', `n${at}`, text)),
  comparedAs('reopened', 'o1', 'A-0'),
  comparedAs('worse', 'w1', 'A-1', { before: '20.99', was: 'warning' }),
  comparedAs('changed', 'c1', 'A-2', { before: '23.99' }),
  comparedAs('unchanged', 'u1', 'A-3', { before: '21.99' }),
  comparedAs('quieted', 'q1', 'A-4', { before: '21.99' }),
  comparedAs('resolved', 'r1', 'A-5', { before: '21.99', severity: 'warning' }),
]
const hostile = comparisonOf(changes, { locale: 'es' })

const skipped = missingBrowser()

describe.skipIf(skipped !== null)(`the pages in a browser${skipped === null ? '' : ` (${skipped})`}`, () => {
  let browser: Browser
  let files: Readonly<Record<'list' | 'short' | 'diff' | 'many', string>>

  beforeAll(async () => {
    const many = Array.from({ length: 100_000 }, (_, at) =>
      comparedAs(at % 2 === 0 ? 'resolved' : 'new', `f${at}`, `zapato ${at}`, at % 2 === 0 ? { before: '20.99' } : {}),
    )
    files = {
      list: await write(listFormats, 'list.html', auditsInARow(1000, ['tienda', 'web', ...HOSTILE])),
      short: await write(listFormats, 'short.html', auditsInARow(70, ['tienda', 'web', ...HOSTILE])),
      diff: await write(diffFormats, 'diff.html', hostile),
      many: await write(diffFormats, 'many.html', comparisonOf(many, { locale: 'es' })),
    }
    browser = await startBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  /** Opens a page and notes whatever it should not do. */
  async function open(file: string, hash = ''): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => complaints.push(dialog.message()))
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(request.url())
    })
    await page.goto(pathToFileURL(file).href + hash)
    return { page, complaints }
  }

  it('draws a thousand audits, with what changed from each to the next', async () => {
    const { page, complaints } = await open(files.list)
    expect(await page.locator('main:visible svg.large').getAttribute('aria-label')).toContain('Por gravedad:')
    expect(await page.locator('main:visible svg.small').count()).toBe(3 + 2 + HOSTILE.length)
    const rows = page.locator('main:visible .audits tbody tr')
    expect(await rows.count()).toBe(1000)
    expect(await rows.first().textContent()).toMatch(/^1000 ?27/)
    expect(await page.getByText('940 auditorías anteriores').isVisible()).toBe(true)
    expect(await rows.first().locator('.delta').first().textContent()).toBe(' +1')
    // The audit of some channels is compared with nothing, and is nothing to compare with.
    const deltas = await rows.nth(997).locator('.delta').allTextContents()
    expect(deltas.join('')).toBe('')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.evaluate(() => document.scripts.length)).toBe(1)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('finds one of a hundred thousand changes, with its values before and after', async () => {
    const { page, complaints } = await open(files.many, '#findings')
    const count = page.locator('main[lang=es] .count')
    await page.waitForFunction(() =>
      /^100\.000 de 100\.000/.test(document.querySelector('main[lang=es] .count')?.textContent ?? ''),
    )
    await page.getByLabel('Qué ha pasado').selectOption('resolved')
    expect(await count.textContent()).toMatch(/^50\.000 de/)
    await page.locator('main:visible .search').fill('Zapato 4242')
    expect(await count.textContent()).toMatch(/^15 de/)
    await page.locator('main:visible .rows .row').first().click()
    const drawer = page.getByRole('dialog')
    expect(await drawer.textContent()).toContain('resuelta · abierta desde el 21/11/2026 08:00')
    expect(await drawer.getByRole('columnheader', { name: 'Antes' }).count()).toBe(1)
    expect(await drawer.getByRole('columnheader', { name: 'Después' }).count()).toBe(0)
    expect(await drawer.textContent()).toContain('20,99')
    await page.keyboard.press('Escape')
    await page.getByLabel('Agrupar por').selectOption('change')
    expect(await page.locator('main:visible .row.group').allTextContents()).toEqual(['▸ resuelta 15 incidencias'])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows hostile titles as text, and each change with both values', async () => {
    const { page, complaints } = await open(files.diff)
    await page.locator('main:visible select[data-choice=language]').selectOption('en')
    expect(await page.title()).toBe('Calzados Sol: two audits compared')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.locator('main:visible .tile', { hasText: 'other values' }).click()
    await page.locator('main:visible .rows .row').first().click()
    const drawer = page.getByRole('dialog')
    expect(await drawer.locator('tbody tr').nth(1).locator('td').allTextContents()).toEqual(
      expect.arrayContaining(['€23.99', '€21.99']),
    )
    expect(await drawer.locator('.differs').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await expectInert(page)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('can be read without scripts, and on paper', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(pathToFileURL(files.diff).href)
    expect(await page.getByText('cambios más graves').first().isVisible()).toBe(true)
    expect(await page.getByText('web: 23,99 € → 21,99 €').isVisible()).toBe(true)
    expect(await page.getByText('web: €23.99 → €21.99').isVisible()).toBe(false)
    await page.goto(pathToFileURL(files.list).href)
    expect(await page.getByRole('heading', { name: 'Auditorías', exact: true }).isVisible()).toBe(true)
    await context.close()
    for (const file of [files.list, files.diff]) {
      const { page: live } = await open(file, '#findings')
      await live.emulateMedia({ media: 'print' })
      expect(await live.getByRole('heading', { name: 'Resumen' }).isVisible()).toBe(true)
      expect((await live.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
      await live.close()
    }
  })

  it('fits a phone', async () => {
    for (const [file, hash] of [
      [files.list, ''],
      [files.diff, '#overview'],
      [files.diff, '#findings'],
    ] as const) {
      const { page } = await open(file, hash)
      await page.setViewportSize({ width: 375, height: 740 })
      await page.waitForTimeout(50)
      expect([hash, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([hash, 375])
      await page.close()
    }
  })

  it.each([
    ['light', 'es'],
    ['light', 'en'],
    ['dark', 'es'],
    ['dark', 'en'],
  ] as const)('has nothing that axe objects to, %s in %s', { timeout: 60_000 }, async (theme, locale) => {
    const pages = [
      [files.short, ''],
      [files.diff, '#overview'],
      [files.diff, '#findings'],
    ]
    // The drawer says the same in either language.
    if (locale === 'es') pages.push([files.diff, '#findings?id=c1'], [files.diff, '#findings?id=r1'])
    for (const [file = '', hash = ''] of pages) {
      const { page, complaints } = await open(file)
      await page.locator('main:visible select[data-choice=language]').selectOption(locale)
      await page.locator('main:visible select[data-choice=theme]').selectOption(theme)
      await page.evaluate((to) => {
        location.hash = to
      }, hash)
      await page.evaluate(axe.source)
      await page.waitForTimeout(100)
      expect([hash, await violationsIn(page)]).toEqual([hash, []])
      expect(complaints).toEqual([])
      await page.close()
    }
  })
})

async function violationsIn(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }
    const run = Reflect.get(globalThis, 'axe') as { run(): Promise<{ violations: readonly Violation[] }> }
    const { violations } = await run.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
  })
}

type Value = string | number | boolean | Date | null
type Sheets = readonly { readonly sheet: string; readonly data: readonly (readonly Value[])[] }[]

async function read(path: string): Promise<Sheets> {
  return (await readWorkbook(path, { trim: false })) as unknown as Sheets
}

function dataOf(sheets: Sheets, name: string): readonly (readonly Value[])[] {
  const found = sheets.find(({ sheet }) => sheet === name)
  if (found === undefined) throw new Error(`no sheet ${name}: ${sheets.map(({ sheet }) => sheet).join(', ')}`)
  return found.data
}

describe('the workbooks', () => {
  it('hold figures as numbers and titles as text, whatever they begin with', async () => {
    const sheets = await read(await write(diffFormats, 'diff.xlsx', hostile, 'en'))
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Summary', 'New', 'Gone', 'Changed', 'Causes'])
    const [head = [], ...rows] = dataOf(sheets, 'New')
    const title = head.indexOf('title')
    const kept = HOSTILE.map((text) => printable(text).replace(/[\uffff\ufffe]/g, '\ufffd'))
    expect(rows.map((row) => row[title])).toEqual([...kept, 'A-0'])
    const [names = [], worse = [], moved = []] = dataOf(sheets, 'Changed')
    const at = (row: readonly Value[], name: string): Value => row[names.indexOf(name)] ?? null
    expect([at(worse, 'web before'), at(worse, 'web after'), at(worse, 'severity before')]).toEqual([
      20.99,
      21.99,
      'warning',
    ])
    expect([at(moved, 'web before'), at(moved, 'GTIN'), at(moved, 'record')]).toEqual([23.99, '08412345678905', 1])
  })

  it('hold every audit with its figures and what changed', async () => {
    const sheets = await read(await write(listFormats, 'list.xlsx', auditsInARow(1000, ['tienda', 'web']), 'en'))
    const [head = [], newest = []] = dataOf(sheets, 'Audits')
    expect(dataOf(sheets, 'Audits')).toHaveLength(1001)
    expect([newest[head.indexOf('no.')], newest[head.indexOf('errors')], newest[head.indexOf('errors ±')]]).toEqual([
      1000, 26, 1,
    ])
    expect(dataOf(sheets, 'Series')).toHaveLength(1 + 1000 * 3 * 2)
  })
})

const OFFICE = [process.env['SOFFICE'], '/usr/bin/soffice', '/usr/bin/libreoffice'].find(
  (path): path is string => path !== undefined && existsSync(path),
)
const missing =
  OFFICE === undefined ? 'skipped: no LibreOffice (Debian: libreoffice-calc; another place: SOFFICE=/path)' : null
if (missing !== null && process.env['OMNIPARITY_REQUIRE'] === '1') throw new Error(missing)

describe.skipIf(missing !== null)(`LibreOffice${missing === null ? '' : ` (${missing})`}`, () => {
  it('opens them without repair and reads the same', { timeout: 120_000 }, async () => {
    const paths = [
      await write(diffFormats, 'a.xlsx', hostile),
      await write(listFormats, 'b.xlsx', auditsInARow(40, HOSTILE)),
    ]
    const out = join(folder, 'office')
    mkdirSync(out)
    const args = [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to']
    await promisify(execFile)(OFFICE ?? '', [...args, 'xlsx:Calc MS Excel 2007 XML', '--outdir', out, ...paths])
    for (const [at, name] of ['a.xlsx', 'b.xlsx'].entries()) {
      const [ours, theirs] = [await read(paths[at] ?? ''), await read(join(out, name))]
      expect(theirs.map(({ sheet }) => sheet)).toEqual(ours.map(({ sheet }) => sheet))
      for (const { sheet, data } of ours) expect(shown(dataOf(theirs, sheet)), sheet).toEqual(shown(data))
    }
  })
})

/** Rows without the blanks at their ends; what spreadsheets read as one character is one. */
function shown(rows: readonly (readonly Value[])[]): readonly string[] {
  return rows.map((row) =>
    JSON.stringify(row)
      .replaceAll('_x005F_', '_')
      .replace(/(,null)*\]$/, ']'),
  )
}
