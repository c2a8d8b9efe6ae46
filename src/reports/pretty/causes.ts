import type { Cause } from '../../model/report.ts'
import { ends, flow, safe, wrap } from '../layout.ts'
import type { Gathered } from './gather.ts'
import { badge, badgeWidth, block, heading, labelled, type Page } from './page.ts'

export async function causeBlock(page: Page, cause: Cause, gathered: Pick<Gathered, 'example'>): Promise<string> {
  const { chalk, width, values } = page
  const texts = page.texts.causes
  const indent = badgeWidth(page) + 2
  const room = width - indent
  const { left, right } = ends(`${safe(cause.id)} · ${safe(cause.rule)}`, texts.explains(cause.findings), room)
  const facts = [
    cause.channels.map(safe).join(', '),
    ...(cause.field === null ? [] : [safe(cause.field)]),
    ...(cause.share > 0 ? [texts.share(cause.share)] : []),
    ...(cause.impact === null
      ? []
      : [page.texts.rules.impact(values.money(cause.impact.amount, cause.impact.currency), cause.impact.basis)]),
    ...(cause.status === 'new' ? [] : [page.texts.status[cause.status]]),
  ]
  const example = await gathered.example(cause.id)
  const exampleText = example === null ? [] : wrap(safe(example.message), room - texts.example.length - 1).slice(0, 2)
  return [
    `${badge(page, cause.severity)}  ${chalk.dim(left)}${chalk.bold(right)}\n`,
    block(
      wrap(safe(cause.message), room).map((line) => chalk.bold(line)),
      indent,
    ),
    block(flow(facts, ' · ', room), indent),
    cause.advice === ''
      ? ''
      : labelled(
          chalk.green(texts.advice),
          wrap(safe(cause.advice), room - texts.advice.length - 1).map((line) => chalk.green(line)),
          indent,
          texts.advice.length + 1,
        ),
    labelled(
      chalk.dim(texts.example),
      exampleText.map((line) => chalk.dim(line)),
      indent,
      texts.example.length + 1,
    ),
  ].join('')
}

/** Causes that nobody has suppressed; the report has them in the order of their weight. */
export async function* causesBlock(page: Page, causes: readonly Cause[], gathered: Gathered): AsyncGenerator<string> {
  const shown = causes.filter(({ status }) => status !== 'suppressed')
  if (shown.length === 0) return
  const explained = shown.reduce((sum, cause) => sum + cause.findings, 0)
  yield heading(page, page.texts.causes.heading)
  yield block(wrap(page.texts.causes.lead(shown.length, explained), page.width), 0)
  for (const cause of shown) yield `\n${await causeBlock(page, cause, gathered)}`
}
