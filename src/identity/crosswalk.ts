/** The crosswalk file: a person's word on which listing is which article. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { fail } from '../diagnostics/diagnostic.ts'

export interface CrosswalkEntry {
  readonly channel: string
  /** The channel's own id of the listing, or its SKU. */
  readonly listing: string
  readonly item: string
  readonly method: string | null
  readonly confidence: number
  readonly packQuantity: number | null
}

const REQUIRED = ['channel', 'listing', 'item'] as const

/**
 * Reads `channel,listing,item[,method,confidence,pack_quantity]`.
 *
 * @throws DiagnosticError `identity/crosswalk-unreadable`, `identity/crosswalk-row` with the line that is wrong.
 */
export async function readCrosswalk(file: string, dir: string): Promise<readonly CrosswalkEntry[]> {
  const [header, ...records] = parseText(await readText(file, dir), file)
  const names = header?.cells ?? []
  const missing = REQUIRED.filter((name) => !names.includes(name))
  if (missing.length > 0)
    throw fail('identity/crosswalk-row', { wrong: 'columns', value: missing.join(', ') }, { file, line: 1 })
  const items = new Map<string, string>()
  return records.map(({ cells, line }) => {
    const entry = entryOf(new Map(names.map((name, index) => [name, cells[index] ?? ''])), { file, line })
    const key = `${entry.channel} ${entry.listing}`
    if ((items.get(key) ?? entry.item) !== entry.item)
      throw fail('identity/crosswalk-row', { wrong: 'twice', value: key }, { file, line })
    items.set(key, entry.item)
    return entry
  })
}

async function readText(file: string, dir: string): Promise<string> {
  const bytes = await readFile(resolve(dir, file)).catch((cause: NodeJS.ErrnoException) => {
    throw fail('identity/crosswalk-unreadable', { reason: cause.code ?? cause.message }, { file }, cause)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw fail('identity/crosswalk-unreadable', { reason: 'UTF-8' }, { file }, cause)
  }
}

interface Line {
  readonly cells: readonly string[]
  readonly line: number
}

function parseText(text: string, file: string): readonly Line[] {
  try {
    const options = { bom: true, info: true, skip_empty_lines: true, trim: true } as const
    // The types of the package do not follow `info`.
    const records = parse(text, options) as unknown as readonly { info: { lines: number }; record: string[] }[]
    return records.map(({ info, record }) => ({ cells: record, line: info.lines }))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = Number(cause['lines']) || 1
    if (cause.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
      const record: unknown = cause['record']
      throw fail(
        'identity/crosswalk-row',
        { wrong: 'cells', value: String(Array.isArray(record) ? record.length : 0) },
        { file, line },
        cause,
      )
    }
    throw fail('identity/crosswalk-row', { wrong: 'quote', value: '' }, { file, line }, cause)
  }
}

function entryOf(
  row: ReadonlyMap<string, string>,
  where: { readonly file: string; readonly line: number },
): CrosswalkEntry {
  const text = (name: string): string => {
    const value = row.get(name) ?? ''
    if (value === '') throw fail('identity/crosswalk-row', { wrong: 'empty', value: name }, where)
    return value
  }
  const confidence = row.get('confidence') || '1'
  if (!/^(0|1)?(\.\d+)?$/.test(confidence) || Number(confidence) > 1) {
    throw fail('identity/crosswalk-row', { wrong: 'confidence', value: confidence }, where)
  }
  const pack = row.get('pack_quantity') || null
  if (pack !== null && !/^[1-9]\d{0,5}$/.test(pack))
    throw fail('identity/crosswalk-row', { wrong: 'pack', value: pack }, where)
  return {
    channel: text('channel'),
    listing: text('listing'),
    item: text('item'),
    method: row.get('method') || null,
    confidence: Number(confidence),
    packQuantity: pack === null ? null : Number(pack),
  }
}
