import { stringify } from 'csv-stringify/sync'
import type { Cause, Finding, Side } from '../../model/report.ts'
import { findingBatches } from '../batches.ts'
import { type CsvCell, csvCell } from '../csv-cell.ts'
import { limitPerRule } from '../limit.ts'
import type { Reporter } from '../reporter.ts'

const FINDING_COLUMNS = [
  'type',
  'id',
  'rule',
  'code',
  'severity',
  'status',
  'market',
  'owner',
  'item',
  'sku',
  'gtin',
  'title',
  'message',
  'expected',
  'impact_amount',
  'impact_currency',
  'impact_basis',
  'explained_by',
  'fixable',
] as const
const SIDE_COLUMNS = [
  'channel',
  'listing',
  'field',
  'value',
  'unit',
  'raw',
  'path',
  'sheet',
  'row',
  'line',
  'authority',
] as const

type Row = Readonly<Partial<Record<(typeof FINDING_COLUMNS)[number] | (typeof SIDE_COLUMNS)[number], CsvCell>>>

const COLUMNS = [...FINDING_COLUMNS, ...SIDE_COLUMNS]

function lines(rows: readonly Row[]): string {
  return stringify(
    rows.map((row) => COLUMNS.map((column) => csvCell(row[column]))),
    { record_delimiter: 'windows' },
  )
}

function causeRow(cause: Cause): Row {
  return {
    type: 'cause',
    id: cause.id,
    rule: cause.rule,
    severity: cause.severity,
    status: cause.status,
    message: cause.message,
    impact_amount: cause.impact?.amount,
    impact_currency: cause.impact?.currency,
    impact_basis: cause.impact?.basis,
    channel: cause.channels.join(' '),
    field: cause.field,
  }
}

function sideCells(side: Side): Row {
  const { channel, listing, field, value, unit, raw, source, authority } = side
  const { path, sheet, row, line } = source ?? {}
  return { channel, listing, field, value, unit, raw, path, sheet, row, line, authority }
}

function findingRows(finding: Finding): readonly Row[] {
  const { item, impact, sides, ...plain } = finding
  const shared: Row = {
    ...plain,
    type: 'finding',
    item: item?.id,
    sku: item?.sku,
    gtin: item?.gtin,
    title: item?.title,
    impact_amount: impact?.amount,
    impact_currency: impact?.currency,
    impact_basis: impact?.basis,
  }
  return sides.length === 0 ? [shared] : sides.map((side) => ({ ...shared, ...sideCells(side) }))
}

export const reporter: Reporter = {
  name: 'csv',
  doc: {
    en: 'one row for each side of each finding, for spreadsheets (RFC 4180, UTF-8)',
    es: 'una fila por cada lado de cada incidencia, para hojas de cálculo (RFC 4180, UTF-8)',
  },
  async *render(report, { maxFindings }) {
    yield stringify([COLUMNS], { record_delimiter: 'windows' })
    if (report.head.causes.length > 0) yield lines(report.head.causes.map(causeRow))
    const limit = limitPerRule(report.head, maxFindings)
    for await (const batch of findingBatches(report, limit.allows)) yield lines(batch.flatMap(findingRows))
  },
}
