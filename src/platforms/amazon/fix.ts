/**
 * Files that correct Amazon: the price and quantity file of Seller Central, and the same as patches of the listings feed.
 *
 * - Price and quantity file: tab-separated, `sku` and at least one of `price` and `quantity`; an empty cell keeps what is
 *   there; an empty or zero price is refused; a quantity is a whole number (Seller Central help 200385490, read 2026-11;
 *   instructions of the template, scribd.com/document/719595350). Field names are English in every marketplace's template
 *   (German one: docs.synesty.com, Amazon Seller Central, PriceAndQuantityUpdate 1.0, read 2026-11), which also asks for a
 *   decimal comma and no thousands separator: the file has the mark of the seller's own report.
 * - A quantity for a SKU that Amazon ships turns it into one that the seller ships (the same page; help 200327780): refused.
 * - `JSON_LISTINGS_FEED` 2.0, operation `PATCH` with `merge` (changelog of 2025-06-16): a merge of `purchasable_offer`
 *   or `fulfillment_availability` with its selectors changes the sub-attributes that it names and no others
 *   (developer-docs.amazon.com/sp-api/docs/merge-a-listing, …/manage-purchasable-offer, read 2026-11). Product type
 *   `PRODUCT` is taken for offers (…/update-price-for-multiple-marketplace). Marketplaces: …/marketplace-ids.
 */
import type { DocumentFix, FixContext, FixRecord, FixRefusal, SourceRecord } from '../fix.ts'
import { amountText, decimalMark, decimalText, isPositive, isWhole } from '../fix-values.ts'
import { type CellPlace, keyedTable, refusal } from '../keyed-fix.ts'

const MARKETPLACES: Readonly<Record<string, string>> = {
  AE: 'A2VIGQ35RCS4UG',
  AU: 'A39IBJ37TRP1C6',
  BE: 'AMEN7PMS3EDWL',
  BR: 'A2Q3Y263D00KWC',
  CA: 'A2EUQ1WTGCTBG2',
  DE: 'A1PA6795UKMFR9',
  EG: 'ARBP9OOSHTCHU',
  ES: 'A1RKKUPIHCS9HS',
  FR: 'A13V1IB3VIYZZH',
  GB: 'A1F83G8C2ARO7P',
  IE: 'A28R8C7NBKEWEA',
  IN: 'A21TJRUUN4KGV',
  IT: 'APJ6JRA9NG5V4',
  JP: 'A1VC38T7YXB528',
  MX: 'A1AM78C64UM0Y8',
  NL: 'A1805IZSGTT6HS',
  PL: 'A1C3SOZRARQ6R3',
  SA: 'A17E79C6D8DWNP',
  SE: 'A2NODRKZP88ZB9',
  SG: 'A19VAU5U5O7RUS',
  TR: 'A33AVAJ2PDY3EV',
  US: 'ATVPDKIKX0DER',
  ZA: 'AE08WJ6YKNBMC',
}

const KINDS = ['all listings', 'open listings']
const FIELDS = ['price.regular', 'stock.available'] as const

function refuseStock({ change, record }: CellPlace): FixRefusal | null {
  const channel = record.cell('channel')?.trim().toUpperCase()
  const byAmazon = channel === undefined ? record.cell('quantity') === null : channel !== 'DEFAULT'
  if (byAmazon) {
    return refusal(
      'Amazon ships this SKU: a quantity would turn it into one that the seller ships.',
      'Este SKU lo envía Amazon: una cantidad lo convertiría en un producto que envía el vendedor.',
      'stock.available',
    )
  }
  if (change.after !== null && isWhole(change.after) && !change.after.startsWith('-')) return null
  return refusal(
    'Amazon takes whole quantities from zero up.',
    'Amazon solo admite cantidades enteras desde cero.',
    'stock.available',
  )
}

function refusePrice({ change }: CellPlace): FixRefusal | null {
  if (change.after !== null && isPositive(change.after)) return null
  return refusal(
    'Amazon refuses the whole file for an empty or zero price.',
    'Amazon rechaza el fichero entero si un precio está vacío o es cero.',
    'price.regular',
  )
}

/** In the mark of the seller's report; null where nothing shows it and it matters. */
function priceCell(value: string, { change, raw, context }: CellPlace): string | null {
  const mark = decimalMark(raw ?? null, context.understood)
  if (mark === null) return isWhole(value) ? decimalText(value, 0) : null
  return amountText(value, change.unit ?? context.currency, mark)
}

