import { type Aggregates, type CompileInput, sideScope } from '../check.ts'
import type { Expr } from '../expression/ast.ts'
import { compileCondition } from '../expression/compile.ts'

/** A condition over a group as one aggregate column, so that it can stand beside others in one GROUP BY. */
export function lifted(
  expr: Expr,
  input: CompileInput,
  use: Aggregates,
  filter: string,
  member: { name: string; value: string } | null,
): string {
  const scope = sideScope(input, { aggregate: true, filter, ...(member === null ? {} : { member }) })
  return use.use(compileCondition(expr, scope))
}
