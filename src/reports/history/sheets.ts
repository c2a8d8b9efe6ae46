/** What the workbooks of `history` and `history diff` share. */
import type { HistoryAudit } from '../../model/history.ts'
import type { Book } from '../xlsx/book.ts'
import type { Numbered } from '../xlsx/findings.ts'
import type { Cell, Column } from '../xlsx/sheet.ts'

export type Titled = readonly [title: string, width: number]

export function columnsOf(titles: readonly Titled[]): readonly Column[] {
  return titles.map(([title, width]) => ({ title, width }))
}

/** A sheet of facts without a header to filter by. */
export function factSheet(book: Book, name: string, widths: readonly number[]): Numbered {
  const columns = widths.map((width) => ({ title: '', width }))
  return book.sheet(name, columns, false)
}

/** A difference with its sign in the figures: a spreadsheet can sum it. */
export function difference(book: Book, after: number | null, before: number | null): Cell {
  return after === null || before === null ? null : book.number(String(after - before), null)
}

export const FIGURES = ['error', 'warning', 'info', 'known', 'suppressed', 'explained'] as const

export function figure({ totals }: HistoryAudit, name: (typeof FIGURES)[number]): number | null {
  return totals === null ? null : totals[name]
}
