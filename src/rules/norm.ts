/** Normalised text: NFC, blanks collapsed, lower case, accents stripped. Once for SQL, once for the words of data files. */

// Every blank that is no plain single space; written out because \s is ASCII only in RE2.
const BLANK = '\\t-\\r\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}'

/**
 * SQL of the normalised form of a text expression.
 *
 * The text stands in it once: nested in vocabularies, anything else would grow beyond what the engine can plan.
 */
export function normSql(text: string): string {
  return `lower(strip_accents(trim(regexp_replace(${text}, ' *[${BLANK}][ ${BLANK}]*|  +', ' ', 'g'))))`
}

/** The same in JavaScript: `'  Azul  MARINO '` is `azul marino`, `'Añil'` is `anil`. */
export function normText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .trim()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
}

/**
 * SQL of a search in words that is spared where the first character already rules all of them out, which it does for nearly
 * every text: normalising costs twenty times what looking at it does.
 *
 * @param column - What the text is made of as it stands: a column without any expression around it.
 * @param words - Whose first characters count, in any case: their lowest five bits are looked at.
 * @param search - SQL of the search itself.
 */
export function sparedSearch(column: string, words: readonly string[], search: string): string {
  const firsts = words.map((word) => 1n << BigInt((word.codePointAt(0) ?? 0) & 31))
  const mask = firsts.reduce((bits, bit) => bits | bit, 0n)
  return `CASE WHEN ascii(${column}) BETWEEN 33 AND 126 AND (${mask}::BIGINT >> (ascii(${column}) & 31)) & 1 = 0 THEN FALSE ELSE ${search} END`
}
