/**
 * Makes the listings of one channel out of its files: children take from parents, later sources fill what earlier ones
 * left empty, stock and price rows find their listing. A channel with one kind of file and no relations needs none of it.
 */
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { ChannelConfig, LocationConfig } from '../model/config.ts'
import { FIELDS } from '../model/field.ts'
import { createKeyTable, mayBeLost } from './lost-keys.ts'
import type { Arm, BrokenReference, LostKeys } from './tables.ts'

export interface Assembled {
  readonly listings: readonly Arm[]
  readonly broken: readonly BrokenReference[]
  /** Table of resolved rows by entity, each with `rid` of its listing or NULL. */
  readonly stock: string | null
  readonly price: string | null
}

/** A row's id over all sources: 32 bits of ordinal below the source's number. */
export function rid(source: string | number, ordinal: string): string {
  return `(${source}::BIGINT * 4294967296 + ${ordinal})`
}

/** How a key of a row says which one it is. */
const KEY_KIND = /^(sku|id|gtin|handle|parent):/

/** References listed one by one; the rest is counted. */
const MOST_BROKEN = 1000

/** What is made of a GTIN stays with it when a channel is put together from several sources. */
const OF_GTIN: ReadonlySet<string> = new Set(['gtin14', 'gtin_state'])
const OWN: ReadonlySet<string> = new Set(['listing_id', 'sku', 'sku_hash', 'gtin', 'gtin14', 'gtin_state', 'mpn'])
const TECHNICAL = ['src', 'ord', 'rid', 'role', 'entry', 'key0', 'key1', 'key2', 'key3', 'parent_key', 'price_delta']

export async function assembleChannel(
  engine: Engine,
  channel: ChannelConfig,
  index: number,
  all: readonly Arm[],
  locations: Readonly<Record<string, LocationConfig>>,
  lost: LostKeys,
): Promise<Assembled> {
  const proper = all.filter((arm) => arm.entity === 'listing' && !arm.fallback)
  const listings = proper.some((arm) => arm.role !== 'parent') ? proper : all.filter((arm) => arm.entity === 'listing')
  const stock = all.filter((arm) => arm.entity === 'stock')
  const price = all.filter((arm) => arm.entity === 'price')
  const plain = listings.every((arm) => arm.role === 'listing' && arm.entry === listings[0]?.entry)
  if (listings.length === 0 || (plain && stock.length === 0 && price.length === 0)) {
    return { listings, broken: [], stock: null, price: null }
  }
  const assembly = new Assembly(engine, channel, index, listings, locations, lost)
  return assembly.run(stock, price)
}

class Assembly {
  readonly #engine: Engine
  readonly #channel: ChannelConfig
  readonly #index: number
  readonly #arms: readonly Arm[]
  readonly #columns: ReadonlyMap<string, string>
  readonly #locations: Readonly<Record<string, LocationConfig>>
  readonly #lost: LostKeys
  readonly #broken: BrokenReference[] = []

  constructor(
    engine: Engine,
    channel: ChannelConfig,
    index: number,
    arms: readonly Arm[],
    locations: Readonly<Record<string, LocationConfig>>,
    lost: LostKeys,
  ) {
    this.#lost = lost
    this.#engine = engine
    this.#channel = channel
    this.#index = index
    this.#arms = arms
    this.#columns = unionColumns(arms)
    this.#locations = locations
  }

  async run(stock: readonly Arm[], price: readonly Arm[]): Promise<Assembled> {
    const base = `base${this.#index}`
    await this.#engine.run(`CREATE TABLE ${base} AS ${union(this.#arms, this.#columns)}`)
    const resolved = await this.#resolveChildren(base)
    const merged = await this.#mergeEntries(resolved)
    const keys = await this.#keyTable(merged, `keys${this.#index}`, 'TRUE')
    const stockTable = await this.#attach('stock', stock, keys)
    const priceTable = await this.#attach('price', price, keys)
    const table = await this.#fill(merged, keys, stockTable, stock, priceTable, price)
    await this.#engine.run(`DROP TABLE ${merged}`)
    await this.#engine.run(`DROP TABLE ${keys}`)
    return { listings: [await this.#armOf(table)], broken: this.#broken, stock: stockTable, price: priceTable }
  }

  /** Key to the first row that has it. */
  async #keyTable(table: string, name: string, where: string): Promise<string> {
    const parts = ['key0', 'key1', 'key2', 'key3'].map(
      (key) => `SELECT ${key} AS key, rid FROM ${table} WHERE ${key} IS NOT NULL AND ${where}`,
    )
    await this.#engine.run(
      `CREATE TABLE ${name} AS SELECT key, min(rid) AS rid FROM (${parts.join(' UNION ALL ')}) GROUP BY key`,
    )
    return name
  }

