/**
 * Header aliases written as one text: `` headers(`SKU | Código | Ref.`) ``. Hundreds of them stay readable that way.
 */
export function headers(list: string): readonly string[] {
  return list
    .split('|')
    .map((header) => header.replace(/\s+/g, ' ').trim())
    .filter((header) => header !== '')
}

/**
 * A vocabulary written by canonical word: `words({ active: 'activo | alta' })` is
 * `{ activo: 'active', alta: 'active' }`.
 *
 * @param lists - Source words case folded, as the reader compares them.
 */
export function words<Word extends string>(
  lists: Readonly<Partial<Record<Word, string>>>,
): Readonly<Record<string, Word>> {
  const pairs: [string, Word][] = []
  // Object.entries widens the keys, which the parameter's type says are words.
  for (const [word, list] of Object.entries(lists) as [Word, string][]) {
    for (const source of headers(list)) pairs.push([source, word])
  }
  return Object.fromEntries(pairs)
}
