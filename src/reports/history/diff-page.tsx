/** @jsxImportSource preact */
/** Two audits side by side as one page: what came, what went, and every change with its values before and after. */
import type { VNode } from 'preact'
import { pageTexts as en, type PageTexts } from '../../i18n/html.en.ts'
import { pageTexts as es } from '../../i18n/html.es.ts'
import type { Locale } from '../../model/config.ts'
import type { ComparedFinding, Comparison } from '../../model/history.ts'
import { Frame } from '../html/frame.tsx'
import { type PackableFinding, packed } from '../html/pack.ts'
import { closePage, openFindings, openPage, written } from '../html/page.tsx'
import type { Both, PageMeta, PageRule } from '../html/payload.ts'
import type { Renderer, RenderOptions } from '../reporter.ts'
import { valuesIn } from '../values.ts'
import type { DiffContext } from './diff-context.ts'
import { type DiffFigures, diffFigures, LISTED } from './diff-figures.ts'
import { Changes, DiffOverview } from './diff-sections.tsx'
import { pageAssets } from './page-assets.ts'
import { auditName, compareTextsOf } from './subject.ts'

/** More than these no browser on a modest machine holds, and nobody reads. */
const MOST = 200_000
const LOCALES: readonly Locale[] = ['en', 'es']
const PAGE: Readonly<Record<Locale, PageTexts>> = { en, es }

export const reporter: Renderer<Comparison> = {
  name: 'html',
  async *render(comparison, options) {
    const assets = await pageAssets(options, 'report-page.js')
    const figures = await diffFigures(comparison)
    yield openPage(compareTextsOf(options.locale).page.diffTitle(comparison.project), options.locale, assets)
    for (const locale of LOCALES) yield written(<Diff context={contextOf(comparison, figures, locale, options)} />)
    yield openFindings(metaOf(comparison, figures, options))
    yield* packed(first(comparison.findings(LISTED)), { locale: comparison.locale, firstSeen: null })
    yield closePage(assets)
  },
}

async function* first(findings: AsyncIterable<ComparedFinding>): AsyncGenerator<PackableFinding> {
  let left = MOST
  for await (const compared of findings) {
    if (left-- <= 0) return
    yield { ...compared.finding, compared }
  }
}

function contextOf(
  comparison: Comparison,
  figures: DiffFigures,
  locale: Locale,
  { timezone, ruleText }: RenderOptions,
): DiffContext {
  return {
    locale,
    comparison,
    figures,
    texts: compareTextsOf(locale),
    pageTexts: PAGE[locale],
    values: valuesIn(locale, timezone),
    ruleTitle: (rule) => ruleText?.(rule)?.title[locale] ?? rule,
    nameOf: (audit) => auditName(audit, locale, timezone),
  }
}

function metaOf(comparison: Comparison, figures: DiffFigures, { locale, timezone, ruleText }: RenderOptions): PageMeta {
  const shown = Math.min(figures.listed, MOST)
  const other = comparison.locale === 'en' ? 'es' : 'en'
  return {
    locale,
    timezone,
    rules: Object.fromEntries([...figures.byRule.keys()].sort().map((id) => [id, ruleOf(id, ruleText)])),
    causes: (comparison.causes ?? []).map(({ cause }) => {
      const own = { [comparison.locale]: cause.message } as Partial<Both>
      const message = { [other]: cause.translations?.[other]?.message ?? cause.message, ...own } as Both
      return { id: cause.id, message }
    }),
    channels: figures.channels,
    findings: shown,
    omitted: figures.listed - shown,
    changes: LISTED.filter((change) => figures.counts[change] > 0),
  }
}

function ruleOf(id: string, ruleText: RenderOptions['ruleText']): PageRule {
  const none = { en: '', es: '' }
  const text = ruleText?.(id) ?? null
  if (text === null) return { title: { en: id, es: id }, why: none, fix: none }
  const both = (key: 'why' | 'fix'): Both => ({ en: text.docs.en[key], es: text.docs.es[key] })
  return { title: text.title, why: both('why'), fix: both('fix') }
}

function Diff({ context }: { readonly context: DiffContext }): VNode {
  const { locale, comparison, texts, nameOf } = context
  const { page } = texts
  const { from, to } = comparison.diff
  return (
    <Frame
      locale={locale}
      title={page.diffTitle(comparison.project)}
      subtitle={page.between(nameOf(from), nameOf(to))}
      nav={[
        ['#overview', page.nav.overview],
        ['#findings', page.nav.findings],
      ]}
      noScript={page.noScript}
      footer={page.made(comparison.tool.version)}
    >
      <DiffOverview context={context} />
      <Changes context={context} />
    </Frame>
  )
}
