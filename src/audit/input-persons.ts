/** Which records of the customers input are one person: by the keys they share, followed from record to record. */
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { ParamValue } from '../rules/expression/scope.ts'

type Params = Readonly<Record<string, ParamValue>>

/** Longer chains than this are no person. */
const MAX_ROUNDS = 12
const DEFAULT_CLUSTER = 8

interface Keys {
  readonly strong: readonly string[]
  readonly weak: readonly string[]
  readonly relays: readonly string[]
  readonly most: number
}

export class Persons {
  readonly #engine: Engine
  readonly #tables = new Map<string, string>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Name of a table with the customers and what their keys say. */
  async table(params: Params): Promise<string> {
    const keys = keysOf(params)
    const signature = JSON.stringify(keys)
    const known = this.#tables.get(signature)
    if (known !== undefined) return known
    const table = `person_${this.#tables.size}`
    this.#tables.set(signature, table)
    await this.#build(table, keys)
    return table
  }

  /** One row for each strong key of a record, whatever the number of its records. */
  keyed(table: string, params: Params): string {
    const { strong } = keysOf(params)
    const arms = strong.map(
      (kind) =>
        `SELECT *, ${literal(`${kind}:`)} || ${ident(columnOf(kind))} AS "customer.key" FROM ${table} WHERE ${ident(columnOf(kind))} IS NOT NULL`,
    )
    if (arms.length === 0) return `(SELECT *, CAST(NULL AS VARCHAR) AS "customer.key" FROM ${table} WHERE FALSE)`
    return `(${arms.join(' UNION ALL ')})`
  }

  async #build(table: string, { strong, weak, relays, most }: Keys): Promise<void> {
    const engine = this.#engine
    const relayed =
      relays.length === 0 ? 'FALSE' : `list_contains([${relays.map(literal).join(', ')}], lower(email_domain))`
    // A household shares its address on purpose, a role is nobody, a relay address is the marketplace's.
    const usable: Readonly<Record<string, string>> = {
      email: `email_hash IS NOT NULL AND email_role IS NOT TRUE AND ${relayed} IS NOT TRUE AND household IS NOT TRUE`,
      phone: 'phone_hash IS NOT NULL AND name_hash IS NOT NULL AND household IS NOT TRUE',
      loyalty_id: 'loyalty_id IS NOT NULL AND household IS NOT TRUE',
    }
    const keyText = (kind: string): string =>
      kind === 'phone' ? `phone_hash || ' ' || name_hash` : ident(columnOf(kind))
    await engine.run(
      `CREATE TABLE ${table}_r AS SELECT (row_number() OVER (ORDER BY src, ord))::INTEGER AS r, * FROM input_customers`,
    )
    const arms = [...strong.map((kind) => [kind, true] as const), ...weak.map((kind) => [kind, false] as const)].map(
      ([kind, isStrong]) =>
        `SELECT r, ch, ${literal(`${kind}:`)} || ${keyText(kind)} AS k, ${isStrong} AS strong, name_hash, birth_year, region FROM ${table}_r WHERE ${usable[kind] ?? 'FALSE'}`,
    )
    const none = `SELECT 0 AS r, 0 AS ch, '' AS k, TRUE AS strong, '' AS name_hash, 0 AS birth_year, '' AS region WHERE FALSE`
    await engine.run(
      `CREATE TABLE ${table}_k AS SELECT * FROM (SELECT *, count(*) OVER w AS n, min(ch) OVER w <> max(ch) OVER w AS across,
         coalesce(min(name_hash) OVER w <> max(name_hash) OVER w AND (min(birth_year) OVER w <> max(birth_year) OVER w OR min(region) OVER w <> max(region) OVER w), FALSE) AS collides
         FROM (${[none, ...arms].join(' UNION ALL ')}) WINDOW w AS (PARTITION BY k)) WHERE n BETWEEN 2 AND ${most}`,
    )
    const core = await this.#spread(`${table}_core`, `SELECT r, k FROM ${table}_k WHERE strong AND across`)
    const all = await this.#spread(`${table}_all`, `SELECT r, k FROM ${table}_k WHERE across`)
    const link = await this.#spread(
      `${table}_link`,
      `SELECT r, k FROM ${table}_k WHERE strong AND NOT collides UNION ALL SELECT r, 'master:' || master FROM ${table}_r WHERE master IS NOT NULL`,
    )
    const identity = `coalesce('master:' || master, channel || ':' || customer)`
    await engine.run(
      `CREATE TABLE ${table} AS SELECT p.* EXCLUDE (r), coalesce(a.label, p.r)::VARCHAR AS "customer.person", coalesce(l.label, p.r)::VARCHAR AS "customer.linked",
         ${identity} AS "customer.identity", coalesce(min(${identity}) OVER core <> max(${identity}) OVER core, FALSE) AS "customer.split",
         coalesce(c.collides, FALSE) AS "customer.collides"
       FROM ${table}_r p LEFT JOIN ${core} s ON s.r = p.r LEFT JOIN ${all} a ON a.r = p.r LEFT JOIN ${link} l ON l.r = p.r
         LEFT JOIN (SELECT r, bool_or(collides) AS collides FROM ${table}_k WHERE strong GROUP BY r) c ON c.r = p.r
       WINDOW core AS (PARTITION BY coalesce(s.label, p.r))`,
    )
    for (const part of [`${table}_r`, `${table}_k`, core, all, link]) await engine.run(`DROP TABLE ${part}`)
  }

  /**
   * Gives records that hang together by keys the smallest number among them; others are left out.
   *
   * @returns Name of the table.
   */
  async #spread(target: string, keys: string): Promise<string> {
    const engine = this.#engine
    await engine.run(`CREATE TABLE ${target}_k AS SELECT DISTINCT r, k FROM (${keys})`)
    let last = `${target}_0`
    await engine.run(`CREATE TABLE ${last} AS SELECT DISTINCT r, r AS label FROM ${target}_k`)
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const next = `${target}_${round}`
      await engine.run(
        `CREATE TABLE ${next} AS SELECT k.r, min(b.least) AS label FROM ${target}_k k
           JOIN (SELECT k.k, min(l.label) AS least FROM ${target}_k k JOIN ${last} l ON l.r = k.r GROUP BY k.k) b ON b.k = k.k GROUP BY k.r`,
      )
      const [moved] = await engine.rows<{ n: number }>(
        `SELECT count(*) AS n FROM ${next} n JOIN ${last} l ON l.r = n.r WHERE n.label <> l.label`,
      )
      await engine.run(`DROP TABLE ${last}`)
      last = next
      if (Number(moved?.n ?? 0) === 0) break
    }
    await engine.run(`DROP TABLE ${target}_k`)
    return last
  }
}

function columnOf(kind: string): string {
  return kind === 'email' || kind === 'phone' ? `${kind}_hash` : kind
}

function keysOf(params: Params): Keys {
  const list = (name: string, otherwise: readonly string[]): readonly string[] => {
    const value = params[name]
    return value?.type === 'list' ? value.value : otherwise
  }
  const most = params['max_cluster']
  return {
    strong: list('strong_keys', ['loyalty_id', 'email']),
    weak: list('weak_keys', ['phone']),
    relays: list('relay_domains', []).map((domain) => domain.toLowerCase()),
    most: most?.type === 'integer' ? Number(most.value) : DEFAULT_CLUSTER,
  }
}
