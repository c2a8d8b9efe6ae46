/** A file that corrects, with the one that undoes it. */
export interface FixFile {
  readonly channel: string
  /** Below the plan's folder. */
  readonly fix: string
  readonly undo: string
  /** File of the channel that it corrects. */
  readonly source: string
  readonly changes: number
  readonly records: number
  readonly also: boolean
  readonly advice: { readonly en: string; readonly es: string }
}
