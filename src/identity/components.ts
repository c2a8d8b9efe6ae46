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
  readonly crosswalkMethod: string | null
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
}

type Key = 'gtin' | 'sku' | 'brand+mpn'

/** Joins listings to articles by the keys in order; a key that collides joins nothing. */
export function resolveComponents(listings: readonly KeyedListing[], keys: readonly Key[]): readonly Membership[] {
  return new Resolver(listings).run(keys)
}

class Resolver {
  readonly #listings: readonly KeyedListing[]
  readonly #parent: number[]
  readonly #sizes: number[]
  readonly #method: LinkMethod[]
  readonly #confidence: number[]
  readonly #collides: ('gtin' | 'sku' | null)[]

  constructor(listings: readonly KeyedListing[]) {
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
    }))
  }

  #byCrosswalk(): void {
    for (const members of this.#groups((listing) => listing.crosswalk).values()) {
      for (const index of members) {
        const listing = this.#listings[index]
        this.#join(members[0] ?? index, index, 'crosswalk', listing?.crosswalkConfidence ?? 1)
        this.#method[index] = 'crosswalk'
      }
    }
  }

  #byGtin(): void {
    for (const members of this.#groups((listing) => listing.gtin).values()) {
      if (this.#collidesByGtin(members)) {
        for (const index of members) this.#collides[index] = 'gtin'
        continue
      }
      const first = members[0]
      if (first === undefined) continue
      for (const index of members) this.#join(first, index, 'gtin', this.#listings[index]?.restored === true ? 0.9 : 1)
    }
  }

  /** Two listings of one channel, with different SKUs, share the code and nothing legal tells them apart. */
  #collidesByGtin(members: readonly number[]): boolean {
    const seen = new Map<string, string>()
    for (const index of members) {
      const listing = this.#listings[index]
      if (listing === undefined || listing.crosswalk !== null) continue
      const base = listing.baseSku ?? listing.sku ?? ''
      const place = `${listing.channel}\u0000${listing.variant}`
      const other = seen.get(place)
      if (other !== undefined && other !== base) return true
      seen.set(place, base)
    }
    return false
  }

  #bySku(): void {
    for (const members of this.#groups((listing) => listing.sku).values()) this.#bySharedSku(members, 'sku')
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
      for (const index of members) if (this.#alone(index)) this.#join(target, index, 'template', 1)
    }
  }

  #bySharedSku(members: readonly number[], method: LinkMethod): void {
    const roots = [...new Set(members.map((index) => this.#root(index)))]
    if (roots.length < 2) {
      for (const index of members) this.#confirm(index)
      return
    }
    const channels = new Set<number>()
    const collides = roots.some((root) => {
      const own = new Set(members.filter((index) => this.#root(index) === root).map((index) => this.#listings[index]?.channel ?? -1))
      const clash = [...own].some((channel) => channels.has(channel))
      for (const channel of own) channels.add(channel)
      return clash
    })
    if (collides) {
      for (const index of members) this.#collides[index] ??= 'sku'
      return
    }
    const gtins = new Set(members.flatMap((index) => this.#listings[index]?.gtin ?? []))
    const first = members[0]
    if (first === undefined) return
    const confidence = gtins.size > 1 ? 0.9 : 1
    for (const index of members) this.#join(first, index, method, confidence)
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
