/** The crosswalk file: a person's word on which listing is which article. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
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

const Row = z.object({
  channel: z.string().min(1),
  listing: z.string().min(1),
  item: z.string().min(1),
  method: z.string().optional(),
  confidence: z.string().optional(),
  pack_quantity: z.string().optional(),
})

/**
 * Reads `channel,listing,item[,method,confidence,pack_quantity]`.
 *
 * @throws DiagnosticError `identity/crosswalk-unreadable` with the line that is wrong.
 */
export async function readCrosswalk(file: string, dir: string): Promise<readonly CrosswalkEntry[]> {
  const path = join(dir, file)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('identity/crosswalk-unreadable', { reason: cause instanceof Error ? cause.message : String(cause) }, { file }, cause)
  })
  const records: readonly { info: { lines: number }; record: unknown }[] = parse(text, { columns: true, bom: true, info: true, skip_empty_lines: true, trim: true })
  return records.map(({ record, info }) => {
    const row = Row.safeParse(record)
    if (!row.success) throw fail('identity/crosswalk-unreadable', { reason: row.error.issues[0]?.message ?? '' }, { file, line: info.lines })
    const confidence = row.data.confidence ? Number(row.data.confidence) : 1
    if (!(confidence >= 0 && confidence <= 1)) {
      throw fail('identity/crosswalk-unreadable', { reason: `confidence ${row.data.confidence} is not between 0 and 1` }, { file, line: info.lines })
    }
    return {
      channel: row.data.channel,
      listing: row.data.listing,
      item: row.data.item,
      method: row.data.method || null,
      confidence,
      packQuantity: row.data.pack_quantity ? Number(row.data.pack_quantity) : null,
    }
  })
}
