/** What stood in the records that could not be read: an article that seems to be missing may be in one of them. */
import type { OpenFile } from './disk.ts'

/** Stands for every key: there was more in these records than is kept. */
export const ANY_KEY = '*'

const MOST_CHARACTERS = 32_000_000
const LONGEST_KEY = 80
const SEPARATORS = /[,;\t|"\r\n\0<>]+/

export class KeyCollector {
  readonly #keys = new Set<string>()
  #characters = 0

  /** @param text - A record as it stands in the file, or one of its cells; damage may have moved every cell. Null is too much to look at. */
  add(text: string | null): void {
    this.#characters += text?.length ?? 0
    if (text === null || this.#characters > MOST_CHARACTERS) {
      this.#keys.add(ANY_KEY)
      return
    }
    for (const part of text.split(SEPARATORS)) {
      const key = part.trim()
      if (key !== '' && key !== ANY_KEY && key.length <= LONGEST_KEY) this.#keys.add(key)
    }
  }

  get keys(): ReadonlySet<string> {
    return this.#keys
  }
}

interface LostRecord {
  readonly start: number
  readonly end: number
  /** Where the next one begins. */
  readonly next: number
}

const LINE_ENDS: ReadonlySet<number | undefined> = new Set([10, 13])

/** Whether the file ends in the middle of a record: a download that broke off. Nobody knows what would have come after it. */
export function endsInside(bad: readonly LostRecord[], { size, read }: Pick<OpenFile, 'size' | 'read'>): boolean {
  const last = bad.at(-1)
  return last !== undefined && last.next >= size && !LINE_ENDS.has(read(size - 1, size)[0])
}

/** @param textAt - Text between two places of the file that the records are of. */
export function lostKeys(
  records: readonly LostRecord[],
  isCut: boolean,
  textAt: (start: number, end: number) => string,
): ReadonlySet<string> {
  const lost = new KeyCollector()
  if (isCut) lost.add(null)
  for (const { start, end } of records) lost.add(end - start > MOST_CHARACTERS ? null : textAt(start, end))
  return lost.keys
}
