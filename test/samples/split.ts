/** Cuts a CSV file into one file per value of a column, records as they are. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

interface RawRecord {
  readonly raw: string
  readonly record: Readonly<Record<string, string>>
}

/** Writes `<into>/<value>.csv` for each value; blanks in a value become hyphens. */
export function splitByColumn(file: string, column: string, into: string): void {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const options = { bom: true, columns: true, raw: true, relax_quotes: true } as const
  const header = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
  const parts = new Map<string, string[]>()
  // With `raw`, the parser gives each record with its text, which its types do not say.
  for (const { raw, record } of parse(text, options) as unknown as readonly RawRecord[]) {
    const value = record[column] ?? ''
    const lines = parts.get(value) ?? [`${header}\n`]
    lines.push(raw.replace(/\r?\n?$/, '\n'))
    parts.set(value, lines)
  }
  mkdirSync(into, { recursive: true })
  for (const [value, lines] of parts) writeFileSync(join(into, `${value.replaceAll(/\s+/g, '-')}.csv`), lines.join(''))
}
