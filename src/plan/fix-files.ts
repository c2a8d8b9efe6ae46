/**
 * Writes the files that correct a channel, and those that undo them.
 *
 * Two passes over the records: first what the platform's files can carry, then the files with exactly that. What a file
 * cannot carry stands in `plan_refusal` afterwards, and is not part of the plan.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import type { Source, Store } from '../ingest/tables.ts'
import { type ChannelConfig, UNKNOWN_CURRENCY } from '../model/config.ts'
import { type FieldName, fieldType } from '../model/field.ts'
import type { ChangeNeed } from '../model/plan.ts'
import type { FixContext, FixFormat, FixRefusal, FixWord, SourceRecord } from '../platforms/fix.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { columnsOf } from './bind-source.ts'
import type { FixFile } from './fix-file.ts'
import { carried, type Directions, type Refused } from './fix-group.ts'
import { PairOfFiles } from './fix-pair.ts'
import {
  type BoundSource,
  keepRecords,
  type NumberedChange,
  type RecordWithChanges,
  recordGroups,
  wordsIn,
} from './fix-records.ts'
import { writeSqlFiles } from './sql-files.ts'

export interface FixFilesOptions {
  readonly engine: Engine
  readonly store: Store
  readonly folder: string
  /** Folder that paths of the configuration start from. */
  readonly dir: string
  readonly allowed: readonly ChangeNeed[]
  readonly asOf: string
  readonly signal: AbortSignal
}

/** Coded fields: their words are those of the channel's files. */
const CODED = new Set(['state', 'condition', 'bool', 'backorder'])

export async function writeFixFiles(options: FixFilesOptions): Promise<readonly FixFile[]> {
  const { engine, store } = options
  const touched = await engine.rows<{ src: number; field: string; n: number }>(
    'SELECT src, field, count(*) AS n FROM plan_cell GROUP BY 1, 2 ORDER BY 1, 2',
  )
  const names = new Set<string>()
  const files: FixFile[] = []
  for (const [index, channel] of store.channels.entries()) {
    const sources = store.sources.filter(
      (source) =>
        source.channel === index &&
        channel.sources[source.entry]?.sql !== undefined &&
        touched.some(({ src }) => src === source.index),
    )
    if (sources.length === 0) continue
    const { file, refused } = await writeSqlFiles({ ...options, channels: store.channels, channel, sources })
    await noteRefused(engine, refused)
    if (file !== null) files.push(file)
  }
  for (const source of store.sources) {
    const fields = touched.filter(({ src }) => src === source.index).map(({ field }) => field as FieldName)
    const channel = store.channels[source.channel]
    if (fields.length === 0 || channel === undefined || channel.sources[source.entry]?.sql !== undefined) continue
    options.signal.throwIfAborted()
    files.push(...(await new SourceFiles(options, source, channel, names).write(fields)))
  }
  return files
}

class SourceFiles {
  readonly #options: FixFilesOptions
  readonly #source: Source
  readonly #channel: ChannelConfig
  readonly #names: Set<string>

  constructor(options: FixFilesOptions, source: Source, channel: ChannelConfig, names: Set<string>) {
    this.#options = options
    this.#source = source
    this.#channel = channel
    this.#names = names
  }

