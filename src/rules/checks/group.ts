/** All sides of one article judged together: `equal`, `implies`, `unique`, `present`, `reference` over groups. */
import { ident, literal } from '../../engine/engine.ts'
import { lostListing } from '../../ingest/lost-keys.ts'
import { isFieldName } from '../../model/field.ts'
import {
  type Aggregates,
  type CompileInput,
  decimalParam,
  FAIL,
  failCode,
  type Member,
  members,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  unknown,
  unnamed,
  valueSql,
  whereSql,
} from '../check.ts'
import type { EqualRule, ImpliesRule, PresentRule, ReferenceRule, Rule, UniqueRule } from '../rule.ts'
import { lifted } from './lift.ts'
import { guarded } from './reconcile.ts'
import { skewGuard } from './skew.ts'
import { speaksOf } from './speaks.ts'
import { unreadSide } from './unread.ts'

/** Same value on all sides that have one. */
export function compileEqual(rule: EqualRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const where = whereSql(input)
  return members(input).map((member) => {
    const name = member?.value ?? null
    const value = valueSql(rule.value, input, member ?? undefined).sql
    const silent = member !== null && !['', 'attributes.'].some((prefix) => speaks(input, `${prefix}${member.value}`))
    if (silent || !speaksOf(input)) return { member: name, sql: String(unknown('no_input')) }
    const low = use.use(`min(${value}) FILTER (WHERE ${where})`)
    const high = use.use(`max(${value}) FILTER (WHERE ${where})`)
    const count = use.use(`count(${value}) FILTER (WHERE ${where})`)
    const branches: string[] = []
    // First: a side that cannot be read is no side without a value.
    for (const one of rule.unknownWhen) {
      branches.push(`WHEN ${lifted(one.when, input, use, where, member)} THEN ${unknown(one.reason)}`)
    }
    branches.push(`WHEN ${count} < 2 THEN ${NOT_APPLICABLE}`)
    branches.push(...guarded(rule, input, use, `${where} AND ${value} IS NOT NULL`))
    branches.push(`WHEN ${low} = ${high} THEN ${PASS}`)
    if (rule.except !== null) branches.push(`WHEN ${lifted(rule.except, input, use, where, member)} THEN ${PASS}`)
    branches.push(...named(rule, input, use, where, member))
    return { member: name, sql: `CASE ${branches.join(' ')} ELSE ${unnamed(rule)} END` }
  })
}

function speaks(input: CompileInput, name: string): boolean {
  return isFieldName(name) && input.world.speaks(name)
}

