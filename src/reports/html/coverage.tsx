/** @jsxImportSource preact */
import type { VNode } from 'preact'
import { UNKNOWN_REASONS, type UnknownReason } from '../../model/report.ts'
import { unlinkedChannels } from '../unlinked.ts'
import { type PageContext, ruleTitle } from './context.ts'

export function CoverageSection({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, reportTexts } = context
  const words = texts.coverage
  const unlinked = unlinkedChannels(report.head)
  const rows = report.head.coverage.map((one) => ({
    ...one,
    undecided: Object.values(one.unknown).reduce((sum, n) => sum + n, 0),
  }))
  const judged = rows.filter(({ pass, fail, undecided }) => pass + fail + undecided > 0)
  const idle = rows.filter(({ pass, fail, undecided }) => pass + fail + undecided === 0)
  const reasons = UNKNOWN_REASONS.map((reason) => [reason, sumOf(rows, reason)] as const).filter(([, n]) => n > 0)
  return (
    <section data-section="coverage" aria-label={words.heading}>
      <h2>{words.heading}</h2>
      <p>{words.lead}</p>
      {unlinked.length > 0 && <p class="undecided">{reportTexts.coverage.unlinked(unlinked.join(', '))}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={words.rule}>
        <table class="coverage">
          <thead>
            <tr>
              <th scope="col">{words.rule}</th>
              {(['checked', 'pass', 'fail', 'not_applicable', 'unknown'] as const).map((key) => (
                <th scope="col" class="number" key={key}>
                  {words[key]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {judged.map((one) => (
              <tr key={one.rule}>
                <th scope="row">
                  {ruleTitle(context, one.rule)} <code>{one.rule}</code>
                </th>
                <td class="number">{texts.number(one.checked)}</td>
                <td class="number">{texts.number(one.pass)}</td>
                <td class={one.fail > 0 ? 'number fails' : 'number'}>{texts.number(one.fail)}</td>
                <td class="number">{texts.number(one.not_applicable)}</td>
                <td class={one.undecided > 0 ? 'number undecided' : 'number'}>
                  {texts.number(one.undecided)}
                  {one.undecided > 0 && <span class="reasons">{reasonsOf(context, one.unknown)}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {reasons.length > 0 && (
        <>
          <h3>{words.reasons}</h3>
          <div class="scroll" tabIndex={0} role="region" aria-label={words.reasons}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.reason}</th>
                  <th scope="col" class="number">
                    {words.unknown}
                  </th>
                  <th scope="col">{words.remedy}</th>
                </tr>
              </thead>
              <tbody>
                {reasons.map(([reason, n]) => (
                  <tr key={reason}>
                    <th scope="row">{reportTexts.reasons[reason].title}</th>
                    <td class="number">{texts.number(n)}</td>
                    <td>{reportTexts.reasons[reason].hint}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {idle.length > 0 && (
        <>
          <h3>{words.nothing}</h3>
          <p class="dim">{idle.map(({ rule }) => ruleTitle(context, rule)).join(' · ')}</p>
        </>
      )}
    </section>
  )
}

type Unknown = Readonly<Partial<Record<UnknownReason, number>>>

function sumOf(rows: readonly { readonly unknown: Unknown }[], reason: UnknownReason): number {
  return rows.reduce((sum, { unknown }) => sum + (unknown[reason] ?? 0), 0)
}

function reasonsOf({ reportTexts }: PageContext, unknown: Unknown): string {
  const named = UNKNOWN_REASONS.filter((reason) => (unknown[reason] ?? 0) > 0)
  return named.map((reason) => reportTexts.reasons[reason].title).join(', ')
}
