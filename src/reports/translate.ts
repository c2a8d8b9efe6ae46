/** A report in the other language, from what findings and causes bring along. */
import type { Locale } from '../model/config.ts'
import type { Cause, Finding, QuarantinedRecord, Report, ReportHead, ReportSource } from '../model/report.ts'

/** The same report with its messages in a language; what has none in it stays as it is. */
export function inLanguage(report: Report, locale: Locale): Report {
  if (report.locale === undefined || report.locale === locale) return report
  const { select, tallies } = report
  const from = report.locale
  const translated: Report = {
    head: translatedHead(report.head, from, locale),
    locale,
    quarantine: report.quarantine.map(translatedRecord),
    findings: () => translatedAll(report.findings(), from, locale),
    ...(report.project === undefined ? {} : { project: report.project }),
    ...(report.gate === undefined ? {} : { gate: report.gate }),
    ...(report.audits === undefined ? {} : { audits: report.audits }),
    ...(report.firstSeen === undefined ? {} : { firstSeen: report.firstSeen.bind(report) }),
  }
  if (tallies === undefined || select === undefined) return translated
  return {
    ...translated,
    tallies: () => tallies.call(report),
    select: (query) => translatedAll(select.call(report, query), from, locale),
  }
}

function translatedHead(head: ReportHead, from: Locale, to: Locale): ReportHead {
  const { inputs } = head
  return {
    ...head,
    channels: head.channels.map((channel) => ({ ...channel, sources: channel.sources.map(translatedSource) })),
    ...(inputs === undefined
      ? {}
      : { inputs: inputs.map((input) => ({ ...input, sources: input.sources.map(translatedSource) })) }),
    causes: head.causes.map((cause) => translatedCause(cause, from, to)),
  }
}

function translatedSource(source: ReportSource): ReportSource {
  const { assumptions, translations } = source.understood
  if (translations === undefined) return source
  return { ...source, understood: { ...source.understood, assumptions: translations, translations: assumptions } }
}

function translatedRecord(record: QuarantinedRecord): QuarantinedRecord {
  const { reason, translation } = record
  return translation === undefined ? record : { ...record, reason: translation, translation: reason }
}

async function* translatedAll(findings: AsyncIterable<Finding>, from: Locale, to: Locale): AsyncGenerator<Finding> {
  for await (const finding of findings) {
    const message = finding.translations?.[to]
    yield message === undefined ? finding : { ...finding, message, translations: { [from]: finding.message } }
  }
}

function translatedCause(cause: Cause, from: Locale, to: Locale): Cause {
  const translation = cause.translations?.[to]
  if (translation === undefined) return cause
  return { ...cause, ...translation, translations: { [from]: { message: cause.message, advice: cause.advice } } }
}
