/** Which parts of a field's formula can give a value, once it is known which columns a file has. */

/** Words, brackets, texts, and placeholders such as `{price:money}`. */
const TOKEN = /'(?:[^']|'')*'|\{[^}]*\}|\w+|[^\s\w]/g

/**
 * A formula without the branches that are never reached: `CASE WHEN FALSE THEN {a} ELSE {b} END` reads `b` alone.
 *
 * @param sql with TRUE or FALSE where it asks whether a column is there. What comes back tells columns, and is not run.
 */
export function liveSql(sql: string): string {
  const reader = new Reader(sql.match(TOKEN) ?? [])
  return reader.rest().join(' ')
}

class Reader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  /** Everything up to one of the words, which is left. */
  rest(...ends: readonly string[]): readonly string[] {
    const kept: string[] = []
    for (let token = this.#word(); token !== null && !ends.includes(token); token = this.#word()) {
      if (token === 'CASE') kept.push(...this.#case())
      else kept.push(this.#tokens[this.#at++] ?? '')
    }
    return kept
  }

  #word(): string | null {
    return this.#tokens[this.#at]?.toUpperCase() ?? null
  }

  #case(): readonly string[] {
    this.#at++
    const kept = [...this.rest('WHEN')]
    const compares = kept.length > 0
    let closed = false
    while (this.#word() === 'WHEN') {
      this.#at++
      const condition = this.rest('THEN')
      this.#at++
      const value = this.rest('WHEN', 'ELSE', 'END')
      const holds = compares ? null : new Condition(condition).holds()
      if (!closed && holds !== false) kept.push(...condition, ...value)
      closed ||= holds === true
    }
    if (this.#word() === 'ELSE') {
      this.#at++
      const value = this.rest('END')
      if (!closed) kept.push(...value)
    }
    this.#at++
    return kept
  }
}

/** A condition of AND, OR, NOT and brackets; null where it depends on the record. */
class Condition {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  holds(): boolean | null {
    const found = this.#any()
    return this.#at < this.#tokens.length ? null : found
  }

  #is(word: string): boolean {
    if (this.#tokens[this.#at]?.toUpperCase() !== word) return false
    this.#at++
    return true
  }

  #any(): boolean | null {
    let found = this.#all()
    while (this.#is('OR')) {
      const other = this.#all()
      found = found === true || other === true ? true : found === false && other === false ? false : null
    }
    return found
  }

  #all(): boolean | null {
    let found = this.#one()
    while (this.#is('AND')) {
      const other = this.#one()
      found = found === false || other === false ? false : found === true && other === true ? true : null
    }
    return found
  }

  #one(): boolean | null {
    if (this.#is('NOT')) {
      const found = this.#one()
      return found === null ? null : !found
    }
    let found: boolean | null
    if (this.#is('(')) {
      found = this.#any()
      if (!this.#is(')')) return this.#skip()
    } else if (this.#is('TRUE')) found = true
    else if (this.#is('FALSE')) found = false
    else return this.#skip()
    return this.#ends() ? found : this.#skip()
  }

  #ends(): boolean {
    const next = this.#tokens[this.#at]?.toUpperCase()
    return next === undefined || next === 'AND' || next === 'OR' || next === ')'
  }

  /** Past what only a record can say. */
  #skip(): null {
    for (let depth = 0; this.#at < this.#tokens.length && !(depth === 0 && this.#ends()); this.#at++) {
      const token = this.#tokens[this.#at]
      if (token === '(') depth++
      if (token === ')') depth--
    }
    return null
  }
}