/** The business price stands in the same record as a price of its own. */
function refuseBusiness({ record, changes }: FixRecord): FixRefusal | null {
  const business = record.cell('business_price') ?? null
  if (business === null || business !== record.cell('price')) return null
  if (!changes.some(({ field }) => field === 'price.regular')) return null
  return refusal(
    'The price for companies is the same: it cannot be told which of the two is meant.',
    'El precio para empresas es el mismo: no se sabe cuál de los dos se quiere cambiar.',
    'price.regular',
  )
}

function refuseSku(record: SourceRecord): FixRefusal | null {
  if (!/["\t\r\n]|^\s|\s$/.test(record.cell('sku') ?? '')) return null
  return refusal(
    'The SKU has a quotation mark, a tab, a line break or a blank at an end, which this kind of file cannot hold.',
    'El SKU tiene comillas, un tabulador, un salto de línea o un espacio en un extremo, que este tipo de fichero no admite.',
  )
}

const priceAndQuantity = keyedTable({
  name: 'price-and-quantity',
  extension: 'txt',
  kinds: KINDS,
  advice: {
    en: 'Upload it as a price and quantity file; cells left empty keep their value. Its decimal mark is that of your report: compare one price with the template of your marketplace, which may have lines of its own above the header.',
    es: 'Súbalo como fichero de precio y cantidad; las celdas vacías conservan su valor. El separador decimal es el de su informe: compare un precio con la plantilla de su país, que puede llevar líneas propias encima de la cabecera.',
  },
  encoding: 'source',
  delimiter: '\t',
  lineEnd: '\n',
  identity: ['sku'],
  required: ['sku'],
  headers: { sku: 'sku', price: 'price', quantity: 'quantity' },
  untouched: 'blank',
  cells: {
    'price.regular': { column: 'price', number: true, write: priceCell, refuse: refusePrice },
    'stock.available': {
      column: 'quantity',
      number: true,
      write: (value) => decimalText(value, 0),
      refuse: refuseStock,
    },
  },
  refuse: (record) => refuseSku(record.record) ?? refuseBusiness(record),
})

function patchOf({ field, after, unit }: FixRecord['changes'][number], context: FixContext): string | null {
  if (after === null) return null
  // Amounts are written as they are: a JSON number from a double could gain digits.
  if (field === 'stock.available') {
    const value = `[{"fulfillment_channel_code":"DEFAULT","quantity":${decimalText(after, 0)}}]`
    return `{"op":"merge","path":"/attributes/fulfillment_availability","value":${value}}`
  }
  const currency = (unit ?? context.currency).toUpperCase()
  const offer = [
    `"marketplace_id":${JSON.stringify(MARKETPLACES[context.market] ?? '')}`,
    `"currency":${JSON.stringify(currency)}`,
    '"audience":"ALL"',
    `"our_price":[{"schedule":[{"value_with_tax":${amountText(after, currency)}}]}]`,
  ]
  return `{"op":"merge","path":"/attributes/purchasable_offer","value":[{${offer.join(',')}}]}`
}

const patches: DocumentFix = {
  shape: 'document',
  name: 'listings-patches',
  extension: 'json',
  kinds: KINDS,
  fields: FIELDS,
  also: true,
  separator: ',\n',
  advice: {
    en: 'The same changes for the Selling Partner API, feed JSON_LISTINGS_FEED: fill in sellerId, and use either this or the file.',
    es: 'Los mismos cambios para la Selling Partner API, feed JSON_LISTINGS_FEED: complete sellerId y use esto o el fichero, no los dos.',
  },
  open: ({ market }) => {
    const locale = market === 'ES' ? 'es_ES' : market === 'MX' ? 'es_MX' : 'en_US'
    return `{"header":{"sellerId":"","version":"2.0","issueLocale":"${locale}"},"messages":[\n`
  },
  entry: (group, context, position) =>
    group
      .map(({ record, changes }) => {
        const parts = changes.map((change) => patchOf(change, context)).filter((part) => part !== null)
        const sku = JSON.stringify(record.cell('sku') ?? '')
        const head = `"messageId":${position + 1},"sku":${sku},"operationType":"PATCH","productType":"PRODUCT"`
        return `{${head},"patches":[${parts.join(',')}]}`
      })
      .join(',\n'),
  close: () => '\n]}\n',
  refuse: (record, context, group) => {
    if (MARKETPLACES[context.market] === undefined) {
      return refusal('Amazon has no marketplace for this market.', 'Amazon no tiene tienda para este mercado.')
    }
    const priced = record.changes.filter(({ field }) => field === 'price.regular')
    if (priced.some(({ unit }) => !/^[A-Z]{3}$/i.test(unit ?? context.currency))) {
      return refusal('The currency is not known.', 'No se conoce la moneda.', 'price.regular')
    }
    return priceAndQuantity.refuse(record, context, group)
  },
}

export const fixes = [priceAndQuantity, patches]
