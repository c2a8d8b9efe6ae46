/** `plan.md`: the plan as a person reads it before it is carried out. */
import { printable } from '../base/text.ts'
import type { Engine } from '../engine/engine.ts'
import type { PlanTexts } from '../i18n/plan.en.ts'
import type { ChannelConfig } from '../model/config.ts'
import { CHANGE_NEEDS, type ChangeNeed, type PlanAction, type PlanHead, type UnresolvedReason } from '../model/plan.ts'
import { type CellRow, cells } from './change-set.ts'
import { openSql } from './changes.ts'
import type { FixFile } from './fix-file.ts'
import { flagOf, needsOf } from './needs.ts'
import { placeText } from './place.ts'

export interface ReadableOptions {
  readonly engine: Engine
  readonly channels: readonly ChannelConfig[]
  readonly project: string
  readonly locale: 'en' | 'es'
  readonly texts: PlanTexts
  readonly head: PlanHead
  readonly actions: readonly PlanAction[]
  readonly files: readonly FixFile[]
  readonly ruleTitle: (rule: string) => string
}

/** Changes shown of one rule in one channel. */
const MOST = 50
/** Conflicts shown. */
const MOST_CONFLICTS = 50

/** Text in a sentence or a cell of Markdown: nothing in it is markup, and nothing breaks the line. */
export function plainMarkdown(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~$#>]/g, (sign) => `\\${sign}`)
}

function code(text: string): string {
  const shown = printable(text)
  const ticks = '`'.repeat(Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length)) + 1)
  const inner = /^`|`$/.test(shown) ? ` ${shown} ` : shown
  // A bar ends a cell of a table inside code, too.
  return `${ticks}${inner.replaceAll('|', '\\|')}${ticks}`
}

export async function* readablePlan(options: ReadableOptions): AsyncGenerator<string> {
  const { engine, channels, texts, head, actions, files, locale } = options
  const isHeld = (needs: string): boolean => needsOf(needs).some((need) => !head.allowed.includes(need))
  const counts = await engine.rows<{ ch: number; needs: string; n: number }>(
    'SELECT ch, needs, count(*) AS n FROM plan_cell WHERE n NOT IN (SELECT n FROM plan_refusal) GROUP BY 1, 2 ORDER BY 1, 2',
  )
  const total = sum(counts)
  const held = counts.filter(({ needs }) => isHeld(needs))
  yield `# ${plainMarkdown(texts.title(options.project))}\n\n${texts.made(head.created_at, head.expires_at)} ${texts.basis}\n\n`
  yield `**${total === 0 ? texts.nothing : texts.totals(total, new Set(counts.map(({ ch }) => ch)).size, sum(held))}**\n\n`
  yield* limits(options, held)
  yield* filesPart(files, texts, locale)
  if (actions.length > 0) {
    yield `## ${texts.actions}\n\n`
    for (const { cause, channel, text } of actions)
      yield `- **${plainMarkdown(channel)}** (${cause}): ${plainMarkdown(text)}\n`
    yield '\n'
  }
  if (total > 0) yield* changesPart(options, isHeld)
  yield* openPart(options, channels)
}

function sum(counts: readonly { readonly n: number }[]): number {
  return counts.reduce((all, { n }) => all + Number(n), 0)
}

function* limits({ texts, head }: ReadableOptions, held: readonly { needs: string; n: number }[]): Generator<string> {
  const { price_change, rows, sum: most } = head.limits
  yield `## ${texts.limits}\n\n${texts
    .limitLines(price_change, rows, most)
    .map((line) => `- ${line}\n`)
    .join('')}\n`
  if (head.allowed.length > 0)
    yield `${texts.allowed(head.allowed.map((need) => `\`${flagOf(need)}\``).join(', '))}\n\n`
  const lines = CHANGE_NEEDS.filter((need) => !head.allowed.includes(need)).flatMap((need) => {
    const n = sum(held.filter(({ needs }) => needsOf(needs).includes(need)))
    return n === 0 ? [] : [`- ${texts.held(n, texts.needs[need], flagOf(need))}\n`]
  })
  if (lines.length > 0) yield `## ${texts.heldTitle}\n\n${lines.join('')}\n`
}

