/** @jsxImportSource preact */
/** The sections of the page that compares two audits. */
import type { VNode } from 'preact'
import type { ComparedFinding, FindingChange } from '../../model/history.ts'
import type { Side } from '../../model/report.ts'
import { familyOf, findingsLink } from '../html/context.ts'
import { Scroll } from '../html/frame.tsx'
import { Balance, type BalanceRow } from '../html/series-charts.tsx'
import type { DiffContext } from './diff-context.ts'
import { balanceOf, type ChangeCounts } from './diff-figures.ts'
import { diffSentence, itemOf } from './subject.ts'

/** Rules in the table; the list has all of them. */
const MOST_RULES = 40
const MOST_CHANNELS = 24
/** Sides of one finding, in print. */
const MOST_SIDES = 6
const COLUMNS = ['new', 'reopened', 'worse', 'changed', 'quieted', 'resolved'] as const
const FIGURES = ['error', 'warning', 'info', 'known', 'suppressed', 'explained'] as const
const TONES: Readonly<Partial<Record<FindingChange, string>>> = { new: 'error', reopened: 'error', worse: 'warning' }

interface Props {
  readonly context: DiffContext
}

export function DiffOverview({ context }: Props): VNode {
  const { texts, locale, comparison, figures } = context
  const { page } = texts
  const { gate } = comparison
  return (
    <section class="overview" data-section="overview" aria-label={page.nav.overview}>
      <h2>{page.nav.overview}</h2>
      <p class={`gate ${gate.status === 0 ? 'passed' : 'failed'}`}>{diffSentence(gate, locale)}</p>
      <Notices context={context} />
      <Tiles context={context} />
      <div class="cards">
        <TwoAudits context={context} />
        {figures.listed > 0 && <Balances context={context} />}
      </div>
      <Causes context={context} />
      {figures.listed === 0 ? <p>{page.nothing}</p> : <ByRule context={context} />}
    </section>
  )
}

function Notices({ context }: Props): VNode {
  const { texts, comparison, nameOf } = context
  const { heads, diff } = comparison
  const sides = [
    [diff.from, heads.from],
    [diff.to, heads.to],
  ] as const
  const lost = sides.filter(([, head]) => head === null).map(([audit]) => nameOf(audit))
  const partial = sides.filter(([audit]) => audit.partial).map(([audit]) => nameOf(audit))
  return (
    <>
      {lost.length > 0 && <p class="notice">{texts.notKept(lost)}</p>}
      {partial.length > 0 && <p class="notice">{texts.partial(partial)}</p>}
    </>
  )
}

function Tiles({ context }: Props): VNode {
  const { texts, figures } = context
  const { counts } = figures
  const shown = (['new', 'reopened', 'worse', 'resolved', 'changed', 'quieted', 'unchanged'] as const).filter(
    (change) => counts[change] > 0 || !['changed', 'quieted'].includes(change),
  )
  return (
    <div class="tiles">
      {shown.map((change) => {
        const look = `tile ${counts[change] === 0 ? 'quiet' : (TONES[change] ?? 'quiet')}`
        const inner = (
          <>
            <span class="value">{texts.number(counts[change])}</span>
            <span class="name">{texts.groups[change]}</span>
          </>
        )
        return change === 'unchanged' || counts[change] === 0 ? (
          <div class={look} key={change}>
            {inner}
          </div>
        ) : (
          <a class={look} key={change} href={findingsLink({ change })}>
            {inner}
          </a>
        )
      })}
    </div>
  )
}

