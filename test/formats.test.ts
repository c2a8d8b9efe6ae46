/** The formats that other programs read, read by such programs. */
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { parse as parseCsv } from 'csv-parse/sync'
import { parse as parseJunit } from 'junit2json'
import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { calzadosSol, ruleTitles } from '../fixtures/reports/calzados-sol.ts'
import type { Locale } from '../src/model/config.ts'
import type { Finding, Report } from '../src/model/report.ts'
import { ruleTexts } from '../src/ops/rule-texts.ts'
import { gateSentence, judged } from '../src/reports/gate.ts'
import { loadReporter, reporterNames } from '../src/reports/registry.ts'
import type { RenderOptions } from '../src/reports/reporter.ts'
import { loadRules } from '../src/rules/load.ts'
import { HOSTILE, hostileReport } from './hostile-report.ts'

const rules = await loadRules()

function optionsFor(locale: Locale, more: Partial<RenderOptions> = {}): RenderOptions {
  return {
    locale,
    width: null,
    colour: false,
    maxFindings: null,
    timezone: 'Europe/Madrid',
    ...ruleTexts(rules, locale),
    ruleTitle: (rule) => ruleTitles[rule]?.[locale] ?? rule,
    ...more,
  }
}

async function render(name: string, report: Report, options: RenderOptions = optionsFor('en')): Promise<string> {
  const reporter = await loadReporter(name)
  if (reporter === null) throw new Error(`no format ${name}`)
  let text = ''
  for await (const piece of reporter.render(report, options)) text += piece
  return text
}

/** The shared report with `count` errors, half of them known, then warnings and notes. */
async function manyFindings(count: number): Promise<Report> {
  const { head, quarantine, gate, findings } = calzadosSol('en')
  let sample: Finding | null = null
  for await (const finding of findings()) sample ??= finding
  return {
    head: { ...head, totals: { ...head.totals, explained: 0 } },
    quarantine,
    ...(gate === undefined ? {} : { gate }),
    findings: async function* () {
      for (let at = 0; at < count; at++) {
        const severity = at < count / 2 ? 'error' : at < (count * 3) / 4 ? 'warning' : 'info'
        const status = at % 2 === 0 ? 'known' : 'new'
        yield { ...sample, id: `f${at}`, severity, status, explained_by: null } as Finding
      }
    },
  }
}

