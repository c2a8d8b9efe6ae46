/**
 * What a platform says about the files that correct it: which records a file needs, which cells a change sets, and how
 * the platform writes a value. Pure: `plan` finds the records, writes and checks the files, and turns them round for the
 * undo (the same records with `before` and `after` exchanged).
 */
import type { Entity, FieldName } from '../model/field.ts'
import type { ChangeAction } from '../model/plan.ts'
import type { Understood } from '../model/report.ts'

/** One record of an export, as it was written. */
export interface SourceRecord {
  /** Name of the file kind that read it. */
  readonly kind: string
  /** Header texts as written; position i belongs to `cells[i]`. */
  readonly header: readonly string[]
  /** Raw texts; null where the cell is empty. */
  readonly cells: readonly (string | null)[]
  /** Raw text of a logical column of the file kind: null where the cell is empty, undefined where the file lacks it. */
  cell(column: string): string | null | undefined
  /** Header of a logical column as the file writes it; undefined where the file lacks it. */
  headerOf(column: string): string | undefined
}

export interface FixChange {
  readonly action: ChangeAction
  readonly entity: Entity
  readonly field: FieldName
  /** Canonical text: decimals with a point, instants as ISO 8601 UTC, `true`, states by their canonical word. */
  readonly before: string | null
  readonly after: string | null
  /** ISO 4217 of money. */
  readonly unit: string | null
  readonly location: string | null
}

/** A record with what changes in it; nothing where it is there for its neighbours' sake. */
export interface FixRecord {
  readonly record: SourceRecord
  /** The record that a child takes its fields from. */
  readonly parent: SourceRecord | null
  readonly changes: readonly FixChange[]
}

/** Records that have to be written together, in the order of their file. */
export type FixGroup = readonly FixRecord[]

/** A word of a coded column as the channel's files write it, and what it means. */
export interface FixWord {
  readonly word: string
  /** Canonical: `active`. */
  readonly value: string
}

export interface FixContext {
  /**
   * `undo`: the file restores what the record has. Its cells are the texts to restore, `after` is their canonical value.
   */
  readonly direction: 'fix' | 'undo'
  readonly understood: Understood
  /**
   * The words for a state, a condition or a yes and no: those that occur in the channel's files of this kind, then those
   * that its configuration declares. The platform's own vocabulary is not among them.
   */
  words(field: FieldName): readonly FixWord[]
  readonly currency: string
  /** ISO 3166 code of the country that the channel sells in. */
  readonly market: string
  readonly timezone: string
  /** Whether the channel's prices include tax, as its configuration says; null where it does not. */
  readonly includesTax: boolean | null
  /** Instant, UTC ISO 8601. */
  readonly asOf: string
}

/** Why a change cannot be carried by a file; said in the plan as it stands here. */
export interface FixRefusal {
  readonly en: string
  readonly es: string
  /**
   * Fields whose changes it is about: without them the rest of the record may do, which has to be asked again. All
   * changes of the record where nothing is named.
   */
  readonly fields?: readonly FieldName[]
}

interface FixFormatBase {
  /** Name of the file without its ending: `products`, `inventory`. */
  readonly name: string
  /** Ending without the dot. */
  readonly extension: string
  /** File kinds whose records it corrects. */
  readonly kinds: readonly string[]
  /** Fields it can write. A change of another field is refused by name. */
  readonly fields: readonly FieldName[] | ((field: FieldName) => boolean)
  /**
   * Logical column whose equal values make records one group, blank cells carried down; each record is a group of its own
   * without it. `whole`: the group has all records of the file with that value, else only those that change.
   */
  readonly group?: { readonly by: string; readonly whole: boolean }
  /**
   * `all`: the file has every record of its source, because the platform takes it for the whole: what it lacks goes. A group
   * without changes is written as it stands.
   */
  readonly records?: 'all'
  /**
   * Written beside the file that carries a change, with the same changes: another way to bring them in, of which a person
   * takes one. What it refuses is only missing from it.
   */
  readonly also?: true
  /** What the platform does with the file that the person who imports it has to know: one or two sentences. */
  readonly advice: { readonly en: string; readonly es: string }
  /**
   * The platform takes texts that begin like a formula (`=`, `+`, `-`, `@`) as they stand. Without it a record that carries
   * such a text of the source is refused. A text that a change brings is refused in either case.
   */
  readonly literal?: true
  /**
   * Null when all changes of the record can be written. Looked at before anything is planned, in both directions.
   *
   * @param group - Every record that would be written together with it, itself included, with its changes.
   */
  refuse(record: FixRecord, context: FixContext, group: FixGroup): FixRefusal | null
}

/** A table: CSV or TSV. */
export interface TableFix extends FixFormatBase {
  readonly shape: 'table'
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'windows-1252' | 'utf-16le' | 'source'
  readonly delimiter: string | 'source'
  readonly lineEnd: '\n' | '\r\n'
  /** Lines before the header, such as the version line of a template. */
  readonly preamble?: readonly string[]
  /**
   * The header for these changes.
   *
   * @param fields - Every field that changes in the file.
   * @param sample - A record of the source, for the spelling of its headers.
   * @param locations - Every location whose stock changes in the file.
   */
  header(
    fields: ReadonlySet<FieldName>,
    sample: SourceRecord,
    context: FixContext,
    locations: ReadonlySet<string>,
  ): readonly string[]
  /** Records to write for a group, each as long as the header; null is a cell that the platform leaves alone. */
  rows(group: FixGroup, header: readonly string[], context: FixContext): readonly (readonly (string | null)[])[]
}

/** Anything else: JSON, XML. The texts are joined by `separator` between `open` and `close`. */
export interface DocumentFix extends FixFormatBase {
  readonly shape: 'document'
  readonly separator: string
  open(context: FixContext): string
  /** @param position - Of the entry in its file, from 0. */
  entry(group: FixGroup, context: FixContext, position: number): string
  close(context: FixContext): string
}

export type FixFormat = TableFix | DocumentFix
