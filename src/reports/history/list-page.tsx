/** @jsxImportSource preact */
/** The audits so far as one page that can be read whole without a script. */
import type { VNode } from 'preact'
import { type HistoryTexts, historyTexts as historyEn } from '../../i18n/history.en.ts'
import { historyTexts as historyEs } from '../../i18n/history.es.ts'
import { pageTexts as en, type PageTexts } from '../../i18n/html.en.ts'
import { pageTexts as es } from '../../i18n/html.es.ts'
import type { Locale } from '../../model/config.ts'
import type { HistoryView } from '../../model/history.ts'
import { familyOf } from '../html/context.ts'
import { Frame } from '../html/frame.tsx'
import { endPage, openPage, written } from '../html/page.tsx'
import { Series, type SeriesPoint } from '../html/series-charts.tsx'
import type { Renderer, RenderOptions } from '../reporter.ts'
import { valuesIn } from '../values.ts'
import type { ListContext } from './list-context.ts'
import { type Figures, type NamedSeries, seriesBy, severitySeries, sumOf } from './list-figures.ts'
import { Audits, Rules } from './list-tables.tsx'
import { pageAssets } from './page-assets.ts'
import { compareTextsOf } from './subject.ts'

/** Charts of channels. */
const MOST_CHANNELS = 24
const LOCALES: readonly Locale[] = ['en', 'es']
const PAGE: Readonly<Record<Locale, PageTexts>> = { en, es }
const HISTORY: Readonly<Record<Locale, HistoryTexts>> = { en: historyEn, es: historyEs }

export const reporter: Renderer<HistoryView> = {
  name: 'html',
  async *render(view, options) {
    const assets = await pageAssets(options, 'plain-page.js')
    yield openPage(compareTextsOf(options.locale).page.listTitle(view.project), options.locale, assets)
    for (const locale of LOCALES) yield written(<List context={contextOf(view, locale, options)} />)
    yield endPage(assets)
  },
}

function contextOf(view: HistoryView, locale: Locale, { timezone, ruleText }: RenderOptions): ListContext {
  return {
    locale,
    view,
    texts: compareTextsOf(locale),
    pageTexts: PAGE[locale],
    historyTexts: HISTORY[locale],
    instant: valuesIn(locale, timezone).instant,
    ruleTitle: (rule) => ruleText?.(rule)?.title[locale] ?? rule,
  }
}

function List({ context }: { readonly context: ListContext }): VNode {
  const { locale, view, texts, instant } = context
  const { page } = texts
  const [first, last] = [view.history.audits[0], view.history.audits.at(-1)]
  const range = first === undefined || last === undefined ? '' : `${instant(first.as_of)} – ${instant(last.as_of)}`
  return (
    <Frame
      locale={locale}
      title={page.listTitle(view.project)}
      subtitle={range}
      nav={(['overview', 'audits', 'rules'] as const).map((name) => [`#${name}-${locale}`, page.nav[name]])}
      noScript={page.noScriptList}
      footer={page.made(view.tool.version)}
    >
      <Charts context={context} />
      <Audits context={context} />
      <Rules context={context} />
    </Frame>
  )
}

function Charts({ context }: { readonly context: ListContext }): VNode {
  const { texts, locale, view, pageTexts } = context
  const { page } = texts
  const severities = severitySeries(view)
  const domains = seriesBy(view, ({ rule }) => familyOf(rule))
  const channels = seriesBy(view, ({ channel }) => channel)
  const others = channels.length - Math.min(channels.length, MOST_CHANNELS)
  return (
    <section id={`overview-${locale}`} aria-label={page.nav.overview}>
      <h2>{page.nav.overview}</h2>
      {severities.length < 2 ? (
        <p>{page.noTrend}</p>
      ) : (
        <>
          <div class="card wide">
            <h3>{page.severities}</h3>
            <p class="hint">{page.severitiesHint}</p>
            <Legend context={context} />
            <Chart context={context} name={page.severities} figures={severities} size="large" />
          </div>
          <h3>{page.domains}</h3>
          <p class="hint">{page.seriesHint}</p>
          <Grid context={context} series={domains} nameOf={(name) => pageTexts.families[name ?? ''] ?? name ?? ''} />
          <h3>{page.channels}</h3>
          <p class="hint">{page.channelsHint}</p>
          <Grid context={context} series={channels.slice(0, MOST_CHANNELS)} nameOf={(name) => name ?? page.noOwner} />
          {others > 0 && <p class="dim">{page.otherChannels(others)}</p>}
        </>
      )}
    </section>
  )
}

function Legend({ context }: { readonly context: ListContext }): VNode {
  const { legend } = context.texts.page
  return (
    <p class="legend">
      {(['error', 'warning', 'info'] as const).map((severity) => (
        <span key={severity}>
          <i class={severity} aria-hidden="true" /> {legend[severity]}
        </span>
      ))}
    </p>
  )
}

function Grid(props: {
  readonly context: ListContext
  readonly series: readonly NamedSeries[]
  readonly nameOf: (name: string | null) => string
}): VNode {
  const { context, series, nameOf } = props
  return (
    <div class="cards many">
      {series.map(({ name, figures, last }) => (
        <div class="card" key={name ?? ''}>
          <h4>
            <bdi>{nameOf(name)}</bdi> <span class="dim">{context.texts.number(last)}</span>
          </h4>
          <Chart context={context} name={nameOf(name)} figures={figures} size="small" />
        </div>
      ))}
    </div>
  )
}

function Chart(props: {
  readonly context: ListContext
  readonly name: string
  readonly figures: readonly Figures[]
  readonly size: 'large' | 'small'
}): VNode {
  const { context, name, figures, size } = props
  const { texts, instant } = context
  const points = figures.map(({ audit, totals }): SeriesPoint => {
    const at = instant(audit.as_of)
    const { error, warning, info } = totals
    const title = texts.page.point(at, error, warning, info)
    return { time: Date.parse(audit.as_of), day: at.slice(0, 10), title, error, warning, info }
  })
  const [first, last] = [figures[0], figures.at(-1)]
  const shown = (one: Figures | undefined): string => texts.number(one === undefined ? 0 : sumOf(one.totals))
  const label = texts.page.chart(name, shown(first), shown(last), points[0]?.day ?? '', points.at(-1)?.day ?? '')
  return <Series points={points} label={label} number={texts.number} size={size} />
}
