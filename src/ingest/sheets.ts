/** Which sheets of a workbook are tables: beside the articles there are covers, notes and summaries. */
import { foldHeader } from '../base/text.ts'
import { DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { Locale } from '../model/config.ts'
import type { TableFile } from '../model/table-file.ts'
import { type Bindable, bind } from './bind.ts'
import { joinedTexts, noteTexts } from './read/notes.ts'

/**
 * The sheets that a reader recognises, each with a note about the others.
 *
 * @param files - All tables of one file; those of anything but a workbook with several sheets stay as they are.
 * @throws DiagnosticError where there is none: `ingest/no-sheet`, or `ingest/column-missing` of the sheet that has most of the
 * mapped columns.
 */
export async function knownSheets(
  files: readonly TableFile[],
  context: Bindable,
  locale: Locale,
): Promise<readonly TableFile[]> {
  if (files.length < 2 || files.some(({ sheet }) => sheet === null)) return files
  const refused = new Map<TableFile, DiagnosticError>()
  for (const file of files) {
    const why = refusal(file, context)
    if (why !== null) refused.set(file, why)
  }
  if (refused.size === 0) return files
  const kept = files.filter((file) => !refused.has(file))
  for (const file of kept.length === 0 ? files : refused.keys()) await file.close()
  if (kept.length === 0) throw nothingKept(refused, context)
  const names = [...refused.keys()].map(({ sheet }) => sheet ?? '')
  const note = noteTexts([{ kind: 'skipped-sheets', names }], locale)
  return kept.map((file) => ({ ...file, reading: { ...file.reading, ...joinedTexts(file.reading, note) } }))
}

function refusal(file: TableFile, context: Bindable): DiagnosticError | null {
  try {
    bind(file, context)
    return null
  } catch (error) {
    const isOther =
      error instanceof DiagnosticError && /^ingest\/(not-recognised|column-missing)$/.test(error.diagnostic.code)
    if (!isOther) throw error
    return error
  }
}

function nothingKept(refused: ReadonlyMap<TableFile, DiagnosticError>, { config }: Bindable): DiagnosticError {
  const files = [...refused.keys()]
  const wanted = new Set(Object.values(config.map).map(({ column }) => foldHeader(column)))
  const has = (file: TableFile): number => file.columns.filter((header) => wanted.has(foldHeader(header))).length
  const [nearest] = files.sort((one, other) => has(other) - has(one))
  const error = nearest === undefined ? undefined : refused.get(nearest)
  if (error !== undefined && nearest !== undefined && has(nearest) > 0) return error
  const sheets = [...refused.keys()].map(({ sheet, columns }) => ({ name: sheet ?? '', columns }))
  const path = files[0]?.path ?? ''
  return fail('ingest/no-sheet', { sheets, file: path }, config.where ?? { file: path })
}
