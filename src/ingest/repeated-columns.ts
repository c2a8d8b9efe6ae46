/** Headers that stand twice: which of the columns is meant cannot be told from the file. */
import { foldHeader } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { TableFile } from '../model/table-file.ts'
import type { Binding } from './recognise.ts'

/**
 * Refuses a file that repeats the header of a column that is read, unless the columns say the same.
 *
 * @throws DiagnosticError `ingest/repeated-column`
 */
export function refuseRepeated(file: TableFile, binding: Binding): void {
  const folded = file.columns.map(foldHeader)
  for (const position of new Set(binding.columns.values())) {
    const twin = folded.findIndex((header, other) => other !== position && header !== '' && header === folded[position])
    if (twin < 0) continue
    const isSame = file.sample.every((record) => (record[position] ?? null) === (record[twin] ?? null))
    const header = file.columns[position] ?? ''
    if (!isSame)
      throw fail(
        'ingest/repeated-column',
        { header, columns: [position + 1, twin + 1].sort((a, b) => a - b) },
        { file: file.path },
      )
  }
}
