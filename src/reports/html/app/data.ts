/** The findings of the page, unpacked, and what is asked of them. */
import type { Locale, Severity } from '../../../model/config.ts'
import { FINDING_CHANGES, type FindingChange } from '../../../model/history.ts'
import { type Chunk, type PackedFinding, type PackedSide, SEVERITIES, STATUSES } from '../payload.ts'

export interface SideView {
  readonly channel: string
  readonly listing: string | null
  readonly field: string | null
  readonly value: string | null
  readonly unit: string | null
  readonly raw: string | null
  readonly path: string | null
  readonly sheet: string | null
  readonly row: number | null
  readonly line: number | null
  readonly authority: boolean
}

/** Folds case and accents away, so that `cafe` finds `Café`. */
export function folded(text: string): string {
  const lower = text.toLowerCase()
  // Most texts have no accents, and normalising costs more than asking.
  return /[^\x20-\x7e]/.test(lower) ? lower.normalize('NFD').replace(/\p{M}/gu, '') : lower
}

export class Findings {
  readonly #texts: string[] = []
  readonly #all: PackedFinding[] = []
  readonly #haystacks: Record<Locale, string[]> = { en: [], es: [] }
  readonly #places = new Map<string, number>()
  readonly #orders = new Map<string, Uint32Array>()

  add(chunk: Chunk): void {
    for (const text of chunk.t) this.#texts.push(text)
    for (const finding of chunk.f) {
      this.#places.set(finding[0], this.#all.length)
      this.#all.push(finding)
    }
    this.#orders.clear()
  }

  get length(): number {
    return this.#all.length
  }

  placeOf(id: string): number | null {
    return this.#places.get(id) ?? null
  }

  #at(place: number): PackedFinding {
    const found = this.#all[place]
    if (found === undefined) throw new RangeError(`no finding ${place}`)
    return found
  }

  #text(place: number): string | null {
    return this.#texts[place] ?? null
  }

  id(place: number): string {
    return this.#at(place)[0]
  }

  rule(place: number): string {
    return this.#text(this.#at(place)[1]) ?? ''
  }

  code(place: number): string | null {
    return this.#text(this.#at(place)[2])
  }

  severity(place: number): Severity {
    return SEVERITIES[this.#at(place)[3]] ?? 'info'
  }

  status(place: number): (typeof STATUSES)[number] {
    return STATUSES[this.#at(place)[4]] ?? 'new'
  }

  owner(place: number): string | null {
    return this.#text(this.#at(place)[6])
  }

  /** id, sku, gtin, title */
  item(place: number): PackedFinding[7] {
    return this.#at(place)[7]
  }

  message(place: number, locale: Locale): string {
    const [, , , , , , , , en, es] = this.#at(place)
    return locale === 'es' && es !== 0 ? es : en
  }

  expected(place: number): string | null {
    return this.#at(place)[10]
  }

  impact(place: number): PackedFinding[11] {
    return this.#at(place)[11]
  }

  explainedBy(place: number): string | null {
    return this.#at(place)[12]
  }

  isFixable(place: number): boolean {
    return this.#at(place)[13] === 1
  }

  suppression(place: number): PackedFinding[15] {
    return this.#at(place)[15]
  }

  firstSeen(place: number): string | null {
    return this.#at(place)[16]
  }

  /** Null where the page compares nothing. */
  change(place: number): FindingChange | null {
    return this.#at(place)[17]?.[0] ?? null
  }

  /** What the sides said before; null where nobody knows. */
  before(place: number): readonly SideView[] | null {
    const before = this.#at(place)[17]?.[1] ?? null
    return before === 0 ? this.sides(place) : (before?.map((side) => this.#side(side)) ?? null)
  }

  /** Severity before, where it was open. */
  was(place: number): Severity | null {
    return SEVERITIES[this.#at(place)[17]?.[2] ?? -1] ?? null
  }

  openedAt(place: number): string | null {
    return this.#at(place)[17]?.[3] ?? null
  }

  resolvedAt(place: number): string | null {
    return this.#at(place)[17]?.[4] ?? null
  }

  sides(place: number): readonly SideView[] {
    return this.#at(place)[14].map((side) => this.#side(side))
  }

  #side([channel, listing, field, value, unit, raw, path, sheet, row, line, authority]: PackedSide): SideView {
    return {
      channel: this.#text(channel) ?? '',
      listing: this.#text(listing),
      field: this.#text(field),
      value,
      unit: this.#text(unit),
      raw: raw === 0 ? value : raw,
      path: this.#text(path),
      sheet: this.#text(sheet),
      row,
      line,
      authority: authority === 1,
    }
  }

  names(place: number, channel: number): boolean {
    return this.#at(place)[14].some((side) => side[0] === channel)
  }

  /** Place of a text that repeats; -1 where no finding has it. */
  textPlace(text: string): number {
    return this.#texts.indexOf(text)
  }

  /** Findings that the finding explains. */
  explainedHere(id: string): readonly number[] {
    const found: number[] = []
    for (let place = 0; place < this.#all.length; place++) if (this.explainedBy(place) === id) found.push(place)
    return found
  }

  /** Everything of a finding that a search looks in, folded. */
  haystack(place: number, locale: Locale): string {
    const known = this.#haystacks[locale][place]
    if (known !== undefined) return known
    const item = this.item(place)
    const parts = [this.id(place), this.rule(place), this.code(place), ...(item ?? []), this.message(place, locale)]
    for (const side of this.#at(place)[14]) {
      parts.push(this.#text(side[1]), side[3], side[5] === 0 ? null : side[5], this.#text(side[6]))
    }
    const text = folded(parts.filter((part) => part !== null).join('\n'))
    this.#haystacks[locale][place] = text
    return text
  }

  /** Places in the order of a column; computed once a column and language. */
  order(column: SortColumn, locale: Locale): Uint32Array {
    const key = `${column} ${locale}`
    const known = this.#orders.get(key)
    if (known !== undefined) return known
    const collator = new Intl.Collator(locale, { numeric: true })
    const places = Array.from({ length: this.#all.length }, (_, place) => place)
    const number = (place: number): number => this.#rank(place, column)
    const text = places.map((place) => this.#sortText(place, column, locale))
    const isText = column === 'rule' || column === 'item' || column === 'message'
    places.sort((a, b) =>
      isText ? collator.compare(text[a] ?? '', text[b] ?? '') || a - b : number(a) - number(b) || a - b,
    )
    const order = Uint32Array.from(places)
    this.#orders.set(key, order)
    return order
  }

  #rank(place: number, column: SortColumn): number {
    if (column === 'severity') return this.#at(place)[3]
    const change = this.change(place)
    if (column === 'status') return change === null ? this.#at(place)[4] : FINDING_CHANGES.indexOf(change)
    const impact = this.impact(place)
    return impact === null ? 0 : -Number(impact[0])
  }

  #sortText(place: number, column: SortColumn, locale: Locale): string {
    if (column === 'rule') return this.rule(place)
    if (column === 'message') return this.message(place, locale)
    const item = this.item(place)
    return item === null ? '\uffff' : (item[1] ?? item[0])
  }
}

export const SORT_COLUMNS = ['severity', 'rule', 'item', 'message', 'impact', 'status'] as const
export type SortColumn = (typeof SORT_COLUMNS)[number]

/**
 * Unpacks the findings that the page carries.
 *
 * @param onChunk - Called as they come, so that the list is there before the end is.
 */
export async function unpack(base64: string, onChunk: (chunk: Chunk) => void): Promise<void> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    rest += value ?? ''
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onChunk(JSON.parse(line) as Chunk)
    if (done) return
  }
}
