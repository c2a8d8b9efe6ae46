/** Names and values as SQL text of each dialect. Whatever they hold, the text is one token. */
import type { Dialect } from './database.ts'

/** A text that no dialect can carry, or that is not what it claims to be. */
export class UnquotableError extends Error {
  override readonly name = 'UnquotableError'
  /** The message in Spanish. */
  readonly es: string

  constructor(message: string, es: string) {
    super(message)
    this.es = es
  }
}

/** Quotes a name: `"x"`, `` `x` `` or `[x]`. */
export function quoteName(dialect: Dialect, name: string): string {
  if (name === '' || /[\0-\u001f]/.test(name))
    throw new UnquotableError(
      'a name is empty or has a control character in it',
      'un nombre está vacío o lleva un carácter de control',
    )
  switch (dialect) {
    case 'mysql':
    case 'mariadb':
      return `\`${name.replaceAll('`', '``')}\``
    case 'sqlserver':
      return `[${name.replaceAll(']', ']]')}]`
    case 'postgresql':
    case 'sqlite':
      return `"${name.replaceAll('"', '""')}"`
  }
}

export function quoteTable(dialect: Dialect, table: readonly string[]): string {
  return table.map((part) => quoteName(dialect, part)).join('.')
}

// Programs that run scripts look into them before the server does: line breaks, backslashes and $(…) mean something to
// sqlcmd, and backslashes something else under each sql_mode of MySQL.
const CONTROL = /[\u0001-\u001f\u007f-\u009f\u2028\u2029\ufeff]/

/**
 * Quotes a text so that it means the same under every setting of the server and in every client that runs the script.
 *
 * @throws UnquotableError for NUL and lone surrogates: no database keeps them as text.
 */
export function quoteText(dialect: Dialect, text: string): string {
  if (/[\0\p{Surrogate}]/u.test(text)) throw unwritable()
  const plain = `'${text.replaceAll("'", "''")}'`
  switch (dialect) {
    case 'postgresql': {
      if (!text.includes('\\') && !CONTROL.test(text)) return plain
      const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "''")
      return `E'${escaped.replace(new RegExp(CONTROL, 'g'), (one) => `\\u${hex4(one)}`)}'`
    }
    case 'mysql':
    case 'mariadb':
      return text.includes('\\') || CONTROL.test(text)
        ? `_utf8mb4 X'${Buffer.from(text, 'utf8').toString('hex').toUpperCase()}'`
        : plain
    case 'sqlite':
      return CONTROL.test(text) ? `CAST(X'${Buffer.from(text, 'utf8').toString('hex').toUpperCase()}' AS TEXT)` : plain
    case 'sqlserver':
      return text.includes('\\') || text.includes('$(') || CONTROL.test(text)
        ? `CAST(0x${Buffer.from(text, 'utf16le').toString('hex').toUpperCase()} AS nvarchar(max))`
        : `N${plain}`
  }
}

function hex4(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0')
}

/** NUL or half a character. */
export function unwritable(): UnquotableError {
  return new UnquotableError(
    'the text has a character that cannot be written',
    'el texto lleva un carácter que no se puede escribir',
  )
}

const NUMBER = /^-?\d{1,60}(?:\.\d{1,40})?$/

/**
 * A number as a literal, never as a float.
 *
 * @param scale - Digits after the point that the column keeps; null to write it as it is.
 * @throws UnquotableError for anything but a plain decimal.
 */
export function quoteNumber(text: string, scale: number | null): string {
  if (!NUMBER.test(text))
    throw new UnquotableError(`'${text.slice(0, 40)}' is not a plain number`, `«${text.slice(0, 40)}» no es un número`)
  return scale === null ? text : inScale(text, scale)
}

/**
 * A decimal with exactly so many digits after the point.
 *
 * @throws UnquotableError where digits other than zero would be lost.
 */
export function inScale(text: string, scale: number): string {
  const [whole = '0', fraction = ''] = text.split('.')
  if (/[1-9]/.test(fraction.slice(scale))) {
    throw new UnquotableError(
      `${text} has more than the ${scale} digits after the point that the column keeps`,
      `${text} tiene más decimales que los ${scale} que guarda la columna`,
    )
  }
  const kept = fraction.slice(0, scale).padEnd(scale, '0')
  return kept === '' ? whole : `${whole}.${kept}`
}
