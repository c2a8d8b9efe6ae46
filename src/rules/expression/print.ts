import type { Expr, Node } from './ast.ts'

/** Text that parses to the same tree; every operand that is not a single word is in parentheses. */
export function printExpression(expr: Pick<Expr, 'root'>): string {
  return print(expr.root)
}

function print(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.literal)
    case 'field':
      return printField(node.name, node.param)
    case 'param':
      return `$${node.name}`
    case 'not':
      return `not ${atom(node.operand)}`
    case 'negate':
      return `-${atom(node.operand)}`
    case 'binary':
      return `${atom(node.left)} ${node.operator} ${atom(node.right)}`
    case 'in': {
      const list = 'kind' in node.list ? print(node.list) : `(${node.list.map(print).join(', ')})`
      return `${atom(node.operand)} ${node.negated ? 'not in' : 'in'} ${list}`
    }
    case 'is_null':
      return `${atom(node.operand)} is ${node.negated ? 'not null' : 'null'}`
    case 'call':
      return `${node.name}(${node.args.map((arg) => `${arg.name === null ? '' : `${arg.name}=`}${print(arg.value)}`).join(', ')})`
    case 'aggregate':
      return `${node.name}(${print(node.operand)}${node.where === undefined ? '' : ` where ${print(node.where)}`})`
  }
}

function atom(node: Node): string {
  const single = node.kind === 'literal' || node.kind === 'field' || node.kind === 'param'
  const call = node.kind === 'call' || node.kind === 'aggregate'
  return single || call ? print(node) : `(${print(node)})`
}

function printLiteral(literal: (Node & { kind: 'literal' })['literal']): string {
  switch (literal.type) {
    case 'text':
      return quote(literal.value)
    case 'decimal':
      return literal.value
    case 'duration':
      return `${literal.ms / 1000}s`
    case 'boolean':
      return String(literal.value)
    case 'null':
      return 'null'
  }
}

function printField(name: string, param: string | null): string {
  if (param !== null) return `${name}[$${param}]`
  const plain = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u
  if (plain.test(name)) return name
  const dot = name.indexOf('.')
  return `${name.slice(0, dot)}[${quote(name.slice(dot + 1))}]`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
