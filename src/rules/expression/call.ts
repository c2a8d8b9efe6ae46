/** What a function of an expression is called with. */
import type { Problem } from '../../diagnostics/rules.ts'
import type { Node } from './ast.ts'
import type { ParamValue, Scope, SqlType } from './scope.ts'

export interface CallArgument {
  readonly node: Node
  readonly sql: string
  readonly type: SqlType
  /** Of a literal or parameter. */
  readonly constant: ParamValue | null
}

export interface CallContext {
  readonly scope: Scope
  readonly inAggregate: boolean
  /** Builds the error; it points at the argument, or at the function where there is none. */
  error(argument: CallArgument | null, problem: Problem, hint: Problem | null): Error
}
