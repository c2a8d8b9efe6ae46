/** @jsxImportSource preact */
/** Where the script of the page puts the list, and what is printed in its place: the gravest findings. */
import type { VNode } from 'preact'
import type { Finding } from '../../model/report.ts'
import { type PageContext, ruleTitle } from './context.ts'
import { inLocale } from './overview.tsx'

/** Of one finding, in print. */
const PLACES = 4

export function Findings({ context }: { readonly context: PageContext }): VNode {
  const { texts, figures, values, locale } = context
  const words = texts.findings
  return (
    <section data-section="findings" aria-label={words.heading}>
      <h2>{words.heading}</h2>
      <div class="app" data-app={locale} />
      <div class="paper">
        <h3>{words.worst(figures.worst.length)}</h3>
        <table class="gravest">
          <thead>
            <tr>
              <th scope="col">{words.columns.severity}</th>
              <th scope="col">{words.columns.item}</th>
              <th scope="col">{words.columns.message}</th>
              <th scope="col">{words.place}</th>
            </tr>
          </thead>
          <tbody>
            {figures.worst.map((finding) => (
              <tr key={finding.id}>
                <td>
                  <span class={`badge ${finding.severity}`}>{texts.severity[finding.severity]}</span>
                </td>
                <td>
                  {finding.item?.sku ?? finding.item?.id ?? ''}
                  <br />
                  <span class="dim">{finding.item?.title ?? ''}</span>
                </td>
                <td>
                  {inLocale(context, finding.message, finding.translations?.[locale])}
                  <br />
                  <span class="dim">
                    {ruleTitle(context, finding.rule)}
                    {finding.impact !== null &&
                      ` · ${texts.overview.stake} ${values.money(finding.impact.amount, finding.impact.currency)}`}
                  </span>
                </td>
                <td class="places">
                  {placesOf(finding).map((place) => (
                    <div key={place}>{place}</div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function placesOf({ sides }: Finding): readonly string[] {
  const places = sides.map(({ channel, source }) => {
    if (source === null) return channel
    return `${channel}: ${source.path}${source.line === null ? '' : `:${source.line}`}`
  })
  return [...new Set(places)].slice(0, PLACES)
}
