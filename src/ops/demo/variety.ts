/** What looks wrong and is not: every way in which sound articles differ between channels. An audit stays silent on them. */
import { withCheckDigit } from './codes.ts'
import { type Random, random } from './random.ts'
import { type AmazonRow, type Article, type Sale, type StoreRow, unlist, type World } from './world.ts'

interface Variation {
  /** Share of all articles. */
  readonly share: number
  readonly fits?: (article: Article) => boolean
  readonly change: (article: Article, world: World, chance: Random) => void
}

const stocked = ({ store }: Article): boolean => (store.units ?? 0) >= 12
const onAmazon = ({ amazon }: Article): boolean => amazon.length === 1
const sized = ({ line }: Article): boolean => line.family === 'Calzado' || line.family === 'Textil deportivo'

const SALES: readonly Pick<Sale, 'from' | 'to'>[] = [
  { from: -10, to: 12 },
  { from: -6, to: 20 },
  { from: 9, to: 25 },
  { from: -40, to: -12 },
]

const VARIATIONS: readonly Variation[] = [
  // A twin that Amazon fulfils: second listing of the article, no quantity of ours.
  { share: 0.05, fits: (article) => stocked(article) && onAmazon(article), change: (article) => addTwin(article) },
  { share: 0.015, fits: (article) => stocked(article) && onAmazon(article), change: (article) => onlyTwin(article) },
  // A pack of three for its own price; the price of a unit is the same.
  {
    share: 0.03,
    fits: (article) => stocked(article) && !sized(article),
    change: (article, world) => addPack(article, world),
  },
  // A cautious channel publishes less, another never more than five.
  { share: 0.03, fits: (article) => stocked(article) && onAmazon(article), change: (article) => holdBack(article) },
  { share: 0.03, fits: stocked, change: (article) => capAtFive(article) },
  // The same sale in store and web: running, still to come, or over.
  { share: 0.07, fits: sized, change: (article, _, chance) => putOnSale(article, chance) },
  { share: 0.04, change: (article) => dropWebCode(article) },
  {
    share: 0.015,
    fits: stocked,
    change: ({ store }) => {
      store.state = 'Últimas unidades'
    },
  },
  { share: 0.012, change: (article, _, chance) => retire(article, chance.chance(0.5) ? 'Descatalogado' : 'Histórico') },
  { share: 0.008, change: (article) => pause(article) },
  // Capitals in the store's program are the same colour.
  {
    share: 0.02,
    change: ({ store }) => {
      store.color = store.color.toUpperCase()
    },
  },
  // Codes of the store's own scales are no GTIN: two articles share one.
  { share: 0.008, change: (article, world) => useStoreCode(article, world) },
  // Damaged goods are counted, but belong to no pool that is sold from.
  {
    share: 0.012,
    change: ({ store, stock }) => void stock.push({ sku: store.sku, location: 'TARAS', onHand: 4, reserved: 0 }),
  },
  // The web takes orders for what is to come: below zero on purpose.
  { share: 0.002, fits: ({ store }) => store.units === 0, change: (article) => takeBackorders(article) },
]

/** Packs are too rare to be left to chance. */
const FEWEST_PACKS = 2

export function vary(world: World, seed: number): void {
  const chance = random(seed, 'variety')
  for (const product of world.products) {
    if (product.virtual || !chance.chance(0.012)) continue
    product.published = -1
    for (const row of product.rows) row.published = -1
  }
  for (const article of world.articles) {
    if (article.taken) continue
    if (article.product.published === -1) prepare(article)
    else varyOne(article, world, chance)
  }
  for (const article of world.articles) {
    if (world.packs.length >= FEWEST_PACKS) break
    if (article.taken || !stocked(article) || sized(article)) continue
    addPack(article, world)
    article.taken = true
  }
  addUnfinished(world)
}

function varyOne(article: Article, world: World, chance: Random): void {
  let draw = chance.int(1000) / 1000
  for (const { share, fits, change } of VARIATIONS) {
    draw -= share
    if (draw >= 0) continue
    if (fits?.(article) === false) return
    change(article, world, chance)
    article.taken = true
    return
  }
}

