/** What a file has, held against the contract that the configuration gives its source. */
import { foldHeader } from '../base/text.ts'
import { ident } from '../engine/engine.ts'
import type { Source } from '../ingest/tables.ts'
import type { ColumnType, SourceContract } from '../model/config.ts'
import { type Fault, percentText } from './drift-fault.ts'
import type { FindingContext } from './finding.ts'
import { configOf } from './source-facts.ts'
import { decimalOf, type Params } from './source-scope.ts'

interface Broken {
  readonly faults: readonly Fault[]
  /** Whether any of the files has a contract. */
  readonly isTold: boolean
}

export async function contractFaults(
  group: readonly Source[],
  params: Params,
  context: FindingContext,
): Promise<Broken> {
  const found: Fault[] = []
  let isTold = false
  for (const source of group) {
    const contract = configOf(context.store, source)?.contract ?? null
    if (contract === null) continue
    isTold = true
    found.push(...headerFaults(source, contract))
    for (const { header, type } of contract.columns) {
      found.push(...(await typeFaults(source, header, type, params, context)))
    }
    found.push(...(await keyFaults(source, contract, context)))
  }
  return { faults: merged(found), isTold }
}

/** The same fault of several files of one kind is one. */
function merged(faults: readonly Fault[]): readonly Fault[] {
  const byKey = new Map<string, Fault>()
  for (const fault of faults) {
    const key = JSON.stringify([fault.code, fault.about])
    const known = byKey.get(key)
    byKey.set(key, known === undefined ? fault : { ...known, sides: [...known.sides, ...fault.sides] })
  }
  return [...byKey.values()]
}

function headerFaults(source: Source, contract: SourceContract): readonly Fault[] {
  const there = new Set(source.file.columns.map(foldHeader))
  const declared = new Set(contract.columns.map(({ header }) => foldHeader(header)))
  const added = source.file.columns.filter((column) => column !== '' && !declared.has(foldHeader(column)))
  const missing = contract.columns.filter(({ header, required }) => required && !there.has(foldHeader(header)))
  const list = added.length === 0 ? '–' : added.join(', ')
  const extra = contract.closed ? added : []
  return [
    ...missing.map(({ header }) => ({
      code: 'missing_column',
      about: header,
      sides: [[source, null] as const],
      words: { list },
    })),
    ...extra.map((header) => ({ code: 'new_column', about: header, sides: [[source, null] as const], words: {} })),
  ]
}

/** SQL that is true for a cell of the type, whatever its notation: what it is worth is a matter of reading. */
const READABLE: Readonly<Record<ColumnType, (cell: string) => string>> = {
  text: () => 'TRUE',
  number: (cell) =>
    `regexp_full_match(trim(${cell}), '[-+]?[\\p{Sc}A-Z]{0,3}\\s*[-+]?\\d[\\d.,'' \\x{a0}\\x{202f}]*\\s*(%|[\\p{Sc}A-Z]{1,3})?')`,
  date: (cell) =>
    `regexp_full_match(trim(${cell}), '\\d{4}-?\\d{2}-?\\d{2}([T ].*)?|\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4}( .*)?')`,
}

async function typeFaults(
  source: Source,
  header: string,
  type: ColumnType,
  params: Params,
  { engine }: FindingContext,
): Promise<readonly Fault[]> {
  const column = columnOf(source, header)
  if (column === null || type === 'text') return []
  const filled = `${column} IS NOT NULL AND trim(${column}) <> ''`
  const bad = `${filled} AND NOT ${READABLE[type](column)}`
  const [row] = await engine.rows<{ n: number; bad: number; example: string | null }>(
    `SELECT count(*) FILTER (${filled}) AS n, count(*) FILTER (${bad}) AS bad, first(${column}) FILTER (${bad}) AS example FROM ${source.file.relation}`,
  )
  const [all, wrong] = [Number(row?.n ?? 0), Number(row?.bad ?? 0)]
  const share = wrong / Math.max(1, all)
  if (wrong === 0 || share <= (decimalOf(params, 'bad_share') ?? 1)) return []
  const example = row?.example ?? ''
  const words = { value: example, count: String(wrong), rate: percentText(share) }
  return [{ code: 'unreadable', about: header, sides: [[source, example] as const], words }]
}

async function keyFaults(
  source: Source,
  { key }: SourceContract,
  { engine }: FindingContext,
): Promise<readonly Fault[]> {
  const columns = key.flatMap((header) => columnOf(source, header) ?? [])
  if (columns.length === 0 || columns.length < key.length) return []
  const [row] = await engine.rows<{ n: number; example: string | null }>(
    `SELECT count(*) AS n, first(k) AS example FROM (SELECT concat_ws(' / ', ${columns.join(', ')}) AS k FROM ${source.file.relation}
     GROUP BY ${columns.join(', ')} HAVING count(*) > 1 ORDER BY 1)`,
  )
  const repeated = Number(row?.n ?? 0)
  if (repeated === 0) return []
  const example = row?.example ?? ''
  const words = { value: example, count: String(repeated) }
  return [{ code: 'repeated_key', about: key.join(', '), sides: [[source, example] as const], words }]
}

function columnOf({ file }: Source, header: string): string | null {
  const position = file.columns.findIndex((column) => foldHeader(column) === foldHeader(header))
  return position < 0 ? null : ident(`c${position}`)
}
