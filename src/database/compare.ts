/** When two cells are the same value, and how a value has to be written for its column. */
import type { Cell, ColumnKind, WriteColumn } from './database.ts'
import { inScale, UnquotableError, unwritable } from './quoting.ts'

/** A decimal without zeros that mean nothing: `-0.50` is `-0.5`; null for what is no plain decimal. */
export function plainNumber(text: string): string | null {
  const [, sign = '', whole = '', fraction = ''] = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text) ?? []
  if (whole === '' && fraction === '') return null
  const integer = whole.replace(/^0+(?=\d)/, '') || '0'
  const rest = fraction.replace(/0+$/, '')
  const value = rest === '' ? integer : `${integer}.${rest}`
  return sign === '-' && value !== '0' ? `-${value}` : value
}

const TRUE = new Set(['true', 't', '1'])
const FALSE = new Set(['false', 'f', '0'])

function truth(cell: string | boolean): boolean | null {
  if (typeof cell === 'boolean') return cell
  const text = cell.trim().toLowerCase()
  if (TRUE.has(text)) return true
  return FALSE.has(text) ? false : null
}

/** Time of day without what it does not need: seconds of nothing, fractions of nothing. */
function plainTime(text: string): string {
  const [, day = '', time = '', zone = ''] =
    /^(\d{4,}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z)?$/.exec(text.trim()) ?? []
  if (day === '') return text
  const full = time === '' ? '00:00:00' : time.length === 5 ? `${time}:00` : time
  return `${day}T${full.includes('.') ? full.replace(/\.?0+$/, '') : full}${zone}`
}

/** Whether two cells of a column are one value. */
export function isSame(kind: ColumnKind, a: Cell, b: Cell): boolean {
  if (a === null || b === null) return a === b
  switch (kind) {
    case 'exact':
    case 'float': {
      // A truth value may live in a number: BIT, TINYINT(1).
      const [left, right] = [a, b].map((cell) => (typeof cell === 'boolean' ? (cell ? '1' : '0') : cell))
      const known = left === undefined ? null : plainNumber(left)
      return known === null ? left === right : right !== undefined && known === plainNumber(right)
    }
    case 'boolean':
      return truth(a) !== null && truth(a) === truth(b)
    case 'char':
      return String(a).replace(/ +$/, '') === String(b).replace(/ +$/, '')
    case 'date':
    case 'local':
    case 'instant':
      return plainTime(String(a)) === plainTime(String(b))
    case 'text':
    case 'other':
      return String(a) === String(b)
  }
}

/**
 * The cell as text for a parameter or literal of its column.
 *
 * @throws UnquotableError for a value that the column cannot keep as it is.
 */
export function fitted(column: WriteColumn, cell: Cell): string | null {
  if (column.generated) {
    throw new UnquotableError(
      `the server computes column '${column.name}' itself`,
      `la columna «${column.name}» la calcula el propio servidor`,
    )
  }
  if (cell === null) {
    if (!column.nullable) {
      throw new UnquotableError(
        `column '${column.name}' does not take null`,
        `la columna «${column.name}» no admite nulos`,
      )
    }
    return null
  }
  switch (column.kind) {
    case 'exact':
    case 'float': {
      const text = typeof cell === 'boolean' ? (cell ? '1' : '0') : cell
      const number = plainNumber(text)
      if (number === null) {
        throw new UnquotableError(`'${text.slice(0, 40)}' is not a number`, `«${text.slice(0, 40)}» no es un número`)
      }
      return column.kind === 'exact' && column.scale !== null ? inScale(number, column.scale) : number
    }
    case 'boolean': {
      const value = truth(cell)
      if (value === null) {
        const shown = String(cell).slice(0, 40)
        throw new UnquotableError(`'${shown}' is neither true nor false`, `«${shown}» no es ni verdadero ni falso`)
      }
      return value ? '1' : '0'
    }
    case 'text':
    case 'char': {
      const text = String(cell)
      if (/[\0\p{Surrogate}]/u.test(text)) throw unwritable()
      if (column.length !== null && [...text].length > column.length) {
        throw new UnquotableError(
          `column '${column.name}' takes ${column.length} characters`,
          `la columna «${column.name}» admite ${column.length} caracteres`,
        )
      }
      return text
    }
    case 'date':
    case 'local':
    case 'instant':
      return String(cell)
    case 'other':
      throw new UnquotableError(
        `values of type ${column.type} are not written`,
        `los valores de tipo ${column.type} no se escriben`,
      )
  }
}
