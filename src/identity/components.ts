import { groupBy } from '../base/group.ts'

/** Which listings are one article, decided for the listings whose keys do not already say it by themselves. Pure. */

export interface KeyedListing {
  readonly rid: string
  readonly channel: number
  /** Linkable GTIN: valid, unrestricted; null otherwise. */
  readonly gtin: string | null
  /** The GTIN was completed with a lost zero. */
  readonly restored: boolean
  readonly sku: string | null
  /** The SKU without the channel's template; null where no template fits. */
  readonly baseSku: string | null
  /** Folded brand and MPN as one key. */
  readonly brandMpn: string | null
  /** Item id of the crosswalk. */
  readonly crosswalk: string | null
  readonly crosswalkConfidence: number
  readonly crosswalkPack: number | null
  /** What may legally tell two listings of one channel with one GTIN apart: condition, pack, fulfilment. */
  readonly variant: string
}

export type LinkMethod = 'crosswalk' | 'gtin' | 'sku' | 'template' | 'brand+mpn' | 'none'

export interface Membership {
  readonly rid: string
  /** Row id of the component's first listing. */
  readonly component: string
  readonly method: LinkMethod
  readonly confidence: number
  /** A key of it stands for several articles, so it linked nothing. */
  readonly collides: 'gtin' | 'sku' | null
  readonly crosswalk: string | null
  /** Units of a pack by the crosswalk. */
  readonly crosswalkPack: number | null
}

type Key = 'gtin' | 'sku' | 'brand+mpn'

interface Known {
  readonly gtins: Set<string>
  /** Channels, with what tells two listings of one GTIN apart. */
  readonly places: Set<string>
}

/**
 * Joins listings to articles by the keys in order; a key that collides joins nothing.
 *
 * @param catalog - Position of the channel whose SKUs are articles by definition; null without one.
 */
export function resolveComponents(
  listings: readonly KeyedListing[],
  keys: readonly Key[],
  catalog: number | null,
): readonly Membership[] {
  return new Resolver(listings, catalog).run(keys)
}

class Resolver {
  readonly #listings: readonly KeyedListing[]
  readonly #parent: number[]
  readonly #sizes: number[]
  readonly #method: LinkMethod[]
  readonly #confidence: number[]
  readonly #collides: ('gtin' | 'sku' | null)[]

  readonly #catalog: number | null
  readonly #skuChannels = new Map<string, Set<number>>()

  constructor(listings: readonly KeyedListing[], catalog: number | null) {
    this.#catalog = catalog
    for (const { sku, channel } of listings) {
      if (sku !== null) this.#skuChannels.set(sku, (this.#skuChannels.get(sku) ?? new Set()).add(channel))
    }
    // Row order, so that the outcome does not depend on the order in which channels were read.
    this.#listings = listings
    this.#parent = listings.map((_, index) => index)
    this.#sizes = listings.map(() => 1)
    this.#method = listings.map(() => 'none')
    this.#confidence = listings.map(() => 1)
    this.#collides = listings.map(() => null)
  }

