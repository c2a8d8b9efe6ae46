/** The report as a page, opened from disk in a real browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calzadosSol, ruleTitles } from '../fixtures/reports/calzados-sol.ts'
import type { Finding, Report } from '../src/model/report.ts'
import { readAsset } from '../src/ops/asset.ts'
import { reporter } from '../src/reports/formats/html.ts'
import { expectInert, missingBrowser, startBrowser } from './chromium.ts'

const skipped = missingBrowser()
const MANY = 100_000
const WORDS = ['zapato', 'bota', 'sandalia', 'mocasín', 'zueco', 'alpargata']
const HOSTILE = [
  '<script>document.title = "owned"</script>',
  '</script><script>document.title = "owned"</script>',
  '"><img src=x onerror="document.title = \'owned\'">',
  '=HYPERLINK("http://evil.example")',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202eexe.gnp',
  `${'largo '.repeat(1700)}fin`,
  '<!--',
]

async function sample(): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for await (const finding of calzadosSol('es').findings()) found.push(finding)
  return found
}

/** The shared report with other findings, each with a message in both languages. */
async function reportWith(count: number, titleOf: (at: number) => string): Promise<Report> {
  const samples = await sample()
  const { head, quarantine, gate } = calzadosSol('es')
  return {
    head,
    locale: 'es',
    project: 'Calzados Sol',
    quarantine,
    ...(gate === undefined ? {} : { gate }),
    audits: [1, 2, 3].map((day) => ({
      kind: 'audit',
      as_of: `2026-11-0${day}T08:00:00Z`,
      partial: false,
      totals: { ...head.totals, error: 10 * day },
    })),
    firstSeen: async () => new Map([['f0', '2026-11-01T08:00:00Z']]),
    findings: async function* () {
      for (let at = 0; at < count; at++) {
        const one = samples[at % samples.length]
        if (one === undefined) return
        const title = titleOf(at)
        const item = { id: `SKU-${at}`, sku: `SKU-${at}`, gtin: null, title }
        const message = `${title} cuesta otra cosa`
        yield {
          ...one,
          id: `f${at}`,
          item,
          message,
          explained_by: null,
          translations: { en: `${title} costs something else` },
        }
      }
    },
  }
}

async function write(file: string, report: Report): Promise<void> {
  const pieces: (string | Uint8Array)[] = []
  const ruleTitle = (rule: string): string => ruleTitles[rule]?.es ?? rule
  const options = {
    width: null,
    colour: false,
    locale: 'es' as const,
    maxFindings: null,
    asset: readAsset,
    timezone: 'Europe/Madrid',
    ruleTitle,
  }
  for await (const piece of reporter.render(report, options)) pieces.push(piece)
  writeFileSync(file, pieces.join(''))
}

