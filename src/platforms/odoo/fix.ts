/**
 * Files that correct Odoo: `id`, the external id, and the technical names of the fields that change.
 *
 * - Records whose external id is known are changed, others are created; a column that is not there keeps its value, and
 *   an empty cell empties the field (odoo.com documentation, essentials, export and import data, 17 to 19; text read in
 *   odoo/documentation, content/applications/essentials/export_import_data.rst, 2026-11). So records without `id` are
 *   refused, and so are files with labels instead of technical names: those of an export for updating data.
 * - Numbers are read with either mark, found by looking at the column (the same page): amounts are written with a point and
 *   never with exactly three decimals, which could be taken for thousands.
 * - `list_price`, the name and the switches of sale belong to the template, and changing them on a variant changes all of
 *   its siblings (`product.product` inherits `product.template`; product/models, 17 to 19). References, barcodes, costs
 *   and `active` are the variant's own.
 * - Quantities on hand are computed. Those of a location are counted by importing `inventory_quantity` of quants with their
 *   `id`, and applied in Inventory > Physical inventory; **unverified** in detail, which the advice says.
 */
import type { FixChange, FixGroup, FixRecord, FixRefusal, SourceRecord } from '../fix.ts'
import { decimalText, gtinText } from '../fix-values.ts'
import { type CellPlace, type CellRule, keyedTable, refusal, textCell } from '../keyed-fix.ts'

/** Columns that a file can be imported with again. */
const TECHNICAL = /^[a-z][a-z0-9_]*$/

const SHARED = ['title', 'price.regular', 'buyable', 'visible', 'attributes.available_in_pos'] as const

function amount(value: string): string | null {
  const text = decimalText(value, 2)
  return text !== null && /\.\d{3}$/.test(text) ? `${text}0` : text
}

function refuseLabel({ change, record }: CellPlace, columns: readonly string[]): FixRefusal | null {
  const header = columns.map((column) => record.headerOf(column)).find((one) => one !== undefined)
  if (header !== undefined && TECHNICAL.test(header)) return null
  return refusal(
    `Odoo imports technical names, and the file says ‘${header ?? change.field}’: export again for updating data.`,
    `Odoo importa nombres técnicos y el fichero dice «${header ?? change.field}»: exporte de nuevo para actualizar datos.`,
    change.field,
  )
}

const cell = (column: string, rule: Omit<CellRule, 'column' | 'refuse'>): CellRule => ({
  ...rule,
  column,
  refuse: (place) => refuseLabel(place, [column]),
})

const money = (column: string): CellRule => cell(column, { number: true, write: amount })

const flag = (column: string): CellRule =>
  cell(column, {
    write: (value, { raw, context }) => {
      if (context.direction === 'undo') return raw ?? null
      return value === 'true' ? 'True' : value === 'false' ? 'False' : null
    },
  })

type Model = 'template' | 'variant' | 'unknown'

function modelOf(record: SourceRecord): Model {
  if (record.headerOf('template') !== undefined) return 'variant'
  const id = record.cell('id') ?? ''
  if (id.includes('product_template')) return 'template'
  return id.includes('product_product') ? 'variant' : 'unknown'
}

/** What belongs to a template is written by its variants only where all of them say the same. */
function refuseTemplate(record: FixRecord, group: FixGroup): FixRefusal | null {
  if (modelOf(record.record) === 'template') return null
  const isGrouped = (record.record.cell('template') ?? null) !== null
  const alike = ({ field, after }: FixChange): boolean =>
    group.every(({ changes }) => changes.some((other) => other.field === field && other.after === after))
  const shared = record.changes.filter(({ field }) => SHARED.some((one) => one === field))
  const refused = shared.find((change) => !isGrouped || !alike(change))
  if (refused === undefined) return null
  return refusal(
    `${refused.field} belongs to the product template: export templates, or variants with their template and change them all alike.`,
    `${refused.field} es de la plantilla del producto: exporte plantillas, o variantes con su plantilla y cámbielas todas igual.`,
    refused.field,
  )
}

function refuseName({ record, changes }: FixRecord): FixRefusal | null {
  if (record.headerOf('name') === 'name' || !changes.some(({ field }) => field === 'title')) return null
  return refusal(
    'The name shown is composed by Odoo: export the field name.',
    'El nombre mostrado lo compone Odoo: exporte el campo name.',
    'title',
  )
}

function refuseId({ record }: FixRecord): FixRefusal | null {
  if (record.headerOf('id') === 'id') return null
  return refusal(
    'Without the column id, the external id, an import creates records: export again for updating data.',
    'Sin la columna id, el identificador externo, la importación crea registros: exporte de nuevo para actualizar datos.',
  )
}

const products = keyedTable({
  name: 'products',
  extension: 'csv',
  kinds: ['products'],
  group: { by: 'template', whole: true },
  advice: {
    en: 'Import it in the list that it was exported from (products or product variants) with Import records; test first, and check that no line says it creates a record.',
    es: 'Impórtelo en la lista de la que se exportó (productos o variantes) con Importar registros; pulse antes Probar y compruebe que ninguna línea crea un registro.',
  },
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: ['id'],
  required: ['id'],
  untouched: 'repeated',
  changedOnly: true,
  cells: {
    sku: cell('reference', { write: textCell }),
    gtin: cell('barcode', {
      empties: true,
      write: (value, { raw, context }) => (context.direction === 'undo' ? (raw ?? null) : gtinText(value, raw ?? null)),
    }),
    title: cell('name', { write: textCell }),
    status: cell('active', {
      write: (value, { raw, context }) => {
        if (context.direction === 'undo') return raw ?? null
        return value === 'active' ? 'True' : value === 'archived' ? 'False' : null
      },
    }),
    visible: flag('published'),
    buyable: flag('sale_ok'),
    'attributes.available_in_pos': flag('in_pos'),
    'price.regular': money('price'),
    'price.cost': money('cost'),
  },
  refuse: (record, _context, group) => refuseId(record) ?? refuseName(record) ?? refuseTemplate(record, group),
})

const quants = keyedTable({
  name: 'stock-by-location',
  extension: 'csv',
  kinds: ['stock by location'],
  advice: {
    en: 'Import it in Inventory > Physical inventory with Import records, as a manager of stock, and apply the counts there: until then nothing moves. Try it with one line first.',
    es: 'Impórtelo en Inventario > Inventario físico con Importar registros, como responsable de inventario, y aplique allí los recuentos: hasta entonces no se mueve nada. Pruébelo antes con una línea.',
  },
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: ['id'],
  required: ['id'],
  headers: { quantity: 'inventory_quantity' },
  untouched: 'repeated',
  cells: {
    'stock.on_hand': { column: 'quantity', number: true, write: amount },
  },
  refuse: refuseId,
})

export const fixes = [products, quants]
