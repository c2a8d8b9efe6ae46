/**
 * Folds a column header so that spellings of one header meet: case, accents, blanks and punctuation go.
 *
 * What tells headers apart stays: letters and digits of any script, `%` ("IVA" and "IVA %" are an amount and a rate) and a
 * leading dot (Odoo's `.id` is the database id, its `id` is not).
 *
 * @returns `'¿Permitir reservas?'` is `permitirreservas`, `'Nº artículo'` is `noarticulo`; a header of nothing but
 *   punctuation is returned trimmed.
 */
export function foldHeader(text: string): string {
  const folded = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/^[^\p{L}\p{N}.%]+/u, '')
    .replace(/(?!^\.)[^\p{L}\p{N}%]/gu, '')
  return folded === '' || folded === '.' ? text.trim() : folded
}

/**
 * Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
 *
 * @param limit - Distances above it are all returned as `limit + 1`: rows that cannot come back below it are not computed.
 */
function editDistance(a: readonly string[], b: readonly string[], limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [i, left] of a.entries()) {
    const current = [i + 1]
    for (const [j, right] of b.entries()) {
      const replaced = (last[j] ?? 0) + (left === right ? 0 : 1)
      const swapped =
        i > 0 && j > 0 && left === b[j - 1] && a[i - 1] === right
          ? (beforeLast[j - 1] ?? 0) + 1
          : Number.POSITIVE_INFINITY
      current.push(Math.min(replaced, swapped, (last[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1))
    }
    if (Math.min(...current) > limit) return limit + 1
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}

/**
 * The candidate that `word` most likely was meant to be, compared without case.
 *
 * @returns Null when none is within `maxDistance` edits; of equally near ones the first.
 */
export function nearest(word: string, candidates: Iterable<string>, maxDistance: number): string | null {
  const letters = [...word.slice(0, 200).toLowerCase()]
  let best: string | null = null
  let bestDistance = maxDistance + 1
  for (const candidate of candidates) {
    const distance = editDistance(letters, [...candidate.toLowerCase()], bestDistance - 1)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function visible(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return ' '
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/**
 * Text safe to print on a terminal, on one line: control characters (terminal escapes among them), line separators and
 * characters that turn the writing direction are spelled out.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, visible)
}
