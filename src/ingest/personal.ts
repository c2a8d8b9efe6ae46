/** Clear personal data in an input that should hold keyed hashes: the file is refused, and nothing of it is shown. */
import { foldHeader } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Engine } from '../engine/engine.ts'
import type { TableFile } from '../model/table-file.ts'

const MAIL = `'[^\\s@]+@[^\\s@]+\\.[A-Za-z]{2,}'`
/** With a country's code, or in groups as people write it. */
const PHONE = `'\\+[0-9][0-9 ().-]{7,18}|\\(?[0-9]{2,4}\\)?([ .-][0-9]{2,4}){2,4}'`
const DATE = `'([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}).*'`
/** With a country's code, inside a text. */
const INSIDE = `'(^|[^0-9A-Za-z/+])\\+[0-9]{1,3}[ .-]?[0-9]([ .-]?[0-9]){6,12}($|[^0-9A-Za-z/+=])'`
/** Columns of such names are about telephones: there, digits alone are a number too. */
const TELEPHONES = new Set([
  'phone',
  'telephone',
  'mobile',
  'phonehash',
  'telefono',
  'movil',
  'hashtelefono',
  'hashphone',
])

/**
 * A file without a header line has its first record for names.
 *
 * @throws DiagnosticError `ingest/input-personal-header` with the place, never the text.
 */
export function refusePersonalHeaders(input: string, { path, columns }: TableFile): void {
  for (const [position, header] of columns.entries()) {
    const kind = kindOf(header.trim())
    if (kind !== null)
      throw fail('ingest/input-personal-header', { input, position: position + 1, kind }, { file: path })
  }
}

function kindOf(header: string): 'email' | 'phone' | null {
  if (pattern(MAIL).test(header)) return 'email'
  const isDate = whole(DATE).test(header)
  const isNumber = /^\d{9,15}$/.test(header) || (header.length < 24 && !isDate && whole(PHONE).test(header))
  return isNumber || pattern(INSIDE).test(header) ? 'phone' : null
}

/** The engine's patterns are those of JavaScript, between quotes. */
function pattern(sql: string): RegExp {
  return new RegExp(sql.slice(1, -1))
}

function whole(sql: string): RegExp {
  return new RegExp(`^(?:${sql.slice(1, -1)})$`)
}

/**
 * @param positions - Columns to look at, those that nothing reads too.
 * @throws DiagnosticError `ingest/input-personal` with the place, never the text.
 */
export async function refusePersonal(
  engine: Engine,
  input: string,
  file: TableFile,
  positions: readonly number[],
): Promise<void> {
  const found = positions.flatMap((position) => {
    const cell = `c${position}`
    const digits = TELEPHONES.has(foldHeader(file.columns[position] ?? ''))
      ? ` OR regexp_full_match(trim(${cell}), '[0-9]{9,15}')`
      : ''
    const whole = `length(${cell}) < 24 AND ((regexp_full_match(trim(${cell}), ${PHONE}) AND NOT regexp_full_match(trim(${cell}), ${DATE}))${digits})`
    const phone = `(${whole}) OR (contains(${cell}, '+') AND regexp_matches(${cell}, ${INSIDE}))`
    return [
      { position, kind: 'email' as const, sql: `contains(${cell}, '@') AND regexp_matches(${cell}, ${MAIL})` },
      { position, kind: 'phone' as const, sql: phone },
    ]
  })
  if (found.length === 0) return
  const columns = Array.from(file.columns, (_, position) => `c${position}`)
  const rows = `(SELECT row_number() OVER () - 1 AS pos, * FROM (SELECT ${columns.join(', ')} FROM ${file.relation}))`
  const [first] = await engine.rows(
    `SELECT ${found.map(({ sql }, index) => `min(pos) FILTER (WHERE ${sql}) AS o${index}, count(*) FILTER (WHERE ${sql}) AS n${index}`).join(', ')} FROM ${rows}`,
  )
  for (const [index, { position, kind }] of found.entries()) {
    const count = Number(first?.[`n${index}`] ?? 0)
    if (count === 0) continue
    const row = file.record(Number(first?.[`o${index}`] ?? 0))
    const line = (await file.lines([row])).get(row)
    const column = file.columns[position] ?? ''
    const where = { file: file.path, ...(line === undefined ? {} : { line }) }
    throw fail('ingest/input-personal', { input, column, kind, row, rows: count }, where)
  }
}
