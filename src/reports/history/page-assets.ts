/** Script and style that the pages carry. */
import type { Assets } from '../html/page.tsx'
import type { RenderOptions } from '../reporter.ts'

export async function pageAssets({ asset }: RenderOptions, name: string): Promise<Assets> {
  if (asset === undefined) throw new Error('a page needs its script and style')
  const [script, style] = await Promise.all([asset(name), asset('report-page.css')])
  return { script: script.trim(), style: style.trim() }
}
