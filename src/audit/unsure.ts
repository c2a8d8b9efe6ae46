/** Findings of earlier audits that this one does not have because it could not tell: unknown, not gone. */
import { fingerprint } from '../base/hash.ts'
import { type Engine, ident } from '../engine/engine.ts'
import { mayBeLost } from '../ingest/lost-keys.ts'
import { PASS, TAX_SUSPECT, type World } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import type { Tallies, VerdictColumn, Verdicts } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { isHistory, unknownHistory } from './history-rules.ts'
import { itemOf, type SideRow, textOf } from './sides.ts'
import { type Losses, lossesOf } from './source-masks.ts'
import { authorityOf } from './world.ts'

export interface Judgements {
  readonly verdicts: Verdicts
  readonly tallies: Tallies
  readonly context: FindingContext
  readonly world: World
  /** Findings about no article: what they say is lost is not gone. */
  readonly free: readonly Draft[]
}

/**
 * Which of the ids stand for something that is unknown now.
 *
 * @param ids - By rule, those of earlier findings that were not found again.
 */
export async function unsureOf(
  ids: ReadonlyMap<string, ReadonlySet<string>>,
  judgements: Judgements,
): Promise<ReadonlySet<string>> {
  const unsure = new Set<string>()
  if (ids.size === 0) return unsure
  const { verdicts, tallies, context, free } = judgements
  const losses = lossesOf(free, context)
  for (const [rule, wanted] of ids) {
    const coverage = tallies.get(rule)?.coverage(rule)
    const columns = [...verdicts.groups, ...verdicts.rows].filter(({ check }) => check.effective.rule.id === rule)
    const effective = context.active.find((one) => one.rule.id === rule)
    // Where nothing could be decided, nothing is resolved.
    const isSilent = coverage === undefined || coverage.pass + coverage.fail === 0
    const isUnknown = !isSilent && Object.keys(coverage.unknown).length > 0
    const items = isUnknown ? await unknownItems(columns, effective, judgements) : NOTHING
    // What is not judged article by article says no more than that something was unknown.
    const found =
      isSilent || items === null ? wanted : await unknownOf(rule, items, effective, columns, wanted, losses, context)
    for (const id of found) unsure.add(id)
  }
  return unsure
}

const NOTHING = 'SELECT NULL::BIGINT'

/** SQL of the articles about which the rule knows nothing; null where it does not say. */
async function unknownItems(
  columns: readonly VerdictColumn[],
  effective: EffectiveRule | undefined,
  { context, world }: Judgements,
): Promise<string | null> {
  if (columns.length > 0) return itemsSql(context.engine, columns)
  return effective !== undefined && isHistory(effective) ? unknownHistory(effective, context, world) : null
}

