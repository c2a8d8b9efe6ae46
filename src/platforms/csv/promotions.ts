import { headers } from '../aliases.ts'
import type { FileKind } from '../platform.ts'
import { promotionWords } from '../vocabulary.ts'
import { prices, stocks } from './quantities.ts'

/** Promotions as a retailer lists them: one per row, or one row per promotion and article. */
export const promotions: FileKind = {
  name: 'promotions',
  columns: {
    key: headers(`
      Promotion Key | Promotion ID | Promo ID | Campaign ID | Offer ID | ID promoción | Código promoción | Cód.
      promoción | Id. promoción | Clave promoción | ID campaña | Código campaña | Nº promoción | Promo | promotion_id
      | Id oferta
    `),
    code: headers(`
      Coupon Code | Coupon | Promo Code | Promotion Code | Discount Code | Voucher Code | Voucher | Código cupón |
      Código de cupón | Cupón | Código promocional | Código descuento | Código de descuento | Vale | Code | Código
    `),
    name: headers(`
      Promotion Name | Promotion | Campaign | Campaign Name | Offer Name | Name | Title | Description | Nombre
      promoción | Nombre de la promoción | Promoción | Campaña | Nombre campaña | Oferta | Nombre | Título |
      Descripción
    `),
    kind: headers(`
      Promotion Type | Discount Type | Offer Type | Kind | Type | Tipo de promoción | Tipo promoción | Tipo descuento |
      Tipo de descuento | Tipo oferta | Clase | Tipo
    `),
    percent: headers(`
      Percent Off | Discount % | % Discount | Discount Percent | Percentage | % Dto | % Dto. | Dto % | Dto. % | %
      Descuento | Descuento % | Porcentaje | Porcentaje descuento | Descuento (%)
    `),
    amount: headers(`
      Amount Off | Discount Amount | Money Off | Importe descuento | Descuento importe |
      Importe del descuento
    `),
    value: headers('Value | Discount | Discount Value | Amount | Valor | Descuento | Dto | Dto. | Valor descuento'),
    items: headers(`
      Items | SKUs | Products | SKU | Product SKUs | Item SKUs | Applies To | Artículos | Productos | Referencias |
      Códigos artículo | Artículo | Referencia | Código artículo | Aplica a | EAN | GTIN | Código de barras
    `),
    min_spend: headers(`
      Minimum Spend | Min Spend | Minimum Amount | Minimum Purchase | Min. Purchase | Compra mínima | Importe mínimo |
      Gasto mínimo | Pedido mínimo | Mínimo
    `),
    starts_at: headers(`
      Starts At | Start Date | Start | Starts | From | Valid From | Date From | Begins | Inicio | Fecha inicio | Fecha
      de inicio | Desde | Fecha desde | Válido desde | Vigente desde | F. inicio | Comienzo
    `),
    ends_at: headers(`
      Ends At | End Date | End | Ends | To | Until | Valid To | Valid Until | Date To | Expires | Expiry Date |
      Expiration Date | Fin | Fecha fin | Fecha de fin | Hasta | Fecha hasta | Válido hasta | Vigente hasta | F. fin |
      Caducidad | Fecha caducidad | Fecha de caducidad | Vencimiento
    `),
    channels: headers(`
      Channels | Channel | Sales Channels | Redemption Channels | Canales | Canal | Canales de venta | Ámbito
    `),
    stackable: headers(`
      Stackable | Combinable | Combines | Cumulative | Acumulable | Compatible con otras | Combinable con otras
    `),
    status: headers(`
      Status | State | Promotion Status | Estado | Estado promoción | Situación | Activa | Activo | Active | Enabled
    `),
    price: prices.price,
    stock: stocks.stock,
  },
  requires: [],
  requiresAny: [
    ['key', 'code', 'name'],
    ['kind', 'value', 'percent', 'amount'],
    ['starts_at', 'ends_at'],
  ],
  forbids: ['price', 'stock'],
  outputs: [
    {
      entity: 'promotion',
      rows: '{key} IS NOT NULL OR {code} IS NOT NULL OR {name} IS NOT NULL',
      fields: {
        'promotion.key': 'key:key',
        'promotion.code': 'code:key',
        'promotion.name': 'name:text',
        'promotion.kind': {
          sql: `CASE WHEN {kind} IS NOT NULL THEN {kind:kind}
            WHEN {percent} IS NOT NULL OR contains({value}, '%') THEN 'percent'
            WHEN {amount} IS NOT NULL THEN 'amount' END`,
        },
        'promotion.value': {
          sql: `coalesce({percent:percent}, {amount:money}, CASE WHEN contains({value},
            '%') THEN {value:percent} ELSE {value:money} END)`,
          rawSql: 'coalesce({percent}, {amount}, {value})',
        },
        'promotion.items': 'items:list',
        'promotion.min_spend': 'min_spend:money',
        'promotion.starts_at': 'starts_at:instant',
        'promotion.ends_at': 'ends_at:date_end',
        'promotion.channels': 'channels:list',
        'promotion.stackable': 'stackable:bool',
        'promotion.status': 'status:state',
      },
    },
  ],
  vocabulary: promotionWords,
  grain: ['promotion.key', 'promotion.code', 'promotion.name', 'promotion.items'],
}
