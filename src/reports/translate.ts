/** A report in the other language, from what findings and causes bring along. */
import type { Locale } from '../model/config.ts'
import type { Cause, Finding, Report } from '../model/report.ts'

/** The same report with its messages in a language; what has none in it stays as it is. */
export function inLanguage(report: Report, locale: Locale): Report {
  if (report.locale === undefined || report.locale === locale) return report
  const { select, tallies } = report
  const translated: Report = {
    head: { ...report.head, causes: report.head.causes.map((cause) => translatedCause(cause, locale)) },
    locale,
    quarantine: report.quarantine,
    findings: () => translatedAll(report.findings(), locale),
    ...(report.project === undefined ? {} : { project: report.project }),
    ...(report.gate === undefined ? {} : { gate: report.gate }),
  }
  if (tallies === undefined || select === undefined) return translated
  return {
    ...translated,
    tallies: () => tallies.call(report),
    select: (query) => translatedAll(select.call(report, query), locale),
  }
}

async function* translatedAll(findings: AsyncIterable<Finding>, locale: Locale): AsyncGenerator<Finding> {
  for await (const finding of findings) {
    const message = finding.translations?.[locale]
    yield message === undefined ? finding : { ...finding, message }
  }
}

function translatedCause(cause: Cause, locale: Locale): Cause {
  return { ...cause, ...cause.translations?.[locale] }
}