/** If something holds for the sides, so does something else. */
export function compileImplies(rule: ImpliesRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  if (!speaksOf(input)) return [{ member: null, sql: String(unknown('no_input')) }]
  const where = whereSql(input)
  const count = use.use(`count(*) FILTER (WHERE ${where})`)
  const condition = lifted(rule.condition, input, use, where, null, true)
  const then = lifted(rule.consequence, input, use, where, null, true)
  const branches = [`WHEN ${count} < ${rule.minSides} THEN ${NOT_APPLICABLE}`]
  for (const one of rule.unknownWhen)
    branches.push(`WHEN ${lifted(one.when, input, use, where, null)} THEN ${unknown(one.reason)}`)
  branches.push(...guarded(rule, input, use, where))
  branches.push(`WHEN NOT (${condition}) THEN ${PASS}`, `WHEN ${then} THEN ${PASS}`)
  if (rule.except !== null) branches.push(`WHEN ${lifted(rule.except, input, use, where, null)} THEN ${PASS}`)
  branches.push(`WHEN (${condition}) IS NULL OR (${then}) IS NULL THEN ${openReason(rule, input, use, where)}`)
  branches.push(...named(rule, input, use, where, null))
  return [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${unnamed(rule)} END` }]
}

/** The first code that holds names a failure. */
function named(rule: Rule, input: CompileInput, use: Aggregates, where: string, member: Member): readonly string[] {
  return rule.codes.flatMap(({ code, when }) =>
    when === null ? [] : [`WHEN ${lifted(when, input, use, where, member, true)} THEN ${failCode(rule, code)}`],
  )
}

/** SQL of the outcome where a value is missing: a side may have one that nobody could read. */
function openReason(rule: ImpliesRule, input: CompileInput, use: Aggregates, where: string): string {
  const unread = unreadSide([rule.condition, rule.consequence], input.world)
  if (unread === null) return String(unknown('no_input'))
  const any = use.use(`coalesce(bool_or(${unread}) FILTER (WHERE ${where}), FALSE)`)
  return `(CASE WHEN ${any} THEN ${unknown('vocabulary')} ELSE ${unknown('no_input')} END)`
}

/** At most n live listings of an article per channel and scope. The exact count is taken for candidates only. */
export function compileUniqueGroup(
  rule: UniqueRule,
  input: CompileInput,
  use: Aggregates,
): { outcomes: readonly Outcome[]; refine: string } {
  const where = whereSql(input)
  const count = use.use(`count(*) FILTER (WHERE ${where})`)
  const channels = use.use(`bit_or(1::BIGINT << ch) FILTER (WHERE ${where})`)
  const scope = rule.scope.map((name) => scopeColumn(name, input)).filter((column) => column !== null)
  const limit = decimalParam(input, 'max_per_key', '1')
  const sql = `CASE WHEN ${count} = 0 THEN ${NOT_APPLICABLE} WHEN ${count} <= bit_count(${channels}) THEN ${PASS} ELSE ${FAIL} END`
  const refine = `SELECT item, market FROM side WHERE ${where} AND item IN (%candidates%)
    GROUP BY ${['item', 'market', 'ch', ...scope].join(', ')} HAVING count(*) > ${limit}`
  return { outcomes: [{ member: null, sql }], refine }
}

const SCOPE_COLUMNS: Readonly<Record<string, string>> = {
  condition: `coalesce(condition, 'new')`,
  pack_quantity: 'coalesce(pack, 1)',
}

function scopeColumn(name: string, input: CompileInput): string | null {
  const fixed = SCOPE_COLUMNS[name]
  if (fixed !== undefined) return fixed
  return name.startsWith('attributes.') && speaks(input, name) ? ident(name) : null
}

/** Every expected channel lists the article. */
export function compileAssortment(rule: PresentRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const { world } = input
  const where = whereSql(input)
  if (world.declaredAssortments === 0) return [{ member: null, sql: String(unknown('no_input')) }]
  const lists = world.channels.flatMap(({ assortment }, index) => (assortment?.kind === 'list' ? [index] : []))
  if (world.fullAssortment.length === 0 && lists.length === 0) return [{ member: null, sql: String(NOT_APPLICABLE) }]
  const inRanges = lists.map((index) => {
    const keys = `(SELECT key FROM assortment WHERE assortment.ch = ${index})`
    const inRange = use.use(
      `coalesce(bool_or(coalesce(sku IN ${keys}, FALSE) OR coalesce(gtin IN ${keys}, FALSE)), FALSE)`,
    )
    const market = literal(world.channels[index]?.market ?? '')
    return ` | (CASE WHEN ${inRange} AND market = ${market} THEN ${2 ** index} ELSE 0 END)`
  })
  const expected = `(${expectedChannels(world)}${inRanges.join('')})`
  const authority = world.authority('catalog')
  const wanted = use.use(`bool_or(${where}) FILTER (WHERE ${authority ?? 'TRUE'})`)
  const listed = use.use(`coalesce(bit_or(1::BIGINT << ch) FILTER (WHERE live IS NOT FALSE), 0)`)
  const branches = [
    `WHEN ${wanted} IS NOT TRUE THEN ${NOT_APPLICABLE}`,
    `WHEN (${listed} & ${expected}) = ${expected} THEN ${PASS}`,
  ]
  if (rule.except !== null) branches.push(`WHEN ${lifted(rule.except, input, use, where, null)} THEN ${PASS}`)
  const unsure = unsureChannels([...world.fullAssortment, ...lists], input, use)
  if (unsure !== null) branches.push(`WHEN (${expected} & ~${listed} & ~(${unsure})) = 0 THEN ${unknown('no_input')}`)
  return [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${FAIL} END` }]
}

/** SQL: mask of the channels that may list the article where nobody could read it; null where all of them were read whole. */
function unsureChannels(expected: readonly number[], { world }: CompileInput, use: Aggregates): string | null {
  const unread = expected.filter((index) => world.unread.includes(index)).map((index) => String(2 ** index))
  const lost = expected
    .filter((index) => world.lossy.includes(index))
    .map((index) => `(CASE WHEN ${mayBeLost(index, use)} THEN ${2 ** index} ELSE 0 END)`)
  const masks = [...unread, ...lost]
  return masks.length === 0 ? null : masks.join(' | ')
}

/** Aggregate: whether a record of the channel that could not be read names the article. */
function mayBeLost(index: number, use: Aggregates): string {
  return use.use(`coalesce(bool_or(${lostListing(String(index), 'sku', 'gtin')}), FALSE)`)
}