function twinOf(row: AmazonRow): AmazonRow {
  return { ...row, sku: `${row.sku}-FBA`, units: null, listing: `${row.listing}F` }
}

function addTwin(article: Article): void {
  article.amazon.push(...article.amazon.map(twinOf))
}

function onlyTwin(article: Article): void {
  article.amazon = article.amazon.map(twinOf)
}

function addPack(article: Article, world: World): void {
  const { store, web, amazon } = article
  // Three times 50 cents ends again as prices of shops do.
  const single = Math.floor((store.cents ?? 0) / 100) * 100 + 50
  for (const row of [store, web, ...amazon]) if (row !== null) row.cents = single
  const cents = single * 3
  const sku = `${store.sku}-P3`
  const index = world.packs.length.toString(36).toUpperCase().padStart(7, '0')
  amazon.push({
    sku,
    title: `${store.brand} ${store.title}, lote de 3`,
    cents,
    units: Math.floor((store.units ?? 0) / 3),
    gtin: '',
    asin: `B0P${index}`,
    listing: `0923${index.slice(2)}ES`,
    state: 'Active',
  })
  world.packs.push([sku, store.sku, 3])
}

function holdBack({ amazon, store }: Article): void {
  for (const row of amazon) row.units = (store.units ?? 0) - 2
}

function capAtFive({ web }: Article): void {
  if (web !== null) web.units = 5
}

function putOnSale(article: Article, chance: Random): void {
  const { store, web } = article
  const cents = Math.floor(((store.cents ?? 0) * 0.8) / 100) * 100 + 95
  const sale = { ...chance.pick(SALES), cents }
  store.sale = sale
  if (web !== null) web.sale = { ...sale }
  // The report of the marketplace has no sale price; it could only contradict.
  article.amazon = []
}

function dropWebCode({ web }: Article): void {
  if (web !== null) web.gtin = ''
}

function retire(article: Article, state: 'Descatalogado' | 'Histórico'): void {
  article.store.state = state
  article.amazon = []
  unlist(article)
  clearStock(article)
}

function clearStock({ store, stock }: Article): void {
  store.units = 0
  stock.splice(0, stock.length, { sku: store.sku, location: 'ALM1', onHand: 0, reserved: 0 })
}

function pause(article: Article): void {
  article.store.state = 'Baja temporal'
  unlist(article)
  for (const row of article.amazon) row.state = 'Inactive'
}

function prepare(article: Article): void {
  article.store.state = 'En preparación'
  article.amazon = []
  article.taken = true
}

function useStoreCode(article: Article, world: World): void {
  const used = world.articles.filter(({ store }) => store.gtin.startsWith('20')).length
  article.store.gtin = withCheckDigit(`20${String(Math.floor(used / 2) + 1).padStart(10, '0')}`)
  article.amazon = []
  dropWebCode(article)
}

function takeBackorders(article: Article): void {
  if (article.web === null) return
  Object.assign(article.web, { units: -2, inStock: 'backorder', backorders: 'notify', available: 14 })
  article.amazon = []
}

/** Drafts that exist nowhere else: not for sale, so nobody's business yet. */
function addUnfinished(world: World): void {
  const [model] = world.articles
  if (model === undefined) return
  for (const number of [1, 2]) {
    const sku = `PROX-00${number}`
    const title = `Próxima temporada ${number}`
    const row = { ...blankRow(model.store), sku, title }
    world.products.push({ ...model.product, sku: '', title, simple: true, virtual: false, published: -1, rows: [row] })
  }
  world.amazon.push({
    sku: 'BORRADOR-1',
    title: 'Zapatilla sin terminar',
    cents: 4995,
    units: 0,
    gtin: '',
    asin: 'B0BORRADOR',
    listing: '0924BORRADOR',
    state: 'Incomplete',
  })
}

function blankRow(store: StoreRow): World['products'][number]['rows'][number] {
  return {
    sku: '',
    parent: '',
    gtin: '',
    title: '',
    published: -1,
    inStock: '0',
    units: 0,
    backorders: '0',
    cents: store.cents,
    sale: null,
    size: '',
    color: '',
    pack: 1,
  }
}
