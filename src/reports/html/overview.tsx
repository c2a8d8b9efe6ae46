/** @jsxImportSource preact */
import type { VNode } from 'preact'
import { gateSentence, unknownShare } from '../gate.ts'
import { type Bar, Bars, Trend, type TrendPoint } from './charts.tsx'
import { familyOf, findingsLink, type PageContext, ruleTitle } from './context.ts'
import type { Figures } from './figures.ts'

/** Rows of the heat map. */
const HEAT_RULES = 30
const WORST_CAUSES = 5
const TREND_AUDITS = 60
const SPARK_AUDITS = 20

export function Overview({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, locale } = context
  const { gate } = report
  return (
    <section class="overview" data-section="overview" aria-label={texts.overview.heading}>
      <h2>{texts.overview.heading}</h2>
      {gate !== undefined && (
        <p class={`gate ${gate.status === 0 ? 'passed' : 'failed'}`}>{gateSentence(gate, locale)}</p>
      )}
      <Tiles context={context} />
      <div class="cards">
        <Domains context={context} />
        <Channels context={context} />
        <TrendCard context={context} />
        <Worst context={context} />
      </div>
      <Heat context={context} />
    </section>
  )
}

function Tile(props: {
  readonly name: string
  readonly value: string
  readonly tone: string
  readonly hint?: string
  readonly href?: string
}): VNode {
  const inner = (
    <>
      <span class="value">{props.value}</span>
      <span class="name">{props.name}</span>
      {props.hint !== undefined && <span class="hint">{props.hint}</span>}
    </>
  )
  const look = `tile ${props.tone}`
  return props.href === undefined ? (
    <div class={look}>{inner}</div>
  ) : (
    <a class={look} href={props.href}>
      {inner}
    </a>
  )
}

function Tiles({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, values, figures } = context
  const { totals, coverage } = report.head
  const words = texts.overview
  const unknown = unknownShare(coverage)
  const { stakes } = figures
  const stake = stakes.map(
    ({ amount, currency, basis }) => `${values.money(amount.replace(/\.?0+$/, ''), currency)} ${words[basis]}`,
  )
  return (
    <div class="tiles">
      {(['error', 'warning', 'info'] as const).map((severity) => (
        <Tile
          key={severity}
          name={texts.severities[severity]}
          value={texts.number(totals[severity])}
          tone={severity}
          href={findingsLink({ severity })}
        />
      ))}
      <Tile
        name={words.explained}
        value={texts.number(totals.explained)}
        tone="quiet"
        hint={words.explainedHint}
        href={findingsLink({ kind: 'explained' })}
      />
      {totals.known > 0 && (
        <Tile
          name={words.known}
          value={texts.number(totals.known)}
          tone="quiet"
          href={findingsLink({ status: 'known' })}
        />
      )}
      {totals.suppressed > 0 && (
        <Tile
          name={words.suppressed}
          value={texts.number(totals.suppressed)}
          tone="quiet"
          href={findingsLink({ status: 'suppressed' })}
        />
      )}
      {unknown !== null && (
        <Tile
          name={words.unknown}
          value={texts.unknownShare(unknown)}
          tone="quiet"
          hint={words.unknownHint}
          href="#coverage"
        />
      )}
      <Tile
        name={words.stake}
        value={stake.length === 0 ? words.noStake : stake.join(' · ')}
        tone={stake.length > 1 ? 'quiet several' : 'quiet'}
        hint={words.stakeHint}
      />
    </div>
  )
}

function Card(props: { readonly title: string; readonly hint?: string; readonly children: unknown }): VNode {
  return (
    <div class="card">
      <h3>{props.title}</h3>
      {props.hint !== undefined && <p class="hint">{props.hint}</p>}
      {props.children as VNode}
    </div>
  )
}

function Domains({ context }: { readonly context: PageContext }): VNode {
  const { texts, report } = context
  const sums = new Map<string, { pass: number; all: number }>()
  for (const { rule, pass, fail } of report.head.coverage) {
    const family = familyOf(rule)
    const sum = sums.get(family) ?? { pass: 0, all: 0 }
    sums.set(family, { pass: sum.pass + pass, all: sum.all + pass + fail })
  }
  const bars = [...sums].map(([family, { pass, all }]): Bar => {
    const label = texts.families[family] ?? family
    const trend = trendOf(context, ({ rule }) => familyOf(rule) === family)
    return shareBar(context, label, all === 0 ? null : pass / all, texts.overview.decided(pass, all), trend)
  })
  return (
    <Card title={texts.overview.domains} hint={texts.overview.domainsHint}>
      <Bars bars={bars} label={texts.overview.domains} />
    </Card>
  )
}

function shareBar(
  { texts }: PageContext,
  label: string,
  share: number | null,
  detail: string,
  trend: readonly number[],
): Bar {
  const text = share === null ? '–' : texts.share(share)
  const past = trend.length < 2 ? '' : `; ${texts.overview.findings}: ${trend.map(texts.number).join(' → ')}`
  return { label, share, text, title: `${label}: ${text} (${detail})${past}`, trend }
}

