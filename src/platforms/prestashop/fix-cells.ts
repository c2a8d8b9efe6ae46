import type { FixChange, FixContext, FixRefusal, SourceRecord } from '../fix.ts'
import { toMillionths } from '../fix-decimal.ts'
import { decimalMark, gtinText, isPositive, isWhole, readDecimal } from '../fix-values.ts'
import { refusal } from '../keyed-fix.ts'

export function isFilled(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text.trim() !== ''
}

/** Amount in a cell, in millionths; null where the cell is empty or holds something else. */
export function amountIn(record: SourceRecord, column: string, { understood }: FixContext): bigint | null {
  const raw = record.cell(column)
  if (!isFilled(raw)) return null
  const value = readDecimal(raw, decimalMark(raw, understood) ?? '.')
  return value === null ? null : toMillionths(value)
}

function isSet(record: SourceRecord, name: RegExp): boolean {
  return record.header.some((header, position) => name.test(header) && record.cells[position]?.trim() === '1')
}

/** What no row of either file may be. */
export function refuseShop(record: SourceRecord): FixRefusal | null {
  if (isSet(record, /depends on stock|advanced stock|stock avanzad/i)) {
    return refusal(
      'Its stock is kept by warehouse: an import adds to such stock and ends its management.',
      'Sus existencias se gestionan por almacén: una importación las sumaría y acabaría con esa gestión.',
    )
  }
  const shop = record.header.findIndex((header) => /^id\s*\/\s*(name|nombre)/i.test(header))
  const value = record.cells[shop]?.trim() ?? ''
  if (value === '' || value === '0' || value === '1') return null
  return refusal(
    'The row belongs to one shop of several, which this file does not tell apart.',
    'La fila es de una tienda entre varias, y este fichero no las distingue.',
  )
}

/**
 * Whether prices of the products file are net. The importer has a place for gross prices, but proposes the one for net
 * prices at the same position.
 */
export function refuseGross(product: SourceRecord, { includesTax }: FixContext): FixRefusal | null {
  if (product.headerOf('price_net') !== undefined) return null
  if (product.headerOf('price_either') !== undefined && includesTax === false) return null
  return refusal(
    'The importer expects net prices; the file has the rule of the tax, not its rate, so the net price is not known.',
    'El importador espera precios sin impuestos; el fichero trae la regla de impuestos, no el tipo, y no se sabe el precio neto.',
    'price.regular',
  )
}

export function refuseDiscount(product: SourceRecord, context: FixContext): FixRefusal | null {
  const discounts = ['discount_percent', 'discount_amount'].map((column) => amountIn(product, column, context) ?? 0n)
  if (discounts.every((discount) => discount === 0n)) return null
  return refusal(
    'It has a discount off its price: a new price would move the discounted one with it.',
    'Tiene un descuento sobre su precio: un precio nuevo movería también el rebajado.',
    'price.regular',
  )
}

export function refuseQuantity({ before, after, field }: FixChange): FixRefusal | null {
  const fits = (value: string | null): boolean => value !== null && isWhole(value) && isPositive(value)
  if (fits(before) && fits(after)) return null
  return refusal(
    'The importer does not write a quantity of 0 or none: set it in the shop.',
    'El importador no escribe una cantidad 0 ni vacía: fíjela en la tienda.',
    field,
  )
}

/** EAN13 for a code; null where it has more than 13 digits. */
export function eanText(value: string, raw: string | null | undefined): string | null {
  const text = gtinText(value, raw ?? null)
  return text.length <= 13 ? text : null
}

export function refuseEan(record: SourceRecord, { after, field }: FixChange): FixRefusal | null {
  const isCode = (column: string): boolean => isFilled(record.cell(column)) && record.cell(column)?.trim() !== '0'
  if (!isCode('ean') && isCode('upc')) {
    return refusal('Its code stands under UPC.', 'Su código está en UPC.', field)
  }
  if (after === null || eanText(after, record.cell('ean')) !== null) return null
  return refusal('EAN13 holds 13 digits at most.', 'EAN13 admite 13 cifras como máximo.', field)
}
