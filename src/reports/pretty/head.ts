import type { Report, ReportChannel, ReportInput, ReportSource } from '../../model/report.ts'
import { cut, cutStart, flow, padEnd, padStart, safe, widthOf, wrap } from '../layout.ts'
import { block, heading, labelled, type Page } from './page.ts'

const MOST_COLUMNS = 10
const MOST_UNUSED = 6

export function titleBlock(page: Page, report: Report): string {
  const { audit, tool } = report.head
  const { chalk, texts, width, values, timezone } = page
  const title = report.project === undefined ? texts.header.title : `${safe(report.project)} · ${texts.header.title}`
  const asOf = texts.header.asOf(`${values.instant(audit.as_of)} (${safe(timezone)})`)
  const stamp = [asOf, texts.header.stamp(safe(tool.version), safe(audit.id))]
  return `${chalk.bold(cut(title, width))}\n${block(
    flow(stamp, ' · ', width).map((line) => chalk.dim(line)),
    0,
  )}`
}

/** Sources that were understood alike: a glob over hundreds of files is one entry. */
function alike(sources: readonly ReportSource[]): readonly (readonly [ReportSource, ...ReportSource[]])[] {
  const groups = new Map<string, [ReportSource, ...ReportSource[]]>()
  for (const source of sources) {
    const key = JSON.stringify([source.kind, source.understood])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [source])
    else group.push(source)
  }
  return [...groups.values()]
}

function reading(page: Page, { understood }: ReportSource): readonly string[] {
  const texts = page.texts.channels
  const { encoding, delimiter, decimal, date_order: dates, columns, unused } = understood
  const parts: string[] = []
  if (encoding !== null) parts.push(safe(encoding))
  if (delimiter !== null) parts.push(texts.delimiter(delimiter === '\t' ? texts.tab : safe(delimiter)))
  if (decimal !== null) parts.push(texts.decimal(decimal))
  if (dates !== undefined) parts.push(texts.dates(safe(dates)))
  parts.push(texts.columns(new Set(Object.values(columns)).size, unused.length))
  return parts
}

function some(page: Page, words: readonly string[], most: number): readonly string[] {
  const more = words.length - most
  return more > 1 ? [...words.slice(0, most), page.texts.channels.more(more)] : words
}

function sourceBlock(page: Page, group: readonly [ReportSource, ...ReportSource[]]): string {
  const { chalk, values, width } = page
  const texts = page.texts.channels
  const [first, ...others] = group
  const sum = (of: (source: ReportSource) => number): number => group.reduce((total, one) => total + of(one), 0)
  const quarantined = sum((one) => one.quarantined)
  const facts = [
    texts.records(sum((one) => one.rows)),
    ...(quarantined > 0 ? [texts.quarantined(quarantined)] : []),
    ...(others.length === 0 && first.data_as_of !== null ? [texts.asOf(values.instant(first.data_as_of))] : []),
    ...(others.length > 0 ? [texts.moreFiles(others.length)] : []),
  ]
  const path = cutStart(safe(first.path), width - 2)
  const inline = `${path}  ${facts.join(' · ')}`
  const head =
    widthOf(inline) <= width - 2 ? [inline] : [path, ...flow(facts, ' · ', width - 4).map((line) => `  ${line}`)]
  const paint = quarantined > 0 ? chalk.yellow : (line: string): string => line
  const labels = [texts.reads, texts.ignores, texts.assumes]
  const labelWidth = Math.max(...labels.map(widthOf)) + 2
  const room = width - 4 - labelWidth
  const columns = Object.entries(first.understood.columns).map(
    ([field, header]) => `${safe(field)} ← ${cut(safe(header), 30)}`,
  )
  const unused = first.understood.unused.map((header) => cut(safe(header), 30))
  const rows = [
    { label: texts.reads, lines: flow(some(page, columns, MOST_COLUMNS), ' · ', room), paint: chalk.dim },
    { label: texts.ignores, lines: flow(some(page, unused, MOST_UNUSED), ' · ', room), paint: chalk.dim },
    {
      label: texts.assumes,
      lines: first.understood.assumptions.flatMap((text) => wrap(safe(text), room)),
      paint: chalk.yellow,
    },
  ]
  return (
    block(
      head.map((line) => paint(line)),
      2,
    ) +
    block(flow(reading(page, first), ' · ', width - 4), 4) +
    rows
      .map(({ label, lines, paint: ink }) =>
        labelled(
          label,
          lines.map((line) => ink(line)),
          4,
          labelWidth,
        ),
      )
      .join('')
  )
}

function channelCells(page: Page, channel: ReportChannel): readonly [string, string, string, string] {
  const { channels, channelKind } = page.texts
  return [
    safe(channel.id),
    `${channelKind[channel.kind]} · ${safe(channel.platform)}`,
    channel.listings === 0 ? channels.noListings : channels.listings(channel.listings),
    channel.listings === 0 ? '' : channels.linked(channel.linked / channel.listings),
  ]
}

export function channelsBlock(page: Page, channels: readonly ReportChannel[]): string {
  const cells = channels.map((channel) => channelCells(page, channel))
  const widest = (at: 0 | 1 | 2 | 3): number => Math.max(0, ...cells.map((row) => widthOf(row[at])))
  const fixed = widest(2) + widest(3) + 6
  const idWidth = Math.min(widest(0), Math.max(8, Math.floor((page.width - fixed) / 2)))
  const kindWidth = Math.max(8, Math.min(widest(1), page.width - fixed - idWidth))
  const blocks = channels.map((channel, at) => {
    const [id, kind, listings, linked] = cells[at] ?? ['', '', '', '']
    const line = [
      page.chalk.bold(padEnd(cut(id, idWidth), idWidth)),
      padEnd(cut(kind, kindWidth), kindWidth),
      padStart(listings, widest(2)),
      padStart(linked, widest(3)),
    ]
    const sources = alike(channel.sources).map((group) => sourceBlock(page, group))
    return `${line.join('  ').trimEnd()}\n${sources.join('')}`
  })
  return heading(page, page.texts.channels.heading) + blocks.join('\n')
}

/** What was read besides the channels. */
export function inputsBlock(page: Page, inputs: readonly ReportInput[]): string {
  const blocks = inputs.map(({ name, sources }) => {
    const files = alike(sources).map((group) => sourceBlock(page, group))
    return `${page.chalk.bold(safe(`inputs.${name}`))}\n${files.join('')}`
  })
  return `\n${blocks.join('\n')}`
}
