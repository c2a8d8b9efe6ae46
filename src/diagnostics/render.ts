import { printable } from '../base/text.ts'
import type { Diagnostic, Where } from './diagnostic.ts'
import type { Language } from './entry.ts'

const WORDS = {
  en: { error: 'error', warning: 'warning', at: 'at', channel: 'channel', help: 'help' },
  es: { error: 'error', warning: 'aviso', at: 'en', channel: 'el canal', help: 'ayuda' },
} as const

export interface RenderDiagnosticOptions {
  readonly locale: Language
  readonly colour: boolean
  /** A warning does not end the run. */
  readonly level?: 'error' | 'warning'
}

function place(where: Where, locale: Language): string {
  if ('channel' in where) return `${WORDS[locale].channel} ${printable(where.channel)}`
  const position = [where.line, where.column].filter((part) => part !== undefined)
  return [printable(where.file), ...position].join(':')
}

/**
 * Renders one diagnostic as lines that end with a newline. Values come from files and names that others wrote, so
 * nothing in them reaches the terminal as a control sequence.
 */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderDiagnosticOptions): string {
  const { locale, colour, level = 'error' } = options
  const words = WORDS[locale]
  const { message, help } = diagnostic.texts[locale]
  const paint = (sgr: string, text: string): string => (colour ? `\u001b[${sgr}m${text}\u001b[0m` : text)
  const head = paint(level === 'error' ? '1;31' : '1;33', `${words[level]}[${diagnostic.code}]`)
  const lines = [`${head}: ${printable(message)}`]
  if (diagnostic.where !== null) lines.push(`  ${words.at} ${place(diagnostic.where, locale)}`)
  if (help !== null) lines.push(`  ${paint('36', `${words.help}:`)} ${printable(help)}`)
  return `${lines.join('\n')}\n`
}
