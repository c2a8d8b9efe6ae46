import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { calzadosSol, ruleTitles } from '../fixtures/reports/calzados-sol.ts'
import type { Locale } from '../src/model/config.ts'
import type { Finding, Report, RuleTally } from '../src/model/report.ts'
import { findingJson } from '../src/model/report-json.ts'
import { reportSchema } from '../src/model/report-schema.ts'
import { readAsset } from '../src/ops/asset.ts'
import { gateSentence, judgeGate } from '../src/reports/gate.ts'
import { loadReporter, reporterNames } from '../src/reports/registry.ts'
import type { RenderOptions, Reporter } from '../src/reports/reporter.ts'
import { textsOf } from '../src/reports/texts.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/reports')
const update = process.env['UPDATE'] === '1'

interface Variant {
  readonly locale: Locale
  readonly width: number
  readonly colour: boolean
}

const variants: readonly Variant[] = (['en', 'es'] as const).flatMap((locale) =>
  [80, 160].flatMap((width) => [false, true].map((colour) => ({ locale, width, colour }))),
)

function optionsOf(variant: Variant, more: Partial<RenderOptions> = {}): RenderOptions {
  return {
    ...variant,
    maxFindings: null,
    asset: readAsset,
    timezone: 'Europe/Madrid',
    ruleTitle: (rule) => ruleTitles[rule]?.[variant.locale] ?? rule,
    ...more,
  }
}

async function reporterOf(name: string): Promise<Reporter> {
  const reporter = await loadReporter(name)
  if (reporter === null) throw new Error(`no format ${name}`)
  return reporter
}

async function render(name: string, report: Report, options: RenderOptions): Promise<string> {
  let text = ''
  for await (const piece of (await reporterOf(name)).render(report, options)) text += piece
  return text
}

