import { readTokens, type Token } from './tokens.ts'

export interface Import {
  /** As written; a computed `import(…)` of a template keeps `${}` for each expression; null when it is neither text nor template. */
  readonly from: string | null
  readonly line: number
  readonly computed: boolean
}

/** Every module a file names: `import`, `export … from`, `import(…)` in code and in types, `require(…)`. */
export function readImports(source: string): readonly Import[] {
  const tokens = readTokens(source)
  const found: Import[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || tokens[at - 1]?.text === '.') continue
    const place = moduleOf(tokens, at)
    if (place === null) continue
    const module = tokens[place]
    if (module === undefined) continue
    const computed = module.kind !== 'string'
    const from = module.kind === 'string' || module.kind === 'template' ? module.text : null
    found.push({ from, line: token.line, computed })
  }
  return found
}

/** Index of the token that names the module, when the word at `at` begins an import or a re-export. */
function moduleOf(tokens: readonly Token[], at: number): number | null {
  const word = tokens[at]?.text
  const next = tokens[at + 1]
  if (next === undefined) return null
  if (word === 'require') return next.text === '(' && next.kind === 'mark' ? at + 2 : null
  if (word === 'import') {
    if (next.kind === 'string') return at + 1
    if (next.kind === 'mark' && next.text === '(') return at + 2
    if (next.text === '.' || next.text === ':') return null
    return afterFrom(tokens, at + 1)
  }
  if (word !== 'export') return null
  const clause = next.text === 'type' ? at + 2 : at + 1
  const opens = tokens[clause]
  if (opens?.kind !== 'mark' || (opens.text !== '*' && opens.text !== '{')) return null
  return afterFrom(tokens, clause)
}

/** Index of the text after `from`, or null when the clause ends without one: `export { a }` names no module. */
function afterFrom(tokens: readonly Token[], start: number): number | null {
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at]
    if (token?.kind === 'word' && token.text === 'from' && tokens[at + 1]?.kind === 'string') return at + 1
    if (token?.kind === 'string' || token?.text === ';' || token?.text === '(' || token?.text === '=') return null
    if (token?.text === '}' && tokens[at + 1]?.text !== 'from') return null
  }
  return null
}
