/** Findings of earlier audits that this one does not have because it could not tell: unknown, not gone. */
import { fingerprint } from '../base/hash.ts'
import { type Engine, ident } from '../engine/engine.ts'
import { PASS, TAX_SUSPECT } from '../rules/check.ts'
import type { Tallies, VerdictColumn, Verdicts } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { itemOf, type SideRow } from './sides.ts'
import { authorityOf } from './world.ts'

export interface Judgements {
  readonly verdicts: Verdicts
  readonly tallies: Tallies
  readonly context: FindingContext
}

/**
 * Which of the ids stand for something that is unknown now.
 *
 * @param ids - By rule, those of earlier findings that were not found again.
 */
export async function unsureOf(
  ids: ReadonlyMap<string, ReadonlySet<string>>,
  { verdicts, tallies, context }: Judgements,
): Promise<ReadonlySet<string>> {
  const unsure = new Set<string>()
  for (const [rule, wanted] of ids) {
    const coverage = tallies.get(rule)?.coverage(rule)
    const isUnknown = coverage === undefined || Object.keys(coverage.unknown).length > 0
    if (!isUnknown) continue
    const columns = [...verdicts.groups, ...verdicts.rows].filter(({ check }) => check.effective.rule.id === rule)
    const isSilent = coverage === undefined || coverage.pass + coverage.fail + coverage.not_applicable === 0
    // What is not judged article by article says no more than that something was unknown.
    const found = isSilent || columns.length === 0 ? wanted : await unknownOf(rule, columns, wanted, context)
    for (const id of found) unsure.add(id)
  }
  return unsure
}

async function unknownOf(
  rule: string,
  columns: readonly VerdictColumn[],
  wanted: ReadonlySet<string>,
  context: FindingContext,
): Promise<ReadonlySet<string>> {
  const { engine, store, config } = context
  const items = await itemsSql(engine, columns)
  const names = namesOf(columns)
  const places = new Set(store.channels.flatMap(({ id, stockPool }) => (stockPool === null ? [id] : [id, stockPool])))
  const found = new Set<string>()
  const match = (rows: readonly SideRow[]): void => {
    const market = rows[0]?.market ?? null
    const { id } = itemOf(rows, store, authorityOf(store, config, 'catalog', market))
    for (const name of names) {
      for (const keys of [[id], ...[...places].map((place) => [id, place])]) {
        const mark = fingerprint(rule, name, market, ...keys)
        if (wanted.has(mark)) found.add(mark)
      }
    }
  }
  let current: SideRow[] = []
  const rows = engine.batches<SideRow>(
    `SELECT item, market, ch, rid, src, ord, sku, listing_id, gtin, gtin14, title, crosswalk_item FROM side_all
     WHERE item IN (${items}) ORDER BY item, market, ch, rid`,
  )
  for await (const batch of rows) {
    for (const row of batch) {
      const [first] = current
      if (first !== undefined && (first.item !== row.item || first.market !== row.market)) {
        match(current)
        current = []
      }
      current.push(row)
    }
  }
  if (current.length > 0) match(current)
  return found
}

/** Codes under which a rule's findings may stand. */
function namesOf(columns: readonly VerdictColumn[]): readonly (string | null)[] {
  const names = columns.flatMap(({ check, member }) => [member, ...check.effective.rule.codes.map(({ code }) => code)])
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