async function unknownOf(
  rule: string,
  items: string,
  effective: EffectiveRule | undefined,
  columns: readonly VerdictColumn[],
  wanted: ReadonlySet<string>,
  losses: Losses,
  context: FindingContext,
): Promise<ReadonlySet<string>> {
  const { engine, store, config } = context
  const isLossy = losses.channels.size > 0 || store.lost.size > 0
  const emptied = await emptiedItems(effective, losses, engine)
  if (!isLossy && items === NOTHING && emptied.length === 0) return new Set()
  const names = namesOf(effective, columns)
  const places = new Set(store.channels.flatMap(({ id, stockPool }) => (stockPool === null ? [id] : [id, stockPool])))
  const found = new Set<string>()
  const whole = new Set<string>()
  const match = (id: string, market: string | null, into: Set<string>): void => {
    for (const name of names) {
      for (const keys of [[id], ...[...places].map((place) => [id, place])]) {
        const mark = fingerprint(rule, name, market, ...keys)
        if (wanted.has(mark)) into.add(mark)
      }
    }
  }
  const meet = (rows: readonly SideRow[]): void => {
    const market = rows[0]?.market ?? null
    const { id } = itemOf(rows, store, authorityOf(store, config, 'catalog', market))
    const keys = rows.flatMap((row) => [textOf(row['sku']), textOf(row['listing_id']), textOf(row['gtin'])])
    const isLost = [...store.lost].some(
      ([channel, { listing }]) => !rows.some(({ ch }) => ch === channel) && mayBeLost(listing, [id, ...keys]),
    )
    if (rows[0]?.['is_unknown'] === true || isLost) match(id, market, found)
    else if ([...losses.channels].every((channel) => rows.some(({ ch }) => ch === channel))) match(id, market, whole)
  }
  const unknown = `item IN (${[items, ...emptied].join(' UNION ')})`
  let current: SideRow[] = []
  const rows = engine.batches<SideRow>(
    `SELECT item, market, ch, rid, src, ord, sku, listing_id, gtin, gtin14, title, crosswalk_item, coalesce(${unknown}, FALSE) AS is_unknown
     FROM side_all ${isLossy ? '' : `WHERE ${unknown}`} ORDER BY item, market, ch, rid`,
  )
  for await (const batch of rows) {
    for (const row of batch) {
      const [first] = current
      if (first !== undefined && (first.item !== row.item || first.market !== row.market)) {
        meet(current)
        current = []
      }
      current.push(row)
    }
  }
  if (current.length > 0) meet(current)
  // What no channel lists any more can only be told by the keys of records that could not be read.
  const markets = new Set(store.channels.map(({ market }) => market))
  for (const { listing } of store.lost.values())
    for (const key of listing) for (const market of markets) match(key, market, found)
  if (losses.channels.size === 0) return found
  // Of articles that a channel lost nothing is known: sure is only what every such channel still lists.
  return new Set([...wanted].filter((id) => found.has(id) || !whole.has(id)))
}

/** SQL of articles of which a channel does not say any more what the rule shows. */
async function emptiedItems(
  effective: EffectiveRule | undefined,
  { fields }: Losses,
  engine: Engine,
): Promise<readonly string[]> {
  const shown = new Set<string>(effective === undefined ? [] : [...effective.rule.fields, ...effective.rule.needs])
  const lost = fields.filter(({ field }) => shown.has(field))
  if (lost.length === 0) return []
  const there = await engine.rows<{ column_name: string }>(
    `SELECT column_name FROM duckdb_columns() WHERE table_name = 'side_all' AND schema_name = current_schema()`,
  )
  const known = new Set(there.map(({ column_name }) => column_name))
  return lost.map(
    ({ channel, field }) =>
      `SELECT item FROM side_all WHERE ch = ${channel}${known.has(field) ? ` AND ${ident(field)} IS NULL` : ''}`,
  )
}

/** Codes under which a rule's findings may stand. */
function namesOf(effective: EffectiveRule | undefined, columns: readonly VerdictColumn[]): readonly (string | null)[] {
  const names = [...columns.map(({ member }) => member), ...(effective?.rule.codes ?? []).map(({ code }) => code)]
  return [...new Set([null, ...names])]
}

/** SQL of the articles whose outcome is unknown, or hangs on a suspicion. */
async function itemsSql(engine: Engine, columns: readonly VerdictColumn[]): Promise<string> {
  const own = new Set(columns.map(({ column }) => column))
  const tables = await engine.rows<{ table_name: string; column_name: string }>(
    `SELECT table_name, column_name FROM duckdb_columns() WHERE table_name IN ('verdict', 'row_verdict', 'agreed')
     AND schema_name = current_schema()`,
  )
  // Among articles that all channels list alike, a column of rows stands once for each channel that differs.
  const parts = tables.flatMap(({ table_name, column_name }) => {
    if (!own.has(column_name.replace(/^\d+:/, ''))) return []
    return [`SELECT item FROM ${table_name} WHERE ${unknownSql(ident(column_name))}`]
  })
  return parts.length === 0 ? 'SELECT NULL::BIGINT' : parts.join(' UNION ')
}

/** Between what passes and what fails lie the reasons for not knowing, and the suspicion of a tax gap. */
function unknownSql(column: string): string {
  return `(${column} > ${PASS} AND ${column} <= ${TAX_SUSPECT})`
}
