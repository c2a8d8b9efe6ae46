/** Rules about sources that are no longer what they were, or what their contract says. */
import { parseInstant } from '../base/clock.ts'
import { foldHeader } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Source } from '../ingest/tables.ts'
import { FAIL, PASS, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { contractFaults } from './drift-contract.ts'
import { type Fault, percentText } from './drift-fault.ts'
import { type Earlier, earlierOf } from './drift-standard.ts'
import { Tally } from './evaluate.ts'
import type { FactOutcome } from './fact-rules.ts'
import type { FindingContext } from './finding.ts'
import { filledOf } from './ledger-observe.ts'
import { fileSide, sourceDraft, sourceGroups } from './source-facts.ts'
import { decimalOf, type Params, paramsFor } from './source-scope.ts'

/** Holds files to their contract where there is one, else to what earlier audits saw. */
export async function judgeContract(effective: EffectiveRule, context: FindingContext): Promise<FactOutcome> {
  const filled = await filledOf(context.engine, context.store)
  return judged(effective, context, async (group, params, earlier) => {
    const broken = await contractFaults(group, params, context)
    const isNew = ({ about }: Fault): boolean =>
      !broken.faults.some((one) => one.code === 'unreadable' && foldHeader(one.about) === foldHeader(about))
    const [last] = earlier
    const faults = [...broken.faults, ...unreadable(group, params, last, context).filter(isNew)]
    if (last === undefined) return { faults, isTold: broken.isTold }
    const shares = new Map(
      group.flatMap(({ index }) =>
        Object.entries(filled.get(index)?.fields ?? {}).map(([name, { share }]) => [name, share]),
      ),
    )
    return {
      faults: [...faults, ...(broken.isTold ? [] : gone(group, shares, last)), ...emptier(group, shares, last, params)],
      isTold: true,
    }
  })
}

/** Holds the number of records to that of earlier audits. */
export async function judgeVolume(effective: EffectiveRule, context: FindingContext): Promise<FactOutcome> {
  return judged(effective, context, async (group, params, earlier) => {
    const rows = group.reduce((sum, { file }) => sum + file.records, 0)
    const recent = earlier.slice(0, decimalOf(params, 'audits') ?? 5).map((one) => one.rows)
    const usual = median(recent)
    if (usual === null) return { faults: [], isTold: false }
    const code = volumeCode(rows, usual, group, params)
    return { faults: code === null ? [] : [volumeFault(code, group, rows, usual)], isTold: true }
  })
}

interface Verdict {
  readonly faults: readonly Fault[]
  /** Whether there was anything to hold the files against. */
  readonly isTold: boolean
}

async function judged(
  effective: EffectiveRule,
  context: FindingContext,
  judge: (group: readonly Source[], params: Params, earlier: readonly Earlier[]) => Promise<Verdict>,
): Promise<FactOutcome> {
  const { store } = context
  const tally = new Tally()
  const drafts: Draft[] = []
  for (const group of sourceGroups(store)) {
    const [first] = group
    if (first === undefined) continue
    const params = paramsFor(effective, group, store)
    const after = acceptedAfter(effective)
    const earlier = await earlierOf(effective.rule.id, first.channel, first.kind, after, context)
    const { faults, isTold } = await judge(group, params, earlier)
    tally.add(faults.length > 0 ? FAIL : isTold ? PASS : unknown('history'), Math.max(1, faults.length))
    drafts.push(...faults.flatMap((fault) => draftOf(fault, first, effective, context)))
  }
  return { drafts, tally }
}

/** Audits before this moment set no standard: how a lasting change is accepted. */
function acceptedAfter({ rule, params }: EffectiveRule): string | null {
  const param = params['accepted_after']
  if (param === undefined || param.value.type !== 'text') return null
  const { value } = param.value
  const text = /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value
  if (parseInstant(text) !== null) return text
  const complaint = { key: `${rule.id}: accepted_after`, expected: '2026-11-22', found: `'${value}'` }
  throw fail('rules/bad-value', complaint, param.origin.by === 'flag' ? null : param.origin.where)
}

function draftOf(fault: Fault, first: Source, effective: EffectiveRule, { store }: FindingContext): readonly Draft[] {
  const channel = store.channels[first.channel]?.id ?? ''
  const paths = [...new Set(fault.sides.map(([source]) => source.file.path))]
  const finding = {
    code: fault.code,
    market: null,
    owner: channel,
    keys: [channel, first.kind, ...(fault.about === '' ? [] : [fault.about])],
    sides: fault.sides.map(([source, value]) =>
      fileSide(store, source, fault.about === '' ? 'rows' : fault.about, value),
    ),
    expected: null,
    words: { path: paths.join(', '), field: fault.about, channel, ...fault.words },
  }
  return sourceDraft(finding, effective)
}

/** Cells of a typed column that nobody could read: drift where an earlier audit could, else a notation to look at. */
function unreadable(
  group: readonly Source[],
  params: Params,
  last: Earlier | undefined,
  { store }: FindingContext,
): readonly Fault[] {
  const limit = decimalOf(params, 'bad_share') ?? 1
  return group.flatMap((source) =>
    store.unread.flatMap((cells) => {
      const share = cells.rows / Math.max(1, source.file.records)
      if (cells.source !== source.index || share <= limit) return []
      const header = source.understood.columns[cells.field] ?? cells.field
      const words = { value: cells.example, count: String(cells.rows), rate: percentText(share) }
      const code = last?.fields.has(cells.field) === true ? 'unreadable' : 'unread'
      return [{ code, about: header, sides: [[source, cells.example] as const], words }]
    }),
  )
}

/** Fields that earlier audits could read, and this one does not find. */
function gone(group: readonly Source[], now: ReadonlyMap<string, number>, last: Earlier): readonly Fault[] {
  // A listing takes fields from other files of its channel too: the ledger counts them with it.
  const fields = new Set([...now.keys(), ...group.flatMap(({ fields: own }) => [...own].map(String))])
  const before = new Set(last.columns)
  const there = new Set(group.flatMap(({ file }) => file.columns))
  // The same columns, read in another way: a changed configuration, a newer version of this program.
  if (last.columns.every((column) => there.has(column))) return []
  const added = [...there].filter((column) => !before.has(column))
  return [...last.fields.keys()]
    .filter((name) => !fields.has(name))
    .sort()
    .map((name) => ({
      code: 'missing_column',
      about: name,
      sides: group.map((source) => [source, null] as const),
      words: { list: added.length === 0 ? '–' : added.join(', ') },
    }))
}

/** Fields that far fewer listings have than before. */
function emptier(
  group: readonly Source[],
  shares: ReadonlyMap<string, number>,
  last: Earlier,
  params: Params,
): readonly Fault[] {
  const jump = decimalOf(params, 'null_jump') ?? 1
  return [...last.fields].flatMap(([name, before]) => {
    const share = shares.get(name)
    // In ten-thousandths, as the ledger keeps them: a float would move the limit.
    if (share === undefined || Math.round((before - share) * 10_000) <= Math.round(jump * 10_000)) return []
    const words = { value: percentText(share), expected: percentText(before) }
    return [
      { code: 'emptier', about: name, sides: group.map((source) => [source, percentText(share)] as const), words },
    ]
  })
}

/** How many records the interfaces of platforms give at most at once. */
const PAGES: ReadonlySet<number> = new Set([50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 50_000])

function volumeCode(rows: number, usual: number, group: readonly Source[], params: Params): string | null {
  const [drop, rise] = [decimalOf(params, 'drop') ?? 1, decimalOf(params, 'rise') ?? 1]
  if (rows < usual * (1 - drop)) return group.some(({ file }) => PAGES.has(file.records)) ? 'page' : 'drop'
  return rows > usual * (1 + rise) ? 'rise' : null
}

function volumeFault(code: string, group: readonly Source[], rows: number, usual: number): Fault {
  return {
    code,
    about: '',
    sides: group.map((source) => [source, String(source.file.records)] as const),
    words: { count: String(rows), expected: String(usual) },
  }
}

/** Of an even number the lower of the two in the middle: what was really there once. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