function TwoAudits({ context }: Props): VNode {
  const { texts, comparison, nameOf } = context
  const { page, number } = texts
  const { from, to } = comparison.diff
  return (
    <div class="card">
      <h3>{page.figures}</h3>
      <Scroll label={page.figures}>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{page.columns.figure}</th>
              <th scope="col" class="number">
                {nameOf(from)}
              </th>
              <th scope="col" class="number">
                {nameOf(to)}
              </th>
              <th scope="col" class="number">
                {page.columns.delta}
              </th>
            </tr>
          </thead>
          <tbody>
            {FIGURES.map((name) => {
              const [before, after] = [from.totals?.[name] ?? null, to.totals?.[name] ?? null]
              const change = before === null || after === null ? null : after - before
              const isGrave = name === 'error' || name === 'warning'
              const tone = change === null || change === 0 || !isGrave ? '' : change > 0 ? ' up' : ' down'
              return (
                <tr key={name}>
                  <th scope="row">{page.columns[name]}</th>
                  <td class="number">{before === null ? '' : number(before)}</td>
                  <td class="number">{after === null ? '' : number(after)}</td>
                  <td class={`number delta${tone}`}>{change === null ? '' : texts.delta(change)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scroll>
    </div>
  )
}

function Balances({ context }: Props): VNode {
  const { texts, figures, pageTexts } = context
  const { page } = texts
  const domains = new Map<string, { came: number; went: number }>()
  for (const [rule, counts] of figures.byRule) {
    const family = pageTexts.families[familyOf(rule)] ?? familyOf(rule)
    const { came, went } = balanceOf(counts)
    const sum = domains.get(family) ?? { came: 0, went: 0 }
    domains.set(family, { came: sum.came + came, went: sum.went + went })
  }
  const channels = [...figures.byChannel].map(([id, counts]) => [id ?? page.noOwner, balanceOf(counts)] as const)
  return (
    <>
      <BalanceCard context={context} title={page.domains} sums={[...domains]} />
      <BalanceCard context={context} title={page.channels} sums={channels} />
    </>
  )
}

function BalanceCard(props: {
  readonly context: DiffContext
  readonly title: string
  readonly sums: readonly (readonly [string, { readonly came: number; readonly went: number }])[]
}): VNode | null {
  const { context, title, sums } = props
  const { texts } = context
  const { page, number } = texts
  const rows = sums
    .filter(([, { came, went }]) => came + went > 0)
    .sort(([, a], [, b]) => b.came + b.went - a.came - a.went)
    .slice(0, MOST_CHANNELS)
    .map(([label, { came, went }]): BalanceRow => ({ label, came, went, title: page.balance(label, came, went) }))
  if (rows.length === 0) return null
  return (
    <div class="card">
      <h3>{title}</h3>
      <p class="hint">{page.balanceHint}</p>
      <Balance rows={rows} label={`${title}: ${rows.map((row) => row.title).join('; ')}`} number={number} />
    </div>
  )
}

function Causes({ context }: Props): VNode | null {
  const { texts, comparison, locale, pageTexts } = context
  const { page } = texts
  if (comparison.causes === null) return null
  const moved = comparison.causes.filter(({ change }) => change !== 'unchanged')
  if (moved.length === 0 && comparison.causes.length === 0) return null
  return (
    <div class="card wide">
      <h3>{page.causes}</h3>
      {moved.length === 0 ? (
        <p>{page.causesNone}</p>
      ) : (
        <ul class="worst">
          {moved.map(({ change, cause }) => (
            <li key={`${change} ${cause.id}`}>
              <span class={`badge ${change === 'resolved' ? 'good' : cause.severity}`}>
                {page.causeChanges[change]}
              </span>{' '}
              <bdi>
                {comparison.locale === locale
                  ? cause.message
                  : (cause.translations?.[locale]?.message ?? cause.message)}
              </bdi>{' '}
              <span class="dim">{pageTexts.causes.findings(cause.findings)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function ByRule({ context }: Props): VNode {
  const { texts, figures, pageTexts, ruleTitle } = context
  const { page, number, groups } = texts
  const weight = (counts: ChangeCounts): number => COLUMNS.reduce((sum, name) => sum + counts[name], 0)
  const rules = [...figures.byRule].sort(([a, m], [b, n]) => weight(n) - weight(m) || (a < b ? -1 : 1))
  const columns = COLUMNS.filter((name) => figures.counts[name] > 0)
  return (
    <div class="card wide">
      <h3>{page.byRule}</h3>
      <Scroll label={page.byRule}>
        <table class="heat changes">
          <thead>
            <tr>
              <th scope="col">{page.columns.rule}</th>
              {columns.map((name) => (
                <th scope="col" class="number" key={name}>
                  {groups[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rules.slice(0, MOST_RULES).map(([rule, counts]) => (
              <tr key={rule}>
                <th scope="row">
                  {ruleTitle(rule)} <code>{rule}</code>
                </th>
                {columns.map((name) => (
                  <td class="number" key={name}>
                    {counts[name] === 0 ? (
                      ''
                    ) : (
                      <a href={findingsLink({ rule, change: name })}>{number(counts[name])}</a>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {rules.length > MOST_RULES && <p class="dim">{pageTexts.overview.heatMore(rules.length - MOST_RULES)}</p>}
    </div>
  )
}

/** Where the script puts the list, and what is printed in its place. */
export function Changes({ context }: Props): VNode {
  const { texts, locale, figures, pageTexts } = context
  const { page } = texts
  return (
    <section data-section="findings" aria-label={page.nav.findings}>
      <h2>{page.nav.findings}</h2>
      <p class="hint">{page.listed(figures.listed)}</p>
      <div class="app" data-app={locale} />
      <div class="paper">
        {figures.gravest.length === 0 ? (
          <p>{page.nothing}</p>
        ) : (
          <>
            <h3>{page.gravest(figures.gravest.length)}</h3>
            <table class="gravest">
              <thead>
                <tr>
                  <th scope="col">{pageTexts.compared.change}</th>
                  <th scope="col">{pageTexts.findings.columns.item}</th>
                  <th scope="col">{pageTexts.findings.columns.message}</th>
                  <th scope="col">{page.values}</th>
                </tr>
              </thead>
              <tbody>
                {figures.gravest.map((one) => (
                  <Change key={one.finding.id} context={context} one={one} />
                ))}
              </tbody>
            </table>
          </>
        )}
      </div>
    </section>
  )
}

function Change({ context, one }: Props & { readonly one: ComparedFinding }): VNode {
  const { texts, comparison, locale, pageTexts, ruleTitle } = context
  const { finding, change, seen } = one
  const own = comparison.locale === locale
  return (
    <tr>
      <td>
        <span class={`badge ${change === 'resolved' ? 'good' : finding.severity}`}>{texts.changes[change]}</span>
        <br />
        <span class="dim">
          {pageTexts.severity[finding.severity]}
          {seen.was !== null && seen.was !== finding.severity && `, ${texts.was(pageTexts.severity[seen.was])}`}
        </span>
      </td>
      <td>
        {itemOf(finding) ?? ''}
        <br />
        <span class="dim">{finding.item?.title ?? ''}</span>
      </td>
      <td>
        {own ? finding.message : (finding.translations?.[locale] ?? finding.message)}
        <br />
        <span class="dim">{ruleTitle(finding.rule)}</span>
      </td>
      <td class="places">
        {valueLines(context, one).map((line) => (
          <div key={line}>{line}</div>
        ))}
      </td>
    </tr>
  )
}

/** `web: 19.99 → 21.99`. */
function valueLines(
  { values, pageTexts }: DiffContext,
  { finding, before, change }: ComparedFinding,
): readonly string[] {
  const shown = ({ value, field, unit }: Side): string =>
    value === null ? pageTexts.findings.empty : values.value(value, field, unit)
  const lines = finding.sides.map((side) => {
    const old = before?.find(
      (one) => one.channel === side.channel && one.listing === side.listing && one.field === side.field,
    )
    const [was, is] = [old === undefined ? null : shown(old), shown(side)]
    const moved = was === null || was === is || change === 'resolved' ? is : `${was} → ${is}`
    return `${side.channel}: ${moved}`
  })
  return [...new Set(lines)].slice(0, MOST_SIDES)
}
