import { onceBoth } from './once.ts'
import type { SqlExpr, SqlType } from './scope.ts'

type Operator = '+' | '-' | '*' | '/'

/** Brings a decimal back to the type of the canonical columns; NULL where it does not fit. */
export function toDecimal(sql: string): string {
  return `TRY_CAST(${sql} AS DECIMAL(18,6))`
}

/** DuckDB keeps DECIMAL(18,x) products in 64 bits and stops the query on overflow: one wide operand makes it 128. */
function wide(sql: string): string {
  return `CAST(${sql} AS DECIMAL(38,6))`
}

/** Exact, halves away from zero, by integers: DuckDB's own division of decimals is a float. */
function divided(dividend: string, divisor: string): string {
  return onceBoth(dividend, divisor, quotient)
}

/** Millionths of amounts below this fit into 64 bits when they are multiplied by two million, and exactly into a float. */
const SMALL = 4_000_000

/** A division of 128 bits takes a microsecond, so small numbers are divided by 64; and most divisors are packs of one. */
function quotient(left: string, right: string): string {
  const sign = `sign(${left}) * sign(${right})`
  const ratio = (millionths: (sql: string) => string, type: string): string => {
    const [dividend, divisor] = [millionths(left), millionths(right)]
    const halves = `(2 * ${dividend} * 1000000 + ${divisor}) // (2 * nullif(${divisor}, 0))`
    return toDecimal(`CAST(${sign} * (${halves}) AS ${type}) * 0.000001`)
  }
  const isSmall = (sql: string): string => `abs(${toDecimal(sql)}) < ${SMALL}`
  const narrow = (sql: string): string => `CAST(round(abs(${toDecimal(sql)})::DOUBLE * 1000000) AS BIGINT)`
  const broad = (sql: string): string => `abs(CAST(${wide(sql)} * 1000000 AS HUGEINT))`
  return `CASE WHEN ${right} = 1 THEN ${toDecimal(left)} WHEN ${isSmall(left)} AND ${isSmall(right)} THEN ${ratio(narrow, 'DECIMAL(19,0)')}
    ELSE ${ratio(broad, 'DECIMAL(38,0)')} END`
}

function microseconds(sql: string): string {
  return `CAST(round(${sql}) AS BIGINT)`
}

/** @returns Null when the operator does not take these types. */
export function arithmetic(operator: Operator, left: SqlExpr, right: SqlExpr): SqlExpr | null {
  const pair = `${known(left, right)}${operator}${known(right, left)}`
  const [a, b] = [left.sql, right.sql]
  switch (pair) {
    case 'decimal+decimal':
    case 'decimal-decimal':
    case 'decimal*decimal':
      return { sql: toDecimal(`${wide(a)} ${operator} ${b}`), type: 'decimal' }
    case 'decimal/decimal':
      return { sql: divided(a, b), type: 'decimal' }
    case 'duration+duration':
    case 'duration-duration':
      return { sql: `TRY_CAST(CAST(${a} AS HUGEINT) ${operator} ${b} AS BIGINT)`, type: 'duration' }
    case 'duration*decimal':
      return { sql: `TRY(${microseconds(`${wide(b)} * ${a}`)})`, type: 'duration' }
    case 'decimal*duration':
      return { sql: `TRY(${microseconds(`${wide(a)} * ${b}`)})`, type: 'duration' }
    case 'instant-instant':
      // No TRY: an aggregate may stand in it.
      return { sql: `TRY_CAST(CAST(epoch_us(${a}) AS HUGEINT) - epoch_us(${b}) AS BIGINT)`, type: 'duration' }
    case 'instant+duration':
    case 'instant-duration':
      // DECIMAL(18) ends before the instants that the engine has do.
      return {
        sql: `make_timestamp(CAST(TRY_CAST(CAST(epoch_us(${a}) AS HUGEINT) ${operator} ${b} AS DECIMAL(18,0)) AS BIGINT))`,
        type: 'instant',
      }
    default:
      return null
  }
}

/** A value of unknown type counts as what the other one is, else as a number. */
function known(expr: SqlExpr, other: SqlExpr): SqlType {
  if (expr.type !== 'unknown') return expr.type
  return other.type === 'unknown' ? 'decimal' : other.type
}
