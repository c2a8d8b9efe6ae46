/** A cursor over JSON text that gives cells as they are written: numbers keep their digits, arrays stay JSON. */

const MAX_DEPTH = 100
/** Objects nested deeper than this stay JSON text in one cell. */
const MAX_FLAT_DEPTH = 6

export class JsonError extends Error {
  readonly at: number

  constructor(at: number, reason: string) {
    super(reason)
    this.at = at
  }
}

export interface Member {
  readonly key: string
  /** Where its value begins. */
  readonly at: number
  readonly kind: '{' | '[' | 'scalar'
  /** Of arrays: whether the first element is an object. */
  readonly objects: boolean
}

export class JsonText {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at++
    }
  }

  /** The next character that is no blank, '' at the end. */
  peek(): string {
    this.space()
    return this.text.charAt(this.at)
  }

  expect(character: string): void {
    if (this.peek() !== character) throw this.unexpected(`'${character}'`)
    this.at++
  }

  unexpected(wanted: string): JsonError {
    const found = this.at >= this.text.length ? 'the end' : `'${this.text.charAt(this.at)}'`
    return new JsonError(this.at, `found ${found} where ${wanted} should be`)
  }

  /** Walks over a container's parts; `part` must move behind its value. */
  each(open: '{' | '[', part: (key: string) => void): void {
    const close = open === '{' ? '}' : ']'
    this.expect(open)
    if (this.peek() === close) {
      this.at++
      return
    }
    for (;;) {
      let key = ''
      if (open === '{') {
        this.space()
        key = this.string()
        this.expect(':')
      }
      this.space()
      part(key)
      const mark = this.peek()
      if (mark !== ',' && mark !== close) throw this.unexpected(`',' or '${close}'`)
      this.at++
      if (mark === close || this.closesAfterComma(close)) return
    }
  }

  /** Moves behind a container that ends with a comma, as hand-edited files do: it has one meaning. */
  closesAfterComma(close: string): boolean {
    if (this.peek() !== close) return false
    this.at++
    return true
  }

  string(): string {
    const start = this.at
    if (this.text.charAt(start) !== '"') throw this.unexpected('a text in quotes')
    for (let at = start + 1; ; at++) {
      const code = this.text.charCodeAt(at)
      if (Number.isNaN(code)) throw new JsonError(start, 'a text is not closed')
      if (code === 92) at++
      else if (code === 34) {
        this.at = at + 1
        return this.unescape(start, at)
      }
    }
  }

  private unescape(start: number, end: number): string {
    const inner = this.text.slice(start + 1, end)
    // Line breaks inside texts are written by sloppy exporters; nothing else that JSON forbids is let through.
    if (!inner.includes('\\')) return inner
    try {
      return JSON.parse(`"${inner.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`) as string
    } catch {
      throw new JsonError(start, 'a text has an unknown escape')
    }
  }

  /** Moves behind a value. */
  skip(depth = 0): void {
    if (depth > MAX_DEPTH) throw new JsonError(this.at, `nested more than ${MAX_DEPTH} deep`)
    const first = this.peek()
    if (first === '{' || first === '[') this.each(first, () => this.skip(depth + 1))
    else this.scalar()
  }

  /** @returns Text of a value that is no container; null for null. */
  scalar(): string | null {
    if (this.peek() === '"') return this.string()
    const word = /[^\s,\]}:]*/y
    word.lastIndex = this.at
    const [text = ''] = word.exec(this.text) ?? []
    if (text === 'null' || text === 'true' || text === 'false') {
      this.at += text.length
      return text === 'null' ? null : text
    }
    if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw this.unexpected('a value')
    this.at += text.length
    return plainNumber(text)
  }

  /** Members of the object at the cursor, which moves behind it. */
  members(): Member[] {
    const members: Member[] = []
    this.each('{', (key) => {
      const at = this.at
      const first = this.text.charAt(at)
      const kind = first === '{' || first === '[' ? first : 'scalar'
      let objects = false
      if (kind === '[') {
        this.at++
        objects = this.peek() === '{'
        this.at = at
      }
      members.push({ key, at, kind, objects })
      this.skip()
    })
    return members
  }

  /** Adds the cells of the object at the cursor: names of nested members are joined with dots. */
  flatten(cells: Map<string, string | null>, prefix = '', depth = 0): void {
    this.each('{', (key) => {
      const name = prefix + key
      const first = this.text.charAt(this.at)
      if (first === '{' && depth < MAX_FLAT_DEPTH) {
        this.flatten(cells, `${name}.`, depth + 1)
        return
      }
      if (first === '{' || first === '[') {
        const start = this.at
        this.skip()
        cells.set(name, this.text.slice(start, this.at))
        return
      }
      cells.set(name, this.scalar())
    })
  }
}

/** Writes a number without exponent; digits stay as they are. */
export function plainNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  if (Math.abs(shift) > 400) return text
  const digits = whole + fraction
  const point = whole.length + shift
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = Math.max(point, 1)
  const decimals = padded.slice(at).replace(/0+$/, '')
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  return sign + integer + (decimals === '' ? '' : `.${decimals}`)
}
