import { Chalk, type ChalkInstance } from 'chalk'
import type { ReportTexts } from '../../i18n/report.en.ts'
import type { Locale, Severity } from '../../model/config.ts'
import { widthOf } from '../layout.ts'
import { severityColour } from '../paint.ts'
import type { RenderOptions } from '../reporter.ts'
import { textsOf } from '../texts.ts'
import { type Values, valuesIn } from '../values.ts'

const NARROWEST = 60
/** Longer lines are hard to follow to their end. */
const WIDEST = 160
const WITHOUT_TERMINAL = 100

/** What every section of the page needs. */
export interface Page {
  readonly width: number
  readonly chalk: ChalkInstance
  readonly texts: ReportTexts
  readonly locale: Locale
  readonly values: Values
  readonly timezone: string
  readonly ruleTitle: (rule: string) => string
}

export function pageOf(options: RenderOptions): Page {
  const { width, colour, locale, timezone, ruleTitle } = options
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, width ?? WITHOUT_TERMINAL)),
    chalk: new Chalk({ level: colour ? 1 : 0 }),
    texts: textsOf(locale),
    locale,
    values: valuesIn(locale, timezone),
    timezone,
    ruleTitle,
  }
}

export function heading(page: Page, text: string): string {
  const line = '─'.repeat(Math.max(3, page.width - widthOf(text) - 4))
  return `\n${page.chalk.dim('──')} ${page.chalk.bold(text)} ${page.chalk.dim(line)}\n\n`
}

/** The severity as a word in capitals, as wide for each severity, and its colour. */
export function badge(page: Page, severity: Severity): string {
  const words = Object.values(page.texts.severity).map((word) => word.toUpperCase())
  const word = page.texts.severity[severity].toUpperCase()
  return severityColour(page.chalk, severity).bold(word.padEnd(Math.max(...words.map(widthOf))))
}

export function badgeWidth(page: Page): number {
  return Math.max(...Object.values(page.texts.severity).map(widthOf))
}

/** Lines with the same indent. */
export function block(lines: readonly string[], indent: number): string {
  return lines.map((line) => `${' '.repeat(indent)}${line}\n`).join('')
}

/** A label and lines beside it, the label on the first. */
export function labelled(label: string, lines: readonly string[], indent: number, labelWidth: number): string {
  const blank = ' '.repeat(labelWidth)
  return block(
    lines.map((line, at) => (at === 0 ? label + ' '.repeat(Math.max(0, labelWidth - widthOf(label))) : blank) + line),
    indent,
  )
}
