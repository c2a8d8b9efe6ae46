/** Sorts the rules of a run by what they judge and compiles each to outcomes. */

import {
  Aggregates,
  type CompileInput,
  domainOf,
  NOT_APPLICABLE,
  type Outcome,
  type World,
  whereSql,
} from '../rules/check.ts'
import {
  compileAssortment,
  compileEqual,
  compileImplies,
  compileOrphan,
  compilePools,
  compileUniqueGroup,
} from '../rules/checks/group.ts'
import { compileOutlier } from '../rules/checks/outlier.ts'
import { compilePolicy, compileTaxBasis } from '../rules/checks/price.ts'
import { asksAuthority, compileReconcile } from '../rules/checks/reconcile.ts'
import { compileRow } from '../rules/checks/row.ts'
import { compileSimilar } from '../rules/checks/similar.ts'
import { compileBuffer, compileHidden, compilePublished } from '../rules/checks/stock.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Comparison, Rule, WithinRule } from '../rules/rule.ts'
import { scopedGroup, scopedRows } from './scoped.ts'

export interface CompiledCheck {
  readonly effective: EffectiveRule
  readonly outcomes: readonly Outcome[]
  /** Group checks: which sides take part, for showing them. */
  readonly where: string
  /** Exact condition for what the scan only suspects: a SELECT of (item, market) with `%candidates%`. */
  readonly refine: string | null
}

export interface Plan {
  readonly groups: readonly CompiledCheck[]
  readonly aggregates: readonly (readonly [alias: string, sql: string])[]
  readonly rows: readonly CompiledCheck[]
  /** Rules that are judged by statements of their own: keys, promotions, facts of the reading. */
  readonly others: readonly EffectiveRule[]
  /** Rules that judge single stock records. */
  readonly stockRows: readonly EffectiveRule[]
}

export function compilePlan(rules: readonly EffectiveRule[], world: World): Plan {
  const use = new Aggregates()
  const groups: CompiledCheck[] = []
  const rows: CompiledCheck[] = []
  const others: EffectiveRule[] = []
  const stockRows: EffectiveRule[] = []
  for (const effective of rules) {
    const { rule } = effective
    const inputWith = (params: CompileInput['params']): CompileInput => ({ rule, params, world })
    if (!rule.inputs.every((need) => world.speaksInput(need))) continue
    const onListing = rule.on === 'listing' || rule.on === 'price' || rule.on === 'stock'
    if (rule.on === 'stock' && rule.group === null && rule.kind !== 'sql') stockRows.push(effective)
    if (!onListing || rule.kind === 'sql') others.push(effective)
    else if (rule.group === null && rule.kind !== 'reference' && rule.kind !== 'unique') {
      const outcomes = scopedRows(effective, world, (params) => ownStockOnly(rule, compileRow(inputWith(params))))
      rows.push({ effective, outcomes, where: 'TRUE', refine: null })
    } else {
      const compiled = scopedGroup(effective, world, use, (params, shared) => {
        const input = inputWith(params)
        return { where: shownSql(rule, input), ...compileGroup(rule, input, shared) }
      })
      groups.push({ effective, ...compiled })
    }
  }
  return { groups, aggregates: use.entries(), rows, others, stockRows }
}

/** Sides that a finding shows: a price that nothing binds is no side of a difference, the owner of the stock is always one. */
function shownSql(rule: Rule, input: CompileInput): string {
  const where = whereSql(input)
  if (rule.kind === 'reconcile' && asksAuthority(rule)) {
    return `(${where} OR ${input.world.authority(domainOf(rule)) ?? 'FALSE'})`
  }
  if (rule.kind !== 'within') return where
  if (rule.compare === 'policy') return `${where} AND ${input.world.priceBound}`
  const owner = OF_STOCK.has(rule.compare) ? input.world.authority('stock') : null
  return owner === null ? where : `((${where} AND ${input.world.sharesStock}) OR ${owner})`
}

/** Comparisons with the figure of the stock's owner. */
const OF_STOCK: ReadonlySet<Comparison> = new Set(['promise', 'offer', 'buffer'])

/** A stock figure that was added up from stock records is judged record by record, not as a sum. */
function ownStockOnly(rule: Rule, outcomes: readonly Outcome[]): readonly Outcome[] {
  if (rule.on !== 'stock') return outcomes
  const isConstant = ({ sql }: Outcome): boolean => /^\d+$/.test(sql)
  return outcomes.map((outcome) =>
    isConstant(outcome)
      ? outcome
      : {
          ...outcome,
          sql: `CASE WHEN "src:stock" IS NOT NULL OR ("stock.available" IS NULL AND "stock.on_hand" IS NULL) THEN ${NOT_APPLICABLE} ELSE ${outcome.sql} END`,
        },
  )
}

function compileGroup(
  rule: Rule,
  input: CompileInput,
  use: Aggregates,
): { outcomes: readonly Outcome[]; refine: string | null } {
  switch (rule.kind) {
    case 'equal':
      return {
        outcomes:
          rule.group?.includes('channel.stock_pool') === true
            ? compilePools(rule, input, use)
            : compileEqual(rule, input, use),
        refine: null,
      }
    case 'implies':
      return { outcomes: compileImplies(rule, input, use), refine: null }
    case 'similar':
      return compileSimilar(rule, input, use)
    case 'unique':
      return compileUniqueGroup(rule, input, use)
    case 'present':
      return { outcomes: compileAssortment(rule, input, use), refine: null }
    case 'reference':
      return { outcomes: compileOrphan(rule, input, use), refine: null }
    case 'within':
      return rule.compare === 'ratio'
        ? compileOutlier(rule, input, use)
        : { outcomes: compileWithin(rule, input, use, rule.compare), refine: null }
    case 'reconcile':
      return { outcomes: compileReconcile(rule, input, use), refine: null }
    case 'format':
    case 'match':
    case 'window':
    case 'fresh':
    case 'drift':
    case 'sql':
    case 'history':
      throw new Error(`${rule.id}: a ${rule.kind} check judges rows, not groups`)
  }
}

function compileWithin(
  rule: WithinRule,
  input: CompileInput,
  use: Aggregates,
  compare: Exclude<Comparison, 'ratio'>,
): readonly Outcome[] {
  switch (compare) {
    case 'policy':
      return compilePolicy(rule, input, use)
    case 'tax_rate':
      return compileTaxBasis(rule, input, use)
    case 'promise':
      return compilePublished(rule, input, use)
    case 'offer':
      return compileHidden(rule, input, use)
    case 'buffer':
      return compileBuffer(input, use)
    case 'floor':
    case 'discount':
      throw new Error(`${rule.id}: '${compare}' judges promotions`)
  }
}
