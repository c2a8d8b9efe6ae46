/** @jsxImportSource preact */
import type { VNode } from 'preact'
import type { ReportSource } from '../../model/report.ts'
import type { PageContext } from './context.ts'

/** Records that could not be read, in the page. */
const QUARANTINE = 200

export function Files({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, reportTexts } = context
  const words = texts.files
  const { channels, inputs = [] } = report.head
  return (
    <section data-section="files" aria-label={words.heading}>
      <h2>{words.heading}</h2>
      <p>{words.lead}</p>
      {channels.map((channel) => (
        <article class="card wide" key={channel.id}>
          <h3>
            {channel.id}{' '}
            <span class="dim">
              {reportTexts.channelKind[channel.kind]} · {channel.platform} · {words.listings}{' '}
              {texts.number(channel.listings)} · {words.linked} {texts.number(channel.linked)}
            </span>
          </h3>
          {channel.sources.map((source) => (
            <Source key={`${source.path} ${source.kind}`} source={source} context={context} />
          ))}
        </article>
      ))}
      {inputs.length > 0 && (
        <article class="card wide">
          <h3>{words.inputs}</h3>
          {inputs.flatMap(({ sources }) =>
            sources.map((source) => <Source key={`${source.path} ${source.kind}`} source={source} context={context} />),
          )}
        </article>
      )}
      <Quarantine context={context} />
    </section>
  )
}

function Source({ source, context }: { readonly source: ReportSource; readonly context: PageContext }): VNode {
  const { texts, values, reportTexts } = context
  const words = texts.files
  const { understood } = source
  const facts = [
    `${words.records}: ${texts.number(source.rows)}`,
    ...(source.quarantined > 0 ? [`${words.unreadable}: ${texts.number(source.quarantined)}`] : []),
    ...(source.data_as_of === null ? [] : [`${words.data} ${values.instant(source.data_as_of)}`]),
    ...(understood.encoding === null ? [] : [understood.encoding]),
    ...(understood.delimiter === null
      ? []
      : [
          reportTexts.channels.delimiter(
            understood.delimiter === '\t' ? reportTexts.channels.tab : understood.delimiter,
          ),
        ]),
    ...(understood.decimal === null ? [] : [reportTexts.channels.decimal(understood.decimal)]),
    ...(understood.date_order === undefined ? [] : [reportTexts.channels.dates(understood.date_order)]),
  ]
  return (
    <div class="source">
      <h4>
        {source.path} <span class="dim">{source.kind}</span>
      </h4>
      <p class="facts">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      <p class="columns">
        {words.reads}:{' '}
        {Object.entries(understood.columns).map(([field, column]) => (
          <span key={field}>
            <code>{field}</code> ← {column}
          </span>
        ))}
      </p>
      {understood.unused.length > 0 && (
        <p class="dim">
          {words.unused}: {understood.unused.join(', ')}
        </p>
      )}
      {understood.assumptions.length > 0 && (
        <p>
          {words.assumes}: {understood.assumptions.join(' · ')}
        </p>
      )}
    </div>
  )
}

function Quarantine({ context }: { readonly context: PageContext }): VNode | null {
  const { texts, report } = context
  const { quarantine } = report
  const words = texts.files
  if (quarantine.length === 0) return null
  return (
    <>
      <h3>{words.quarantine}</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.quarantine}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.file}</th>
              <th scope="col">{texts.findings.place}</th>
              <th scope="col">{words.reason}</th>
              <th scope="col">{words.text}</th>
            </tr>
          </thead>
          <tbody>
            {quarantine.slice(0, QUARANTINE).map((one) => (
              <tr key={`${one.path} ${one.row}`}>
                <td>{one.path}</td>
                <td>
                  {texts.findings.row(one.row)}
                  {one.line !== null && `, ${texts.findings.line(one.line)}`}
                </td>
                <td>{one.reason}</td>
                <td>
                  <code>{one.raw}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {quarantine.length > QUARANTINE && <p class="dim">{words.more(quarantine.length - QUARANTINE)}</p>}
    </>
  )
}