  async #resolveChildren(base: string): Promise<string> {
    if (!this.#arms.some((arm) => arm.role !== 'listing')) return base
    const keys = await this.#keyTable(base, `parents${this.#index}`, `role <> 'child'`)
    const select = [...this.#columns.keys()].map((name) => `${this.#inherited(name)} AS ${ident(name)}`)
    const technical = TECHNICAL.map((name) => `c.${name}`)
    const table = `resolved${this.#index}`
    // A condition on the children beside the keys would make the engine compare each with every parent.
    await this.#engine.run(
      `CREATE TABLE ${table} AS SELECT ${[...technical, ...select].join(', ')}
       FROM ${base} c LEFT JOIN ${keys} k ON CASE WHEN c.role = 'child' THEN c.parent_key END = k.key LEFT JOIN ${base} p ON p.rid = k.rid
       WHERE c.role <> 'parent' AND c.rid NOT IN (SELECT k2.rid FROM ${base} c2 JOIN ${keys} k2 ON c2.parent_key = k2.key WHERE c2.role = 'child')`,
    )
    await this.#engine.run(
      `CREATE TABLE orphan${this.#index} AS SELECT c.src, c.ord, c.parent_key AS key, k.rid FROM ${base} c LEFT JOIN ${keys} k ON c.parent_key = k.key WHERE c.role = 'child'`,
    )
    await this.#collectBroken(`orphan${this.#index}`, 'parent', 'rid IS NULL', 'key')
    await this.#engine.run(`DROP TABLE orphan${this.#index}`)
    await this.#engine.run(`DROP TABLE ${keys}`)
    await this.#engine.run(`DROP TABLE ${base}`)
    return table
  }

  #inherited(name: string): string {
    const own = `c.${ident(name)}`
    const field = name.startsWith('raw:') ? name.slice(4) : name
    if (OWN.has(field)) return own
    if (field === 'price.regular') {
      const parent = `p.${ident(name)}`
      if (name.startsWith('raw:'))
        return `coalesce(${own}, CASE WHEN c.price_delta IS NULL THEN ${parent} ELSE ${parent} || ' ' || CASE WHEN c.price_delta < 0 THEN '' ELSE '+' END || c.price_delta::VARCHAR END)`
      return `coalesce(${own}, (${parent} + coalesce(c.price_delta, 0))::DECIMAL(18,6))`
    }
    // A reduction of the parent need not be the child's when the child's own price differs.
    if (field.startsWith('price.sale')) {
      const childHasPrice = this.#columns.has('price.regular') ? `c."price.regular" IS NULL AND ` : ''
      return `coalesce(${own}, CASE WHEN ${childHasPrice}coalesce(c.price_delta, 0) = 0 THEN p.${ident(name)} END)`
    }
    // An empty stock cell of a child says that its stock is not kept; a word in it ("parent") says that the parent's is.
    if (field.startsWith('stock.') && this.#columns.has(`raw:${field}`)) {
      const raw = ident(`raw:${field}`)
      return `CASE WHEN ${own} IS NULL AND trim(coalesce(c.${raw}, '')) <> '' AND c.${ident(field)} IS NULL THEN p.${ident(name)} ELSE ${own} END`
    }
    return `coalesce(${own}, p.${ident(name)})`
  }

  /** Later sources fill what earlier ones left empty; their rows that match nothing are listings of their own. */
  async #mergeEntries(table: string): Promise<string> {
    const entries = [...new Set(this.#arms.map((arm) => arm.entry))].sort((a, b) => a - b)
    let current = table
    for (const entry of entries.slice(1)) {
      const keys = await this.#keyTable(current, `earlier${this.#index}_${entry}`, `entry < ${entry}`)
      const match = ['key0', 'key1', 'key2', 'key3'].map((key) => `(SELECT rid FROM ${keys} k WHERE k.key = b.${key})`)
      const next = `merged${this.#index}_${entry}`
      await this.#engine.run(
        `CREATE TABLE later${this.#index} AS SELECT b.*, coalesce(${match.join(', ')}) AS target FROM ${current} b WHERE entry = ${entry}`,
      )
      const select = [...this.#columns.keys()]
        .filter((name) => !/^(src|ord):/.test(name))
        .map((name) => {
          const known = OF_GTIN.has(name) ? 'a.gtin IS NOT NULL' : `a.${ident(name)} IS NOT NULL`
          return `CASE WHEN ${known} THEN a.${ident(name)} ELSE b.${ident(name)} END AS ${ident(name)}`
        })
      const technical = TECHNICAL.map((name) => `a.${name}`)
      const provenance = ['price', 'stock'].map((entity) => this.#provenance(entity))
      await this.#engine.run(
        `CREATE TABLE ${next} AS
         SELECT ${[...technical, ...provenance, ...select].join(', ')} FROM ${current} a
         LEFT JOIN (SELECT * FROM later${this.#index} QUALIFY row_number() OVER (PARTITION BY target ORDER BY rid) = 1) b ON b.target = a.rid
         WHERE a.entry < ${entry}
         UNION ALL BY NAME SELECT * EXCLUDE (target) FROM later${this.#index} WHERE target IS NULL
         UNION ALL BY NAME SELECT * FROM ${current} WHERE entry > ${entry}`,
      )
      for (const done of [`later${this.#index}`, keys, current]) await this.#engine.run(`DROP TABLE ${done}`)
      current = next
    }
    return current
  }

  #provenance(entity: string): string {
    const fields = [...this.#columns.keys()].filter((name) => name.startsWith(`${entity}.`)).map((name) => ident(name))
    if (fields.length === 0) return `NULL::INTEGER AS "src:${entity}", NULL::BIGINT AS "ord:${entity}"`
    const empty = fields.map((name) => `a.${name} IS NULL`).join(' AND ')
    return ['src', 'ord']
      .map((part) => {
        const column = ident(`${part}:${entity}`)
        const known = this.#columns.has(`${part}:${entity}`)
        const later = known ? `coalesce(b.${column}, b.${part})` : `b.${part}`
        return `CASE WHEN ${empty} THEN ${later} ${known ? `ELSE a.${column} ` : ''}END AS ${column}`
      })
      .join(', ')
  }

  /** Resolves child rows to listings; those of no listing become broken references. */
  async #attach(entity: 'stock' | 'price', arms: readonly Arm[], keys: string): Promise<string | null> {
    if (arms.length === 0) return null
    const columns = unionColumns(arms)
    const table = `${entity}${this.#index}`
    const match = ['key0', 'key1', 'key2', 'key3'].map((key) => `(SELECT rid FROM ${keys} k WHERE k.key = b.${key})`)
    await this.#engine.run(
      `CREATE TABLE ${table} AS SELECT ${this.#index} AS ch, b.* EXCLUDE (rid), coalesce(${match.join(', ')}) AS rid FROM (${union(arms, columns)}) b`,
    )
    await this.#collectBroken(
      table,
      entity === 'stock' ? 'stock' : 'price',
      'rid IS NULL',
      'coalesce(key0, key1, key2)',
    )
    const known = Object.keys(this.#locations)
    if (entity === 'stock' && known.length > 0 && columns.has('stock.location')) {
      const list = known.map((code) => literal(code)).join(', ')
      await this.#collectBroken(
        table,
        'location',
        `rid IS NOT NULL AND "stock.location" NOT IN (${list})`,
        '"stock.location"',
      )
    }
    return table
  }

  async #collectBroken(table: string, parent: BrokenReference['parent'], bad: string, key: string): Promise<void> {
    const rows = await this.#engine.rows<{
      src: number
      key: string | null
      n: number
      ord: number
      total: number
      all_bad: number
    }>(
      `SELECT b.src AS src, b.key AS key, b.n AS n, b.ord AS ord, t.total AS total, t.bad AS all_bad
       FROM (SELECT src, ${key} AS key, count(*) AS n, min(ord) AS ord FROM ${table} WHERE ${bad} GROUP BY 1, 2) b
       JOIN (SELECT src, count(*) AS total, count(*) FILTER (${bad}) AS bad FROM ${table} GROUP BY 1) t ON t.src = b.src
       ORDER BY 1, 4 LIMIT ${MOST_BROKEN}`,
    )
    const bySource = new Map<number, BrokenReference>()
    for (const row of rows) {
      const found = bySource.get(row.src) ?? { source: row.src, parent, rows: row.all_bad, total: row.total, keys: [] }
      const one = { key: (row.key ?? '').replace(KEY_KIND, ''), rows: row.n, ordinal: row.ord }
      // The listing may stand in a record that could not be read. Without their parent, variants do lack something.
      const isLost = (parent === 'stock' || parent === 'price') && mayBeLost(this.#lost.listing, [one.key])
      const kept = isLost ? { rows: found.rows - one.rows } : { keys: [...found.keys, one] }
      bySource.set(row.src, { ...found, ...kept })
    }
    this.#broken.push(...[...bySource.values()].filter(({ keys }) => keys.length > 0))
  }

  async #fill(
    merged: string,
    keys: string,
    stock: string | null,
    stockArms: readonly Arm[],
    price: string | null,
    priceArms: readonly Arm[],
  ): Promise<string> {
    const table = `ch${this.#index}`
    const select: string[] = ['a.*']
    let from = `${merged} a`
    if (stock !== null) {
      const sums = this.#stockSums(stock, unionColumns(stockArms), await this.#whole(keys))
      from += ` LEFT JOIN (${sums}) s ON s.rid = a.rid`
      const own = this.#columns.has('stock.available') ? 'a."stock.available"' : 'NULL'
      select.splice(
        0,
        1,
        `a.* EXCLUDE (${this.#present(['stock.available', 'stock.on_hand', 'stock.reserved', 'raw:stock.available', 'src:stock', 'ord:stock'], merged)})`,
      )
      select.push(
        `coalesce(${own}, s.available)::DECIMAL(18,6) AS "stock.available"`,
        `coalesce(${this.#own('stock.on_hand')}, s.on_hand)::DECIMAL(18,6) AS "stock.on_hand"`,
        `coalesce(${this.#own('stock.reserved')}, s.reserved)::DECIMAL(18,6) AS "stock.reserved"`,
        `coalesce(${this.#own('raw:stock.available')}, s.raw) AS "raw:stock.available"`,
        `CASE WHEN ${own} IS NULL THEN s.src ELSE ${this.#own('src:stock')} END AS "src:stock"`,
        `CASE WHEN ${own} IS NULL THEN s.ord ELSE ${this.#own('ord:stock')} END AS "ord:stock"`,
        `s.available::DECIMAL(18,6) AS pool_available`,
      )
    }
    if (price !== null && !this.#columns.has('price.regular')) {
      const columns = [...unionColumns(priceArms).keys()].filter(
        (name) => name.replace('raw:', '') in FIELDS && name.replace('raw:', '').startsWith('price.'),
      )
      const publicRow = unionColumns(priceArms).has('price.customer_group')
        ? `lower(coalesce("price.customer_group", 'public')) IN ('public', 'all groups', 'todos')`
        : 'TRUE'
      from += ` LEFT JOIN (SELECT * FROM ${price} WHERE rid IS NOT NULL AND ${publicRow} QUALIFY row_number() OVER (PARTITION BY rid ORDER BY src, ord) = 1) r ON r.rid = a.rid`
      select.push(...columns.map((name) => `r.${ident(name)}`), `r.src AS "src:price"`, `r.ord AS "ord:price"`)
    }
    await this.#engine.run(`CREATE TABLE ${table} AS SELECT ${select.join(', ')} FROM ${from}`)
    return table
  }

  #own(name: string): string {
    return this.#columns.has(name) ? `a.${ident(name)}` : 'NULL'
  }

  #present(names: readonly string[], merged: string): string {
    const provenance = merged.startsWith('merged')
    const present = names.filter((name) => this.#columns.has(name) || (provenance && /^(src|ord):/.test(name)))
    return present.length === 0 ? 'role' : [...present, 'role'].map(ident).join(', ')
  }

  /** What can be promised from the locations of the channel's pool. A location in no list counts when no list exists. */
  #stockSums(table: string, columns: ReadonlyMap<string, string>, whole: string): string {
    const has = (name: string): boolean => columns.has(name)
    const onHand = has('stock.on_hand') ? '"stock.on_hand"' : 'NULL'
    const reserved = has('stock.reserved') ? '"stock.reserved"' : 'NULL'
    const available = has('stock.available') ? '"stock.available"' : 'NULL'
    // A figure that is the file's own has a cell; one that is added up or subtracted has none.
    const text = (field: string): string => (has(`raw:${field}`) ? ident(`raw:${field}`) : 'NULL::VARCHAR')
    const raw = `CASE WHEN ${available} IS NOT NULL THEN ${text('stock.available')} WHEN ${reserved} IS NULL THEN ${text('stock.on_hand')} END`
    const pool = Object.entries(this.#locations)
      .filter(([, location]) => location.pool === null || location.pool === this.#channel.stockPool)
      .map(([code]) => `'${code.replaceAll("'", "''")}'`)
    const known = Object.keys(this.#locations).length > 0 && has('stock.location')
    const where = known
      ? ` AND ("stock.location" IS NULL OR "stock.location" IN (${pool.length === 0 ? 'NULL' : pool.join(', ')}))`
      : ''
    return `SELECT rid, sum(coalesce(${available}, ${onHand} - coalesce(${reserved}, 0))) AS available, sum(${onHand}) AS on_hand,
      sum(${reserved}) AS reserved, CASE WHEN count(*) = 1 THEN min(${raw}) END AS raw, min(src) AS src, CASE WHEN count(*) = 1 THEN min(ord) ELSE min_by(ord, src * 4294967296 + ord) END AS ord
      FROM ${table} WHERE rid IS NOT NULL${where}${whole} GROUP BY rid`
  }

  /** Without one of its records an article's sum is too small: then nobody knows it. */
  async #whole(keys: string): Promise<string> {
    const { stock } = this.#lost
    if (stock.size === 0) return ''
    if (mayBeLost(stock, [])) return ' AND FALSE'
    const lost = `lost_stock${this.#index}`
    await createKeyTable(this.#engine, lost, [[this.#index, stock]])
    const kind = literal(KEY_KIND.source)
    return ` AND rid NOT IN (SELECT rid FROM ${keys} WHERE upper(regexp_replace(key, ${kind}, '')) IN (SELECT key FROM ${lost}))`
  }

  async #armOf(table: string): Promise<Arm> {
    const rows = await this.#engine.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${table}`)
    const columns = rows
      .filter(({ column_name }) => !TECHNICAL.includes(column_name))
      .map(({ column_name, column_type }) => [column_name, column_type] as const)
    return {
      entity: 'listing',
      table,
      source: -1,
      entry: 0,
      channel: this.#index,
      ordinal: 'ord',
      filter: null,
      columns: new Map(columns),
      fields: [],
      role: 'listing',
      fallback: false,
      keys: 0,
    }
  }
}

