/**
 * What a platform says about its export files: declaratively, so that ingest can compile it to one SQL projection.
 *
 * SQL here is DuckDB's. A placeholder `{name}` is the raw text of the logical column `name` (VARCHAR, NULL when the
 * cell is empty or the file lacks the column); `{name:normaliser}` is its value through a normaliser of
 * `ingest/normalise.ts`: `text key gtin money quantity integer percent bool state condition backorder currency instant
 * date_end list kind`. `date_end` reads a date-only value as the end of that day. Derived columns are used like
 * columns. `{_row}` is the record's position in the file. `{name?}` is TRUE where the file has the column and FALSE
 * where it has not: it tells an empty cell from an absent column.
 *
 * A field is absent when its SQL has placeholders and the file has the column of none of them; a derived column is
 * there when one of its own columns is, but for those within `OVER (…)`. `{name?}` does not count: SQL with no other
 * placeholder is a constant, never absent.
 */
import type { ChannelKind } from '../model/config.ts'
import type { Entity, FieldName, State } from '../model/field.ts'
import type { FixFormat } from './fix.ts'

export interface FieldSource {
  /** SQL with placeholders, or the short form `column:normaliser`. */
  readonly sql: string
  /**
   * Logical column whose raw text and header stand for the field in reports, or several of which the first that the
   * file has does; by default the first placeholder whose column the file has.
   */
  readonly raw?: string | readonly string[]
  /** SQL for the raw text where it depends on the row which column it comes from; the header is still that of `raw`. */
  readonly rawSql?: string
}

/** Values taken from headers: one row per record and distinct capture, e.g. a stock row per outlet. */
export interface Unpivot {
  /** Logical column to a pattern over headers with exactly one capture group: `{on_hand: /^inventory_(.+)$/i}`. */
  readonly columns: Readonly<Record<string, RegExp>>
  /** Name under which the capture is used as a placeholder, e.g. `outlet`. */
  readonly as: string
}

export interface Output {
  readonly entity: Entity
  /**
   * `parent`: rows that only carry fields for their children and are no listings themselves (a variable product).
   * `child`: a listing that inherits every null or absent field from its parent.
   */
  readonly role?: 'parent' | 'child'
  /**
   * Used only in a channel none of whose other files gives listings: a stock list alone still says which articles there
   * are.
   */
  readonly fallback?: true
  /** SQL predicate: which records this output is about. Others are not an error. */
  readonly rows?: string
  readonly each?: Unpivot
  readonly fields: Readonly<Partial<Record<FieldName, string | FieldSource>>>
  /**
   * The platform's own keys of a row, as SQL text expressions, in the order they are tried; two files of one channel
   * join where one of them is equal. On `listing` (and parents): the keys others may refer to. On `price` and `stock`:
   * what they refer to. Prefix them (`'sku:' || {sku}`) so that kinds of keys cannot meet.
   */
  readonly keys?: readonly string[]
  /** On children: the parent's key, as SQL. */
  readonly parentKey?: string
  /** On children: money added to the parent's regular price, as SQL of type DECIMAL. */
  readonly priceDelta?: string
}

/** One kind of export file. */
export interface FileKind {
  /** As reports name it: `products`, `inventory`. */
  readonly name: string
  /**
   * Logical column to the headers it may have, old and new, in every language the platform writes. Compared after
   * folding case, accents, blanks and punctuation. Where a file has several of them, the earliest in the list is meant.
   */
  readonly columns: Readonly<Record<string, readonly string[]>>
  /** Open-ended headers: logical column name prefix to a pattern with one capture group, e.g. attributes. */
  readonly open?: Readonly<Record<`attributes.`, RegExp>>
  /** Logical columns that must be there for the file to be of this kind. */
  readonly requires: readonly string[]
  /** At least one of each of these groups must be there too. */
  readonly requiresAny?: readonly (readonly string[])[]
  /** Logical columns that a file of this kind never has: tells kinds with a common header apart. */
  readonly forbids?: readonly string[]
  /** Logical columns that a file of this kind never has all of. */
  readonly forbidsTogether?: readonly string[]
  /** Logical columns of one price in several currencies: that of the channel's is read, without one the first. */
  readonly byCurrency?: Readonly<Record<string, string>>
  /**
   * Logical columns of figures that may as well be a yes or no. Beside the column `instead`, and without the column
   * `unless`, one whose cells are all 0 or 1 is not read; without a number in any cell it never is.
   */
  readonly orFlags?: Readonly<Record<string, { readonly instead: string; readonly unless: string }>>
  /** Columns computed from columns, in order; may use window functions over `{_row}`. */
  readonly derive?: readonly (readonly [name: string, sql: string])[]
  readonly outputs: readonly Output[]
  /** Source word, case folded, to canonical word, by canonical field. A word not in it is unknown, never guessed. */
  readonly vocabulary?: {
    readonly status?: Readonly<Record<string, State>>
    readonly 'promotion.status'?: Readonly<Record<string, State>>
    readonly 'promotion.kind'?: Readonly<Record<string, string>>
    readonly 'stock.backorder'?: Readonly<Record<string, 'no' | 'yes' | 'notify' | 'preorder'>>
    readonly condition?: Readonly<Record<string, 'new' | 'used' | 'refurbished'>>
  }
  /** Sale prices of 0 beside a regular price say that there is no offer, where the file has no other way to say it. */
  readonly zeroSale?: 'none'
  /** May be a printed list: between its records stand headings, subtotals and numbers of pages. */
  readonly printed?: true
  /** What one record is, as canonical fields; duplicates are judged within it. */
  readonly grain: readonly FieldName[]
  /** Order of day and month where the platform fixes it; voted otherwise. */
  readonly dates?: 'dmy' | 'mdy' | 'ymd'
  /** Decimal mark where the platform fixes it whatever the locale; voted otherwise. */
  readonly decimal?: ',' | '.'
}

export interface Platform {
  /** Shown to people: "Shopify". */
  readonly title: string
  readonly files: readonly FileKind[]
  /**
   * Whether prices of this platform's files include tax where the platform itself fixes it; null when it is a setting
   * outside the file, and then only the channel's `includes_tax` can say.
   */
  readonly includesTax: boolean | null
  /**
   * What a channel on this platform is, where no configuration says it; a web shop by default.
   */
  readonly channelKind?: ChannelKind
  /**
   * `files` are what rows of queries are, by the name of the entity: nothing is recognised from a header, and a file is
   * never of this platform.
   */
  readonly queried?: true
  /**
   * Specificity among platforms whose header fits: higher wins. `csv` has 0, everything with names of its own 10.
   */
  readonly precedence: number
  /** Files that correct a channel of this platform; the first that can carry a change is written. */
  readonly fixes?: readonly FixFormat[]
}

/** Returns `platform` unchanged; keeps literal types. */
export function definePlatform<const P extends Platform>(platform: P): Platform {
  return platform
}
