/** Where a value stands, in words. */
import type { PageTexts } from '../../../i18n/html.en.ts'
import type { SideView } from './data.ts'

export function placeText({ path, sheet, row, line }: SideView, texts: PageTexts): string {
  if (path === null) return ''
  const parts = [sheet === null ? path : `${path}#${sheet}`]
  if (row !== null) parts.push(texts.findings.row(row))
  if (line !== null) parts.push(texts.findings.line(line))
  return parts.join(', ')
}
