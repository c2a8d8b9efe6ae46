/** What SARIF says of a rule, and text that no viewer takes for markup. */
import { printable } from '../../base/text.ts'
import { formatTextsOf } from '../format-texts.ts'
import { inertMarkdown } from '../markdown/inert.ts'
import type { RenderOptions } from '../reporter.ts'

/** GitHub cuts what is longer. */
const LONGEST = 2000

/** Text from outside: `[words](place)` would be a link. */
export function messageText(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return printable(short).replaceAll('](', '] (')
}

export function ruleHelp(id: string, options: RenderOptions): Record<string, unknown> {
  const { locale } = options
  const own = options.ruleText?.(id) ?? null
  const title = own?.title[locale] ?? options.ruleTitle(id)
  const [family = ''] = id.split('/')
  const named = { id, name: pascal(id), shortDescription: { text: messageText(title) } }
  if (own === null) return { ...named, properties: { tags: [family] } }
  const texts = formatTextsOf(locale).rule
  const docs = own.docs[locale]
  const sections = [
    [texts.what, docs.what],
    [texts.why, docs.why],
    [texts.quietWhen, docs.quietWhen],
    [texts.fix, docs.fix],
    [texts.example, docs.example],
  ].filter((section): section is [string, string] => section[1] !== undefined && section[1] !== '')
  return {
    ...named,
    fullDescription: { text: messageText(docs.what) },
    help: {
      text: sections.map(([name, text]) => `${name}\n${printableLines(text)}`).join('\n\n'),
      markdown: sections.map(([name, text]) => `## ${name}\n\n${paragraphs(text)}`).join('\n\n'),
    },
    defaultConfiguration:
      own.severity === 'off' ? { enabled: false } : { level: own.severity === 'info' ? 'note' : own.severity },
    properties: { tags: [family], 'problem.severity': own.severity === 'info' ? 'recommendation' : own.severity },
  }
}

/** `price/differs-across-channels` is `PriceDiffersAcrossChannels`. */
function pascal(id: string): string {
  return id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
}

/** Rules of the project's own may hold anything. */
function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join('\n')
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => inertMarkdown(line))
    .join('\n\n')
}
