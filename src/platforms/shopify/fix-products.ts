import type { FieldName } from '../../model/field.ts'
import type { FixContext, FixGroup, FixRecord, FixRefusal, SourceRecord, TableFix } from '../fix.ts'
import { gtinText, isUnwritable } from '../fix-values.ts'
import { refusal } from '../keyed-fix.ts'
import { PRICE_FIELDS, priceCells } from './fix-prices.ts'

/** Fields of a product, which stand on its first row, and their columns. */
const OF_PRODUCT: ReadonlyMap<FieldName, string> = new Map<FieldName, string>([
  ['title', 'title'],
  ['description', 'body'],
  ['brand', 'vendor'],
  ['status', 'status'],
  ['visible', 'published'],
])

const OF_VARIANT: ReadonlyMap<FieldName, string> = new Map<FieldName, string>([
  ['price.cost', 'cost'],
  ['gtin', 'barcode'],
  ['stock.backorder', 'policy'],
])

const OPTION = /^option\s*[123]\s+(name|value|linked to)$/i
const STATES = new Set(['active', 'draft', 'archived'])
const NEEDED = ['handle', 'title', 'status', 'option1_name', 'option1_value'] as const

/** Rows with a picture alone are not written: columns of pictures are not in the file. */
function isVariant({ record }: FixRecord): boolean {
  return ['title', 'sku', 'price', 'option1_value'].some((column) => isFilled(record.cell(column)))
}

function isFilled(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text.trim() !== ''
}

function barcodeColumn(record: SourceRecord): string {
  return record.headerOf('barcode') === undefined ? 'barcodes' : 'barcode'
}

function columnsOf(field: FieldName, record: SourceRecord): readonly string[] {
  if (PRICE_FIELDS.some((one) => one === field)) return ['price', 'compare_at']
  if (field === 'gtin') return [barcodeColumn(record)]
  const column = OF_PRODUCT.get(field) ?? OF_VARIANT.get(field)
  return column === undefined ? [] : [column]
}

/** The word in the case of the one it replaces: old exports write `deny` and `true`, newer ones `DENY` and `TRUE`. */
function inCaseOf(word: string, raw: string | null | undefined, otherwise: string): string {
  if (!isFilled(raw)) return otherwise
  return raw === raw.toUpperCase() ? word.toUpperCase() : word.toLowerCase()
}

/** Null where Shopify has no word for the value. */
function cellText(field: FieldName, after: string, record: SourceRecord): string | null {
  const raw = record.cell(columnsOf(field, record)[0] ?? '')
  switch (field) {
    case 'gtin':
      return gtinText(after, raw ?? null)
    case 'status':
      return STATES.has(after) ? after : null
    case 'visible':
      return inCaseOf(after, raw, after.toUpperCase())
    case 'stock.backorder':
      return after === 'yes' || after === 'no' ? inCaseOf(after === 'yes' ? 'continue' : 'deny', raw, 'deny') : null
    default:
      return after
  }
}

function optionsKey({ record }: FixRecord): string {
  return JSON.stringify(['option1_value', 'option2_value', 'option3_value'].map((column) => record.cell(column) ?? ''))
}

const ALWAYS = ['handle', 'title', 'sku', 'status'] as const

const CARRIED = new WeakMap<readonly string[], readonly number[]>()

/** Columns that are in every file, whatever changes. All records of a source share one header. */
function carriedColumns(record: SourceRecord): readonly number[] {
  const known = CARRIED.get(record.header)
  if (known !== undefined) return known
  const names = new Set(ALWAYS.map((column) => record.headerOf(column)))
  const columns = record.header.flatMap((name, at) => (names.has(name) || OPTION.test(name.trim()) ? [at] : []))
  CARRIED.set(record.header, columns)
  return columns
}

const PRODUCTS = new WeakMap<FixGroup, FixRefusal | null>()

/** Asked for every variant, looked at once. */
function refuseProduct(group: FixGroup): FixRefusal | null {
  const known = PRODUCTS.get(group)
  if (known !== undefined) return known
  const refused = productRefusal(group)
  PRODUCTS.set(group, refused)
  return refused
}

function productRefusal(group: FixGroup): FixRefusal | null {
  const [first] = group
  if (first === undefined) return null
  for (const column of NEEDED) {
    if (!isFilled(first.record.cell(column))) {
      const name = first.record.headerOf(column) ?? column
      return refusal(
        `Without ${name} on the product's first row, an import makes a new product, loses variants or publishes it.`,
        `Sin ${name} en la primera fila del producto, la importación crearía otro, perdería variantes o lo publicaría.`,
      )
    }
  }
  const variants = group.filter(isVariant)
  if (variants.some(({ record }) => carriedColumns(record).some((at) => isUnwritable(record.cells[at] ?? '')))) {
    return refusal(
      'A text that the file has to repeat holds control characters.',
      'Un texto que el fichero debe repetir contiene caracteres de control.',
    )
  }
  const keys = new Set(variants.map(optionsKey))
  if (keys.size < variants.length || variants.some(({ record }) => !isFilled(record.cell('option1_value')))) {
    return refusal(
      'Its variants cannot be told apart by their options, which is how Shopify finds them.',
      'Sus variantes no se distinguen por sus opciones, que es como Shopify las encuentra.',
    )
  }
  return null
}

function refuseShared(record: FixRecord, group: FixGroup): FixRefusal | null {
  for (const { field, after } of record.changes) {
    if (!OF_PRODUCT.has(field)) continue
    const alike = group
      .filter(isVariant)
      .every(({ changes }) => changes.some((other) => other.field === field && other.after === after))
    if (!alike) {
      return refusal(
        `${field} belongs to the whole product, and not all of its variants change alike.`,
        `${field} es de todo el producto, y no todas sus variantes cambian igual.`,
        field,
      )
    }
  }
  return null
}