describe('sarif', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats.default(ajv)
  // It names draft 4, whose own words it does not use; the validator begins with draft 6.
  const { id: _, $schema: __, ...schema } = sarifSchema
  const validate = ajv.compile(schema)
  const errorsOf = (text: string): unknown => (validate(JSON.parse(text)) ? [] : validate.errors)

  it.each(['en', 'es'] as const)('is valid by the schema of OASIS in %s', async (locale) => {
    const text = await render('sarif', calzadosSol(locale), optionsFor(locale, { folder: 'shops/sol' }))
    expect(errorsOf(text)).toEqual([])
    const [run] = JSON.parse(text).runs
    const [first] = run.results.filter((one: { properties: { kind: string } }) => one.properties.kind === 'finding')
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'shops/sol/tienda/centro.csv', uriBaseId: '%SRCROOT%' },
      region: { startLine: 57 },
    })
    expect(run.tool.driver.rules[first.ruleIndex].id).toBe(first.ruleId)
    expect(run.tool.driver.rules[first.ruleIndex].help.markdown).toContain('## ')
    const states = new Set(run.results.map((one: { baselineState: string }) => one.baselineState))
    expect([...states].sort()).toEqual(['new', 'unchanged', 'updated'])
    const kept = run.results.filter((one: { suppressions: readonly unknown[] }) => one.suppressions.length > 0)
    expect(kept).toHaveLength(1)
    expect(kept[0].suppressions[0]).toMatchObject({ kind: 'external', status: 'accepted' })
  })

  it('places every result, for one without a place has GitHub refuse the whole file', async () => {
    const report = await manyFindings(3)
    const { head } = report
    const lost: Report = {
      ...report,
      head: { ...head, causes: head.causes.map((cause) => ({ ...cause, channels: ['gone'] })) },
      findings: async function* () {
        for await (const finding of report.findings()) yield { ...finding, sides: [] }
      },
    }
    for (const shown of [calzadosSol('en'), lost, hostileReport()]) {
      const [run] = JSON.parse(await render('sarif', shown)).runs
      expect(run.results.length).toBeGreaterThan(3)
      for (const { locations } of run.results) {
        expect(locations).toHaveLength(1)
        expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/./)
        expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0)
      }
    }
  })

  it('has at most 25,000 results, news and the worst first, and says what is left out', async () => {
    const text = await render('sarif', await manyFindings(30_000))
    const [run] = JSON.parse(text).runs
    expect(run.results).toHaveLength(25_000)
    const causes = calzadosSol('en').head.causes.length
    const found = run.results.slice(causes) as { baselineState: string; level: string }[]
    expect(found.slice(0, 15_000).every(({ baselineState }) => baselineState === 'new')).toBe(true)
    expect(found.slice(0, 7500).every(({ level }) => level === 'error')).toBe(true)
    const notes = JSON.stringify(run.invocations[0].toolExecutionNotifications)
    expect(notes).toContain(`${(5000 + causes).toLocaleString('en')} findings are left out`)
    expect(errorsOf(text)).toEqual([])
  })

  it('is valid when every text is hostile, and links nowhere', async () => {
    const text = await render('sarif', hostileReport())
    expect(errorsOf(text)).toEqual([])
    expect(text).not.toContain('](')
  })
})

describe('junit', () => {
  it('is read back: rules are cases, findings failures, unknown is skipped', async () => {
    const report = calzadosSol('en')
    const suites = await parseJunit(await render('junit', report))
    if (!suites || !('testsuite' in suites)) throw new Error('no suites')
    const cases = (suites.testsuite ?? []).flatMap((suite) => suite.testcase ?? [])
    expect(suites.tests).toBe(cases.length)
    const failed = cases.filter(({ failure }) => failure !== undefined).map(({ name }) => name)
    expect(failed).toContain('price/differs-across-channels')
    const skipped = cases.filter((one) => one.skipped !== undefined).map(({ name }) => name)
    expect(skipped).toContain('price/differs-across-channels [tax_basis]')
    expect(suites.failures).toBe(failed.length)
    const reasons = report.head.coverage.flatMap(({ unknown }) => Object.values(unknown).filter((n) => n > 0))
    expect(skipped.filter((name) => name?.includes('['))).toHaveLength(reasons.length)
  })

  it('holds hostile texts as texts', async () => {
    const suites = await parseJunit(await render('junit', hostileReport()))
    if (!suites || !('testsuite' in suites)) throw new Error('no suites')
    const cases = (suites.testsuite ?? []).flatMap((suite) => suite.testcase ?? [])
    const own = cases.find(({ name }) => name === 'price/differs-across-channels')
    expect(own?.failure).toHaveLength(1)
    expect(own?.failure?.[0]?.inner?.split('\n')).toHaveLength(HOSTILE.length)
    expect(own?.failure?.[0]?.inner).toContain(']]></failure>')
  })
})

describe('github', () => {
  const commands = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim().startsWith('::'))

  it('annotates at most ten of each kind, and ends with the sentence about the gate', async () => {
    const report = await manyFindings(400)
    const text = await render('github', report)
    for (const kind of ['error', 'warning', 'notice']) {
      expect(commands(text).filter((line) => line.startsWith(`::${kind} `))).toHaveLength(10)
    }
    expect(text).toContain('more findings are not annotated')
    expect(text.trimEnd().split('\n').at(-1)).toBe(gateSentence(judged(report), 'en'))
  })

  it('gives no command that a source has written', async () => {
    const text = await render('github', hostileReport(), optionsFor('en', { ruleTitle: (rule) => `${rule}::a,b` }))
    const found = commands(text)
    expect(found).toHaveLength(10)
    for (const line of found) {
      expect(line).toMatch(/^::error (file=[^,:]*,)(line=\d+,)?title=[^,:]*::[^\r\n]*$/)
      expect(line.replaceAll(/%(25|0D|0A|3A|2C)/g, '')).not.toContain('%')
    }
  })
})

