import { headers } from '../aliases.ts'

/** Headers of prices, stock and attributes in retailers' own exports; the same rule as in `columns.ts`. */
export const prices = {
  price: headers(`
    Price | Regular Price | Sell Price | Selling Price | Unit Price | Retail Price | Retail | RRP | Our Price |
    Variant Price | Normal Price | Consumer Price |  Sales Price | Public
    Price | PVP | P.V.P. | PVP € | PVP 1 | PVP1 | Precio | Precio venta | Precio de venta | Precio
    venta público | Precio de venta al público | Precio público | Precio al público | Precio normal | Precio
    regular | Precio unitario | Precio final | Tarifa | Tarifa 1 | Precio tarifa | Precio lista | Precio de
    lista | Importe | Valor venta | Precio € | Precio web | Precio tienda | List Price
  `),
  /** Beside a net price, one with tax; alone it may be called so for any reason. */
  gross: headers('Gross Price | Price Gross | Price (Gross) | Precio bruto'),
  /** Beside a gross price, one without tax; alone it may be net of discounts. */
  net: headers('Net Price | Price Net | Price (Net) | Precio neto'),
  price_eur: headers('Price (EUR) | Price EUR | EUR Price | PVP EUR | PVP (EUR) | Precio EUR | Precio (EUR)'),
  price_usd: headers('Price (USD) | Price USD | USD Price | Precio USD | Precio (USD)'),
  /** Says of itself that it is with tax. */
  price_gross: headers(`
    PVP (IVA incl.) | PVP IVA inc. | PVP IVA incluido | PVP con IVA | Precio (IVA incluido) | Precio IVA
    incluido | Precio c/IVA | Precio con IVA | Price inc. VAT | Price incl. VAT | Price incl. tax | Price tax
    incl. | Price with VAT
  `),
  /** Says of itself that it is without tax. */
  price_net: headers(`
    Price excl. VAT | Price ex VAT | Price excl. tax | Price tax excl. | Price without VAT | Price excluding tax
    | Precio sin IVA | Precio s/IVA | PVP sin IVA | PVP s/IVA | Base imponible | Precio sin impuestos | Tarifa
    sin IVA | Precio venta sin IVA | Importe sin IVA | Precio antes de impuestos
  `),
  sale: headers(`
    Sale Price | Special Price | Offer Price | Promo Price | Promotional Price | Discounted Price | Discount
    Price | Online Sale Price | Precio oferta | Precio de oferta | Precio rebajado | Precio rebaja | Precio
    promoción | Precio promocional | Precio promo | Precio especial | Precio con descuento | PVP oferta | PVP
    rebajado | PVP promo | Precio outlet | Precio liquidación | PVP rebajas
  `),
  sale_from: headers(`
    Sale From | Sale Start | Sale Start Date | Special Price From | Sale Price From | Date sale price starts |
    Inicio oferta | Fecha inicio oferta | Oferta desde | Desde oferta | Inicio rebaja | Fecha inicio rebaja |
    Fecha desde oferta | Inicio promoción precio | F. inicio oferta
  `),
  sale_to: headers(`
    Sale To | Sale End | Sale End Date | Special Price To | Sale Price To | Date sale price ends | Fin oferta |
    Fecha fin oferta | Oferta hasta | Hasta oferta | Fin rebaja | Fecha fin rebaja | Fecha hasta oferta | F. fin
    oferta
  `),
  prior: headers(`
    Prior Price | Previous Price | Original Price | Was Price | Old Price | Compare At Price | Strike Price |
    Precio anterior | Precio tachado | Precio original | PVP anterior | Precio antes | Precio comparación
  `),
  cost: headers(`
    Cost | Cost Price | Unit Cost | Purchase Price | Buy Price | Cost per item | Wholesale Cost | Supply Price |
    Coste | Costo | Precio coste | Precio de coste | Precio costo | Precio de costo | Precio compra | Precio de
    compra | Coste unitario | Costo unitario | Último coste | Coste medio | PMC | Últ. precio compra
  `),
  currency: headers('Currency | Currency Code | ISO Currency | Moneda | Divisa | Código moneda | Código divisa'),
  includes_tax: headers(`
    Tax Included | Includes Tax | VAT Included | Price Includes Tax | IVA incluido | Impuestos incluidos
  `),
  tax_rate: headers(`
    VAT | VAT % | VAT Rate | Tax | Tax % | Tax Rate | Tax Rate % | IVA | IVA % | % IVA | Tipo IVA | Tipo de IVA
    | Porcentaje IVA | IGIC | IGIC % | Impuesto | Tipo impositivo | Impuesto %
  `),
  price_list: headers(`
    Price List | Price List Name | Pricelist | Price Book | Lista de precios | Nombre tarifa | Código tarifa |
    Cód. tarifa
  `),
  customer_group: headers('Customer Group | Customer Type | Grupo de clientes | Tipo de cliente | Grupo cliente'),
}

