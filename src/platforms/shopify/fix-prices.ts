/**
 * Price and Compare-at price of a variant. `Price` is what is paid; a higher `Compare-at price` is the regular price. Since
 * January 2021 Shopify takes any pair (changelog, "pricing validations removed"), so a pair that would read otherwise than
 * planned has to be refused here.
 */
import type { FieldName } from '../../model/field.ts'
import type { FixContext, FixRecord, FixRefusal } from '../fix.ts'
import { toMillionths } from '../fix-decimal.ts'
import { amountText, readDecimal } from '../fix-values.ts'
import { refusal } from '../keyed-fix.ts'

export const PRICE_FIELDS = ['price.regular', 'price.sale', 'price.prior_shown'] as const satisfies readonly FieldName[]

export interface PricePair {
  readonly price: string | null
  readonly compareAt: string | null
}

interface Prices {
  readonly regular: string | null
  readonly sale: string | null
  /** As it stands in `Compare-at price`. */
  readonly compareAt: string | null
}

function isLess(left: string, right: string): boolean {
  const [one, other] = [toMillionths(left), toMillionths(right)]
  return one !== null && other !== null && one < other
}

/** What the cells say; null where one of them holds no number. */
function read(price: string | null, compareAt: string | null): Prices | null {
  const now = price === null ? null : readDecimal(price, '.')
  const before = compareAt === null ? null : readDecimal(compareAt, '.')
  if ((price !== null && now === null) || (compareAt !== null && before === null)) return null
  const onSale = now !== null && before !== null && isLess(now, before)
  return onSale ? { regular: before, sale: now, compareAt: before } : { regular: now, sale: null, compareAt: before }
}

/** The value of a field after the record's changes. */
function changed(record: FixRecord, field: FieldName, value: string | null): string | null {
  const change = record.changes.find((one) => one.field === field)
  return change === undefined ? value : change.after
}

function pairOf(record: FixRecord, current: Prices): PricePair | FixRefusal {
  const regular = changed(record, 'price.regular', current.regular)
  const sale = changed(record, 'price.sale', current.sale)
  if (regular === null) {
    return refusal('An article without a price is sold for nothing.', 'Un artículo sin precio se vendería a cero.')
  }
  if (sale === null) {
    const compareAt = changed(record, 'price.prior_shown', current.sale === null ? current.compareAt : null)
    if (compareAt === null || !isLess(regular, compareAt)) return { price: regular, compareAt }
    return refusal(
      `Its Compare-at price ${compareAt} is higher than ${regular}: the shop would show a sale.`,
      `Su Compare-at price ${compareAt} supera ${regular}: la tienda mostraría una oferta.`,
    )
  }
  if (!isLess(sale, regular)) {
    return refusal(
      `A sale price of ${sale} is not below the regular price of ${regular}: the shop cannot tell them apart.`,
      `Un precio de oferta de ${sale} no es menor que el PVP de ${regular}: la tienda no podría distinguirlos.`,
    )
  }
  const prior = changed(record, 'price.prior_shown', regular)
  if (prior === regular) return { price: sale, compareAt: regular }
  return refusal(
    'During a sale, Compare-at price is the regular price: it cannot show another one.',
    'Durante una oferta, Compare-at price es el PVP: no puede mostrar otro.',
  )
}

/**
 * The cells after the changes; those that stay are written as they stood.
 *
 * @returns Null where no price changes.
 */
export function priceCells(record: FixRecord, { currency, direction }: FixContext): PricePair | FixRefusal | null {
  if (!record.changes.some(({ field }) => PRICE_FIELDS.some((one) => one === field))) return null
  const raw = { price: record.record.cell('price') ?? null, compareAt: record.record.cell('compare_at') ?? null }
  if (direction === 'undo') return raw
  const current = read(raw.price, raw.compareAt)
  if (current === null) {
    return refusal('Its price cells hold more than a number.', 'Sus celdas de precio contienen algo más que un número.')
  }
  const pair = pairOf(record, current)
  if ('en' in pair) return pair
  if (record.record.headerOf('compare_at') === undefined && pair.compareAt !== null) {
    return refusal(
      'The export has no Compare-at price, which a sale needs.',
      'La exportación no tiene Compare-at price, que hace falta para una oferta.',
    )
  }
  const write = (value: string | null, cell: string | null): string | null =>
    value === null || (cell !== null && readDecimal(cell, '.') === value) ? value && cell : amountText(value, currency)
  return { price: write(pair.price, raw.price), compareAt: write(pair.compareAt, raw.compareAt) }
}
