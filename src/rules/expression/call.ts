/** What a function of an expression is called with. */
import type { Problem } from '../../diagnostics/rules.ts'
import type { CallNode, Node } from './ast.ts'
import type { ParamValue, Scope, SqlExpr, SqlType } from './scope.ts'

export interface CallArgument {
  readonly node: Node
  readonly sql: string
  readonly type: SqlType
  /** Of a literal or parameter. */
  readonly constant: ParamValue | null
  readonly sure?: boolean
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
  /** It answers for a null too. */
  readonly total?: true
  readonly doc: { readonly en: string; readonly es: string }
  sql(args: readonly CallArgument[], context: CallContext): string | SqlExpr
}

export function parameterAt(spec: FunctionSpec, index: number): FunctionParameter | null {
  return spec.parameters[index] ?? (spec.variadic ? (spec.parameters.at(-1) ?? null) : null)
}

/** Arguments in the order of the parameters; null when one is given twice, skipped or unknown. */
export function placeArguments(node: CallNode, spec: FunctionSpec): readonly Node[] | null {
  const placed: (Node | undefined)[] = []
  for (const [index, arg] of node.args.entries()) {
    const position = arg.name === null ? index : spec.parameters.findIndex((parameter) => parameter.name === arg.name)
    if (position < 0 || placed[position] !== undefined) return null
    placed[position] = arg.value
  }
  const complete = Array.from(placed).filter((value) => value !== undefined)
  return complete.length === placed.length ? complete : null
}

export function wrongArity(name: string, spec: FunctionSpec): Problem {
  const names = spec.parameters.map((parameter) => (parameter.optional ? `[${parameter.name}]` : parameter.name))
  const shape = `${name}(${[...names, ...(spec.variadic ? ['…'] : [])].join(', ')})`
  return { en: `the arguments do not fit ${shape}`, es: `los argumentos no encajan en ${shape}` }
}
