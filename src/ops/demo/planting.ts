/** Picks sound articles for faults and keeps the list of what was planted. */
import { withCheckDigit } from './codes.ts'
import { type Random, random } from './random.ts'
import type { PlantedCause } from './truth.ts'
import type { AmazonRow, Article, ChannelId, WebRow, World } from './world.ts'

/** An article that stands in all three channels, agrees everywhere and has nothing unusual. */
export interface Plain extends Article {
  web: WebRow
}

interface NewFault {
  readonly rule: string
  readonly code?: string
  readonly market?: null
  readonly items?: readonly string[]
  readonly subject?: string
  readonly channels: readonly [ChannelId, ...ChannelId[]]
  readonly entails?: readonly string[]
  readonly note: string
  readonly cause?: PlantedCause
}

export interface Planting {
  readonly world: World
  readonly chance: Random
  /** A plain article, from then on taken; null when none is left that fits. */
  readonly take: (fits?: (article: Plain) => boolean) => Plain | null
  /** Two plain variants of one product, from then on taken. */
  readonly takePair: () => readonly [Plain, Plain] | null
  /** A valid GTIN that no article has. */
  readonly freshGtin: () => string
  /** Counts up: makes codes of strangers unique. */
  readonly serial: () => number
  readonly record: (fault: NewFault) => void
}

export interface PlantRule {
  readonly rule: string
  /** Each plants one fault; false when no article fits. */
  readonly ways: readonly ((planting: Planting) => boolean)[]
  /** Each way once, whatever the number of articles: the fault concerns a file. */
  readonly once?: true
}

export function startPlanting(world: World, seed: number, excludes: (article: Article) => boolean): Planting {
  const chance = random(seed, 'faults')
  const pool = chance.shuffle(world.articles.filter((article) => !excludes(article)).filter(isPlain))
  let serial = 0
  const next = (): number => ++serial
  const take: Planting['take'] = (fits) => {
    const found = pool.find((article) => !article.taken && (fits?.(article) ?? true)) ?? null
    if (found !== null) found.taken = true
    return found
  }
  return {
    world,
    chance,
    take,
    takePair: () => takePair(pool),
    freshGtin: () => withCheckDigit(`8499991${String(next()).padStart(5, '0')}`),
    serial: next,
    record: (fault) => record(world, fault),
  }
}

function isPlain(article: Article): article is Plain {
  const { store, web, amazon } = article
  return (
    !article.taken &&
    (store.units ?? 0) >= 36 &&
    (store.cents ?? 0) >= 2000 &&
    (store.cents ?? 0) < 20_000 &&
    store.tax === 21 &&
    web !== null &&
    amazon.length === 1 &&
    amazon.every((row) => row.gtin !== '')
  )
}

/** The one listing of a plain article on the marketplace. */
export function listingOf(article: Plain): AmazonRow {
  const [row] = article.amazon
  if (row === undefined) throw new RangeError(`${article.store.sku} is not on the marketplace`)
  return row
}

function takePair(pool: readonly Plain[]): readonly [Plain, Plain] | null {
  const waiting = new Map<string, Plain>()
  for (const article of pool) {
    if (article.taken || article.product.simple) continue
    const other = waiting.get(article.product.sku)
    if (other === undefined) {
      waiting.set(article.product.sku, article)
      continue
    }
    other.taken = true
    article.taken = true
    return [other, article]
  }
  return null
}

function record(world: World, fault: NewFault): void {
  const items = fault.items ?? []
  const { cause } = fault
  world.faults.push({
    id: `f${String(world.faults.length + 1).padStart(4, '0')}`,
    rule: fault.rule,
    code: fault.code ?? null,
    market: fault.market === null ? null : 'ES',
    item: items[0] ?? null,
    items,
    subject: fault.subject ?? null,
    channels: fault.channels,
    entails: fault.entails ?? [],
    note: fault.note,
    ...(cause === undefined ? {} : { cause }),
  })
}
