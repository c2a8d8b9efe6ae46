/**
 * What the explorer shows and what keys make of it. Keys come faster than the screen is drawn, so they are answered here, where
 * every one finds what the one before it left.
 */
import type { Key } from 'ink'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Decision, Exploration, ExploreRow } from '../../ops/explore.ts'
import { type Entry, entriesOf, entriesWith, rowsIn, type Scope } from './entries.ts'
import { scrolledTo } from './scroll.ts'

export type View = 'entries' | 'findings' | 'one'

export interface Place {
  readonly filter: string
  readonly cursor: number
  readonly top: number
}
const START: Place = { filter: '', cursor: 0, top: 0 }

type Pressed = Partial<Key>

export class Session {
  readonly #exploration: Exploration
  readonly #texts: ExploreTexts
  readonly #all: readonly Entry[]
  readonly #onChange: () => void
  view: View = 'entries'
  scope: Scope = 'all'
  /** Entries that match. */
  entries: readonly Entry[]
  /** Positions of the findings that match. */
  rows: readonly number[] = []
  isTyping = false
  form: 'accept' | 'suppress' | null = null
  message = ''
  /** First line shown of the one finding. */
  scroll = 0
  isOver = false
  #places: Record<'entries' | 'findings', Place> = { entries: START, findings: START }

  constructor(exploration: Exploration, texts: ExploreTexts, onChange: () => void) {
    this.#exploration = exploration
    this.#texts = texts
    this.#onChange = onChange
    this.#all = entriesOf(exploration, texts)
    this.entries = this.#all
  }

  get place(): Place {
    return this.#places[this.#list]
  }

  /** How many lines the list has, and how many it would have without a filter. */
  get counts(): { readonly shown: number; readonly all: number } {
    if (this.view === 'entries') return { shown: this.entries.length, all: this.#all.length }
    return { shown: this.rows.length, all: this.#exploration.rows.length }
  }

  /** Position of the finding under the cursor. */
  get current(): number | null {
    return this.view === 'entries' ? null : (this.rows[this.#places.findings.cursor] ?? null)
  }

  get row(): ExploreRow | null {
    return this.current === null ? null : (this.#exploration.rows[this.current] ?? null)
  }

  get heading(): string {
    if (this.view === 'entries') return this.#texts.causes
    if (this.view === 'one') return this.#texts.finding
    return this.#all.find(({ scope }) => JSON.stringify(scope) === JSON.stringify(this.scope))?.text ?? ''
  }

  get #list(): 'entries' | 'findings' {
    return this.view === 'entries' ? 'entries' : 'findings'
  }

  /** @param room - Lines of the list. */
  press(input: string, key: Pressed, room: number): void {
    if (this.form !== null) return
    this.message = ''
    if (this.isTyping) this.#type(input, key, room)
    else this.#command(input, key, room)
    this.#onChange()
  }

  #type(input: string, key: Pressed, room: number): void {
    const { filter } = this.place
    if (key.escape) this.#filterBy('', false)
    else if (key.return) this.isTyping = false
    else if (key.upArrow === true || key.downArrow === true) this.#move(key.upArrow === true ? -1 : 1, room)
    else if (key.backspace || key.delete) this.#filterBy([...filter].slice(0, -1).join(''), true)
    else if (!key.ctrl && !key.meta) this.#filterBy(filter + input.replace(/\p{Cc}/gu, ''), true)
  }

  #command(input: string, key: Pressed, room: number): void {
    const step = stepOf(input, key, room, this.counts.shown)
    if (input === 'q' || (key.ctrl && input === 'c')) this.isOver = true
    else if (this.view === 'one' && (key.leftArrow || key.rightArrow)) this.#move(key.leftArrow ? -1 : 1, room)
    else if (step !== null && this.view === 'one') this.scroll = Math.max(0, this.scroll + step)
    else if (step !== null) this.#move(step, room)
    else if (key.return || key.rightArrow) this.#open()
    else if (key.escape || key.leftArrow || key.backspace) this.#back()
    else if (input === '/' && this.view !== 'one') this.isTyping = true
    else if (input === 'f') this.#show('all')
    else if (input === 'a' || input === 's') this.#decide(input === 'a' ? 'accept' : 'suppress')
    else if (input === 'p') void this.#mark()
  }

  #move(step: number, room: number): void {
    const { shown } = this.counts
    const { place } = this
    const cursor = Math.max(0, Math.min(shown - 1, place.cursor + step))
    this.#places[this.#list] = { ...place, cursor, top: scrolledTo(cursor, room, place.top, shown) }
    this.scroll = 0
  }

  #filterBy(filter: string, isTyping: boolean): void {
    this.isTyping = isTyping
    this.#places[this.#list] = { ...START, filter }
    if (this.view === 'entries') this.entries = entriesWith(this.#all, filter)
    else this.rows = rowsIn(this.#exploration.rows, this.scope, filter)
  }

  #show(scope: Scope): void {
    this.view = 'findings'
    this.scope = scope
    this.#filterBy('', false)
  }

  #open(): void {
    const entry = this.entries[this.#places.entries.cursor]
    if (this.view === 'entries' && entry !== undefined) this.#show(entry.scope)
    else if (this.view === 'findings' && this.current !== null) {
      this.view = 'one'
      this.scroll = 0
    }
  }

  #back(): void {
    if (this.view === 'one') this.view = 'findings'
    else if (this.place.filter !== '') this.#filterBy('', false)
    else if (this.view === 'findings') this.view = 'entries'
  }

  #decide(form: 'accept' | 'suppress'): void {
    const { cannotSuppress } = this.#exploration
    if (this.row === null) return
    if (cannotSuppress === null) this.form = form
    else this.message = cannotSuppress === 'no-file' ? this.#texts.noFile : this.#texts.noProject
  }

  closeForm(): void {
    this.form = null
    this.#onChange()
  }

  async suppress(decision: Decision): Promise<void> {
    const { row } = this
    this.form = null
    if (row === null) return
    await this.#saying(async () => this.#texts.done(await this.#exploration.suppress(row, decision)))
  }

  async #mark(): Promise<void> {
    const id = this.row?.id
    if (id === undefined) return
    await this.#saying(async () => {
      await this.#exploration.mark(id)
      return `${this.#texts.marked(this.#exploration.marked.size)} ${this.#texts.markedHint}`
    })
  }

  async #saying(work: () => Promise<string>): Promise<void> {
    try {
      this.message = await work()
    } catch (error) {
      this.message = error instanceof Error ? error.message : String(error)
    }
    this.#onChange()
  }
}

/** How far a key moves; null for a key that does not. */
function stepOf(input: string, key: Pressed, room: number, length: number): number | null {
  if (key.upArrow || input === 'k') return -1
  if (key.downArrow || input === 'j') return 1
  if (key.pageUp) return -room
  if (key.pageDown || input === ' ') return room
  if (input === 'g' || key.home === true) return -length
  if (input === 'G' || key.end === true) return length
  return null
}
