/** Text from outside in Markdown as GitHub and GitLab show it: no markup, no link, nobody is notified. */
import { printable } from '../../base/text.ts'

/** Characters that begin markup, HTML or a table cell wherever they stand. */
const MARKUP = /[\\`*_{}[\]<>|$]/g

/** Signs that, before a word or a number, name a person, an issue, a label or a milestone. */
const REFERENCE = /([@#!~%&^])(?=[\p{L}\p{N}"])/gu

/** Breaks a word that would become a link, without a trace on the page. */
const GAP = '&#8203;'

/** One line; blanks at the ends go. */
export function inertMarkdown(text: string): string {
  return printable(text)
    .trim()
    .replaceAll('&', '&amp;')
    .replace(MARKUP, (mark) => (mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`))
    .replace(REFERENCE, (whole, mark: string) => (mark === '&' ? whole : `${mark}${GAP}`))
    .replace(/:\/\//g, `:${GAP}//`)
    .replace(/\bwww\./gi, (begin) => `${begin.slice(0, 3)}${GAP}.`)
    .replace(/^([#+-]|\d+[.)])(?=\s|$)/, '\\$1')
}

/** One line between tags, where Markdown is not read. */
export function inertHtml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(REFERENCE, (whole, mark: string) => (mark === '&' ? whole : `${mark}${GAP}`))
    .replace(/:\/\//g, `:${GAP}//`)
}

/** Text in a code span: what it holds is shown as it is. */
export function codeSpan(text: string): string {
  const plain = printable(text).replaceAll('|', '\\|')
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${plain}${pad}${fence}`
}
