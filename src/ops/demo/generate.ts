/** The sound retailer: articles whose rows agree in every channel. */
import { BRANDS, type Brand, COLORS, ENDINGS, HOUSE_BRAND, LINES, type Line, MODELS } from './assortment.ts'
import { withCheckDigit } from './codes.ts'
import { soundCompany } from './company.ts'
import { type Random, random } from './random.ts'
import { vary } from './variety.ts'
import type { AmazonRow, Article, StockRow, StoreRow, WebProduct, WebRow, World } from './world.ts'

const SERVICES = ['Plantillas a medida', 'Arreglo de cremallera', 'Tarjeta regalo']

export function generateWorld(seed: number, count: number): World {
  const chance = random(seed, 'articles')
  const world: World = {
    articles: [],
    products: [],
    store: [],
    stock: [],
    amazon: [],
    promotions: { tienda: [], web: [], amazon: [] },
    packs: [],
    company: soundCompany(seed),
    faults: [],
  }
  while (world.articles.length < count - SERVICES.length) {
    addProduct(world, chance, count - SERVICES.length)
  }
  for (const [index, title] of SERVICES.entries()) addService(world, index, title)
  vary(world, seed)
  return world
}

interface Design {
  readonly line: Line
  readonly brand: Brand
  readonly title: string
  readonly code: string
  readonly cents: number
}

function addProduct(world: World, chance: Random, limit: number): void {
  const line = chance.pick(LINES)
  const brand = line.own === true && line.family !== 'Accesorios' ? HOUSE_BRAND : chance.pick(BRANDS)
  const number = world.products.length + 1
  const [low, high] = line.euros
  const design: Design = {
    line,
    brand,
    title: `${line.noun} ${chance.pick(MODELS)} ${1 + chance.int(60)} ${brand.name}`,
    code:
      line.family === 'Hogar' && chance.chance(0.5) ? String(number).padStart(5, '0') : `${line.code}${1000 + number}`,
    cents: (low + chance.int(high - low)) * 100 + chance.pick(ENDINGS),
  }
  const sizes = line.sizes.slice(chance.int(Math.ceil(line.sizes.length / 3)))
  const colors = line.colors ? chance.shuffle(COLORS).slice(0, chance.chance(0.3) ? 2 : 1) : ([['', '']] as const)
  const simple = sizes.length * colors.length === 1
  const product: WebProduct = {
    sku: simple ? '' : `${design.code}-P`,
    title: design.title,
    brand: brand.name,
    path: line.path,
    published: 1,
    simple,
    virtual: false,
    tax: line.tax,
    rows: [],
  }
  world.products.push(product)
  for (const color of colors) {
    for (const size of sizes) {
      if (world.articles.length < limit) world.articles.push(variant(world, design, product, color, size, chance))
    }
  }
}

function variant(
  world: World,
  design: Design,
  product: WebProduct,
  [color, colorCode]: readonly [name: string, code: string],
  size: string,
  chance: Random,
): Article {
  const { line, brand, code, cents } = design
  const index = world.articles.length
  // Legacy codes are digits alone: a second colour needs its letters.
  const legacy = /^\d+$/.test(code) && product.simple
  const sku = legacy ? code : [code, colorCode, size.replace(' 2/3', 'M')].filter((part) => part !== '').join('-')
  const serial = String(index % 100_000).padStart(5, '0')
  const gtin = brand.upc ? withCheckDigit(`0${brand.company}${serial}`) : withCheckDigit(`84${brand.company}${serial}`)
  const units = chance.chance(0.06) ? 0 : chance.chance(0.15) ? 1 + chance.int(9) : 12 + chance.int(70)
  const store: StoreRow = {
    sku,
    gtin,
    title: [design.title, color.toLowerCase(), size].filter((part) => part !== '').join(' '),
    brand: brand.name,
    family: line.family,
    size,
    color,
    cents,
    sale: null,
    units,
    state: 'Activo',
    pack: 1,
    tax: line.tax,
    currency: 'EUR',
    ...(line.net === undefined ? {} : { net: line.net }),
  }
  const web = webRow(store, product, brand)
  product.rows.push(web)
  const article: Article = { line, product, store, stock: stockOf(sku, units, chance), web, amazon: [], taken: false }
  if (chance.chance(0.62)) article.amazon.push(amazonRow(store, index, chance.chance(0.85)))
  return article
}

function webRow(store: StoreRow, product: WebProduct, brand: Brand): WebRow {
  const { size, color, units } = store
  const option = [size, color].filter((part) => part !== '').join(', ')
  return {
    sku: store.sku,
    parent: product.simple ? '' : product.sku,
    // The shop stores thirteen digits: the same number for everybody who pads.
    gtin: brand.upc ? `0${store.gtin}` : store.gtin,
    title: product.simple ? product.title : `${product.title} - ${option}`,
    published: 1,
    inStock: units === 0 ? '0' : '1',
    units,
    backorders: '0',
    cents: store.cents,
    sale: null,
    size,
    color,
    pack: 1,
    maker: `${brand.name}, S.A.`,
    ...(store.net === undefined ? {} : { net: store.net }),
  }
}

export function amazonRow(store: StoreRow, index: number, byCode: boolean): AmazonRow {
  const suffix = index.toString(36).toUpperCase().padStart(7, '0')
  return {
    sku: store.sku,
    title: `${store.title} | Calzados Sol`,
    cents: store.cents,
    units: store.units,
    gtin: byCode ? store.gtin : '',
    asin: `B0C${suffix}`,
    listing: `0922${suffix.slice(2)}ES`,
    state: 'Active',
  }
}

/** Spreads the units over the warehouse and two stores; what is reserved comes on top. */
function stockOf(sku: string, units: number, chance: Random): StockRow[] {
  const first = chance.chance(0.5) ? Math.floor(units / 4) : 0
  const second = chance.chance(0.4) ? Math.floor(units / 5) : 0
  const reserved = chance.chance(0.1) ? 1 + chance.int(3) : 0
  const rows = [{ sku, location: 'ALM1', onHand: units - first - second + reserved, reserved }]
  if (first > 0) rows.push({ sku, location: 'T01', onHand: first, reserved: 0 })
  if (second > 0) rows.push({ sku, location: 'T02', onHand: second, reserved: 0 })
  return rows
}

/** Services have no code and no stock: blank is not zero. */
function addService(world: World, index: number, title: string): void {
  const line: Line = {
    noun: title,
    code: 'SER',
    family: 'Accesorios',
    path: 'Servicios',
    sizes: [''],
    colors: false,
    euros: [10, 20],
    tax: 21,
  }
  const store: StoreRow = {
    sku: `SER-${index + 1}`,
    gtin: '',
    title,
    brand: 'Calzados Sol',
    family: 'Servicios',
    size: '',
    color: '',
    cents: 1995 + index * 1000,
    sale: null,
    units: null,
    state: 'Activo',
    pack: 1,
    tax: 21,
    currency: 'EUR',
  }
  const product: WebProduct = {
    sku: '',
    title,
    brand: 'Calzados Sol',
    path: 'Servicios',
    published: 1,
    simple: true,
    virtual: true,
    tax: 21,
    rows: [],
  }
  const web: WebRow = { ...webRow(store, product, HOUSE_BRAND), gtin: '' }
  product.rows.push(web)
  world.products.push(product)
  world.articles.push({ line, product, store, stock: [], web, amazon: [], taken: true })
}
