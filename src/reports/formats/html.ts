import { pageTexts as en } from '../../i18n/html.en.ts'
import { pageTexts as es } from '../../i18n/html.es.ts'
import type { Locale } from '../../model/config.ts'
import type { Finding, Report } from '../../model/report.ts'
import type { PageContext } from '../html/context.ts'
import { figuresOf } from '../html/figures.ts'
import { packed } from '../html/pack.ts'
import { type Assets, closePage, mainOf, openFindings, openPage, titleOf } from '../html/page.tsx'
import type { Both, PageMeta, PageRule } from '../html/payload.ts'
import { limitPerRule } from '../limit.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { textsOf } from '../texts.ts'
import { valuesIn } from '../values.ts'

/**
 * Findings in one page. Chromium holds 200,000 with ease; beyond that a browser on a modest machine does not, and nobody
 * reads that far.
 */
const MOST = 200_000

const TEXTS = { en, es }
const LOCALES: readonly Locale[] = ['en', 'es']

async function assets({ asset }: RenderOptions): Promise<Assets> {
  if (asset === undefined) throw new Error('a page needs its script and style')
  const [script, style] = await Promise.all([asset('report-page.js'), asset('report-page.css')])
  return { script: script.trim(), style: style.trim() }
}

function aboutRule(options: RenderOptions): (id: string) => PageRule | null {
  const known = new Map<string, PageRule | null>()
  const read = (id: string): PageRule | null => {
    const text = options.ruleText?.(id) ?? null
    if (text === null) return null
    const both = (key: 'why' | 'fix'): Both => ({ en: text.docs.en[key], es: text.docs.es[key] })
    return { title: text.title, why: both('why'), fix: both('fix') }
  }
  return (id) => {
    const found = known.get(id)
    if (found !== undefined) return found
    const rule = read(id)
    known.set(id, rule)
    return rule
  }
}

async function* first(
  findings: AsyncIterable<Finding>,
  allows: (finding: Finding) => boolean,
): AsyncGenerator<Finding> {
  let left = MOST
  for await (const finding of findings) {
    if (!allows(finding)) continue
    if (left-- <= 0) return
    yield finding
  }
}

function metaOf(
  report: Report,
  { locale, timezone }: RenderOptions,
  rule: PageContext['rule'],
  rules: Iterable<string>,
  counts: { readonly findings: number; readonly omitted: number },
): PageMeta {
  const own = report.locale ?? locale
  return {
    locale,
    timezone,
    rules: Object.fromEntries(
      [...rules].sort().map((id) => {
        const none = { en: '', es: '' }
        return [id, rule(id) ?? { title: { en: id, es: id }, why: none, fix: none }]
      }),
    ),
    causes: report.head.causes.map(({ id, message, translations }) => ({
      id,
      message: {
        en: own === 'en' ? message : (translations?.en?.message ?? message),
        es: own === 'es' ? message : (translations?.es?.message ?? message),
      },
    })),
    channels: report.head.channels.map(({ id }) => id),
    ...counts,
  }
}

export const reporter: Reporter = {
  name: 'html',
  doc: {
    en: 'one page with everything in it, to read, filter and print; needs no connection (English and Spanish)',
    es: 'una sola página con todo dentro, para leer, filtrar e imprimir; no necesita conexión (español e inglés)',
  },
  async *render(report, options) {
    const page = await assets(options)
    const own = options.locale
    yield openPage(titleOf({ texts: TEXTS[own], report }), own, page)
    const limited = (): ((finding: Finding) => boolean) => limitPerRule(report.head, options.maxFindings).allows
    const figures = await figuresOf(report, limited())
    const shown = Math.min(figures.allowed, MOST)
    const rule = aboutRule(options)
    const contexts = LOCALES.map(
      (locale): PageContext => ({
        locale,
        texts: TEXTS[locale],
        reportTexts: textsOf(locale),
        values: valuesIn(locale, options.timezone),
        report,
        figures,
        audits: report.audits ?? [],
        rule,
      }),
    )
    const counts = { findings: shown, omitted: figures.findings - shown }
    for (const context of contexts) yield mainOf(context)
    yield openFindings(metaOf(report, options, rule, figures.byRule.keys(), counts))
    const firstSeen = (await report.firstSeen?.()) ?? null
    yield* packed(first(report.findings(), limited()), { locale: report.locale ?? options.locale, firstSeen })
    yield closePage(page)
  },
}
