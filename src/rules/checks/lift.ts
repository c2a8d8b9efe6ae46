import { type Aggregates, type CompileInput, type Member, sideScope } from '../check.ts'
import type { Expr } from '../expression/ast.ts'
import { compileCondition } from '../expression/compile.ts'

/**
 * A condition over a group as one aggregate column, so that it can stand beside others in one GROUP BY.
 *
 * @param judged - As in {@link sideScope}.
 */
export function lifted(
  expr: Expr,
  input: CompileInput,
  use: Aggregates,
  filter: string,
  member: Member,
  judged = false,
): string {
  const scope = sideScope(input, { aggregate: true, filter, judged, ...(member === null ? {} : { member }) })
  return use.use(compileCondition(expr, scope))
}