function unionColumns(arms: readonly Arm[]): Map<string, string> {
  const columns = new Map<string, string>()
  for (const arm of arms) for (const [name, type] of arm.columns) if (name !== 'price_delta') columns.set(name, type)
  return columns
}

/** Rows of several tables with the same columns, keys and a row id. */
function union(arms: readonly Arm[], columns: ReadonlyMap<string, string>): string {
  return arms
    .map((arm) => {
      const items = [...columns].map(([name, type]) =>
        arm.columns.has(name) ? ident(name) : `CAST(NULL AS ${type}) AS ${ident(name)}`,
      )
      const child = arm.role === 'child'
      const technical = [
        `${arm.source} AS src`,
        `${arm.ordinal}::BIGINT AS ord`,
        `${rid(arm.source, arm.ordinal)} AS rid`,
        `'${arm.role}' AS role`,
        `${arm.entry} AS entry`,
        ...keysOf(arm),
        `${child ? 'parent_key' : 'NULL'}::VARCHAR AS parent_key`,
        `${child && arm.columns.has('price_delta') ? 'price_delta' : 'NULL'}::DECIMAL(18,6) AS price_delta`,
      ]
      return `SELECT ${[...technical, ...items].join(', ')} FROM ${arm.table}${arm.filter === null ? '' : ` WHERE ${arm.filter}`}`
    })
    .join(' UNION ALL ')
}

/** The output's own keys, else the identifiers that every platform has. */
function keysOf(arm: Arm): string[] {
  const own = Array.from({ length: arm.keys }, (_, index) => `key${index}`)
  const general = [
    arm.columns.has('sku') ? `'sku:' || sku` : null,
    arm.columns.has('listing_id') ? `'id:' || listing_id` : null,
    arm.columns.has('gtin14') ? `'gtin:' || gtin14` : null,
  ].filter((key) => key !== null)
  const keys = own.length > 0 ? own : general
  return [0, 1, 2, 3].map((index) => `(${keys[index] ?? 'NULL'})::VARCHAR AS key${index}`)
}
