/** The tree of an expression. Every node knows where it begins, so that the compiler's complaints point at it. */

/** Where the first character of a text stands; lines and columns count from 1. */
export interface At {
  readonly file: string
  readonly line: number
  readonly column: number
}

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type ArithmeticOperator = '+' | '-' | '*' | '/'
export type AggregateName = 'any' | 'all' | 'none' | 'count' | 'min' | 'max' | 'sum' | 'authority'

export const AGGREGATES: readonly AggregateName[] = ['any', 'all', 'none', 'count', 'min', 'max', 'sum', 'authority']

/** `offset` is the position in the expression's text, from 0. */
interface Placed {
  readonly offset: number
}

export type Literal =
  | { readonly type: 'text'; readonly value: string }
  /** Decimal text: digits, at most one dot. */
  | { readonly type: 'decimal'; readonly value: string }
  | { readonly type: 'duration'; readonly ms: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }

export interface LiteralNode extends Placed {
  readonly kind: 'literal'
  readonly literal: Literal
}

export interface FieldNode extends Placed {
  readonly kind: 'field'
  /** Canonical name; with `param`, the part before the bracket. */
  readonly name: string
  /** Of `attributes[$k]`: the parameter that holds the rest of the name; of `field[$k]`: the whole name. */
  readonly param: string | null
}

export interface ParamNode extends Placed {
  readonly kind: 'param'
  readonly name: string
}

export interface NotNode extends Placed {
  readonly kind: 'not' | 'negate'
  readonly operand: Node
}

export interface BinaryNode extends Placed {
  readonly kind: 'binary'
  readonly operator: ComparisonOperator | ArithmeticOperator | 'and' | 'or'
  readonly left: Node
  readonly right: Node
}

export interface InNode extends Placed {
  readonly kind: 'in'
  readonly operand: Node
  readonly negated: boolean
  /** The members, or the one parameter that is a list. */
  readonly list: readonly Node[] | ParamNode
}

export interface IsNullNode extends Placed {
  readonly kind: 'is_null'
  readonly operand: Node
  readonly negated: boolean
}

export interface Argument {
  readonly name: string | null
  readonly value: Node
}

export interface CallNode extends Placed {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Argument[]
}

export interface AggregateNode extends Placed {
  readonly kind: 'aggregate'
  readonly name: AggregateName
  readonly operand: Node
  /** Only the sides for which it is true count. */
  readonly where?: Node
}

export type Node =
  | LiteralNode
  | FieldNode
  | ParamNode
  | NotNode
  | BinaryNode
  | InNode
  | IsNullNode
  | CallNode
  | AggregateNode

/** A parsed expression with its text and place. */
export interface Expr {
  readonly root: Node
  readonly text: string
  readonly at: At
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'field':
    case 'param':
      return []
    case 'not':
    case 'negate':
    case 'is_null':
      return [node.operand]
    case 'aggregate':
      return node.where === undefined ? [node.operand] : [node.operand, node.where]
    case 'binary':
      return [node.left, node.right]
    case 'in':
      return 'kind' in node.list ? [node.operand, node.list] : [node.operand, ...node.list]
    case 'call':
      return node.args.map((arg) => arg.value)
  }
}

/** A node and all below it. @param leaves - Whether to leave out a node with what is below it. */
export function* walk(node: Node, leaves: (node: Node) => boolean = () => false): Iterable<Node> {
  if (leaves(node)) return
  yield node
  for (const child of children(node)) yield* walk(child, leaves)
}

/** Canonical names that the expression reads, each once, sorted; `attributes[$k]` stays as written. */
export function fieldsOf(expr: Expr): readonly string[] {
  const names = new Set<string>()
  for (const node of walk(expr.root)) {
    if (node.kind === 'field') names.add(node.param === null ? node.name : `${node.name}[$${node.param}]`)
  }
  return [...names].sort()
}

/** Aggregates that the expression takes. */
export function aggregatesOf(expr: Expr): ReadonlySet<AggregateName> {
  return new Set([...walk(expr.root)].flatMap((node) => (node.kind === 'aggregate' ? [node.name] : [])))
}

/** Names of the parameters that the expression reads, without `$`, each once, sorted. */
export function paramsOf(expr: Expr): readonly string[] {
  const names = new Set<string>()
  for (const node of walk(expr.root)) {
    if (node.kind === 'param') names.add(node.name)
    if (node.kind === 'field' && node.param !== null) names.add(node.param)
  }
  return [...names].sort()
}

/** Names and offsets of the parameters, in order of appearance: for complaints about unknown ones. */
export function paramUses(expr: Expr): readonly { readonly name: string; readonly offset: number }[] {
  const uses: { name: string; offset: number }[] = []
  for (const node of walk(expr.root)) {
    if (node.kind === 'param') uses.push({ name: node.name, offset: node.offset })
    if (node.kind === 'field' && node.param !== null) uses.push({ name: node.param, offset: node.offset })
  }
  return uses
}

/** Place of a character of the expression in its file. */
export function placeOf(expr: Pick<Expr, 'text' | 'at'>, offset: number): At {
  const before = expr.text.slice(0, offset).split('\n')
  const last = before.at(-1) ?? ''
  return { file: expr.at.file, line: expr.at.line + before.length - 1, column: expr.at.column + last.length }
}
