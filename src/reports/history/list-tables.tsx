/** @jsxImportSource preact */
/** The tables of the page of audits. */
import type { VNode } from 'preact'
import type { HistoryAudit, HistoryTrend } from '../../model/history.ts'
import { Spark } from '../html/charts.tsx'
import { Scroll } from '../html/frame.tsx'
import type { ListContext } from './list-context.ts'
import { type AuditRow, auditRows } from './list-figures.ts'

/** Audits that are seen at once; the others are folded away. */
const SHOWN = 60
const FIGURES = ['error', 'warning', 'info', 'known', 'suppressed', 'explained'] as const
const EVENTS = ['opened', 'resolved'] as const
/** More of these are no bad sign. */
const CALM = new Set<string>(['explained', 'known', 'suppressed'])

export function Audits({ context }: { readonly context: ListContext }): VNode {
  const { texts, locale, view } = context
  const { page } = texts
  const rows = auditRows(view)
  const rest = rows.slice(SHOWN)
  return (
    <section id={`audits-${locale}`} aria-label={page.audits}>
      <h2>{page.audits}</h2>
      <p class="hint">{page.auditsHint}</p>
      <AuditTable context={context} rows={rows.slice(0, SHOWN)} label={page.auditsTable} />
      {rest.length > 0 && (
        <details>
          <summary>{page.earlier(rest.length)}</summary>
          <AuditTable context={context} rows={rest} label={page.earlier(rest.length)} />
        </details>
      )}
    </section>
  )
}

interface TableProps {
  readonly context: ListContext
  readonly rows: readonly AuditRow[]
  readonly label: string
}

function AuditTable({ context, rows, label }: TableProps): VNode {
  const { columns } = context.texts.page
  return (
    <Scroll label={label}>
      <table class="audits">
        <thead>
          <tr>
            <th scope="col" class="number">
              {columns.number}
            </th>
            <th scope="col">{columns.moment}</th>
            {[...FIGURES, ...EVENTS].map((name) => (
              <th scope="col" class="number" key={name}>
                {columns[name]}
              </th>
            ))}
            <th scope="col">{columns.note}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.audit.number} context={context} row={row} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Line({ context, row }: { readonly context: ListContext; readonly row: AuditRow }): VNode {
  const { texts, historyTexts, instant } = context
  const { audit, before } = row
  return (
    <tr title={audit.id}>
      <td class="number">{audit.number}</td>
      <th scope="row" class="moment">
        {instant(audit.as_of)}
      </th>
      {FIGURES.map((name) => (
        <td class="number" key={name}>
          {audit.totals === null ? '' : texts.number(audit.totals[name])}
          <Delta
            context={context}
            value={before === null ? 0 : (audit.totals?.[name] ?? 0) - (before.totals?.[name] ?? 0)}
            calm={CALM.has(name)}
          />
        </td>
      ))}
      {EVENTS.map((name) => (
        <td class="number" key={name}>
          {audit.kind === 'audit' ? texts.number(audit[name]) : ''}
        </td>
      ))}
      <td>{noteOf(audit, historyTexts)}</td>
    </tr>
  )
}

/** As wide without a figure, so that the columns stand one below the other. */
function Delta(props: { readonly context: ListContext; readonly value: number; readonly calm: boolean }): VNode {
  const { context, value, calm } = props
  const tone = calm || value === 0 ? '' : value > 0 ? ' up' : ' down'
  return <span class={`delta${tone}`}>{value === 0 ? '' : ` ${context.texts.delta(value)}`}</span>
}

function noteOf({ kind, partial }: HistoryAudit, texts: ListContext['historyTexts']): string {
  return [texts.kinds[kind], partial && kind === 'audit' ? texts.partial : ''].filter((word) => word !== '').join(', ')
}

export function Rules({ context }: { readonly context: ListContext }): VNode {
  const { texts, locale, view, historyTexts, instant } = context
  const { page, number } = texts
  const { trend, rules } = view.history
  const audits = Math.max(0, ...trend.map(({ findings }) => findings.length))
  const lasting = (hours: number): string =>
    hours < 48 ? historyTexts.hours(Math.round(hours)) : historyTexts.days(Math.round(hours / 24))
  return (
    <section id={`rules-${locale}`} aria-label={page.nav.rules}>
      <h2>{page.nav.rules}</h2>
      {trend.length > 0 && (
        <>
          <h3>{page.series(audits)}</h3>
          <Scroll label={page.series(audits)}>
            <table class="courses">
              <thead>
                <tr>
                  <th scope="col">{page.columns.rule}</th>
                  <th scope="col">{page.columns.channel}</th>
                  <th scope="col">{page.columns.course}</th>
                  <th scope="col" class="number">
                    {page.columns.last}
                  </th>
                </tr>
              </thead>
              <tbody>
                {trend.map((one) => (
                  <tr key={`${one.rule} ${one.channel ?? ''}`}>
                    <RuleName context={context} rule={one.rule} />
                    <td>
                      <bdi>{one.channel ?? '–'}</bdi>
                    </td>
                    <td>
                      <Spark values={one.findings} label={courseText(one, number)} />
                    </td>
                    <td class="number">{figureText(one.findings.at(-1), number)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
      {rules.length > 0 && (
        <>
          <h3>{page.lasting}</h3>
          <Scroll label={page.lasting}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{page.columns.rule}</th>
                  <th scope="col" class="number">
                    {page.columns.open}
                  </th>
                  <th scope="col">{page.columns.oldest}</th>
                  <th scope="col" class="number">
                    {page.columns.resolved}
                  </th>
                  <th scope="col">{page.columns.median}</th>
                </tr>
              </thead>
              <tbody>
                {rules.map(({ rule, open, oldest, resolved, hours_to_resolve: hours }) => (
                  <tr key={rule}>
                    <RuleName context={context} rule={rule} />
                    <td class="number">{number(open)}</td>
                    <td>{oldest === null ? '' : instant(oldest)}</td>
                    <td class="number">{number(resolved)}</td>
                    <td>{hours === null ? '' : lasting(hours)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
    </section>
  )
}

function RuleName({ context, rule }: { readonly context: ListContext; readonly rule: string }): VNode {
  return (
    <th scope="row">
      {context.ruleTitle(rule)} <code>{rule}</code>
    </th>
  )
}

function figureText(value: number | null | undefined, number: (value: number) => string): string {
  return value === null || value === undefined ? '·' : number(value)
}

function courseText({ findings }: HistoryTrend, number: (value: number) => string): string {
  return findings.map((one) => figureText(one, number)).join(' → ')
}
