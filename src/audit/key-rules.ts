/** Keys that should name one article and name several: `unique` over GTINs and SKUs. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import { type Engine, literal } from '../engine/engine.ts'
import type { Severity } from '../model/config.ts'
import { FAIL, NOT_APPLICABLE, PASS, unknown, type World, whereSql } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Agreed } from './agreed.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { itemOf, type SideRow, sideOf } from './sides.ts'
import { authorityOf } from './world.ts'

export interface KeyFinding {
  readonly draft: Draft
  /** Articles that the key touches, the draft's own first. */
  readonly items: readonly string[]
  readonly places: readonly (readonly [source: number, ordinal: number])[]
}

export interface KeyOutcome {
  readonly findings: readonly KeyFinding[]
  readonly tally: Tally
}

type KeyRow = SideRow & { readonly k: string }

/** Judges a rule on `gtin_key` or `sku_key`. */
export async function judgeKeys(
  engine: Engine,
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
  agreed: Agreed,
): Promise<KeyOutcome> {
  const gtins = effective.rule.on === 'gtin_key'
  const tally = new Tally()
  const { store } = context
  const field = gtins ? 'gtin' : 'sku'
  if (!store.fields.has(field)) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], tally }
  }
  const params = Object.fromEntries(Object.entries(effective.params).map(([name, param]) => [name, param.value]))
  const rows = await duplicates(engine, gtins, whereSql({ rule: effective.rule, params, world }))
  const groups = groupBy(rows, (row) => `${row.market}\u0000${row.k}`)
  const touched = await articlesOf(engine, rows, gtins)
  const findings: KeyFinding[] = []
  for (const group of groups.values()) {
    const finding = draftOf(group, effective, field, context)
    const others = touched.get(group[0]?.k ?? '') ?? []
    if (finding !== null) findings.push({ ...finding, items: [...new Set([...finding.items, ...others])] })
  }
  const [total] = await engine.rows<{ n: number | null }>(
    `SELECT sum(bit_count(channels)) AS n FROM ${gtins ? 'gtin_group' : 'sku_group'}`,
  )
  const checked = Number(total?.n ?? 0) + (gtins ? agreed.withGtin : agreed.withSku) * agreed.channels.length
  tally.add(FAIL, findings.length)
  tally.add(PASS, Math.max(0, checked - findings.length))
  if (checked === 0) tally.add(NOT_APPLICABLE, 0)
  return { findings, tally }
}

/** Articles of all channels that carry one of the keys. */
async function articlesOf(
  engine: Engine,
  rows: readonly KeyRow[],
  gtins: boolean,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (rows.length === 0) return new Map()
  const keys = [...new Set(rows.map((row) => row.k))].map((key) => (gtins ? key : literal(key)))
  const column = gtins ? 'gtin14' : 'sku'
  const found = await engine.rows<{ k: string; item: number | string }>(
    `SELECT DISTINCT ${column}::VARCHAR AS k, item FROM side WHERE ${column} IN (${keys.join(', ')})`,
  )
  return new Map([...groupBy(found, ({ k }) => k)].map(([key, list]) => [key, list.map(({ item }) => String(item))]))
}

/** Listings of one channel that share a key although they are not one article, or one row twice. */
function duplicates(engine: Engine, gtins: boolean, where: string): Promise<readonly KeyRow[]> {
  const [key, group] = gtins ? ['s.gtin14', "s.ch, s.gtin14, coalesce(s.condition, 'new')"] : ['s.sku', 's.ch, s.sku']
  const shared = gtins
    ? `s.gtin14 IN (SELECT g FROM gtin_group WHERE bit_count(channels) < n) AND s.gtin_state IN ('ok', 'isbn10', 'lost_zero')`
    : 's.sku_hash IN (SELECT s FROM sku_group WHERE bit_count(channels) < n)'
  const counted = gtins ? 'count(DISTINCT s.item)' : 'count(*)'
  // Rows with all their columns are dear to sort: which ones is found out first.
  const rids = `SELECT s.rid FROM side s WHERE ${shared} AND ${where} QUALIFY ${counted} OVER (PARTITION BY ${group}) > 1`
  return engine.rows<KeyRow>(
    `SELECT s.*, ${key}::VARCHAR AS k FROM side s WHERE s.rid IN (${rids}) ORDER BY s.ch, ${key}, s.rid`,
  )
}

function draftOf(
  group: readonly KeyRow[],
  effective: EffectiveRule,
  field: string,
  context: FindingContext,
): KeyFinding | null {
  const [first] = group
  const { rule, severity } = effective
  if (first === undefined || severity === 'off') return null
  const { store, config } = context
  const market = first.market
  const item = itemOf(group, store, authorityOf(store, config, 'catalog', market))
  const named = field === 'sku' ? { ...item, id: first.k, sku: first.k } : item
  const own = [...groupBy(group, ({ ch }) => store.channels[ch]?.id ?? '')]
  // It is a repetition in each of them, and none between them.
  const channel = own.map(([id, rows]) => (own.length === 1 ? id : `${id} (${rows.length})`)).join(', ')
  const level: Severity = severity
  const [code] = rule.codes
  return {
    draft: {
      effective,
      code: code?.code ?? null,
      severity: level,
      market,
      owner: store.channels[first.ch]?.id ?? null,
      item: named,
      keys: [first.k],
      get sides() {
        return group.flatMap((row) => [
          sideOf(row, field, false, context),
          ...(row['title'] === null ? [] : [sideOf(row, 'title', false, context)]),
        ])
      },
      expected: null,
      fixable: false,
      words: {
        value: field === 'gtin' ? first.k.padStart(14, '0') : first.k,
        count: String(group.length),
        channel,
        field,
      },
      explainedBy: null,
      id: fingerprint(rule.id, code?.code ?? null, market, first.k),
    },
    items: [...new Set(group.map((row) => String(row.item)))],
    places: group.map((row) => [row.src, row.ord] as const),
  }
}