/** SQL over `market`: mask of the channels of a market that have to list every article. */
function expectedChannels({ channels, fullAssortment }: CompileInput['world']): string {
  const masks = new Map(channels.map(({ market }) => [market, 0]))
  for (const index of fullAssortment) {
    const market = channels[index]?.market ?? ''
    masks.set(market, (masks.get(market) ?? 0) + 2 ** index)
  }
  const [only] = masks.values()
  if (masks.size === 1) return String(only)
  return `(CASE market ${[...masks].map(([market, mask]) => `WHEN ${literal(market)} THEN ${mask}`).join(' ')} ELSE 0 END)`
}

/** Every live listing belongs to an article of the authority. */
export function compileOrphan(rule: ReferenceRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const { world } = input
  const authority = world.authority('catalog')
  const where = whereSql(input)
  if (authority === null)
    return [
      {
        member: null,
        sql: `CASE WHEN ${use.use(`count(*) FILTER (WHERE ${where})`)} = 0 THEN ${NOT_APPLICABLE} ELSE ${unknown('no_authority')} END`,
      },
    ]
  const selling = use.use(`count(*) FILTER (WHERE ${where} AND NOT (${authority}))`)
  const master = use.use(`count(*) FILTER (WHERE ${world.catalogued ?? authority})`)
  // Nobody knows what a channel that could not be read would have said, nor what stood in a record that could not.
  const lost = [
    world.authorityAmong('catalog', world.unread),
    ...world.lossy.map(
      (index) => `(${master} = 0 AND ${mayBeLost(index, use)} AND ${world.authorityAmong('catalog', [index])})`,
    ),
  ].join(' OR ')
  const weak = use.use(`min(link_confidence) FILTER (WHERE ${where} AND NOT (${authority}))`)
  const floor = decimalParam(input, 'min_confidence', '0.80')
  return [
    {
      member: null,
      sql: `CASE WHEN ${selling} = 0 THEN ${NOT_APPLICABLE} WHEN ${lost} THEN ${unknown('no_input')}
        WHEN ${master} = 0 THEN ${failCode(rule, 'unmatched')}
        WHEN ${weak} < ${floor} THEN ${failCode(rule, 'low_confidence')} ELSE ${PASS} END`,
    },
  ]
}

/** Sides with a value in a pool agree; one outcome per pool. */
export function compilePools(rule: EqualRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const where = whereSql(input)
  const value = valueSql(rule.value, input).sql
  if (input.world.pools.size === 0) {
    // The rule's own condition asks for a pool, and none is declared.
    const selling = input.world.channels.flatMap(({ kind }, index) => (kind === 'erp' ? [] : [index]))
    const count = use.use(
      `count(${value}) FILTER (WHERE live AND ch IN (${selling.length === 0 ? 'NULL' : selling.join(', ')}))`,
    )
    return [{ member: null, sql: `CASE WHEN ${count} < 2 THEN ${NOT_APPLICABLE} ELSE ${unknown('no_input')} END` }]
  }
  const stockOwner = input.world.authority('stock')
  return [...input.world.pools].map(([pool, channels]) => {
    const own = `${where} AND ch IN (${channels.join(', ')})`
    const sides = use.use(
      `bit_count(coalesce(bit_or(1::BIGINT << ch) FILTER (WHERE ${own} AND ${value} IS NOT NULL), 0))`,
    )
    const has = use.use(`coalesce(bool_or(${value} = 'in_stock') FILTER (WHERE ${own}), FALSE)`)
    const lacks = use.use(`coalesce(bool_or(${value} = 'out') FILTER (WHERE ${own}), FALSE)`)
    const last = input.params['last_units']
    const skew = skewGuard(input, use, `${own} AND ${value} IS NOT NULL`, 'stock')
    const branches = [
      `WHEN ${sides} < 2 THEN ${NOT_APPLICABLE}`,
      ...skew,
      `WHEN NOT (${has} AND ${lacks}) THEN ${PASS}`,
    ]
    if (last?.type === 'integer' || last?.type === 'decimal') {
      const owner = stockOwner === null ? 'FALSE' : stockOwner
      const promised = use.use(
        `coalesce(max(coalesce(pool_available, "stock.available")) FILTER (WHERE ${owner}), max("stock.available") FILTER (WHERE ${own}))`,
      )
      if (rule.codes.some((code) => code.code === 'last_units')) {
        branches.push(`WHEN ${promised} BETWEEN 1 AND ${last.value} THEN ${failCode(rule, 'last_units')}`)
      }
    }
    const fallback = rule.codes.find((code) => code.code !== 'last_units')
    return {
      member: input.world.pools.size > 1 ? pool : null,
      sql: `CASE ${branches.join(' ')} ELSE ${fallback === undefined ? FAIL : failCode(rule, fallback.code)} END`,
    }
  })
}
