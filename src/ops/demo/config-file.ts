/** The demo's `omniparity.yaml`: what a retailer would write, with a comment where one would ask why. */
import { instantText } from '../../base/clock.ts'
import type { CompanyFile } from './file-company.ts'

const MINUTE_MS = 60_000

export function configText(asOf: Date, company: readonly CompanyFile[], promotionsAge: number): string {
  const at = (minutes: number): string => instantText(new Date(asOf.getTime() - minutes * MINUTE_MS))
  return `# Demo: Calzados Sol sells in its stores, on the web and on Amazon. The files are generated; faults.json lists what is wrong in them. Audit them as of their own day: \`omniparity audit --as-of ${at(0)}\`.
version: 1
project: Calzados Sol
locale: es
market: ES
currency: EUR
timezone: Europe/Madrid
extends: [recommended]

channels:
  tienda:
    kind: store
    includes_tax: true
    stock_pool: shared              # stores, web and Amazon sell the same units
    price_policy: same
    sources:
      - platform: csv
        path: tienda/articulos.csv
        encoding: windows-1252      # the store's program writes the euro sign as byte 80
        decimal: ","
        data_as_of: ${at(12)}   # when it was exported, so that every run gives the same answer
        map:
          sku: Código
          gtin: EAN
          title: Descripción
          brand: Marca
          category: Familia
          attributes.size: Talla
          attributes.color: Color
          price.regular: PVP
          price.currency: Moneda
          price.tax_rate: IVA
          price.sale: Precio oferta
          price.sale_from: Oferta desde
          price.sale_to: Oferta hasta
          stock.available: Existencias
          pack_quantity: Uds. envase
          price.cost: Coste
          attributes.shelf_price: PVP etiqueta     # what the label of the shelf says
          attributes.safety_status: Alerta
          attributes.launch_at: Lanzamiento
          attributes.net_content: Contenido neto
          stock.counted_at: Último recuento
          status:
            column: Estado
            vocabulary:             # a word that is not here is reported, never guessed
              Activo: active
              Últimas unidades: phase_out
              Descatalogado: discontinued
              Baja temporal: paused
              En preparación: draft
              Histórico: archived
      - platform: csv
        path: tienda/stock-por-tienda.csv
        encoding: windows-1252
        grain: [sku, location]       # one record per article and location
        data_as_of: ${at(12)}
        map:
          sku: Código
          stock.location: Almacén
          stock.on_hand: Existencias
          stock.reserved: Reservado
          stock.pickup: Recogida       # whether customers can collect it there
${promotionSource('tienda', at(12))}
  web:
    kind: web
    includes_tax: true
    stock_pool: shared
    price_policy: same
    assortment: full                # every active article has to be on the web
    sources:
      - platform: woocommerce
        path: web/wc-product-export.csv
        data_as_of: ${at(7)}
        map:
          pack_quantity: "Meta: unidades_por_envase"   # fields of our own in the shop
          attributes.discount_percent: "Meta: descuento"
          attributes.manufacturer_name: "Meta: fabricante"
          attributes.availability_date: "Meta: disponible_desde"
          attributes.net_content: "Meta: contenido_neto"
          attributes.unit_price: "Meta: precio_por_kilo"
${promotionSource('web', at(7))}
  amazon:
    kind: marketplace
    includes_tax: true
    stock_pool: shared
    price_policy: same
    assortment: open                # nobody expects every article there
    sources:
      - platform: amazon
        path: amazon/all-listings.txt
        data_as_of: ${at(5)}
${promotionSource('amazon', at(promotionsAge))}
identity:
  crosswalk: crosswalk.csv          # packs of three: another listing of the same article
  keys: [gtin, sku]
  sku_template: {amazon: "{sku}-FBA"}

authority:                          # who is right
  catalog: tienda
  price: tienda
  stock: tienda
  promotion: tienda

locations:
  ALM1: {pool: shared, kind: warehouse}
  T01: {pool: shared, kind: store}
  T02: {pool: shared, kind: store}
  T03: {pool: shared, kind: store}
  TARAS: {pool: taras, kind: damaged}   # counted, but not for sale

inputs:                             # small files beside the exports; each switches rules on
${company.map(({ name, path }) => `  ${name}: ${path}`).join('\n')}
`
}

function promotionSource(channel: string, dataAsOf: string): string {
  return `      - platform: csv
        path: ${channel}/promociones.csv
        decimal: ","
        data_as_of: ${dataAsOf}
        map:
          promotion.key: Código promo
          promotion.name: Nombre
          promotion.kind: {column: Tipo, vocabulary: {Porcentaje: percent, Importe: amount, Envío gratis: free_shipping, 2x1: bogo}}
          promotion.value: Valor
          promotion.starts_at: Inicio
          promotion.ends_at: Fin
          promotion.channels: Canales
          promotion.items: Artículos
          promotion.min_spend: Compra mínima
          promotion.code: Cupón
          promotion.stackable: Acumulable
          promotion.status: {column: Estado, vocabulary: {Activa: active, Programada: scheduled, Finalizada: archived}}
`
}
