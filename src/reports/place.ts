import type { Cause, Finding, ReportHead, SourceRef } from '../model/report.ts'

/** `path:line`, with the sheet of a workbook; `path#row` where lines do not exist. */
export function placeOf({ path, row, line, sheet }: SourceRef): string {
  const file = sheet === undefined ? path : `${path}!${sheet}`
  if (line !== null) return `${file}:${line}`
  return row === null ? file : `${file}#${row}`
}

/** Where a finding is to be repaired: the first side that is not the authority; else any that stands in a file. */
export function placeOfFinding({ sides }: Pick<Finding, 'sides'>): SourceRef | null {
  const found = sides.filter((side) => side.source !== null)
  return (found.find(({ authority }) => !authority) ?? found[0])?.source ?? null
}

/** Where a cause is to be repaired: the first file of the channel at fault. */
export function placeOfCause({ channels }: Pick<Cause, 'channels'>, head: ReportHead): SourceRef | null {
  const path = head.channels.find(({ id }) => id === channels[0])?.sources[0]?.path
  return path === undefined ? null : { path, row: null, line: 1 }
}

/** For readers that take nothing without a place: what is about the whole project stands at its first file. */
export function anyPlace({ channels }: ReportHead): SourceRef {
  const path = channels.flatMap(({ sources }) => sources)[0]?.path ?? 'omniparity.yaml'
  return { path, row: null, line: 1 }
}

/** The path as it is seen from where the tool runs, with forward slashes. */
export function seenFrom(folder: string | undefined, path: string): string {
  const plain = path.replaceAll('\\', '/')
  return folder === undefined || folder === '' || plain.startsWith('/') ? plain : `${folder}/${plain}`
}
