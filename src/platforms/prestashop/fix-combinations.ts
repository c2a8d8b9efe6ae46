import { foldHeader } from '../../base/text.ts'
import type { FixChange, FixContext, FixGroup, FixRecord, FixRefusal, SourceRecord, TableFix } from '../fix.ts'
import { fromMillionths, toMillionths } from '../fix-decimal.ts'
import { decimalText, isUnwritable } from '../fix-values.ts'
import { refusal } from '../keyed-fix.ts'
import { amountIn, eanText, isFilled, refuseEan, refuseQuantity, refuseShop } from './fix-cells.ts'

const LOGICAL = ['id', 'attributes', 'values_list', 'reference', 'ean', 'upc', 'cost', 'impact', 'quantity'] as const

/** Columns that nothing reads, but that the importer resets in rows without them. */
const RESET: Readonly<Record<string, RegExp>> = {
  ecotax: /^(ecotax|ecotasa)/,
  minimum: /^(minimalquantity|cantidadminima)/,
  weight: /(weight|peso)/,
  default: /^(default|pordefecto|predeterminad)/,
  date: /(availab\w*date|fechadedisponib)/,
}

/** Pictures of a combination stay where the cell is empty, and are loaded again where it is not. */
const PICTURE = /(image|imagen)/

function find(record: SourceRecord, pattern: RegExp): number {
  return record.header.findIndex((header) => pattern.test(foldHeader(header)))
}

function columnOf({ field }: FixChange): string | null {
  const columns: Readonly<Record<string, string>> = {
    'price.regular': 'impact',
    'price.cost': 'cost',
    'stock.available': 'quantity',
    gtin: 'ean',
  }
  return columns[field] ?? null
}

/** The impact that the record had. */
function restored(record: SourceRecord, context: FixContext): string | null {
  return decimalText(fromMillionths(amountIn(record, 'impact', context) ?? 0n), 2)
}

/** The cell for a change; null where it cannot be written. */
function cellOf(change: FixChange, record: FixRecord, context: FixContext): string | null {
  const { field, before, after } = change
  if (context.direction === 'undo' && field === 'price.regular') return restored(record.record, context)
  if (field === 'gtin') return after === null ? '' : eanText(after, record.record.cell('ean'))
  if (after === null) return null
  if (field !== 'price.regular') return decimalText(after, field === 'price.cost' ? 2 : 0)
  const [impact, from, to] = [
    amountIn(record.record, 'impact', context) ?? 0n,
    toMillionths(before ?? ''),
    toMillionths(after),
  ]
  // The impact moves by as much as the price: the product's own price stays.
  return from === null || to === null ? null : decimalText(fromMillionths(impact + to - from), 2)
}

function refuseChange(change: FixChange, record: FixRecord, context: FixContext): FixRefusal | null {
  const { field, action, before } = change
  if (field === 'price.regular' && context.includesTax === true) {
    return refusal(
      'The impact of a combination is net, and the prices of the channel include tax.',
      'El impacto de una combinación va sin impuestos, y los precios del canal los incluyen.',
      field,
    )
  }
  if (action !== 'update' || cellOf(change, record, context) === null || (before === null && field !== 'gtin')) {
    return refusal(
      `The importer has no way to set this ${field} and to take it back.`,
      `El importador no puede fijar este ${field} y luego deshacerlo.`,
      field,
    )
  }
  if (field === 'stock.available') return refuseQuantity(change)
  return field === 'gtin' ? refuseEan(record.record, change) : null
}

function parts(text: string | null | undefined): number {
  return (text ?? '').split(',').filter((part) => part.trim() !== '').length
}

