/**
 * Files that correct Adobe Commerce (Magento 2), for the behaviour "Add/Update" (`append`) of System > Data Transfer > Import.
 * Never for `replace`, which deletes the products and makes new ones.
 *
 * - `catalog_product` (Experience League, "Product attributes reference", 2026; `CatalogImportExport` of magento2, read
 *   2026-11): `sku` and the columns that change are enough; an empty `store_view_code` is the default scope. An empty cell
 *   keeps the value and `__EMPTY__VALUE__` removes it (since 2.3; older versions refuse the row, and some read `0` as
 *   empty, hence `0.00`). Dates of special prices are days, the last one included; years first are read the same in every language.
 * - Columns of stock are not looked through for empty cells: quantities have a file of their own.
 * - `advanced_pricing` (`AdvancedPricingImportExport`): a tier price is found by SKU, website, group and quantity.
 * - `stock_sources` (`InventoryImportExport`): source, SKU, status and quantity; the status is written as it stands.
 *
 * Names are not written: versions up to 2.2 make a new URL of a name.
 */
import type { FixFormat, FixRefusal, SourceRecord } from '../fix.ts'
import { lastDay, startDay } from '../fix-days.ts'
import { amountText, decimalText } from '../fix-values.ts'
import { type CellPlace, type CellRule, keyedTable, refusal, textCell } from '../keyed-fix.ts'

const EMPTY = '__EMPTY__VALUE__'

const writePrice = (value: string, place: CellPlace): string | null =>
  place.context.direction === 'undo' && typeof place.raw === 'string'
    ? place.raw
    : amountText(value, place.context.currency)

const writeQuantity = (value: string, place: CellPlace): string | null =>
  place.context.direction === 'undo' ? textCell(value, place) : decimalText(value, 0)

/** What an import cannot empty, so that it could not be taken back either. */
function refuseNothing({ change }: CellPlace): FixRefusal | null {
  const { before, after, field } = change
  if (before !== null && after !== null) return null
  return refusal(
    `An import keeps ${field} where the cell is empty: it could not be removed, or not taken back.`,
    `La importación conserva ${field} si la celda está vacía: no podría quitarse, o no podría deshacerse.`,
    field,
  )
}

/** A value that can be replaced, but not removed. */
const lasting = (column: string, write: CellRule['write']): CellRule => ({
  column,
  number: true,
  write,
  refuse: refuseNothing,
})

const removable = (column: string): CellRule => ({ column, number: true, write: writePrice, cleared: EMPTY })

/** The day as it will be stored; a text with a time is a whole day to the shop, and was read as an instant. */
function dateRule(
  column: string,
  write: (instant: string, timezone: string) => string | null,
  whole: boolean,
): CellRule {
  return {
    column,
    cleared: EMPTY,
    write: (value, { context }) => write(value, context.timezone),
    refuse: ({ change, raw, context }) => {
      const instants = [change.before, change.after].filter((instant) => instant !== null)
      if (instants.some((instant) => write(instant, context.timezone) === null)) {
        return refusal(
          'Special prices begin and end with a day, and this date has a time.',
          'Los precios especiales empiezan y acaban con el día, y esta fecha tiene hora.',
          change.field,
        )
      }
      if (!whole || raw === null || raw === undefined || !/\d:\d/.test(raw)) return null
      return refusal(
        'The export has a time beside the last day: whether that day still counts cannot be told from the file.',
        'La exportación trae una hora junto al último día: el fichero no dice si ese día todavía cuenta.',
        change.field,
      )
    },
  }
}

function refuseView(record: SourceRecord): FixRefusal | null {
  const view = record.cell('store_view')
  if (view === null || view === undefined) return null
  return refusal(
    `The row is what the store view ${view} overrides; only the default scope is corrected.`,
    `La fila es lo que cambia la vista de tienda ${view}; solo se corrige el ámbito predeterminado.`,
  )
}

const PRODUCTS: FixFormat = keyedTable({
  name: 'catalog_product',
  extension: 'csv',
  kinds: ['products'],
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: ['sku', 'store_view'],
  required: ['sku'],
  untouched: 'blank',
  cells: {
    status: {
      column: 'online',
      write: (value) => (value === 'active' ? '1' : value === 'paused' ? '2' : null),
      refuse: refuseNothing,
    },
    'price.regular': lasting('price', writePrice),
    'price.sale': removable('special_price'),
    'price.sale_from': dateRule('special_from', startDay, false),
    'price.sale_to': dateRule('special_to', lastDay, true),
    'price.cost': removable('cost'),
  },
  advice: {
    en: `System > Data Transfer > Import, entity Products, behaviour Add/Update; never Replace, which deletes the products first. Leave "Empty attribute value constant" at ${EMPTY}; empty cells keep their values.`,
    es: `Sistema > Transferencia de datos > Importar, entidad Productos, comportamiento Añadir/Actualizar; nunca Reemplazar, que antes borra los productos. Deje «Constante de valor de atributo vacío» en ${EMPTY}; las celdas vacías conservan su valor.`,
  },
  refuse: ({ record }) => refuseView(record),
})

const QUANTITIES: FixFormat = keyedTable({
  name: 'catalog_product-stock',
  extension: 'csv',
  kinds: ['products'],
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: ['sku', 'store_view'],
  required: ['sku'],
  untouched: 'repeated',
  cells: { 'stock.available': lasting('quantity', writeQuantity) },
  advice: {
    en: 'System > Data Transfer > Import, entity Products, behaviour Add/Update, soon after the export. With several sources it sets the default one. `is_in_stock` stays: what was out of stock has to be put on sale in the shop.',
    es: 'Sistema > Transferencia de datos > Importar, entidad Productos, comportamiento Añadir/Actualizar, poco después de la exportación. Con varios orígenes fija el predeterminado. «is_in_stock» no cambia: lo que estaba agotado hay que ponerlo a la venta en la tienda.',
  },
  refuse: ({ record }) => refuseView(record),
})

const TIERS: FixFormat = keyedTable({
  name: 'advanced_pricing',
  extension: 'csv',
  kinds: ['advanced pricing'],
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: ['sku', 'website', 'group', 'quantity', 'value_type'],
  required: ['sku', 'website', 'group', 'quantity'],
  untouched: 'repeated',
  cells: { 'price.regular': lasting('price', writePrice) },
  advice: {
    en: 'System > Data Transfer > Import, entity Advanced Pricing, behaviour Add/Update; Replace would drop the other tier prices of these articles.',
    es: 'Sistema > Transferencia de datos > Importar, entidad Precios avanzados, comportamiento Añadir/Actualizar; Reemplazar borraría los demás precios por tramos de estos artículos.',
  },
})

const SOURCES: FixFormat = keyedTable({
  name: 'stock_sources',
  extension: 'csv',
  kinds: ['stock sources'],
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: ['source', 'sku', 'status'],
  required: ['source', 'sku', 'status'],
  untouched: 'repeated',
  cells: { 'stock.on_hand': lasting('quantity', writeQuantity) },
  advice: {
    en: 'System > Data Transfer > Import, entity Stock Sources, behaviour Add/Update, soon after the export: the file sets quantities.',
    es: 'Sistema > Transferencia de datos > Importar, entidad Orígenes de existencias, comportamiento Añadir/Actualizar, poco después de la exportación: el fichero fija cantidades.',
  },
})

export const fixes: readonly FixFormat[] = [PRODUCTS, QUANTITIES, TIERS, SOURCES]