/** A page without what the build puts into it, and without the packed findings: a browser looks at these in another test. */
function shown(text: string): string {
  return text
    .replaceAll(/'sha256-[^']+'/g, "'sha256-…'")
    .replaceAll(
      /(<(style|script)(?: type="application\/octet-stream" id="findings")?>)[^<]*(?:<(?!\/\2>)[^<]*)*(?=<\/\2>)/g,
      '$1…',
    )
    .replaceAll(/(?<=[^"]>)(?=<(?:section|article|tr|h[1-4]|p|li|nav|header|footer|main|div|table)[ >])/g, '\n')
}

const plain = optionsOf({ locale: 'en', width: 80, colour: false })

/** Named by what changes the text: `pretty-es-80-colour`, but one `csv` for all widths. */
function goldenNames(texts: ReadonlyMap<Variant, string>, name: string): ReadonlyMap<Variant, string> {
  const matters = (key: keyof Variant): boolean =>
    variants.some((a) => variants.some((b) => others(a, key) === others(b, key) && texts.get(a) !== texts.get(b)))
  const others = (variant: Variant, key: keyof Variant): string => JSON.stringify({ ...variant, [key]: null })
  const [byLocale, byWidth, byColour] = [matters('locale'), matters('width'), matters('colour')]
  return new Map(
    variants.map((variant) => {
      const parts = [
        name,
        byLocale ? variant.locale : '',
        byWidth ? variant.width : '',
        byColour && variant.colour ? 'colour' : '',
      ]
      return [variant, `${parts.filter((part) => part !== '').join('-')}.txt`]
    }),
  )
}

const reporters = await Promise.all(reporterNames.map(reporterOf))

describe.each(reporters)('format $name', ({ name, isBinary }) => {
  it('is documented in both languages under the name of its file', async () => {
    const reporter = await reporterOf(name)
    expect(reporter.name).toBe(name)
    expect([reporter.doc.en, reporter.doc.es].every((text) => text.length > 10)).toBe(true)
  })

  it.skipIf(isBinary)('shows the shared report as its golden files do', async () => {
    const texts = new Map<Variant, string>()
    for (const variant of variants)
      texts.set(variant, shown(await render(name, calzadosSol(variant.locale), optionsOf(variant))))
    const names = goldenNames(texts, name)
    const golden = join(folder, name)
    if (update) {
      rmSync(golden, { recursive: true, force: true })
      mkdirSync(golden, { recursive: true })
      for (const [variant, file] of names) writeFileSync(join(golden, file), texts.get(variant) ?? '')
    }
    expect(existsSync(golden), 'UPDATE=1 writes the golden files').toBe(true)
    expect(readdirSync(golden).sort()).toEqual([...new Set(names.values())].sort())
    for (const [variant, file] of names) expect(texts.get(variant), file).toBe(readFileSync(join(golden, file), 'utf8'))
  })

  it.skipIf(isBinary)('passes on no escape, control or direction character of the sources', async () => {
    for (const variant of variants.filter(({ colour }) => !colour)) {
      const text = shown(await render(name, calzadosSol(variant.locale), optionsOf(variant)))
      expect(text.replace(/\r\n/g, '\n').match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)).toBeNull()
      if (name !== 'json' && name !== 'ndjson') expect(text.match(/[\u202a-\u202e\u2066-\u2069]/)).toBeNull()
    }
  })

  it('shows a report without channels, causes and findings', async () => {
    const { head } = calzadosSol('en')
    const totals = { error: 0, warning: 0, info: 0, known: 0, suppressed: 0, explained: 0 }
    const empty: Report = {
      head: { ...head, channels: [], coverage: [], causes: [], totals },
      quarantine: [],
      findings: async function* () {},
    }
    const text = shown(await render(name, empty, plain))
    expect(text.match(/undefined|NaN|null, null/)).toBeNull()
  })

  it.skipIf(isBinary)('writes a long audit in small pieces, the first before the last finding is read', async () => {
    const { head, quarantine, findings } = calzadosSol('en')
    let sample: Finding | null = null
    for await (const finding of findings()) sample ??= finding
    let read = 0
    const report: Report = {
      head,
      quarantine,
      findings: async function* () {
        for (read = 0; read < 20_000; read += 1) yield { ...sample, id: String(read) } as Finding
      },
    }
    const lengths: number[] = []
    let readAtFirst: number | null = null
    for await (const piece of (await reporterOf(name)).render(report, plain)) {
      readAtFirst ??= read
      lengths.push(piece.length)
    }
    expect(readAtFirst).toBeLessThan(1000)
    expect(Math.max(...lengths)).toBeLessThan(1_000_000)
  })
})

describe('format json', () => {
  it('is a document of the published schema', async () => {
    for (const locale of ['en', 'es'] as const) {
      const text = await render('json', calzadosSol(locale), plain)
      expect(reportSchema.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([])
    }
  })

  it('has a JSON Schema that refuses unknown keys', () => {
    const schema = z.toJSONSchema(reportSchema)
    const optional = ['inputs', 'silences']
    expect(schema.required).toEqual(Object.keys(schema.properties ?? {}).filter((key) => !optional.includes(key)))
    expect(schema.additionalProperties).toBe(false)
  })

  it('has the keys in the order of the contract', async () => {
    const document = JSON.parse(await render('json', calzadosSol('en'), plain))
    expect(Object.keys(document).join(' ')).toBe('format tool audit channels coverage totals causes findings omitted')
    expect(Object.keys(document.findings[0]).join(' ')).toBe(
      'id rule code severity status market owner item message sides expected impact explained_by fixable',
    )
  })

  it('counts what --max-findings leaves out', async () => {
    const document = JSON.parse(await render('json', calzadosSol('en'), { ...plain, maxFindings: 2 }))
    expect(document.omitted['stock/published-exceeds-available']).toBe(3)
    expect(document.omitted['price/differs-across-channels']).toBe(1)
    expect(document.omitted['price/outlier']).toBe(0)
    expect(document.findings).toHaveLength(11)
  })
})

describe('findings that come as JSON text', () => {
  it.each(['json', 'ndjson'])('give the same %s as findings', async (name) => {
    const report = calzadosSol('en')
    const findings: string[] = []
    for await (const finding of report.findings()) findings.push(findingJson(finding))
    const withText: Report = {
      ...report,
      findings: () => {
        throw new Error('not needed')
      },
      findingsJson: async function* () {
        yield findings.slice(0, 3).join(',\n')
        for (const one of findings.slice(3)) yield one
      },
    }
    expect(await render(name, withText, plain)).toBe(await render(name, report, plain))
  })
})

describe('format ndjson', () => {
  it('is one typed object a line, and says at the end what was left out', async () => {
    const lines = (await render('ndjson', calzadosSol('en'), { ...plain, maxFindings: 1 })).trimEnd().split('\n')
    const types = lines.map((line) => JSON.parse(line).type as string)
    expect(types.slice(0, 4)).toEqual(['report', 'cause', 'cause', 'finding'])
    expect(types.at(-1)).toBe('end')
  })
})

describe('format csv', () => {
  it('gives a spreadsheet no formula and every side a row', async () => {
    const rows: readonly Record<string, string>[] = parse(await render('csv', calzadosSol('en'), plain), {
      columns: true,
      record_delimiter: '\r\n',
    })
    const cells = rows.flatMap((row) => Object.values(row))
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell))).toEqual([])
    expect(cells).toContain(`'=HYPERLINK("http://evil.example")`)
    expect(rows.filter((row) => row['id'] === '5d41402abc4b2a76').map((row) => row['channel'])).toEqual([
      'erp',
      'tienda',
      'web',
    ])
  })
})

