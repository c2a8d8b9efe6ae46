/** @jsxImportSource preact */
import type { VNode } from 'preact'
import type { Cause } from '../../model/report.ts'
import { findingsLink, type PageContext, ruleTitle } from './context.ts'
import { inLocale } from './overview.tsx'

export function Causes({ context }: { readonly context: PageContext }): VNode {
  const { texts, report } = context
  const { causes } = report.head
  return (
    <section data-section="causes" aria-label={texts.causes.heading}>
      <h2>{texts.causes.heading}</h2>
      <p>{causes.length === 0 ? texts.causes.none : texts.causes.lead}</p>
      {causes.map((cause) => (
        <OneCause key={cause.id} cause={cause} context={context} />
      ))}
    </section>
  )
}

function OneCause({ cause, context }: { readonly cause: Cause; readonly context: PageContext }): VNode {
  const { texts, values, locale, figures } = context
  const words = texts.causes
  const other = cause.translations?.[locale]
  const advice = inLocale(context, cause.advice, other?.advice)
  const evidence = figures.evidence.get(cause.id) ?? []
  const details = Object.entries(cause.detail)
  return (
    <article class={`card wide cause ${cause.severity}`} id={`cause-${locale}-${cause.id}`}>
      <h3>
        <span class={`badge ${cause.severity}`}>{texts.severity[cause.severity]}</span>{' '}
        {inLocale(context, cause.message, other?.message)}
      </h3>
      <p class="facts">
        <span>{words.findings(cause.findings)}</span>
        {cause.share > 0 && <span>{words.share(texts.share(cause.share))}</span>}
        <span>
          {words.channels}: {cause.channels.join(', ')}
        </span>
        {cause.field !== null && (
          <span>
            {words.field}: <code>{cause.field}</code>
          </span>
        )}
        {cause.impact !== null && (
          <span>
            {texts.overview.stake}: {values.money(cause.impact.amount, cause.impact.currency)} (
            {texts.overview[cause.impact.basis]})
          </span>
        )}
        {cause.status !== 'new' && <span>{texts.status[cause.status]}</span>}
        <span>
          {ruleTitle(context, cause.rule)} <code>{cause.rule}</code>
        </span>
      </p>
      {advice !== '' && (
        <p class="advice">
          <strong>{words.advice}:</strong> {advice}
        </p>
      )}
      {details.length > 0 && (
        <dl class="details">
          {details.map(([key, value]) => (
            <div key={key}>
              <dt>{words.details[key] ?? key}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {evidence.length > 0 && (
        <>
          <h4>{words.evidence}</h4>
          <ul class="evidence">
            {evidence.map((finding) => (
              <li key={finding.id}>{inLocale(context, finding.message, finding.translations?.[locale])}</li>
            ))}
          </ul>
        </>
      )}
      <p>
        <a href={findingsLink({ cause: cause.id, kind: 'explained' })}>{words.show}</a>
      </p>
    </article>
  )
}
