/** Takes earlier prices into the ledger, from a CSV file that says from when on each price holds. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { instantText, now } from '../base/clock.ts'
import { nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { type Engine, ident, literal, type SqlRow } from '../engine/engine.ts'
import type { ChannelConfig } from '../model/config.ts'
import { createLedgerViews } from './ledger.ts'
import { BIT, copy, GROUP_NAMES, GROUPS, timestamp } from './ledger-files.ts'
import { FILES, LedgerFolder } from './ledger-folder.ts'
import { createSourceTable, sqlInstant } from './ledger-record.ts'

export interface Imported {
  readonly rows: number
  readonly items: number
  readonly from: string
  readonly until: string
  /** Prices of a time at which an audit had already seen the channel. */
  readonly skipped: number
}

export interface ImportOptions {
  readonly engine: Engine
  readonly state: string
  readonly file: string
  /** As the user wrote it. */
  readonly shown: string
  readonly channels: readonly ChannelConfig[]
  /** Zone in which a day begins. */
  readonly timezone: string
  /** Until when the file tells everything; null for the last moment of each channel in it. */
  readonly until: string | null
}

const NEEDED = ['channel', 'sku', 'at', 'regular'] as const
const KNOWN = [...NEEDED, 'sale', 'currency'] as const

/** @throws DiagnosticError `state/bad-history`, `usage/unknown-channel`, `state/unwritable`. */
export async function importHistory(options: ImportOptions): Promise<Imported> {
  const { engine, channels, until, shown } = options
  await readFile(options)
  const folder = new LedgerFolder(options.state)
  await folder.prepare()
  const dir = await folder.begin()
  try {
    return await folder.locked(async () => {
      const entries = await folder.entries()
      await createLedgerViews(engine, entries, { channels: channels.map(({ id }) => id), asOf: '9999-12-31T00:00:00Z' })
      const end = until === null ? 'max(since)' : timestamp(until)
      // What an audit saw is never overwritten, and from the first audit on the ledger speaks for itself.
      await engine.run(
        `CREATE TABLE import_span AS SELECT channel, min(since) AS since, least(${end}, any_value(first)) AS as_of, any_value(first) AS first
         FROM import_row LEFT JOIN (SELECT channel AS seen, min(as_of) AS first FROM ledger_seen WHERE prices GROUP BY channel) ON seen = channel
         GROUP BY channel`,
      )
      await engine.run(
        'CREATE TABLE import_kept AS SELECT r.* FROM import_row r JOIN import_span s ON s.channel = r.channel WHERE s.first IS NULL OR r.since < s.first',
      )
      await refuseEarlyEnd(options)
      const id = randomUUID()
      const [done] = await engine.rows<
        SqlRow & { n: number; items: number; all: number; since: string; until: string }
      >(
        `SELECT count(*) AS n, count(DISTINCT (channel, sku)) AS items, (SELECT count(*) FROM import_row) AS "all", min(since) AS since,
           (SELECT max(as_of) FROM import_span) AS until FROM import_kept`,
      )
      const rows = Number(done?.n ?? 0)
      const problem = {
        en: 'it has no prices from before the first audit',
        es: 'no tiene precios anteriores a la primera auditoría',
      }
      if (done === undefined || rows === 0) throw fail('state/bad-history', { file: shown, problem })
      await writeEntry(options, id, dir)
      const started = instantText(now())
      await folder.commit(dir, {
        id,
        kind: 'import',
        as_of: done.until,
        started_at: started,
        finished_at: started,
        snapshot: null,
        config_sha256: null,
        rules: [],
        channels: [
          ...new Set(
            (await engine.rows<{ channel: string }>('SELECT channel FROM import_span ORDER BY 1')).map(
              ({ channel }) => channel,
            ),
          ),
        ],
        partial: true,
        totals: null,
        counts: [],
        opened: 0,
        resolved: 0,
      })
      return { rows, items: Number(done.items), from: done.since, until: done.until, skipped: Number(done.all) - rows }
    })
  } catch (cause) {
    await folder.discard(dir)
    throw cause
  }
}

/** A file that begins where it is said to end tells nothing. */
async function refuseEarlyEnd({ engine, shown, until }: ImportOptions): Promise<void> {
  if (until === null) return
  const [first] = await engine.rows<{ row: number; channel: string }>(
    `SELECT row, channel FROM import_row WHERE channel IN (SELECT channel FROM import_row GROUP BY channel HAVING min(since) >= ${timestamp(until)}) ORDER BY row LIMIT 1`,
  )
  if (first === undefined) return
  const { row, channel } = first
  const problem = {
    en: `the prices of '${channel}' begin after --until (record ${row})`,
    es: `los precios de «${channel}» comienzan después de --until (registro ${row})`,
  }
  throw fail('state/bad-history', { file: shown, problem })
}

