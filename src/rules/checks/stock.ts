/** What channels publish against what the owner of the stock can promise. */

import {
  type Aggregates,
  type CompileInput,
  decimalParam,
  FAIL,
  failCode,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  unknown,
  whereSql,
} from '../check.ts'
import type { WithinRule } from '../rule.ts'
import { skewGuard } from './skew.ts'

interface Promise {
  readonly owner: string | null
  /** Aggregate: units that the owner can promise. */
  readonly available: string
  /** Condition: a side that publishes from the same pool and is not the owner. */
  readonly publishes: string
}

function promise(input: CompileInput, use: Aggregates): Promise {
  const { world } = input
  const owner = world.authority('stock')
  if (owner === null) return { owner: null, available: 'NULL', publishes: whereSql(input) }
  return {
    owner,
    available: use.use(`max(coalesce(pool_available, "stock.available")) FILTER (WHERE ${owner})`),
    publishes: `${whereSql(input)} AND NOT (${owner}) AND ${world.sharesStock}`,
  }
}

function withoutOwner(use: Aggregates, publishes: string): string {
  const any = use.use(`count("stock.available") FILTER (WHERE ${publishes})`)
  return `CASE WHEN ${any} = 0 THEN ${NOT_APPLICABLE} ELSE ${unknown('no_authority')} END`
}

/** A published figure that nobody could read leaves the question open. */
function unreadOr(outcome: number, use: Aggregates, publishes: string): string {
  const unread = use.use(
    `coalesce(bool_or("stock.available" IS NULL AND trim(coalesce("raw:stock.available", '')) <> '') FILTER (WHERE ${publishes}), FALSE)`,
  )
  return `CASE WHEN ${unread} THEN ${unknown('vocabulary')} ELSE ${outcome} END`
}

/** No channel offers more than can be promised. */
export function compilePublished(rule: WithinRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const { owner, available, publishes } = promise(input, use)
  if (owner === null) return [{ member: null, sql: withoutOwner(use, publishes) }]
  const firm = `${publishes} AND "stock.unlimited" IS NOT TRUE AND coalesce("stock.backorder", 'no') = 'no'`
  const published = use.use(`max("stock.available" * coalesce(pack, 1)) FILTER (WHERE ${firm})`)
  const flagged = use.use(
    `coalesce(bool_or(availability = 'in_stock' AND "stock.available" IS NULL) FILTER (WHERE ${firm}), FALSE)`,
  )
  const tolerance = decimalParam(input, 'tolerance', '0')
  const buffer = decimalParam(input, 'buffer', '0')
  const cap = `greatest(${available} - ${buffer}, 0)`
  const branches = [
    `WHEN ${published} IS NULL AND NOT ${flagged} THEN ${unreadOr(NOT_APPLICABLE, use, publishes)}`,
    `WHEN ${available} IS NULL THEN ${unknown('no_input')}`,
    ...skewGuard(input, use, `(${firm}) OR (${owner})`, 'stock'),
    `WHEN ${published} > ${cap} + ${tolerance} THEN ${failCode(rule, 'quantity')}`,
    `WHEN ${flagged} AND ${cap} <= 0 THEN ${failCode(rule, 'flag')}`,
  ]
  return [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${unreadOr(PASS, use, publishes)} END` }]
}

/** Units that could be sold are offered. */
export function compileHidden(rule: WithinRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const { owner, available, publishes } = promise(input, use)
  if (owner === null) return [{ member: null, sql: withoutOwner(use, publishes) }]
  const published = use.use(`min("stock.available" * coalesce(pack, 1)) FILTER (WHERE ${publishes})`)
  const out = use.use(`coalesce(bool_or(availability = 'out') FILTER (WHERE ${publishes}), FALSE)`)
  const units = decimalParam(input, 'min_units', '3')
  const share = decimalParam(input, 'min_share', '0.5')
  const cap = decimalParam(input, 'show_cap', '5')
  const buffer = decimalParam(input, 'buffer', '0')
  const branches = [
    `WHEN ${published} IS NULL AND NOT ${out} THEN ${unreadOr(NOT_APPLICABLE, use, publishes)}`,
    `WHEN ${available} IS NULL THEN ${unknown('no_input')}`,
    ...skewGuard(input, use, `(${publishes}) OR (${owner})`, 'stock'),
    `WHEN ${available} - ${buffer} >= ${units} AND (${published} <= 0 OR ${out}) THEN ${failCode(rule, 'none_offered')}`,
    `WHEN ${available} - ${buffer} >= ${units} AND ${published} < (${available} - ${buffer}) * ${share} AND ${published} < ${cap} THEN ${failCode(rule, 'part_offered')}`,
  ]
  return [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${unreadOr(PASS, use, publishes)} END` }]
}

/** Channels publish what their policy leaves of the owner's units. */
export function compileBuffer(input: CompileInput, use: Aggregates): readonly Outcome[] {
  const { world, params } = input
  const general = decimalParam(input, 'buffer', '')
  const cap = decimalParam(input, 'show_cap', '')
  const own = params['buffers']?.type === 'map' ? params['buffers'].value : {}
  const ruled = world.channels.flatMap(({ id, kind }, ch) => {
    const buffer = Object.hasOwn(own, id) ? String(own[id]) : general
    return kind === 'erp' || (buffer === '' && cap === '') ? [] : [{ ch, buffer: buffer === '' ? '0' : buffer }]
  })
  if (ruled.length === 0) return [{ member: null, sql: String(unknown('no_input')) }]
  const { owner, available, publishes } = promise(input, use)
  if (owner === null) return [{ member: null, sql: withoutOwner(use, publishes) }]
  const tolerance = decimalParam(input, 'tol', '0')
  const parts = ruled.map(({ ch, buffer }) => {
    const filter = `FILTER (WHERE ${publishes} AND ch = ${ch})`
    const left = `greatest(floor(${available} - ${buffer}), 0)`
    const due = cap === '' ? left : `least(${left}, ${cap})`
    const [low, high] = ['min', 'max'].map((name) =>
      use.use(`${name}("stock.available" * coalesce(pack, 1)) ${filter}`),
    )
    return { low, is: `${high} - ${due} > ${tolerance} OR ${due} - ${low} > ${tolerance}` }
  })
  const branches = [
    `WHEN ${parts.map(({ low }) => `${low} IS NULL`).join(' AND ')} THEN ${unreadOr(NOT_APPLICABLE, use, publishes)}`,
    `WHEN ${available} IS NULL THEN ${unknown('no_input')}`,
    ...skewGuard(input, use, `(${publishes}) OR (${owner})`, 'stock'),
    `WHEN ${parts.map(({ is }) => `coalesce(${is}, FALSE)`).join(' OR ')} THEN ${FAIL}`,
  ]
  return [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${unreadOr(PASS, use, publishes)} END` }]
}
