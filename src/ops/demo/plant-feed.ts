import type { Planting, PlantRule } from './planting.ts'
import type { StoreState } from './world.ts'

const REFERENCE = 'feed/broken-reference'
const DAMAGE = 'feed/encoding-damage'

export const FEED: readonly PlantRule[] = [
  { rule: REFERENCE, ways: [stockOfStranger, lostParent, unknownLocation] },
  {
    rule: 'feed/unknown-vocabulary',
    once: true,
    ways: [(planting) => unknownWord(planting, 'Pdte. revisión'), (planting) => unknownWord(planting, 'Bloq. calidad')],
  },
  { rule: DAMAGE, once: true, ways: [garbleWeb, garbleMarketplace, turnSizesIntoDates] },
]

function stockOfStranger(planting: Planting): boolean {
  const sku = `ELIM-${String(planting.serial()).padStart(4, '0')}`
  planting.world.stock.push({ sku, location: 'ALM1', onHand: 6, reserved: 0 })
  planting.record({
    rule: REFERENCE,
    market: null,
    subject: sku,
    channels: ['tienda'],
    note: 'stock of an article that the list of articles does not have',
  })
  return true
}

function lostParent(planting: Planting): boolean {
  const article = planting.take(({ product }) => !product.simple)
  if (article === null) return false
  const parent = `BORR-${planting.serial()}-P`
  article.web.parent = parent
  planting.record({
    rule: REFERENCE,
    market: null,
    items: [article.store.sku],
    subject: parent,
    channels: ['web'],
    entails: ['catalog/missing-required-attribute', 'catalog/missing-in-channel', 'catalog/missing-image'],
    note: 'a variation of a parent that is not in the file',
  })
  return true
}

function unknownLocation(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  const location = `T9${planting.serial()}`
  article.stock.push({ sku: article.store.sku, location, onHand: 0, reserved: 0 })
  planting.record({
    rule: REFERENCE,
    market: null,
    items: [article.store.sku],
    subject: location,
    channels: ['tienda'],
    note: 'a stock row of nothing at a location that nobody declared',
  })
  return true
}

function unknownWord(planting: Planting, word: Extract<StoreState, 'Pdte. revisión' | 'Bloq. calidad'>): boolean {
  const articles = [planting.take(), planting.take(), planting.take()].filter((article) => article !== null)
  if (articles.length === 0) return false
  for (const { store } of articles) store.state = word
  planting.record({
    rule: 'feed/unknown-vocabulary',
    market: null,
    subject: word,
    items: articles.map(({ store }) => store.sku),
    channels: ['tienda'],
    note: 'a state that the configuration does not translate; the articles are unknown, not wrong',
  })
  return true
}

const ACCENTED = /[À-ÿ]/

/** The part of Windows-1252 that differs from Latin-1, as far as the titles reach it. */
const WINDOWS: Readonly<Record<string, string>> = { '\x80': '€', '\x89': '‰', '\x91': '‘', '\x99': '™' }

/** UTF-8 that a program read as Windows-1252 and saved: é becomes Ã©. */
function garble(text: string): string {
  // TextDecoder is not used: Node 20 reads Windows-1252 as Latin-1, and the bytes have to be the same everywhere.
  const read = Buffer.from(text, 'utf8').toString('latin1')
  return read.replace(/[\x80-\x9f]/g, (sign) => WINDOWS[sign] ?? sign)
}

/** Well above the share from which a column counts as damaged, in a file of any size. */
function damagedRows(planting: Planting): number {
  return Math.max(3, Math.ceil(planting.world.articles.length * 0.003))
}

function garbleWeb(planting: Planting): boolean {
  return damage(planting, 'web', 'titles imported with the wrong encoding', () => {
    const article = planting.take(({ web }) => ACCENTED.test(web.title))
    if (article !== null) article.web.title = garble(article.web.title)
    return article?.store.sku ?? null
  })
}

function garbleMarketplace(planting: Planting): boolean {
  return damage(planting, 'amazon', 'titles uploaded with the wrong encoding', () => {
    const article = planting.take(({ amazon }) => amazon.some(({ title }) => ACCENTED.test(title)))
    for (const row of article?.amazon ?? []) row.title = garble(row.title)
    return article?.store.sku ?? null
  })
}

const MONTHS = ['', 'ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct']

function turnSizesIntoDates(planting: Planting): boolean {
  return damage(planting, 'tienda', 'a spreadsheet turned children’s sizes into dates', () => {
    const article = planting.world.articles.find(({ taken, store }) => !taken && /^\d+-\d+$/.test(store.size))
    if (article === undefined) return null
    const [day = '', month = ''] = article.store.size.split('-')
    article.store.size = `${day.padStart(2, '0')}-${MONTHS[Number(month)]}`
    article.taken = true
    return article.store.sku
  })
}

function damage(
  planting: Planting,
  channel: 'tienda' | 'web' | 'amazon',
  note: string,
  one: () => string | null,
): boolean {
  const items: string[] = []
  while (items.length < damagedRows(planting)) {
    const item = one()
    if (item === null) break
    items.push(item)
  }
  if (items.length === 0) return false
  planting.record({
    rule: DAMAGE,
    code: channel === 'tienda' ? 'spreadsheet' : 'mojibake',
    market: null,
    items,
    channels: [channel],
    entails: channel === 'tienda' ? ['catalog/attribute-mismatch'] : ['catalog/title-mismatch'],
    note,
  })
  return true
}