type Counted = Figures['roots'][number]

/** Findings without a cause in the whole audits so far, this one the last. */
function trendOf({ audits, figures }: PageContext, counts: (one: Counted) => boolean): readonly number[] {
  const whole = audits.filter(({ kind, partial, totals }) => kind === 'audit' && !partial && totals !== null)
  return whole.slice(-SPARK_AUDITS).map((audit, at, all) => {
    const own = at === all.length - 1 ? figures.roots : (audit.counts ?? [])
    return own.filter(counts).reduce((sum, { findings }) => sum + findings, 0)
  })
}

function Channels({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, figures } = context
  const bars = report.head.channels.map(({ id, listings }): Bar => {
    const clean = Math.max(0, listings - (figures.touched.get(id) ?? 0))
    const share = listings === 0 ? null : clean / listings
    const trend = trendOf(context, ({ channel }) => channel === id)
    return shareBar(context, id, share, texts.overview.decided(clean, listings), trend)
  })
  return (
    <Card title={texts.overview.channels} hint={texts.overview.channelsHint}>
      <Bars bars={bars} label={texts.overview.channels} />
    </Card>
  )
}

function TrendCard({ context }: { readonly context: PageContext }): VNode {
  const { texts, audits, values } = context
  const points = audits
    .flatMap(({ as_of: asOf, totals, kind, partial }): readonly TrendPoint[] =>
      totals === null || kind !== 'audit' || partial
        ? []
        : [{ at: values.instant(asOf), error: totals.error, warning: totals.warning }],
    )
    .slice(-TREND_AUDITS)
  return (
    <Card title={texts.overview.trend} hint={texts.overview.trendHint}>
      {points.length < 2 ? (
        <p>{texts.overview.noTrend}</p>
      ) : (
        <Trend points={points} label={texts.overview.trendLabel(points.length)} number={texts.number} />
      )}
    </Card>
  )
}

function Worst({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, locale, figures } = context
  const causes = report.head.causes.filter(({ status }) => status !== 'suppressed').slice(0, WORST_CAUSES)
  const singles = causes.length > 0 ? [] : figures.worst.slice(0, WORST_CAUSES)
  return (
    <Card title={texts.overview.worst}>
      {causes.length + singles.length === 0 ? (
        <p>{texts.overview.noFindings}</p>
      ) : (
        <ol class="worst">
          {causes.map((cause) => (
            <li key={cause.id}>
              <a href={`#cause-${locale}-${cause.id}`}>
                {inLocale(context, cause.message, cause.translations?.[locale]?.message)}
              </a>{' '}
              <span class="dim">{texts.causes.findings(cause.findings)}</span>
            </li>
          ))}
          {singles.map((finding) => (
            <li key={finding.id}>
              <a href={findingsLink({ id: finding.id })}>
                {inLocale(context, finding.message, finding.translations?.[locale])}
              </a>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

/** A text of the report in the language of the section. */
export function inLocale({ report, locale }: PageContext, own: string, other: string | undefined): string {
  return report.locale === undefined || report.locale === locale ? own : (other ?? own)
}

function Heat({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, figures } = context
  const channels = report.head.channels.map(({ id }) => id)
  const rules = [...figures.byRule].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const shown = rules.slice(0, HEAT_RULES)
  const most = Math.max(1, ...shown.flatMap(([rule]) => [...(figures.heat.get(rule)?.values() ?? [])]))
  if (rules.length === 0) return <p>{texts.overview.noFindings}</p>
  return (
    <div class="card wide">
      <h3>{texts.overview.heat}</h3>
      <p class="hint">{texts.overview.heatHint}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={texts.overview.heat}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">{texts.overview.rule}</th>
              {channels.map((channel) => (
                <th scope="col" key={channel} class="number">
                  {channel}
                </th>
              ))}
              <th scope="col" class="number">
                {texts.overview.all}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(([rule, all]) => (
              <tr key={rule}>
                <th scope="row">
                  <a href={findingsLink({ rule, kind: 'all' })}>{ruleTitle(context, rule)}</a> <code>{rule}</code>
                </th>
                {channels.map((channel) => {
                  const n = figures.heat.get(rule)?.get(channel) ?? 0
                  return (
                    <td key={channel} class={`number heat-${heatOf(n, most)}`}>
                      {n === 0 ? '' : <a href={findingsLink({ rule, channel, kind: 'all' })}>{texts.number(n)}</a>}
                    </td>
                  )
                })}
                <td class="number">{texts.number(all)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rules.length > shown.length && <p class="dim">{texts.overview.heatMore(rules.length - shown.length)}</p>}
    </div>
  )
}

/** From 0 to 5, by magnitude: one rule with a million findings must not wash out the others. */
function heatOf(n: number, most: number): number {
  return n === 0 ? 0 : 1 + Math.round((Math.log1p(n) / Math.log1p(most)) * 4)
}