  async write(fields: readonly FieldName[]): Promise<readonly FixFile[]> {
    const { engine } = this.#options
    const platform = await loadPlatform(this.#source.platform)
    const formats = (platform.fixes ?? []).filter(({ kinds }) => kinds.includes(this.#source.kind))
    const carriers = new Map<FixFormat, FieldName[]>()
    for (const field of fields) {
      const format = formats.find((one) => one.also !== true && carries(one, field))
      if (format === undefined) await this.#refuseField(field, platform.title)
      else carriers.set(format, [...(carriers.get(format) ?? []), field])
    }
    if (carriers.size === 0) return []
    const table = `plan_raw${this.#source.index}`
    await keepRecords(engine, this.#source, table)
    const bound = { source: this.#source, columns: columnsOf(this.#source, this.#channel, platform), table }
    const directions = await this.#directions(fields)
    const files: FixFile[] = []
    for (const [format, own] of carriers) {
      const file = await this.#one(bound, format, own, directions, false)
      if (file !== null) files.push(file)
    }
    for (const format of formats.filter(({ also }) => also === true)) {
      const own = [...carriers.values()].flat().filter((field) => carries(format, field))
      const file = await this.#one(bound, format, own, directions, true)
      if (file !== null) files.push(file)
    }
    await engine.run(`DROP TABLE ${table}`)
    return files
  }

  async #refuseField(field: FieldName, title: string): Promise<void> {
    const en = `no file that ${title} imports carries ${field}`
    const es = `ningún fichero que ${title} importe lleva ${field}`
    await this.#options.engine.run(
      `INSERT INTO plan_refusal SELECT n, '${en.replaceAll("'", "''")}', '${es.replaceAll("'", "''")}' FROM plan_cell WHERE src = ${this.#source.index} AND field = '${field.replaceAll("'", "''")}'`,
    )
  }

  async #directions(fields: readonly FieldName[]): Promise<Directions> {
    const words = new Map<FieldName, readonly FixWord[]>()
    for (const field of fields.filter((name) => CODED.has(fieldType(name)))) {
      const found = await wordsIn(this.#options.engine, this.#source, field)
      words.set(field, [...found, ...this.#declaredWords(field)])
    }
    const { market, timezone, includesTax, currency } = this.#channel
    const shared: Omit<FixContext, 'direction'> = {
      understood: this.#source.understood,
      words: (field) => words.get(field) ?? [],
      currency: currency === UNKNOWN_CURRENCY ? '' : currency,
      market,
      timezone,
      includesTax: includesTax ?? this.#source.includesTax,
      asOf: this.#options.asOf,
    }
    return { fix: { ...shared, direction: 'fix' }, undo: { ...shared, direction: 'undo' } }
  }

  #declaredWords(field: FieldName): readonly FixWord[] {
    const own = this.#channel.sources[this.#source.entry]?.map[field]?.vocabulary ?? {}
    const declared = field === 'status' ? { ...own, ...this.#channel.statusMap } : own
    return Object.entries(declared).map(([word, value]) => ({ word, value }))
  }

  async #one(
    bound: BoundSource,
    format: FixFormat,
    fields: readonly FieldName[],
    directions: Directions,
    also: boolean,
  ): Promise<FixFile | null> {
    const seen = await this.#check(bound, format, fields, directions, also)
    if (seen.sample === null) return null
    const name = this.#name(format)
    const folders = ['fix', 'undo'].map((side) => join(this.#options.folder, side, this.#channel.id))
    for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 })
    const [fix = '', undo = ''] = folders.map((folder) => join(folder, name))
    const pair = await PairOfFiles.create(format, { fix, undo }, directions, seen.sample, seen)
    let changes = 0
    let records = 0
    const refused: Refused[] = []
    const numbered: number[] = []
    let missing: FixRefusal | null = null
    try {
      for await (const group of recordGroups(this.#options.engine, bound, format, fields)) {
        this.#options.signal.throwIfAborted()
        const outcome = carried(this.#allowed(group), format, directions).records
        if (format.records !== 'all' && outcome.every((one) => one.changes.length === 0)) continue
        const why = await pair.add(outcome)
        const numbers = outcome.flatMap((one) => one.changes.map(({ n }) => n))
        if (format.records === 'all') numbered.push(...numbers)
        if (why !== null && format.records === 'all') missing ??= why
        if (why !== null) refused.push(...numbers.map((n) => ({ n, why })))
        else {
          changes += numbers.length
          records += outcome.filter((one) => one.changes.length > 0).length
        }
      }
      await pair.finish()
    } catch (error) {
      await pair.abandon()
      throw error
    }
    if (missing !== null) {
      // The platform takes the file for the whole: what it lacks would go.
      await Promise.all([rm(fix), rm(undo)])
      const why = missing
      if (!also)
        await noteRefused(
          this.#options.engine,
          numbered.map((n) => ({ n, why })),
        )
      return null
    }
    if (!also) await noteRefused(this.#options.engine, refused)
    if (changes === 0) {
      await Promise.all([rm(fix), rm(undo)])
      return null
    }
    const channel = this.#channel.id
    const advice = format.advice
    const source = this.#source.file.path
    return {
      channel,
      fix: `fix/${channel}/${name}`,
      undo: `undo/${channel}/${name}`,
      source,
      changes,
      records,
      also,
      advice,
    }
  }

  #allowed(group: readonly RecordWithChanges[]): readonly RecordWithChanges[] {
    return group.map((one) => ({ ...one, changes: one.changes.filter(({ needs }) => this.#isAllowed(needs)) }))
  }

  #isAllowed(needs: readonly string[]): boolean {
    return needs.every((need) => (this.#options.allowed as readonly string[]).includes(need))
  }

  /** Finds what the format refuses, and what the rest of the file is about. */
  async #check(
    bound: BoundSource,
    format: FixFormat,
    fields: readonly FieldName[],
    directions: Directions,
    also: boolean,
  ): Promise<{ sample: SourceRecord | null; fields: Set<FieldName>; locations: Set<string> }> {
    const seen = { sample: null as SourceRecord | null, fields: new Set<FieldName>(), locations: new Set<string>() }
    const refused: Refused[] = []
    for await (const group of recordGroups(this.#options.engine, bound, format, fields)) {
      this.#options.signal.throwIfAborted()
      const whole = carried(group, format, directions)
      const isHeld = ({ needs }: NumberedChange): boolean => !this.#isAllowed(needs)
      const held = new Set(group.flatMap((one) => one.changes.filter(isHeld).map(({ n }) => n)))
      const outcome = held.size === 0 ? whole : carried(this.#allowed(group), format, directions)
      // What is held back for want of a flag is looked at with everything else, what is written without it.
      refused.push(...outcome.refused, ...(held.size === 0 ? [] : whole.refused.filter(({ n }) => held.has(n))))
      const agreed = outcome.records
      for (const one of agreed) {
        for (const { change } of one.changes) {
          seen.sample ??= one.record
          seen.fields.add(change.field)
          if (change.location !== null) seen.locations.add(change.location)
        }
      }
    }
    if (!also) await noteRefused(this.#options.engine, refused)
    return seen
  }

  /** Several files of a channel may need the same kind of file. */
  #name({ name, extension }: FixFormat): string {
    for (let count = 1; ; count++) {
      const own = `${name}${count === 1 ? '' : `-${count}`}.${extension}`
      const key = `${this.#channel.id}/${own}`
      if (this.#names.has(key)) continue
      this.#names.add(key)
      return own
    }
  }
}

function carries({ fields }: FixFormat, field: FieldName): boolean {
  return typeof fields === 'function' ? fields(field) : fields.includes(field)
}

async function noteRefused(engine: Engine, refused: readonly Refused[]): Promise<void> {
  if (refused.length === 0) return
  await engine.append(
    'plan_refusal',
    (async function* () {
      yield refused.map(({ n, why }) => [n, why.en, why.es])
    })(),
  )
}
