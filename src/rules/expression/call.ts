/** What a function of an expression is called with. */
import type { Problem } from '../../diagnostics/rules.ts'
import type { Node } from './ast.ts'
import type { ParamValue, Scope, SqlExpr, SqlType } from './scope.ts'

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

/** `same`: all arguments of this type have one type, which is also the result's when it returns `same`. */
export type ParameterType = SqlType | 'any' | 'same'

export interface FunctionParameter {
  readonly name: string
  readonly type: ParameterType
  /** Must be a literal or a parameter: known when the rule is compiled. */
  readonly constant?: true
  readonly optional?: true
}

export interface FunctionSpec {
  readonly parameters: readonly FunctionParameter[]
  /** The last parameter may repeat. */
  readonly variadic?: true
  readonly returns: SqlType | 'same'
  /** Nothing comes of a first argument that no source has, which needs no row to tell. */
  readonly strict?: true
  readonly doc: { readonly en: string; readonly es: string }
  sql(args: readonly CallArgument[], context: CallContext): string | SqlExpr
}