function* filesPart(files: readonly FixFile[], texts: PlanTexts, locale: 'en' | 'es'): Generator<string> {
  yield `## ${texts.files}\n\n`
  if (files.length === 0) yield `${texts.noFiles}\n\n`
  for (const { fix, undo, changes, source, also, advice } of files) {
    yield `- ${texts.fileLine(fix, undo, changes, plainMarkdown(source))} ${also ? `${texts.also} ` : ''}${plainMarkdown(advice[locale])}\n`
  }
  if (files.length > 0) yield '\n'
}

async function* changesPart(options: ReadableOptions, isHeld: (needs: string) => boolean): AsyncGenerator<string> {
  const { engine, channels, texts, ruleTitle } = options
  yield `## ${texts.changes}\n`
  const groups = await engine.rows<{ ch: number; rule: string; n: number }>(
    `SELECT ch, rules[1] AS rule, count(*) AS n FROM plan_cell WHERE n NOT IN (SELECT n FROM plan_refusal) GROUP BY 1, 2 ORDER BY 1, 2`,
  )
  const { columns } = texts
  for (const { ch, rule, n } of groups) {
    yield `\n### ${plainMarkdown(channels[ch]?.id ?? '')} · ${rule} (${n})\n\n${plainMarkdown(ruleTitle(rule))}\n\n`
    yield `| ${columns.article} | ${columns.field} | ${columns.before} | ${columns.after} | ${columns.by} | ${columns.place} | ${columns.needs} |\n|---|---|---|---|---|---|---|\n`
    const shown: CellRow[] = []
    const where = `ch = ${ch} AND rules[1] = '${rule.replaceAll("'", "''")}' AND n IN (SELECT n FROM plan_cell WHERE ch = ${ch} AND rules[1] = '${rule.replaceAll("'", "''")}' AND n NOT IN (SELECT n FROM plan_refusal) ORDER BY n LIMIT ${MOST})`
    for await (const batch of cells(engine, where)) shown.push(...batch)
    for (const row of shown) yield line(row, texts, isHeld)
    if (Number(n) > shown.length) yield `\n${texts.more(Number(n) - shown.length)}\n`
  }
  yield '\n'
}

function line(row: CellRow, texts: PlanTexts, isHeld: (needs: string) => boolean): string {
  const value = (text: string | null): string =>
    text === null ? texts.empty : code(row.unit === null ? text : `${text} ${row.unit}`)
  const place = plainMarkdown(placeText(row, texts))
  const article = [row.listing ?? row.sku ?? '', row.title ?? '']
    .filter((text) => text !== '')
    .map(plainMarkdown)
    .join(' · ')
  const wants = needsOf(row.needs)
    .map((need: ChangeNeed) => `\`${flagOf(need)}\``)
    .join(' ')
  const field = row.location === null ? row.field : `${row.field} @ ${plainMarkdown(row.location)}`
  return `| ${article} | ${field} | ${value(row.before)} | ${value(row.after)} | ${plainMarkdown(row.authority)} | ${place} | ${isHeld(row.needs) ? `**${wants}**` : wants} |\n`
}

async function* openPart(
  { engine, texts, locale }: ReadableOptions,
  channels: readonly ChannelConfig[],
): AsyncGenerator<string> {
  const open = openSql(channels, locale)
  const reasons = await engine.rows<{ code: string; detail: string | null; n: number }>(
    `SELECT code, detail, count(DISTINCT finding) AS n FROM (${open}) GROUP BY 1, 2 ORDER BY n DESC, code, detail LIMIT 200`,
  )
  if (reasons.length === 0) return
  yield `## ${texts.unresolved}\n\n`
  for (const { code: name, detail, n } of reasons) {
    yield `- ${texts.unresolvedLine(Number(n), plainMarkdown(texts.reasons[name as UnresolvedReason](detail)))}\n`
  }
  const conflicts = await engine.rows<{ finding: string; channel: string; others: string }>(
    `SELECT finding, channel, others FROM (${open}) WHERE code = 'conflict' ORDER BY finding, channel LIMIT ${MOST_CONFLICTS}`,
  )
  if (conflicts.length === 0) return
  yield `\n## ${texts.conflictTitle}\n\n`
  for (const { finding, channel, others } of conflicts) {
    yield `- ${texts.conflictLine(`\`${finding}\``, plainMarkdown(channel), `\`${others}\``)}\n`
  }
}