describe('format concise', () => {
  it('is one line for each cause and finding', async () => {
    const text = await render('concise', calzadosSol('en'), plain)
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(2 + 15)
    expect(lines.every((line) => /^(error|warning|info) [a-z]+\/[a-z-]+ \S.*: /.test(line))).toBe(true)
    expect(text).toContain('ZAP-042-38 ES: costs €19.99 in erp but €21.99 on web [tienda/centro.csv:57]')
  })
})

describe('format pretty', () => {
  it.each([60, 80, 100, 160])('keeps every line within %i columns', async (width) => {
    for (const locale of ['en', 'es'] as const) {
      const text = await render('pretty', calzadosSol(locale), optionsOf({ locale, width, colour: true }))
      expect(text.split('\n').filter((line) => stringWidth(line) > width)).toEqual([])
    }
  })

  it('leaves out causes that were suppressed', async () => {
    const report = calzadosSol('en')
    const causes = report.head.causes.map((cause) => ({ ...cause, status: 'suppressed' as const }))
    const text = await render('pretty', { ...report, head: { ...report.head, causes } }, plain)
    expect(text).not.toContain('── Causes')
  })

  it('lists up to the limit of each rule and counts the rest', async () => {
    const text = await render('pretty', calzadosSol('en'), { ...plain, maxFindings: 2 })
    expect(text).toContain('and 3 more · --max-findings 5 lists them')
    expect(text).not.toContain('SAN-102')
  })

  it('lists a rule without end where that is asked for', async () => {
    const report = calzadosSol('en')
    const many: Report = {
      ...report,
      findings: async function* () {
        for (let at = 0; at < 450; at += 1) {
          for await (const finding of report.findings()) if (finding.id === '57ac000000000001') yield finding
        }
      },
    }
    const text = await render('pretty', many, { ...plain, maxFindings: 449 })
    expect(text.match(/SAN-101/g)).toHaveLength(449)
    expect(text).toContain('and 1 more')
  })

  it('reads no finding that a report can count and select by itself', async () => {
    const report = calzadosSol('en')
    const tally: RuleTally = {
      rule: 'price/differs-across-channels',
      severity: 'error',
      listed: 3,
      known: 0,
      suppressed: 0,
      explained: 0,
    }
    const counting: Report = {
      ...report,
      findings: () => {
        throw new Error('not needed')
      },
      tallies: async () => [tally],
      select: async function* (query) {
        for await (const finding of report.findings()) {
          if ('listed' in query ? finding.rule === query.listed : finding.explained_by === query.explained)
            yield finding
        }
      },
    }
    const text = await render('pretty', counting, plain)
    expect(text).toContain('ZAP-042-38')
    expect(text).toContain('Example: costs €40.65')
  })
})

describe('the gate', () => {
  const { head } = calzadosSol('en')
  const gate = { failOn: 'error', maxNew: 0, maxUnknown: null } as const

  it('fails on new errors, and says how many', () => {
    expect(gateSentence(judgeGate(head, gate, []), 'en')).toBe('Failed: 10 new errors.')
    expect(gateSentence(judgeGate(head, gate, []), 'es')).toBe('No superada: hay 10 errores nuevos.')
  })

  it('passes within the limit, and when findings never fail', () => {
    expect(judgeGate(head, { ...gate, maxNew: 10 }, []).status).toBe(0)
    expect(judgeGate(head, { ...gate, failOn: 'never' }, []).status).toBe(0)
  })

  it('does not take an audit that checked nothing for a good one', () => {
    const totals = { error: 0, warning: 0, info: 0, known: 0, suppressed: 0, explained: 0 }
    const blind = { ...head, coverage: head.coverage.filter(({ pass }) => pass === 0), totals }
    expect(gateSentence(judgeGate(blind, gate, []), 'en')).toMatch(/^Passed, but only because nothing could be checked/)
  })

  it('puts what could not be read or decided before findings', () => {
    expect(judgeGate(head, { ...gate, maxUnknown: 0.001 }, []).status).toBe(3)
    expect(gateSentence(judgeGate(head, gate, ['web']), 'en')).toBe(
      'Failed: web could not be read, so nothing is known about it.',
    )
  })
})

describe('the share of linked listings', () => {
  it('is never rounded to all or to none', () => {
    expect(textsOf('en').channels.linked(5 / 5728)).toBe('under 0.1% linked')
    expect(textsOf('en').channels.linked(0)).toBe('0% linked')
    expect(textsOf('en').channels.linked(0.99999)).toBe('99.9% linked')
    expect(textsOf('es').channels.linked(5 / 5728)).toBe('menos del 0,1 % vinculadas')
  })
})
