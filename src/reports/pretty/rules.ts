import type { Finding, RuleTally } from '../../model/report.ts'
import { cut, ends, flow, safe, widthOf, wrap } from '../layout.ts'
import type { Gathered } from './gather.ts'
import { badge, badgeWidth, block, heading, type Page } from './page.ts'
import { columnsFor, type SideColumns, sideLines } from './sides.ts'

const DEFAULT_LIMIT = 20
/** Findings that decide the widths of a rule's columns. */
const MEASURED = 100
/** From this width on there is room for the id that `explain` takes. */
const ROOM_FOR_ID = 120

function tagOf(page: Page, finding: Finding): string {
  return [
    finding.status === 'worse' ? page.texts.status.worse : '',
    page.width >= ROOM_FOR_ID ? cut(safe(finding.id), 24) : '',
    safe(finding.market ?? ''),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

function headLines(page: Page, finding: Finding): string {
  const { chalk, width } = page
  const { item } = finding
  const message = safe(finding.message)
  const tag = tagOf(page, finding)
  if (item === null) {
    const lines = wrap(message, width - 2 - (tag === '' ? 0 : widthOf(tag) + 2))
    const { left, right } = ends(lines[0] ?? '', tag, width - 2)
    const rest = block(
      lines.slice(1).map((line) => chalk.bold(line)),
      2,
    )
    return `  ${chalk.bold(left.trimEnd())}${right === '' ? '' : `${left.slice(left.trimEnd().length)}${chalk.dim(right)}`}\n${rest}`
  }
  const name = cut(safe(item.sku ?? item.gtin ?? item.id), 40)
  const { left, right } = ends(item.title === null ? '' : safe(item.title), tag, width - 4 - widthOf(name))
  const line = `  ${chalk.bold(name)}  ${right === '' ? left.trimEnd() : left}${chalk.dim(right)}`.trimEnd()
  return `${line}\n${block(wrap(message, width - 4), 4)}`
}

function footLine(page: Page, finding: Finding): string {
  const { values, width, chalk } = page
  const texts = page.texts.rules
  const like = finding.sides.find((side) => side.unit !== null) ?? finding.sides.find((side) => side.field !== null)
  const facts = [
    ...(finding.expected === null
      ? []
      : [texts.expected(values.value(finding.expected, like?.field ?? null, like?.unit ?? null))]),
    ...(finding.impact === null
      ? []
      : [texts.impact(values.money(finding.impact.amount, finding.impact.currency), finding.impact.basis)]),
    ...(finding.fixable ? [texts.fixable] : []),
  ]
  return block(
    flow(facts, ' · ', width - 6).map((line) => chalk.cyan(line)),
    6,
  )
}

export function findingBlock(page: Page, finding: Finding, columns: SideColumns): string {
  const sides = finding.sides.map((side) => sideLines(page, side, columns)).join('')
  return `\n${headLines(page, finding)}${sides}${footLine(page, finding)}`
}

function ruleHead(page: Page, tally: RuleTally): string {
  const { chalk, width, texts } = page
  const indent = badgeWidth(page) + 2
  const title = safe(page.ruleTitle(tally.rule))
  const { left, right } = ends(title, texts.rules.findings(tally.listed), width - indent)
  const more = texts.rules.elsewhere(tally.explained, tally.known, tally.suppressed)
  const under = flow([safe(tally.rule), ...(more === '' ? [] : [`+ ${more}`])], '  ', width - indent)
  return `${badge(page, tally.severity)}  ${chalk.bold(left)}${right}\n${block(
    under.map((line) => chalk.dim(line)),
    indent,
  )}`
}

async function* ruleBlock(page: Page, tally: RuleTally, gathered: Gathered, limit: number): AsyncGenerator<string> {
  yield `\n${ruleHead(page, tally)}`
  let waiting: Finding[] = []
  let columns: SideColumns | null = null
  for await (const finding of gathered.listed(tally.rule, limit)) {
    if (columns !== null) {
      yield findingBlock(page, finding, columns)
      continue
    }
    waiting.push(finding)
    if (waiting.length < MEASURED) continue
    const measured: SideColumns = columnsFor(page, waiting)
    columns = measured
    yield waiting.map((one) => findingBlock(page, one, measured)).join('')
    waiting = []
  }
  if (columns === null && waiting.length > 0) {
    const measured = columnsFor(page, waiting)
    yield waiting.map((one) => findingBlock(page, one, measured)).join('')
  }
  const more = tally.listed - limit
  if (more <= 0) return
  const { rules } = page.texts
  yield `\n  ${page.chalk.bold(rules.more(more))}${page.chalk.dim(` · ${rules.moreHint(tally.listed)}`)}\n`
}

/** Rules with something to list, worst first; then those whose findings are all told elsewhere. */
export async function* rulesBlock(page: Page, gathered: Gathered, maxFindings: number | null): AsyncGenerator<string> {
  const { rules } = page.texts
  const listed = gathered.tallies.filter((tally) => tally.listed > 0)
  const silent = gathered.tallies.filter((tally) => tally.listed === 0)
  if (gathered.tallies.length === 0) return
  yield heading(page, rules.heading)
  yield listed.length === 0
    ? `${rules.none}\n`
    : block(
        wrap(rules.legend, page.width).map((line) => page.chalk.dim(line)),
        0,
      )
  for (const tally of listed) yield* ruleBlock(page, tally, gathered, maxFindings ?? DEFAULT_LIMIT)
  if (silent.length === 0) return
  yield `\n${rules.notListed}\n`
  for (const { rule, explained, known, suppressed } of silent) {
    const lines = flow([safe(rule), rules.elsewhere(explained, known, suppressed)], '  ', page.width - 2)
    yield block(
      lines.map((line) => page.chalk.dim(line)),
      2,
    )
  }
}