  run(keys: readonly Key[]): readonly Membership[] {
    this.#byCrosswalk()
    for (const key of keys) {
      if (key === 'gtin') this.#byGtin()
      else if (key === 'sku') {
        this.#bySku()
        this.#byTemplate()
      } else this.#byBrandMpn()
    }
    return this.#listings.map((listing, index) => ({
      rid: listing.rid,
      component: this.#listings[this.#root(index)]?.rid ?? listing.rid,
      method: this.#method[index] ?? 'none',
      confidence: this.#confidence[index] ?? 1,
      collides: this.#collides[index] ?? null,
      crosswalk: listing.crosswalk,
      crosswalkPack: listing.crosswalkPack,
    }))
  }

  #byCrosswalk(): void {
    const bySku = this.#groups((listing) =>
      this.#catalog === null || listing.channel === this.#catalog ? listing.sku : null,
    )
    for (const [item, members] of this.#groups((listing) => listing.crosswalk)) {
      for (const index of members) {
        const listing = this.#listings[index]
        this.#join(members[0] ?? index, index, 'crosswalk', listing?.crosswalkConfidence ?? 1)
        this.#method[index] = 'crosswalk'
      }
      // The crosswalk may name an article by the catalog's SKU without listing the catalog's own row. Last, because a
      // join gives its confidence to both ends that have none yet.
      const named = bySku.get(item)?.[0]
      if (named !== undefined) this.#join(members[0] ?? named, named, 'crosswalk', 1)
    }
  }

  #byGtin(): void {
    for (const members of this.#groups((listing) => listing.gtin).values()) {
      if (this.#collidesByGtin(members)) {
        for (const index of members) this.#collides[index] = 'gtin'
        continue
      }
      const first = members[0]
      if (first === undefined || members.length < 2) continue
      for (const index of members) this.#join(first, index, 'gtin', this.#listings[index]?.restored === true ? 0.9 : 1)
    }
  }

  /**
   * Several listings of one channel share the code, and it is not one article listed twice: their SKUs are articles
   * elsewhere too, or none of them is.
   */
  #collidesByGtin(members: readonly number[]): boolean {
    const byPlace = groupBy(
      members.filter((index) => this.#listings[index]?.crosswalk === null),
      (index) => `${this.#listings[index]?.channel}\u0000${this.#listings[index]?.variant}`,
    )
    for (const place of byPlace.values()) {
      const skus = new Set(place.map((index) => this.#baseOf(index)))
      if (skus.size < 2) continue
      const channel = this.#listings[place[0] ?? 0]?.channel ?? -1
      const known = [...skus].filter((sku) => sku !== '' && this.#isArticle(sku, channel))
      if (known.length !== 1) return true
    }
    return false
  }

  #baseOf(index: number): string {
    const listing = this.#listings[index]
    return listing?.baseSku ?? listing?.sku ?? ''
  }

  /** The SKU is one of the catalog's own, or another channel has it too. */
  #isArticle(sku: string, channel: number): boolean {
    if (channel === this.#catalog) return true
    const channels = this.#skuChannels.get(sku)
    return channels !== undefined && [...channels].some((other) => other !== channel)
  }

  #bySku(): void {
    const known = this.#known()
    for (const members of this.#groups((listing) => listing.sku).values()) this.#bySharedSku(members, known)
  }

  /** What GTINs have said of each root so far. */
  #known(): Map<number, Known> {
    const known = new Map<number, Known>()
    for (const [index, { gtin, channel, variant }] of this.#listings.entries()) {
      if (gtin === null || this.#method[index] === 'crosswalk') continue
      const root = this.#root(index)
      const of = known.get(root) ?? { gtins: new Set(), places: new Set() }
      of.gtins.add(gtin)
      of.places.add(`${channel}\u0000${variant}`)
      known.set(root, of)
    }
    return known
  }

  /** A listing whose SKU is another's plus the channel's suffix is that article, also beside it in one channel. */
  #byTemplate(): void {
    const bySku = this.#groups((listing) => listing.sku)
    const byBase = this.#groups((listing) => listing.baseSku)
    for (const [base, members] of byBase) {
      const plain = bySku.get(base) ?? []
      const roots = new Set(plain.map((index) => this.#root(index)))
      const target = plain[0] ?? members[0]
      if (roots.size > 1 || target === undefined) continue
      for (const index of members) {
        if (this.#alone(index)) this.#join(target, index, 'template', 1)
        else if (index !== target && this.#root(index) === this.#root(target) && this.#method[index] !== 'crosswalk')
          this.#method[index] = 'template'
      }
    }
  }

  #bySharedSku(members: readonly number[], known: Map<number, Known>): void {
    const roots = [...new Set(members.map((index) => this.#root(index)))]
    if (roots.length < 2) {
      for (const index of members) this.#confirm(index)
      return
    }
    const channels = new Set<number>()
    const collides = roots.some((root) => {
      const own = new Set(
        members.filter((index) => this.#root(index) === root).map((index) => this.#listings[index]?.channel ?? -1),
      )
      const clash = [...own].some((channel) => channels.has(channel))
      for (const channel of own) channels.add(channel)
      return clash
    })
    if (collides || contradict(roots.flatMap((root) => known.get(root) ?? []))) {
      for (const index of members) this.#collides[index] ??= 'sku'
      return
    }
    const gtins = new Set(members.flatMap((index) => this.#listings[index]?.gtin ?? []))
    const first = members[0]
    if (first === undefined) return
    const confidence = gtins.size > 1 ? 0.9 : 1
    for (const index of members) this.#join(first, index, 'sku', confidence)
    const joined = roots.flatMap((root) => known.get(root) ?? [])
    known.set(this.#root(first), {
      gtins: new Set(joined.flatMap((one) => [...one.gtins])),
      places: new Set(joined.flatMap((one) => [...one.places])),
    })
  }

  #byBrandMpn(): void {
    for (const members of this.#groups((listing) => listing.brandMpn).values()) {
      const alone = members.filter((index) => this.#alone(index))
      const channels = new Set(alone.map((index) => this.#listings[index]?.channel))
      const first = alone[0]
      if (first === undefined || channels.size !== alone.length || alone.length < 2) continue
      for (const index of alone) this.#join(first, index, 'brand+mpn', 0.95)
    }
  }

  #groups(key: (listing: KeyedListing) => string | null): Map<string, number[]> {
    const groups = new Map<string, number[]>()
    for (const [index, listing] of this.#listings.entries()) {
      const value = key(listing)
      if (value === null) continue
      const group = groups.get(value)
      if (group === undefined) groups.set(value, [index])
      else group.push(index)
    }
    return groups
  }

  #root(index: number): number {
    let root = index
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root
    let walk = index
    while (walk !== root) {
      const next = this.#parent[walk] ?? root
      this.#parent[walk] = root
      walk = next
    }
    return root
  }

  #alone(index: number): boolean {
    return (this.#sizes[this.#root(index)] ?? 1) === 1
  }

  #join(a: number, b: number, method: LinkMethod, confidence: number): void {
    const [low, high] = [this.#root(a), this.#root(b)].sort((x, y) => x - y)
    if (low === undefined || high === undefined) return
    if (low !== high) {
      this.#parent[high] = low
      this.#sizes[low] = (this.#sizes[low] ?? 1) + (this.#sizes[high] ?? 1)
    }
    if (this.#method[b] === 'none') {
      this.#method[b] = method
      this.#confidence[b] = confidence
    }
    if (a !== b && this.#method[a] === 'none') {
      this.#method[a] = method
      this.#confidence[a] = confidence
    }
  }

  /** An equal SKU confirms what a restored GTIN only suggested. */
  #confirm(index: number): void {
    if (this.#method[index] === 'gtin' && this.#confidence[index] !== 1) this.#confidence[index] = 1
  }
}

/**
 * One channel sells both under GTINs of their own, so they are two articles: shops number their articles as they like,
 * and an equal SKU cannot join what GTINs tell apart.
 */
function contradict(roots: readonly Known[]): boolean {
  return roots.some((one, at) =>
    roots.slice(at + 1).some(({ gtins, places }) => !meet(one.gtins, gtins) && meet(one.places, places)),
  )
}

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((value) => other.has(value))
}
