/** Traces that a wrong conversion leaves in texts and codes, looked for in the sample of a file. */
import type { TableFile } from '../model/table-file.ts'
import type { Damage } from './tables.ts'
import { voteDecimal } from './votes.ts'

/** Share of a column's cells above which it is called damaged; a stray character is not. */
const SHARE = 0.001

// UTF-8 read as Windows-1252 turns é into Ã© and ñ into Ã±; the replacement character is what a failed decoding leaves.
const MOJIBAKE = /Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]|\ufffd|[\u0080-\u009f]|\?{3}¨/u
const SCIENTIFIC = /^\d([.,]\d+)?[eE]\+\d{1,2}$/
const CHANGED_CODE =
  /^(\d([.,]\d+)?[eE]\+\d{1,2}|\d{8,14}[.,]0+|\d{1,3}(\.\d{3}){2,4}(,0+)?|\d{1,3}(,\d{3}){2,4}(\.0+)?)$/
const DATED_SIZE = /^\d{1,2}[-/.](ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic|jan|apr|aug|dec)[a-z]*$/i

/** @param codes - Positions of columns that are read as GTINs. */
export function* damageOf(file: TableFile, source: number, codes: ReadonlySet<number>): Generator<Damage> {
  for (const [position, header] of file.columns.entries()) {
    yield* tracesIn(file, source, position, header, 'mojibake', MOJIBAKE)
    yield* tracesIn(file, source, position, header, 'spreadsheet', codes.has(position) ? CHANGED_CODE : SCIENTIFIC)
    if (/talla|size|tamaño/i.test(header)) yield* tracesIn(file, source, position, header, 'spreadsheet', DATED_SIZE)
  }
}

function* tracesIn(
  file: TableFile,
  source: number,
  position: number,
  header: string,
  code: Damage['code'],
  pattern: RegExp,
): Generator<Damage> {
  let filled = 0
  let rows = 0
  let first = -1
  let example = ''
  for (const [ordinal, record] of file.sample.entries()) {
    const cell = record[position] ?? null
    if (cell === null) continue
    filled++
    if (isClear(cell, pattern) || !pattern.test(cell)) continue
    rows++
    if (first < 0) {
      first = ordinal
      example = cell.slice(0, 80)
    }
  }
  if (rows === 0 || rows / filled <= SHARE) return
  yield { source, code, header, rows, share: rows / filled, example, firstOrdinal: first }
}

/** Told without a pattern for nearly every cell: one needs a character beyond ASCII, the others begin with a digit. */
function isClear(cell: string, pattern: RegExp): boolean {
  if (pattern !== MOJIBAKE) return !(cell.charCodeAt(0) >= 48 && cell.charCodeAt(0) <= 57)
  for (let at = 0; at < cell.length; at++) if (cell.charCodeAt(at) > 127) return false
  return true
}

/** A column some of whose cells have a comma as decimal mark and others a point. */
export function mixedDecimals(file: TableFile, source: number, position: number): Damage {
  const header = file.columns[position] ?? ''
  const ordinal = file.sample.findIndex((record) => record[position] !== null)
  const cells = file.sample.map((record) => record[position] ?? null).filter((cell) => cell !== null)
  const commas = cells.filter((cell) => voteDecimal([cell]) === ',')
  const dots = cells.filter((cell) => voteDecimal([cell]) === '.')
  const fewer = commas.length < dots.length ? commas : dots
  const share = cells.length === 0 ? 0 : fewer.length / cells.length
  const example = `${commas[0] ?? ''} / ${dots[0] ?? ''}`
  return { source, code: 'decimals', header, rows: fewer.length, share, example, firstOrdinal: Math.max(0, ordinal) }
}
