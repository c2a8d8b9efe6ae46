/** Normalised text: NFC, blanks collapsed, lower case, accents stripped. Once for SQL, once for the words of data files. */

/** SQL of the normalised form of a text expression. */
export function normSql(text: string): string {
  // The property class is there for the no-break and narrow spaces that exports carry: \s is ASCII only in RE2.
  return `lower(strip_accents(trim(regexp_replace(nfc_normalize(${text}), '[\\s\\p{Z}]+', ' ', 'g'))))`
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
