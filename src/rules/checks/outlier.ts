/** A price far from its reference: a shifted decimal mark, or a typing error. */

import {
  type Aggregates,
  type CompileInput,
  decimalParam,
  failCode,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  whereSql,
} from '../check.ts'
import type { WithinRule } from '../rule.ts'
import { guards, spread } from './price.ts'

const POWERS = ['0.001', '0.01', '0.1', '10', '100', '1000']

/**
 * The reference is the authority's price, else the one that more than half of the channels have, else the lowest. What most
 * channels say cannot be told in one scan, so the scan only suspects and `refine` clears.
 */
export function compileOutlier(
  rule: WithinRule,
  input: CompileInput,
  use: Aggregates,
): { outcomes: readonly Outcome[]; refine: string } {
  const where = `${whereSql(input)} AND ${input.world.priced}`
  const { low, high, count, authority } = spread(input, use, 'x_regular', where)
  const bounds = boundsOf(input)
  const suspected = isFar(low, high, low, { low: '0', high: `least(${bounds.high}, 1 / nullif(${bounds.low}, 0))` })
  const branches = [
    `WHEN ${count} < 2 OR ${low} IS NULL OR ${low} <= 0 THEN ${NOT_APPLICABLE}`,
    ...guards(input, use, where),
    `WHEN ${low} = ${high} THEN ${PASS}`,
  ]
  if (authority !== null) {
    branches.push(
      `WHEN ${authority} IS NOT NULL AND (${isShifted(low, high, authority)}) THEN ${failCode(rule, 'decimal_shift')}`,
    )
    branches.push(`WHEN ${high} > ${authority} * ${bounds.high} THEN ${failCode(rule, 'high')}`)
    branches.push(`WHEN ${low} < ${authority} * ${bounds.low} THEN ${failCode(rule, 'low')}`)
    branches.push(`WHEN ${authority} IS NOT NULL THEN ${PASS}`)
  }
  branches.push(
    `WHEN ${isShifted(low, high, low)} THEN ${failCode(rule, 'decimal_shift')}`,
    `WHEN ${suspected} THEN ${failCode(rule, 'high')}`,
  )
  return {
    outcomes: [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${PASS} END` }],
    refine: refine(input, where),
  }
}

/** Suspects that are far from the authority, from what most channels say, or, where nobody is right, from each other. */
function refine(input: CompileInput, where: string): string {
  const authority = input.world.authority('price') ?? 'FALSE'
  const bounds = boundsOf(input)
  const most = 'max(x_regular) FILTER (WHERE same * 2 > n)'
  const reference = `coalesce(${most}, min(x_regular))`
  const counted = `SELECT item, market, x_regular, (${authority}) AS owner, count(*) OVER (PARTITION BY item, market, x_regular) AS same,
      count(*) OVER (PARTITION BY item, market) AS n FROM side WHERE ${where} AND x_regular IS NOT NULL AND item IN (%candidates%)`
  return `SELECT item, market FROM (${counted}) GROUP BY item, market
    HAVING bool_or(owner) OR (${isShifted('min(x_regular)', 'max(x_regular)', reference)}) OR (${isFar('min(x_regular)', 'max(x_regular)', reference, bounds)})`
}

function boundsOf(input: CompileInput): { readonly low: string; readonly high: string } {
  return { low: decimalParam(input, 'low', '0.5'), high: decimalParam(input, 'high', '2') }
}

function isFar(
  low: string,
  high: string,
  reference: string,
  bounds: { readonly low: string; readonly high: string },
): string {
  return `${high} > ${reference} * ${bounds.high} OR ${low} < ${reference} * ${bounds.low}`
}

function isShifted(low: string, high: string, reference: string): string {
  const ratios = [...new Set([low, high])]
    .filter((price) => price !== reference)
    .map((price) => `(${price} / ${reference})`)
  return ratios
    .flatMap((ratio) => POWERS.map((power) => `${ratio} BETWEEN ${power} * 0.95 AND ${power} * 1.05`))
    .join(' OR ')
}
