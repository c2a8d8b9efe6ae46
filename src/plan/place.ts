import type { PlanTexts } from '../i18n/plan.en.ts'

interface Place {
  readonly path: string | null
  readonly row: number | null
  readonly line: number | null
}

/** Where a cell stands, as editors and terminals take it where there are lines. */
export function placeText({ path, row, line }: Place, texts: PlanTexts): string {
  if (path === null) return ''
  if (line !== null) return `${path}:${line}`
  return row === null ? path : texts.row(path, row)
}