export const stocks = {
  stock: headers(`
    Stock | Stock Level | Stock Quantity | Stock Qty | Inventory | Inventory Quantity | Inventory Level |
    quantityOnStock | Variant Inventory Qty | Existencias | Existencia | Inventario | Unidades en stock | Uds. stock
    | Stock actual | Stock total | Stock web | Cantidad en stock | Stock tienda | Stock uds. | Inventory Count |
    Recuento de inventario
  `),
  /** Says of itself that it is what can still be sold: beside it, stock is what lies there. */
  promised: headers(`
    Available | Available Stock | Available Quantity | Available Qty | Qty Available | Stock Available | ATP | Units
    Available | Stock disponible | Disponible | Disponibles | Unidades disponibles | Uds. disponibles | Existencias
    disponibles | Cantidad disponible
  `),
  /** Also the contents of a package ("500 ml"): read as stock only where no unit of measure says so. */
  quantity: headers('Quantity | Qty | Qty. | Units | Count | Cantidad | Cant. | Uds | Uds. | Unidades | Unid.'),
  unit: headers('Unit | Unit of Measure | UOM | Measure | Unidad | Unidad de medida | U.M. | UM | Medida'),
  on_hand: headers(`
    On Hand | On Hand Quantity | Quantity On Hand | QOH | Physical Stock | Stock On Hand | SOH | Stock físico |
    Existencias físicas | En almacén | A mano | Cantidad a mano | Existencia física | Inventario físico
  `),
  reserved: headers(`
    Reserved | Committed | Allocated | Reserved Quantity | Stock reservado | Reservado | Reservadas |
    Comprometido | Pendiente de servir | Cantidad reservada | Uds. reservadas
  `),
  incoming: headers(`
    Incoming | On Order | Inbound | Incoming Quantity | Pendiente de recibir | Pte. recibir | En tránsito |
    Entrante | En camino | Pedido a proveedor
  `),
  unlimited: headers('Unlimited | Unlimited Stock | Stock ilimitado | Ilimitado'),
  backorder: headers(`
    Backorder | Backorders | Backorderable | Inventory Backorderable | Allow Backorder | Backorders Allowed | Oversell | Bajo pedido | Admite reservas |
    Permitir reservas | Venta sin stock | Venta sin existencias | Permitir venta sin stock
  `),
  location: headers(`
    Location | Location Code | Location Name | Warehouse | Warehouse Code | Store | Store Code | Store ID |
    Store Name | Outlet | Site | Branch | Shop | supplyChannel | Source Code | Almacén | Cód. almacén | Código
    almacén | Código de almacén | Alm. | Tienda | Código tienda | Código de tienda | Cód. tienda | Nº tienda |
    Centro | Sucursal | Local | Ubicación | Depósito | Delegación | Punto de venta | Nombre tienda | Nombre
    almacén
  `),
  pickup: headers(`
    Pickup | Click and Collect | Pickup Available | Recogida en tienda | Recogida | Retiro en tienda | Retiro
  `),
  counted_at: headers(`
    Counted At | Last Count | Count Date | Stock Date | Fecha de recuento | Fecha recuento | Último recuento |
    Fecha inventario | Fecha de inventario | Último inventario | Fecha stock
  `),
}

export const attributes = {
  size: headers('Size | Size Name | Talla | Talle | Tamaño | Número de calzado | Talla EU'),
  color: headers('Color | Colour | Color Name | Colour Name | Nombre color | Desc. color | Color/es'),
  material: headers('Material | Fabric | Composition | Composición | Tejido'),
  gender: headers('Gender | Sex | Género | Sexo'),
}

/** Beside a quantity they say that the records are what was sold, not what there is. */
export const receipts = {
  receipt: headers(`
    Ticket | Ticket ID | Ticket No | Ticket Number | Receipt | Receipt No | Receipt Number | Order ID | Sale ID |
    Transaction ID | Invoice No | Invoice Number | Sale Date | Order Date | Nº ticket | Núm. ticket | Número de ticket
    | Nº factura | Número de factura | Nº albarán | Nº pedido | Número de pedido | ID pedido | Fecha venta | Fecha de
    venta | Fecha ticket | Fecha factura | Fecha pedido | Fecha de pedido
  `),
}
