import type { SourceRef } from '../model/report.ts'

/** `path:line`, with the sheet of a workbook; `path#row` where lines do not exist. */
export function placeOf({ path, row, line, sheet }: SourceRef): string {
  const file = sheet === undefined ? path : `${path}!${sheet}`
  if (line !== null) return `${file}:${line}`
  return row === null ? file : `${file}#${row}`
}
