/**
 * Writes three channels of the same articles as UTF-8 CSV, about 100 bytes a row, with 2 % of the articles at fault.
 * The same size gives the same bytes. `node bench/generate.js ARTICLES FOLDER`
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const CHANNELS = ['store', 'web', 'market']
/** One article in this many has a fault. */
const FAULT_EVERY = 50
/** In turn; each but `missing` changes one cell of one channel. */
const FAULTS = ['price', 'status', 'title', 'stock', 'missing']

const KINDS = ['Zapato', 'Bota', 'Sandalia', 'Zapatilla', 'Mocasín']
const STYLES = ['de piel', 'de lona', 'impermeable', 'de verano']
const BRANDS = ['Sol', 'Norte', 'Albufera', 'Cierzo', 'Levante', 'Ría']
const CATEGORIES = ['Calzado/Mujer', 'Calzado/Hombre', 'Calzado/Niños', 'Deporte']
/** Cents that shops let their prices end in: any others would be a fault of every second article. */
const ENDINGS = [0, 50, 90, 95, 99]
const HEADER = 'sku,ean,title,brand,category,price,sale price,stock,status\n'
const CHUNK = 1 << 20

/** @param {string} digits twelve of them */
function withCheckDigit(digits) {
  let sum = 0
  for (let at = 0; at < 12; at++) sum += Number(digits[at]) * (at % 2 === 0 ? 1 : 3)
  return digits + String((10 - (sum % 10)) % 10)
}

/** @param {number} cents */
function money(cents) {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

/**
 * The fault of an article and the channel that has it; null for the 98 % that agree.
 * @param {number} article from 0
 */
export function faultOf(article) {
  if (article % FAULT_EVERY !== FAULT_EVERY - 1) return null
  const turn = Math.floor(article / FAULT_EVERY)
  // The store holds the authority, so that only the two others differ from it.
  return { kind: FAULTS[turn % FAULTS.length], channel: 1 + (Math.floor(turn / FAULTS.length) % 2) }
}

/**
 * @param {number} article from 0
 * @param {number} channel index in CHANNELS
 * @returns {string} the row with its line feed; empty where the channel lacks the article
 */
function rowOf(article, channel) {
  const fault = faultOf(article)
  const kind = fault !== null && fault.channel === channel ? fault.kind : null
  if (kind === 'missing') return ''
  const mixed = (article * 2654435761) % 4294967296
  const price = (10 + (mixed % 190)) * 100 + (ENDINGS[mixed % 5] ?? 0) + (kind === 'price' ? 300 : 0)
  const sale = mixed % 10 < 3 ? money(Math.floor(price * 0.8)) : ''
  const stock = (mixed % 90) + (kind === 'stock' ? 40 : 0)
  const number = String(article).padStart(8, '0')
  const title = `${KINDS[mixed % 5]} ${STYLES[mixed % 4]} modelo ${article % 977} talla ${35 + (article % 12)}`
  return [
    `SOL-${number}`,
    withCheckDigit(`84${String(article).padStart(10, '0')}`),
    kind === 'title' ? `${title} (oferta)` : title,
    BRANDS[mixed % 6],
    CATEGORIES[mixed % 4],
    money(price),
    sale,
    stock,
    kind === 'status' ? 'discontinued\n' : 'active\n',
  ].join(',')
}

const CONFIG = `version: 1
project: Bench
currency: EUR
market: ES
timezone: Europe/Madrid
extends: [recommended]
authority: {catalog: store, price: {default: store}, stock: {default: store}}
channels:
${CHANNELS.map(
  (channel, at) => `  ${channel}:
    kind: ${['store', 'web', 'marketplace'][at]}
    includes_tax: true
    stock_pool: shared
    assortment: full
    sources:
      - platform: csv
        path: ${channel}.csv
        map:
          sku: sku
          gtin: ean
          title: title
          brand: brand
          category: category
          price.regular: price
          price.sale: sale price
          stock.available: stock
          status: {column: status, vocabulary: {active: active, discontinued: discontinued}}
`,
).join('')}`

/**
 * Writes the three files and `omniparity.yaml` unless the folder holds them already.
 * @param {number} articles
 * @param {string} folder
 */
export function generate(articles, folder) {
  const stamp = join(folder, 'complete')
  const version = `3 ${articles}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return
  mkdirSync(folder, { recursive: true })
  for (const [channel, name] of CHANNELS.entries()) {
    const file = openSync(join(folder, `${name}.csv`), 'w')
    let chunk = HEADER
    for (let article = 0; article < articles; article++) {
      chunk += rowOf(article, channel)
      if (chunk.length < CHUNK) continue
      writeSync(file, chunk)
      chunk = ''
    }
    writeSync(file, chunk)
    closeSync(file)
  }
  writeFileSync(join(folder, 'omniparity.yaml'), CONFIG)
  writeFileSync(stamp, version)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [articles, folder] = process.argv.slice(2)
  if (articles === undefined || folder === undefined) {
    process.stderr.write('usage: node bench/generate.js ARTICLES FOLDER\n')
    process.exitCode = 2
  } else generate(Number(articles), folder)
}