describe.skipIf(skipped !== null)(`the page in a browser${skipped === null ? '' : ` (${skipped})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniparity-html-'))
  const files = { many: join(folder, 'many.html'), hostile: join(folder, 'hostile.html') }
  let browser: Browser

  beforeAll(async () => {
    await write(files.many, await reportWith(MANY, (at) => `${WORDS[at % WORDS.length]} modelo ${at}`))
    await write(files.hostile, await reportWith(HOSTILE.length * 3, (at) => HOSTILE[at % HOSTILE.length] ?? ''))
    browser = await startBrowser()
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

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

  const shownCount = (page: Page): Promise<string | null> => page.locator('main:visible .count').textContent()

  it('lists a hundred thousand findings, filters, sorts, groups and searches them', async () => {
    const { page, complaints } = await open(files.many, '#findings')
    await page.waitForFunction(() =>
      /^100\.000 de 100\.000/.test(document.querySelector('main[lang=es] .count')?.textContent ?? ''),
    )
    expect(await page.locator('main:visible .rows .row').count()).toBeLessThan(60)
    await page.locator('main:visible .search').fill('MOCASIN modelo 99998')
    expect(await shownCount(page)).toMatch(/^0 de/)
    await page.locator('main:visible .search').fill('Mocasin modelo 99993')
    expect(await shownCount(page)).toMatch(/^1 de 100\.000 incidencias/)
    await page.locator('main:visible .search').fill('')
    await page.getByRole('button', { name: 'Artículo' }).click()
    expect(await page.locator('main:visible .rows .row .item').first().textContent()).toContain('SKU-0')
    await page.getByRole('button', { name: 'Artículo' }).click()
    expect(await page.locator('main:visible .rows .row .item').first().textContent()).toContain('SKU-99999')
    await page.getByLabel('Agrupar por').selectOption('rule')
    expect(await page.locator('main:visible .row.group').count()).toBeGreaterThan(3)
    await page.locator('main:visible .row.group').first().click()
    expect(await page.locator('main:visible .row:not(.group) .item').count()).toBeGreaterThan(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('opens one finding by its address, steps on, and closes with the keyboard', async () => {
    const { page, complaints } = await open(files.many, '#findings?id=f42&kind=all')
    const drawer = page.getByRole('dialog')
    await drawer.waitFor()
    expect(await drawer.textContent()).toContain('SKU-42')
    await drawer.getByRole('button', { name: 'Incidencia siguiente' }).click()
    expect(page.url()).toMatch(/id=f\d+/)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.waitForFunction(() => document.activeElement?.className === 'search')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('changes its language and its appearance, and says when a finding was first seen', async () => {
    const { page, complaints } = await open(files.hostile, '#findings?id=f0&kind=all')
    expect(await page.getByRole('dialog').textContent()).toContain('Vista por primera vez')
    await page.keyboard.press('Escape')
    await page.locator('main:visible select[data-choice=language]').selectOption('en')
    expect(await page.title()).toBe('Calzados Sol: audit of the channels')
    expect(await page.locator('main:visible .rows .message').nth(3).textContent()).toContain('costs something else')
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const light = await background()
    await page.locator('main:visible select[data-choice=theme]').selectOption('dark')
    expect(await background()).not.toBe(light)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows hostile texts as texts', async () => {
    const { page, complaints } = await open(files.hostile)
    for (const section of ['overview', 'causes', 'findings', 'coverage', 'files']) {
      await page.evaluate((name) => {
        location.hash = `#${name}`
      }, section)
      await page.waitForTimeout(50)
    }
    await page.evaluate(() => {
      location.hash = '#findings?kind=all'
    })
    await expectInert(page)
    expect(await page.title()).toBe('Calzados Sol: auditoría de los canales')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('can be read without scripts, and on paper', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(pathToFileURL(files.hostile).href)
    expect(await page.getByText('incidencias más graves').first().isVisible()).toBe(true)
    expect(await page.getByRole('heading', { name: 'Qué se ha leído' }).isVisible()).toBe(true)
    expect(await page.getByRole('heading', { name: 'What was read' }).isVisible()).toBe(false)
    await context.close()
    const { page: live } = await open(files.hostile, '#coverage')
    await live.emulateMedia({ media: 'print' })
    expect(await live.getByRole('heading', { name: 'Resumen' }).isVisible()).toBe(true)
    expect(await live.getByText('incidencias más graves').first().isVisible()).toBe(true)
    expect((await live.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
    await live.close()
  })

  it('fits a phone', async () => {
    const { page } = await open(files.hostile)
    await page.setViewportSize({ width: 360, height: 740 })
    for (const section of ['overview', 'causes', 'findings', 'coverage', 'files']) {
      await page.evaluate((name) => {
        location.hash = `#${name}`
      }, section)
      await page.waitForTimeout(50)
      expect([section, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([section, 360])
    }
    await page.close()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe objects to in the %s appearance', async (theme) => {
    const { page } = await open(files.hostile)
    await page.locator('main:visible select[data-choice=theme]').selectOption(theme)
    await page.evaluate(axe.source)
    for (const hash of ['overview', 'causes', 'findings', 'findings?id=f3&kind=all', 'coverage', 'files']) {
      await page.evaluate((name) => {
        location.hash = `#${name}`
      }, hash)
      await page.waitForTimeout(100)
      const violations = await page.evaluate(async () => {
        const run = Reflect.get(globalThis, 'axe') as { run(): Promise<{ violations: readonly Violation[] }> }
        interface Violation {
          readonly id: string
          readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
        }
        const { violations: found } = await run.run()
        return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
      })
      expect([hash, violations]).toEqual([hash, []])
    }
    await page.close()
  })
})