function refuseCell(record: FixRecord, group: FixGroup): FixRefusal | null {
  for (const { field, after, action } of record.changes) {
    const source = OF_PRODUCT.has(field) ? (group[0]?.record ?? record.record) : record.record
    const [column] = columnsOf(field, source)
    if (action !== 'update' || column === undefined || source.headerOf(column) === undefined) {
      return refusal(`The export has no column for ${field}.`, `La exportación no tiene columna para ${field}.`, field)
    }
    if (
      after === null &&
      (field === 'title' || field === 'status' || field === 'visible' || field === 'stock.backorder')
    ) {
      return refusal(
        `An empty cell does not leave ${field} empty: Shopify fills in its own.`,
        `Una celda vacía no deja vacío ${field}: Shopify pone lo suyo.`,
        field,
      )
    }
    if (after !== null && (isUnwritable(after) || cellText(field, after, source) === null)) {
      return refusal(`Shopify has no way to write this ${field}.`, `Shopify no puede escribir este ${field}.`, field)
    }
  }
  return refuseBarcode(record) ?? refuseVisible(record, group)
}

function refuseBarcode({ record, changes }: FixRecord): FixRefusal | null {
  if (!changes.some(({ field }) => field === 'gtin')) return null
  const several = record.cell('barcodes')
  const elsewhere = barcodeColumn(record) === 'barcode' && isFilled(several)
  if (!elsewhere && !/[,;|]/.test(several ?? '')) return null
  return refusal(
    'The variant has several barcodes: which one to replace is for a person to say.',
    'La variante tiene varios códigos de barras: cuál se sustituye ha de decirlo una persona.',
    'gtin',
  )
}

function refuseVisible({ changes }: FixRecord, group: FixGroup): FixRefusal | null {
  if (!changes.some(({ field }) => field === 'visible')) return null
  const status = group[0]?.record.cell('status')?.trim().toLowerCase()
  if (status === 'active' && !changes.some(({ field }) => field === 'status')) return null
  return refusal(
    'The online store shows active products only: its status decides, not the column of publication.',
    'La tienda en línea solo muestra productos activos: decide su estado, no la columna de publicación.',
    'visible',
  )
}

function refuse(record: FixRecord, context: FixContext, group: FixGroup): FixRefusal | null {
  const refused = refuseProduct(group) ?? refuseCell(record, group) ?? refuseShared(record, group)
  if (refused !== null) return refused
  const prices = priceCells(record, context)
  if (prices === null || !('en' in prices)) return null
  return { ...prices, fields: PRICE_FIELDS }
}

/** Cells that change, by header. */
function changedCells(record: FixRecord, context: FixContext): ReadonlyMap<string, string | null> {
  const cells = new Map<string, string | null>()
  if (context.direction === 'undo') return cells
  const source = record.record
  const set = (column: string, text: string | null): void => {
    const header = source.headerOf(column)
    if (header !== undefined) cells.set(header, text)
  }
  for (const { field, after } of record.changes) {
    if (PRICE_FIELDS.some((one) => one === field)) continue
    const [column] = columnsOf(field, source)
    if (column !== undefined) set(column, after === null ? null : cellText(field, after, source))
  }
  const prices = priceCells(record, context)
  if (prices !== null && !('en' in prices)) {
    set('price', prices.price)
    set('compare_at', prices.compareAt)
  }
  return cells
}

/** A row of the product; fields of the product are written where the export has them, on the first row at least. */
function rowOf(
  record: FixRecord,
  isFirst: boolean,
  handle: string | null,
  header: readonly string[],
  context: FixContext,
): readonly (string | null)[] {
  const source = record.record
  const changed = changedCells(record, context)
  const shared = new Set([...OF_PRODUCT.values()].map((column) => source.headerOf(column)))
  const handleHeader = source.headerOf('handle')
  return header.map((name) => {
    const raw = source.cells[source.header.indexOf(name)] ?? null
    if (name === handleHeader) return raw ?? handle
    if (shared.has(name) && !isFirst && raw === null) return null
    return changed.has(name) ? (changed.get(name) ?? null) : raw
  })
}

export const productFix: TableFix = {
  shape: 'table',
  name: 'products',
  extension: 'csv',
  kinds: ['products'],
  fields: [...PRICE_FIELDS, ...OF_VARIANT.keys(), ...OF_PRODUCT.keys()],
  group: { by: 'handle', whole: true },
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  advice: {
    en: 'Products > Import, with "Overwrite products with matching handles". The file repeats all variants of each product with their options and status; take it as it is (15 MB at most), soon after the export.',
    es: 'Productos > Importar, con «Sobrescribir productos con identificadores coincidentes». El fichero repite todas las variantes de cada producto con sus opciones y su estado; impórtelo tal cual (15 MB como máximo) y poco después de la exportación.',
  },
  refuse,
  header: (fields, sample) => {
    const wanted = new Set(
      [...fields].flatMap((field) => columnsOf(field, sample)).map((column) => sample.headerOf(column)),
    )
    const carried = new Set(carriedColumns(sample))
    return sample.header.filter((name, at) => wanted.has(name) || carried.has(at))
  },
  rows: (group, header, context) => {
    const handle = group.map(({ record }) => record.cell('handle')).find(isFilled) ?? null
    const variants = group.filter(isVariant)
    return variants.map((record) => rowOf(record, record === variants[0], handle, header, context))
  },
}