function refuseRow({ record }: FixRecord): FixRefusal | null {
  const lacking = [
    ...LOGICAL.filter((column) => record.headerOf(column) === undefined),
    ...Object.keys(RESET).filter((name) => find(record, RESET[name] ?? /^$/) < 0),
  ]
  if (lacking.length > 0) {
    return refusal(
      `The export lacks ${lacking.join(', ')}, which the import of a combination would reset.`,
      `A la exportación le falta ${lacking.join(', ')}, que la importación de una combinación pondría a cero.`,
    )
  }
  if (
    parts(record.cell('attributes')) !== parts(record.cell('values_list')) ||
    parts(record.cell('attributes')) === 0
  ) {
    return refusal(
      'A comma inside an attribute cannot be told from the one between attributes.',
      'Una coma dentro de un atributo no se distingue de la que separa atributos.',
    )
  }
  const numbers = ['cost', 'impact'].map((column) => record.cell(column) ?? '')
  if (numbers.some((text) => /[.,].*[.,]/.test(text)) || !/^\d{0,13}$/.test(record.cell('ean')?.trim() ?? '')) {
    return refusal(
      'The import would read its numbers otherwise, or drop its EAN.',
      'La importación leería sus números de otro modo o perdería su EAN.',
    )
  }
  return record.cells.some((cell) => isUnwritable(cell ?? ''))
    ? refusal('The row holds control characters.', 'La fila contiene caracteres de control.')
    : null
}

function refuseReference({ record }: FixRecord, group: FixGroup): FixRefusal | null {
  const reference = record.cell('reference')
  const same = group.filter((other) => other.record.cell('reference')?.trim() === reference?.trim())
  if (isFilled(reference) && same.length === 1) return null
  return refusal(
    'Combinations are found by a reference that is unique in their product; without it the import makes a new one.',
    'Las combinaciones se encuentran por una referencia única en su producto; sin ella, la importación crea otra.',
  )
}

function refuse(record: FixRecord, context: FixContext, group: FixGroup): FixRefusal | null {
  const refused = refuseShop(record.record) ?? refuseRow(record) ?? refuseReference(record, group)
  if (refused !== null) return refused
  for (const change of record.changes) {
    const reason = refuseChange(change, record, context)
    if (reason !== null) return reason
  }
  return null
}

function rowOf(record: FixRecord, header: readonly string[], context: FixContext): readonly (string | null)[] {
  const source = record.record
  const changed = new Map<string | undefined, string | null>()
  for (const change of record.changes) {
    const column = columnOf(change)
    if (column !== null) changed.set(source.headerOf(column), cellOf(change, record, context))
  }
  const numbers = new Set(['cost', 'impact'].map((column) => source.headerOf(column)))
  const date = find(source, RESET['date'] ?? /^$/)
  return header.map((name, position) => {
    if (changed.has(name)) return changed.get(name) ?? null
    const raw = source.cells[position] ?? null
    if (PICTURE.test(foldHeader(name))) return null
    // An empty date becomes the day of the import.
    if (position === date && !isFilled(raw)) return '0000-00-00'
    return numbers.has(name) ? (raw?.replace(',', '.') ?? null) : raw
  })
}

export const combinationFix: TableFix = {
  shape: 'table',
  name: 'combinations',
  extension: 'csv',
  kinds: ['combinations'],
  fields: ['price.regular', 'price.cost', 'stock.available', 'gtin'],
  group: { by: 'id', whole: true },
  encoding: 'utf-8',
  delimiter: ';',
  lineEnd: '\n',
  advice: {
    en: 'Advanced parameters > Import > Combinations: separator ";", skip 1 line, assign the columns by the header of the file (later versions have "Product Reference" in between), never delete first. The importer sets all fields of a combination, its quantity too: import right after the export, in the shop\'s default language.',
    es: 'Parámetros avanzados > Importar > Combinaciones: separador «;», saltar 1 línea, asigne las columnas según la cabecera del fichero (las versiones posteriores intercalan «Referencia del producto») y nunca borre antes. El importador fija todos los campos de la combinación, también la cantidad: importe justo después de exportar, en el idioma predeterminado de la tienda.',
  },
  refuse,
  header: (_fields, sample) => sample.header,
  rows: (group, header, context) =>
    group.filter(({ changes }) => changes.length > 0).map((record) => rowOf(record, header, context)),
}
