/** YAML with positions: what the text holds, where each value stands, and what is wrong with it as YAML. */
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml'
import type { Found } from '../diagnostics/config.ts'
import { type Diagnostic, diagnose, type Where } from '../diagnostics/diagnostic.ts'

export type Path = readonly (string | number)[]

export interface ConfigDocument {
  /** Plain data; undefined when the text is not YAML. */
  readonly data: unknown
  readonly problems: readonly Diagnostic[]
  /** Where the value at the path stands, or the nearest block around it. */
  place(path: Path): Where
  /** Where a key of the mapping at the path stands. */
  keyPlace(path: Path, key: string): Where
  /** How the scalar at the path is written; null for anything else, and for what is written in quotes. */
  plainText(path: Path): string | null
}

const MAX_ALIASES = 100

interface Detail {
  readonly en: string
  readonly es: string
}

const KEY: Detail = { en: 'a key is a word or a quoted text', es: 'una clave es una palabra o un texto entre comillas' }
const NO_ANCHOR: Detail = { en: 'the alias has no anchor', es: 'el alias no tiene ancla' }
const RECURSIVE: Detail = {
  en: 'the alias stands inside its own anchor',
  es: 'el alias está dentro de su propia ancla',
}

/** Where the library speaks to programmers. */
const DETAILS: Readonly<Record<string, Detail>> = {
  MULTIPLE_DOCS: { en: 'it holds several documents', es: 'contiene varios documentos' },
  TAB_AS_INDENT: {
    en: 'tabs cannot indent, only blanks can',
    es: 'la sangría se hace con espacios, no con tabuladores',
  },
  TAG_RESOLVE_FAILED: { en: 'tags such as !!name are not accepted', es: 'no se admiten etiquetas como !!nombre' },
}

/** `channels.web.sources[0].path` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

export function describe(value: unknown): Found {
  if (value === null || value === undefined) return { kind: 'empty', text: '' }
  if (Array.isArray(value)) return { kind: value.length === 0 ? 'empty' : 'list', text: '' }
  if (typeof value === 'object') return { kind: 'mapping', text: '' }
  if (typeof value === 'string') return { kind: 'text', text: value.length > 60 ? `${value.slice(0, 60)}…` : value }
  return { kind: typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'word', text: String(value) }
}

function isPlainNumberOrWord(node: unknown): node is Scalar {
  return isScalar(node) && node.type === 'PLAIN' && typeof node.value !== 'string'
}

/** A number that YAML changes: leading zeros, hexadecimal, octal, exponents, more digits than a double holds. */
function losesDigits(written: string): boolean {
  return /^[-+]?0[\dxo]/.test(written) || /^[-+]?\d+(\.\d+)?e/i.test(written) || /^[-+]?\d{16,}$/.test(written)
}

class Reader {
  readonly problems: Diagnostic[] = []
  readonly file: string
  readonly lines: LineCounter
  readonly doc: Document.Parsed

  constructor(file: string, text: string) {
    this.file = file
    this.lines = new LineCounter()
    this.doc = parseDocument(text, { lineCounter: this.lines, uniqueKeys: false, prettyErrors: false, version: '1.2' })
  }

  at(offset: number): Where {
    const { line, col } = this.lines.linePos(offset)
    return line === 0 ? { file: this.file } : { file: this.file, line, column: col }
  }

  of(node: unknown): Where {
    const range = (node as Node | null)?.range
    return range === undefined || range === null ? { file: this.file } : this.at(range[0])
  }

  resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.doc) : node
  }

  /** The pair or item at the path; null when the path leaves the document. */
  find(path: Path): { readonly key: unknown; readonly value: unknown } | null {
    let found: { key: unknown; value: unknown } = { key: null, value: this.doc.contents }
    for (const part of path) {
      const block = this.resolve(found.value)
      if (!isCollection(block)) return null
      if (isMap(block)) {
        const pair = block.items.findLast((item) => keyText(item) === String(part))
        if (pair === undefined) return null
        found = { key: pair.key, value: pair.value }
      } else {
        const item = block.items[Number(part)]
        if (item === undefined) return null
        found = { key: null, value: item }
      }
    }
    return found
  }

  syntax(): void {
    for (const { code, message, pos } of [...this.doc.errors, ...this.doc.warnings]) {
      const line = message.split('\n')[0] ?? message
      this.refuse(DETAILS[code] ?? { en: line, es: line }, this.at(pos[0]))
    }
  }

  refuse(detail: Detail, where: Where): void {
    this.problems.push(diagnose('config/syntax', { detail }, where))
  }

  /** Checks every key and number of the tree; aliases are not followed, so that the walk ends. */
  walk(node: unknown, path: Path): void {
    if (isMap(node)) {
      const seen = new Map<string, number>()
      for (const pair of node.items) this.pair(pair, path, seen)
    } else if (isCollection(node)) {
      for (const [index, item] of node.items.entries()) this.walk(item, [...path, index])
    } else if (isAlias(node)) {
      this.alias(node)
    } else if (isPlainNumberOrWord(node) && losesDigits(node.source ?? '')) {
      this.unquoted(node, pathText(path))
    }
  }

  pair(pair: Pair, path: Path, seen: Map<string, number>): void {
    const key = keyText(pair)
    if (key === null || key === '__proto__') {
      this.refuse(KEY, this.of(pair.key))
      return
    }
    if (isPlainNumberOrWord(pair.key)) this.unquoted(pair.key, pathText(path))
    const where = this.of(pair.key)
    const first = seen.get(key)
    const line = 'line' in where ? (where.line ?? 0) : 0
    if (first === undefined) seen.set(key, line)
    else this.problems.push(diagnose('config/duplicate-key', { key: pathText([...path, key]), line: first }, where))
    this.walk(pair.value, [...path, key])
  }

  alias(node: Alias): void {
    const target = node.resolve(this.doc)
    const start = node.range?.[0] ?? 0
    const { range } = target ?? {}
    if (target === undefined) this.refuse(NO_ANCHOR, this.of(node))
    else if (range !== undefined && range !== null && range[0] < start && start < range[1])
      this.refuse(RECURSIVE, this.of(node))
  }

  unquoted(node: Scalar, key: string): void {
    const params = { key, written: node.source ?? '', readAs: describe(node.value) }
    this.problems.push(diagnose('config/unquoted-identifier', params, this.of(node)))
  }

  data(): unknown {
    try {
      return this.doc.toJS({ maxAliasCount: MAX_ALIASES })
    } catch (error) {
      // The library's guard against aliases that multiply.
      if (!(error instanceof ReferenceError)) throw error
      const reason = `more than ${MAX_ALIASES} aliases`
      this.problems.push(diagnose('config/too-large', { reason }, { file: this.file }))
      return undefined
    }
  }
}

function keyText(pair: unknown): string | null {
  if (!isPair(pair) || !isScalar(pair.key)) return null
  return typeof pair.key.value === 'string' ? pair.key.value : (pair.key.source ?? String(pair.key.value))
}

/**
 * @param file - As diagnostics show it.
 * @param text - YAML or JSON.
 */
export function parseConfigDocument(file: string, text: string): ConfigDocument {
  const reader = new Reader(file, text)
  reader.syntax()
  if (reader.problems.length === 0) reader.walk(reader.doc.contents, [])
  const isReadable = reader.problems.every(({ code }) => code !== 'config/syntax')
  return {
    data: isReadable ? reader.data() : undefined,
    problems: reader.problems,
    place(path) {
      for (let length = path.length; length > 0; length--) {
        const found = reader.find(path.slice(0, length))
        const node = length === path.length ? (found?.value ?? found?.key) : (found?.key ?? found?.value)
        if (node !== null && node !== undefined) return reader.of(node)
      }
      return reader.of(reader.doc.contents)
    },
    keyPlace(path, key) {
      return reader.of(reader.find([...path, key])?.key ?? null)
    },
    plainText(path) {
      const node = reader.resolve(reader.find(path)?.value)
      return isPlainNumberOrWord(node) ? (node.source ?? null) : null
    },
  }
}
