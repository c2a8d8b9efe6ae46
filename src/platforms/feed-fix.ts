/** Supplemental feeds: `id` and the attributes that change, for platforms that read Google's product feed. */
import type { FieldName } from '../model/field.ts'
import type { FixContext, FixRecord, FixRefusal, SourceRecord, TableFix } from './fix.ts'
import { amountText, gtinText, offsetTime } from './fix-values.ts'
import { type CellPlace, type CellRule, keyedTable, refusal, textCell, turned } from './keyed-fix.ts'

interface SupplementalFeed extends Pick<TableFix, 'extension' | 'delimiter' | 'advice'> {
  /** Offsets as `+01:00`; `+0100` without it. */
  readonly colon: boolean
  readonly inStock: string
  readonly outOfStock: string
  /** `repeated` where it is not said that an empty cell leaves an attribute alone. */
  readonly untouched: 'repeated' | 'blank'
  /** Fields that only this platform has. */
  readonly cells?: Readonly<Partial<Record<FieldName, CellRule>>>
}

const text = (column: string): CellRule => ({ column, write: textCell })

/** Currency that the feed states: in the cell, else in the price beside it. */
function statedCurrency({ raw, record }: CellPlace): string | null {
  return /[A-Za-z]{3}/.exec(raw ?? record.cell('price') ?? '')?.[0].toUpperCase() ?? null
}

/** `19.99 EUR`, in the currency of the change; without one in that of the feed or the channel. */
const money = (column: string): CellRule => ({
  column,
  number: true,
  write: (value, place) => {
    const currency = (place.change.unit ?? statedCurrency(place) ?? place.context.currency).toUpperCase()
    const amount = amountText(value, currency)
    const isMoney = amount !== null && !amount.startsWith('-') && /^[A-Z]{3}$/.test(currency)
    return isMoney ? `${amount} ${currency}` : null
  },
  refuse: (place) => {
    const stated = statedCurrency(place)
    const { unit, field } = place.change
    if (stated === null || unit === null || stated === unit.toUpperCase()) return null
    return refusal(`The feed has this price in ${stated}.`, `El feed tiene este precio en ${stated}.`, field)
  },
})

/** Both ends stand in one cell: what does not change is taken as it stands. */
function windowCell(record: SourceRecord, place: CellPlace, ends: WindowEnds, colon: boolean): string | null {
  const { context } = place
  const halves = record.cell('window')?.split('/') ?? []
  const written = ([ends.from, ends.to] as const).map((change, index) => {
    if (change === undefined) return halves[index]?.trim() ?? ''
    return change === null ? '' : (offsetTime(change, context.timezone, colon) ?? '')
  })
  const [from = '', to = ''] = written
  return from === '' || to === '' ? null : `${from}/${to}`
}

interface WindowEnds {
  readonly from: string | null | undefined
  readonly to: string | null | undefined
}

const WINDOW_FIELDS: readonly FieldName[] = ['price.sale_from', 'price.sale_to']

function endsOf(record: FixRecord): WindowEnds {
  const after = (field: FieldName): string | null | undefined =>
    record.changes.find((change) => change.field === field)?.after
  return { from: after('price.sale_from'), to: after('price.sale_to') }
}

function availability(feed: SupplementalFeed): CellRule {
  return {
    column: 'availability',
    write: (value, { raw, context }) => {
      if (context.direction === 'undo') return raw ?? null
      if (value === 'true') return feed.inStock
      return value === 'false' ? feed.outOfStock : null
    },
  }
}

/** Names of the attributes, whatever the source calls them: they are English everywhere. */
const HEADERS: Readonly<Record<string, string>> = {
  id: 'id',
  title: 'title',
  description: 'description',
  link: 'link',
  image_link: 'image_link',
  availability: 'availability',
  price: 'price',
  sale_price: 'sale_price',
  window: 'sale_price_effective_date',
  gtin: 'gtin',
  mpn: 'mpn',
  brand: 'brand',
  condition: 'condition',
  group: 'item_group_id',
  color: 'color',
  size: 'size',
  material: 'material',
  gender: 'gender',
  age_group: 'age_group',
}