describe('gitlab', () => {
  it('is a list of issues with a place and a fingerprint of their own', async () => {
    for (const report of [calzadosSol('es'), hostileReport()]) {
      const issues = JSON.parse(await render('gitlab', report)) as Record<string, unknown>[]
      expect(issues.length).toBeGreaterThan(5)
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length)
      for (const issue of issues) {
        expect(issue).toMatchObject({
          description: expect.stringMatching(/./),
          check_name: expect.stringMatching(/^[a-z]+\/[a-z-]+$/),
          severity: expect.stringMatching(/^(info|minor|critical)$/),
          location: { path: expect.stringMatching(/./), lines: { begin: expect.any(Number) } },
        })
      }
    }
  })
})

describe('markdown', () => {
  it.each(['en', 'es'] as const)(
    'stays under the limit of a comment and says what is left out in %s',
    async (locale) => {
      const { head, findings, quarantine, gate } = await manyFindings(2000)
      const names = Array.from({ length: 400 }, (_, at) => `price/rule-${at}`)
      const report: Report = {
        head,
        quarantine,
        ...(gate === undefined ? {} : { gate }),
        findings: async function* () {
          let at = 0
          for await (const finding of findings()) yield { ...finding, status: 'new', rule: names[at++ % 400] ?? '' }
        },
      }
      const text = await render('markdown', report, optionsFor(locale))
      expect(text.length).toBeGreaterThan(50_000)
      expect(text.length).toBeLessThanOrEqual(65_536)
      const said =
        locale === 'en' ? /Left out: .*[\d,]+ findings?.*rules?/ : /Quedan fuera: .*[\d.]+ incidencias?.*reglas?/
      expect(text).toMatch(said)
    },
  )

  it('shows hostile texts as text in a reader of Markdown', async () => {
    const text = await render('markdown', hostileReport())
    expect(text.length).toBeLessThanOrEqual(65_536)
    const html = await marked.parse(text, { gfm: true })
    const tags = new Set([...html.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name]) => name))
    const own = ['h2', 'h3', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'p', 'code', 'ul', 'li', 'strong', 'em', 'br']
    const plain = [...own, 'details', 'summary', 'blockquote']
    expect([...tags].filter((name) => !plain.includes(name ?? ''))).toEqual([])
    expect(html.match(/<h2/g)).toHaveLength(1)
    // One row a finding, whatever its title holds.
    const [first = ''] = html.split('</details>')
    expect(first.split('<summary>')[1]?.match(/<tr>/g)).toHaveLength(1 + 10)
    expect(html.replaceAll(/<code>[^<]*<\/code>/g, '')).not.toMatch(/[@#!~]\p{L}|:\/\/|www\./u)
  })
})

describe('hostile texts', () => {
  const texts = reporterNames.filter((name) => !['html', 'xlsx'].includes(name))

  it.each(texts)('are inert in %s', async (name) => {
    for (const locale of ['en', 'es'] as const) {
      const text = await render(name, hostileReport(), optionsFor(locale))
      expect(text.replaceAll('\r\n', '\n').match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)).toBeNull()
      if (name !== 'json' && name !== 'ndjson') expect(text.match(/[\u202a-\u202e\u2066-\u2069\u2028]/)).toBeNull()
    }
  })

  it('are no formulas in csv', async () => {
    const rows = parseCsv(await render('csv', hostileReport())) as string[][]
    expect(rows.flat().filter((cell) => /^[=+\-@]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell))).toEqual([])
  })
})