/** Creates `import_row`: channel, sku, since, regular, sale, currency. */
async function readFile({ engine, file, shown, timezone, channels }: ImportOptions): Promise<void> {
  const bad = (en: string, es: string): Error => fail('state/bad-history', { file: shown, problem: { en, es } })
  if (!existsSync(file)) throw bad('there is no such file', 'no existe el fichero')
  await engine
    .run(
      `CREATE TABLE import_text AS SELECT * FROM read_csv(${literal(file)}, header = true, all_varchar = true, nullstr = '')`,
    )
    .catch((cause: unknown) => {
      const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
      throw bad(reason, reason)
    })
  const names = (await engine.rows<{ column_name: string }>('DESCRIBE import_text')).map(
    ({ column_name }) => column_name,
  )
  const column = new Map(names.map((name) => [name.trim().toLowerCase(), name]))
  const missing = NEEDED.filter((name) => !column.has(name))
  if (missing.length > 0)
    throw bad(`the column ${missing.join(', ')} is missing`, `falta la columna ${missing.join(', ')}`)
  const cell = (name: (typeof KNOWN)[number]): string =>
    column.has(name) ? `nullif(trim(${ident(column.get(name) ?? '')}), '')` : 'NULL'
  const money = (name: 'regular' | 'sale'): string =>
    `CASE WHEN regexp_full_match(${cell(name)}, '\\d{1,12}(\\.\\d{1,6})?') THEN ${cell(name)}::DECIMAL(18,6) END`
  const day = `regexp_full_match(${cell('at')}, '\\d{4}-\\d{2}-\\d{2}')`
  const instant = `regexp_full_match(${cell('at')}, '\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2})?(\\.\\d+)?(Z|[+-]\\d{2}:?\\d{2})')`
  const since = `CASE WHEN ${day} THEN timezone('UTC', timezone(${literal(timezone)}, try_cast(${cell('at')} AS TIMESTAMP)))
    WHEN ${instant} THEN timezone('UTC', try_cast(${cell('at')} AS TIMESTAMPTZ)) END`
  await engine.run(
    `CREATE TABLE import_row AS SELECT row_number() OVER () AS row, ${cell('channel')} AS channel, ${cell('sku')} AS sku, date_trunc('second', ${since}) AS since,
       ${money('regular')} AS regular, ${money('sale')} AS sale, ${cell('sale')} AS sale_text, upper(${cell('currency')}) AS currency FROM import_text`,
  )
  const [wrong] = await engine.rows<SqlRow & { row: number; what: string }>(
    `SELECT row, CASE WHEN channel IS NULL THEN 'channel' WHEN sku IS NULL THEN 'sku' WHEN since IS NULL THEN 'at' WHEN regular IS NULL THEN 'regular'
       WHEN sale_text IS NOT NULL AND sale IS NULL THEN 'sale'
       WHEN NOT regexp_full_match(currency, '[A-Z]{3}') THEN 'currency' END AS what FROM import_row WHERE what IS NOT NULL ORDER BY row LIMIT 1`,
  )
  if (wrong !== undefined)
    throw bad(
      `record ${wrong.row} has no readable '${wrong.what}'`,
      `el registro ${wrong.row} no tiene un valor legible en «${wrong.what}»`,
    )
  const [all] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM import_row')
  if (Number(all?.n ?? 0) === 0) throw bad('it has no records', 'no tiene registros')
  const known = channels.map(({ id }) => id)
  const found = await engine.rows<{ channel: string }>('SELECT DISTINCT channel FROM import_row ORDER BY 1')
  const stranger = found.find(({ channel }) => !known.includes(channel))?.channel
  if (stranger !== undefined)
    throw fail('usage/unknown-channel', { channel: stranger, nearest: nearest(stranger, known, 3), known })
}

async function writeEntry({ engine, channels, file }: ImportOptions, id: string, dir: string): Promise<void> {
  const currency = `CASE channel ${channels.map((one) => `WHEN ${literal(one.id)} THEN ${literal(one.currency)}`).join(' ')} END`
  const values: Readonly<Record<string, string>> = {
    regular: 'regular',
    sale: 'sale',
    effective: 'coalesce(sale, regular)',
    currency: `coalesce(currency, ${currency})`,
    announced: 'coalesce(sale < regular, FALSE)',
  }
  const columns = GROUP_NAMES.flatMap((group) =>
    GROUPS[group].map(([name, type]) => `${values[name] ?? 'NULL'}::${type} AS ${name}`),
  )
  const head = `${literal(id)} AS audit, channel, sku AS item, since, ${BIT.price}::UTINYINT AS has`
  await copy(
    engine,
    `SELECT ${head}, ${columns.join(', ')} FROM import_kept QUALIFY row_number() OVER (PARTITION BY channel, sku, since ORDER BY row DESC) = 1 ORDER BY channel, item, since`,
    join(dir, FILES.change),
  )
  const spans = await engine.rows<SqlRow & { channel: string; since: string; as_of: string; n: number }>(
    `SELECT s.channel, s.since, s.as_of, (SELECT count(*) FROM import_kept k WHERE k.channel = s.channel) AS n FROM import_span s WHERE s.since < s.as_of ORDER BY 1`,
  )
  const nothing = { platform: '', kind: 'import', sha256: '', header: '', columns: '[]', fields: '{}', statuses: '{}' }
  const rows = spans.map(({ channel, since, as_of, n }) => [
    id,
    channel,
    basename(file),
    nothing.platform,
    nothing.kind,
    sqlInstant(as_of),
    sqlInstant(since),
    sqlInstant(as_of),
    String(n),
    '0',
    nothing.sha256,
    nothing.header,
    nothing.columns,
    nothing.fields,
    nothing.statuses,
    true,
    false,
  ])
  await createSourceTable(engine, rows)
  await copy(engine, 'SELECT * FROM ledger_source_now', join(dir, FILES.source))
}
