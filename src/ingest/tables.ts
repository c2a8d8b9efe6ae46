/** What ingest hands on: which tables of the store hold what, where every row came from, and what was odd on the way. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ChannelConfig } from '../model/config.ts'
import type { Entity, FieldName } from '../model/field.ts'
import type { QuarantinedRecord, Understood } from '../model/report.ts'
import type { TableFile } from '../model/table-file.ts'
import type { Inputs } from './inputs.ts'

/** One table of one file as a source of a channel. Sources are numbered through over all channels. */
export interface Source {
  readonly index: number
  readonly channel: number
  /** Position in the channel's `sources:`; files of one glob share it. */
  readonly entry: number
  readonly platform: string
  readonly kind: string
  readonly file: TableFile
  readonly understood: Understood
  /** Fields this source can speak of. */
  readonly fields: ReadonlySet<FieldName>
  readonly dataAsOf: string
  /** The time comes from the config or the file's content, not from the file's time stamp. */
  readonly dataAsOfKnown: boolean
  readonly includesTax: boolean | null
}

/** A word of a coded column that no vocabulary knows. */
export interface UnknownWord {
  readonly source: number
  readonly field: FieldName
  readonly word: string
  readonly rows: number
  readonly firstOrdinal: number
}

/** Cells of a numeric or date column that could not be read. */
export interface UnreadCells {
  readonly source: number
  readonly field: FieldName
  readonly rows: number
  readonly example: string
  readonly firstOrdinal: number
}

/** Signs that a conversion damaged texts or codes. */
export interface Damage {
  readonly source: number
  readonly code: 'mojibake' | 'decimals' | 'spreadsheet'
  readonly header: string
  readonly rows: number
  readonly share: number
  readonly example: string
  readonly firstOrdinal: number
}

/** Rows of one source that refer to something that is not there. */
export interface BrokenReference {
  readonly source: number
  /** What they refer to. */
  readonly parent: 'parent' | 'stock' | 'price' | 'location' | 'promotion'
  /** Rows that refer to nothing, of all rows that refer. */
  readonly rows: number
  readonly total: number
  /** By missing key, in file order, the first thousand. */
  readonly keys: readonly { readonly key: string; readonly rows: number; readonly ordinal: number }[]
}

/** Keys that records which could not be read may have held, by what their files list. */
export type LostKeys = Readonly<Record<'listing' | 'stock' | 'promotion', ReadonlySet<string>>>

export interface Store {
  readonly channels: readonly ChannelConfig[]
  readonly sources: readonly Source[]
  /** Columns of the `listing` view beside the technical ones: canonical field to SQL type. */
  readonly fields: ReadonlyMap<FieldName, string>
  /** All columns of the `listing_all` view that some source fills; the others are NULL in each row. */
  readonly filled: ReadonlySet<string>
  /** Sources that can speak of a listing field; a field that is not there is absent everywhere. */
  readonly speaks: ReadonlyMap<FieldName, ReadonlySet<number>>
  readonly hasStockRows: boolean
  readonly hasPromotions: boolean
  /** Whether some file lists places. */
  readonly hasLocations: boolean
  readonly unknownWords: readonly UnknownWord[]
  readonly unread: readonly UnreadCells[]
  readonly damage: readonly Damage[]
  readonly broken: readonly BrokenReference[]
  readonly quarantine: readonly QuarantinedRecord[]
  /** By position of the channel, where it had any: what its unreadable records may have held. */
  readonly lost: ReadonlyMap<number, LostKeys>
  /** Channels of which a source could not be read: id to the reason. */
  readonly failed: ReadonlyMap<string, Diagnostic>
  /** Files under `inputs:`, and the names of those that could not be read with the reason. */
  readonly inputs: Inputs
}

/** A physical table that holds rows of one entity from one source. */
export interface Arm {
  readonly entity: Entity
  readonly table: string
  readonly source: number
  readonly entry: number
  readonly channel: number
  /** SQL of the row's ordinal in its source. */
  readonly ordinal: string
  readonly filter: string | null
  readonly columns: ReadonlyMap<string, string>
  readonly fields: readonly FieldName[]
  readonly role: 'parent' | 'child' | 'listing'
  readonly fallback: boolean
  readonly keys: number
}