function cellsOf(feed: SupplementalFeed): Readonly<Partial<Record<FieldName, CellRule>>> {
  const condition: CellRule = {
    column: 'condition',
    write: (value, place) =>
      place.context.direction === 'undo' || /^(?:new|used|refurbished)$/.test(value) ? textCell(value, place) : null,
  }
  const gtin: CellRule = {
    column: 'gtin',
    write: (value, place) =>
      place.context.direction === 'undo' ? (place.raw ?? null) : gtinText(value, place.raw ?? null),
  }
  return {
    title: text('title'),
    description: text('description'),
    url: text('link'),
    image: text('image_link'),
    gtin,
    mpn: text('mpn'),
    brand: text('brand'),
    condition,
    product: text('group'),
    buyable: availability(feed),
    'price.regular': money('price'),
    'price.sale': money('sale_price'),
    'attributes.color': text('color'),
    'attributes.size': text('size'),
    'attributes.material': text('material'),
    'attributes.gender': text('gender'),
    'attributes.age_group': text('age_group'),
    ...feed.cells,
  }
}

function refuseWindow(record: FixRecord, context: FixContext, colon: boolean): FixRefusal | null {
  const changes = record.changes.filter(({ field }) => WINDOW_FIELDS.includes(field))
  const [change] = changes
  if (change === undefined) return null
  const place = { change, record: record.record, raw: record.record.cell('window'), context }
  const nothing = context.direction === 'undo' && (place.raw ?? null) === null
  if (nothing || windowCell(record.record, place, endsOf(record), colon) !== null) return null
  return refusal(
    'A window of a sale has both a beginning and an end here.',
    'Aquí el periodo de una oferta tiene siempre principio y fin.',
    ...WINDOW_FIELDS,
  )
}

/**
 * Attributes that are not among the columns, or empty, keep the value of the primary feed.
 *
 * @param feed - How the platform writes them.
 */
export function supplementalFeed(feed: SupplementalFeed): TableFix {
  const { extension, delimiter, advice, untouched, colon } = feed
  const table = keyedTable({
    name: 'supplemental-feed',
    extension,
    kinds: ['products'],
    advice,
    encoding: 'utf-8',
    delimiter,
    lineEnd: '\n',
    identity: ['id'],
    required: ['id'],
    headers: HEADERS,
    untouched,
    blankRestores: true,
    cells: cellsOf(feed),
  })
  const without = (record: FixRecord): FixRecord => ({
    ...record,
    changes: record.changes.filter(({ field }) => !WINDOW_FIELDS.includes(field)),
  })
  const window = HEADERS['window'] ?? ''
  const changes = (fields: ReadonlySet<FieldName>): boolean => WINDOW_FIELDS.some((field) => fields.has(field))
  return {
    ...table,
    fields: [...Object.keys(cellsOf(feed)), ...WINDOW_FIELDS] as FieldName[],
    header: (fields, sample, context, locations) => {
      const header = table.header(fields, sample, context, locations)
      return changes(fields) ? [...header, window] : header
    },
    rows: (group, header, context) =>
      group.map((record) => {
        const [cells = []] = table.rows([without(record)], header, context)
        const change = record.changes.find(({ field }) => WINDOW_FIELDS.includes(field))
        if (change === undefined) return cells
        const raw = record.record.cell('window') ?? null
        const place = { change, record: record.record, raw, context }
        const cell = context.direction === 'undo' ? raw : windowCell(record.record, place, endsOf(record), colon)
        return cells.map((text, position) => (header[position] === window ? cell : text))
      }),
    refuse: (record, context, group) =>
      turned(refuseWindow(record, context, colon), context) ??
      table.refuse(without(record), context, group.map(without)),
  }
}
