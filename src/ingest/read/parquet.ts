/** Parquet: DuckDB reads it; every column becomes text. */
import { fail } from '../../diagnostics/diagnostic.ts'
import { ident, literal } from '../../engine/engine.ts'
import type { TableFile } from '../../model/table-file.ts'
import { type ReadContext, removeFiles } from './disk.ts'
import { noteTexts } from './notes.ts'
import { hashFile } from './rows.ts'
import { SAMPLE_RECORDS } from './table.ts'

export async function openParquet(context: ReadContext): Promise<TableFile> {
  const { engine, shown } = context
  const file = `read_parquet(${literal(context.path)})`
  const ask = (sql: string) =>
    engine.rows(sql).catch((cause: unknown) => {
      const [reason = ''] = String(cause instanceof Error ? cause.message : cause).split('\n')
      throw fail('source/syntax', { format: 'Parquet', reason }, { file: shown }, cause)
    })
  const described = await ask(`DESCRIBE SELECT * FROM ${file}`)
  const names = described.map((row) => String(row['column_name']))
  const cells = described.map((row, index) => {
    const column = ident(names[index] ?? '')
    const nested = /[[(]/.test(String(row['column_type'])) && !String(row['column_type']).startsWith('DECIMAL')
    return `nullif(CAST(${nested ? `to_json(${column})` : column} AS VARCHAR), '') AS c${index}`
  })
  const relation = `(SELECT ${cells.join(', ')} FROM ${file})`
  const [counted] = await ask(`SELECT count(*) AS n FROM ${file}`)
  const records = Number(counted?.['n'] ?? 0)
  const step = Math.max(1, Math.ceil(records / SAMPLE_RECORDS))
  const numbered = `(SELECT ${cells.join(', ')}, file_row_number AS n FROM read_parquet(${literal(context.path)}, file_row_number=true))`
  const sample = await ask(`SELECT * EXCLUDE (n) FROM ${numbered} WHERE n % ${step} = 0 ORDER BY n`)
  return {
    path: shown,
    sheet: null,
    columns: names.map((name) => name.trim()),
    relation,
    records,
    quarantined: [],
    lost: new Set(),
    sample: sample.map((row) => names.map((_, index) => (row[`c${index}`] ?? null) as string | null)),
    reading: {
      encoding: null,
      delimiter: null,
      ...noteTexts(records === 0 ? [{ kind: 'no-records' }] : [], context.locale),
    },
    sha256: context.sha256 ?? (await hashFile(context.path)),
    bytes: context.bytes,
    modifiedAt: context.modifiedAt,
    record: (ordinal) => ordinal + 1,
    lines: async () => new Map(),
    close: async () => removeFiles(context.temporary),
  }
}
