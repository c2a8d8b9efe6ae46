/** Rules on the rows of inputs: policies, stores, orders, customers. Groups are judged in the engine, whatever their number. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import { ident, type SqlRow } from '../engine/engine.ts'
import type { Side } from '../model/report.ts'
import { type CompileInput, decimalParam, FAIL, PASS, unknown, type World } from '../rules/check.ts'
import { inputOutcome, inputScope, rowColumn } from '../rules/checks/input.ts'
import { compileCondition } from '../rules/expression/compile.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Rule } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { type InputRows, isShown } from './input-rows.ts'
import { canonicalText, numberOf, textOf } from './sides.ts'

/** Rows that one finding shows, and findings of one rule that are listed; all are counted. */
const MOST_ROWS = 20
const MOST_FINDINGS = 20_000
/** Fewer failures are never folded into one finding. */
const LEAST_FOLDED = 20
const WIDESPREAD = 'widespread'

/** Columns that name a person: fingerprints use the first of its records instead. */
const LABELS = new Set(['customer.person', 'customer.linked', 'consent.linked'])

interface InputOutcome {
  readonly drafts: readonly Draft[]
  readonly tally: Tally
}

/** Judges a rule on a table of `INPUT_TABLES`, whose inputs are all there. */
export async function judgeInputs(
  effective: EffectiveRule,
  rows: InputRows,
  context: FindingContext,
  world: World,
): Promise<InputOutcome> {
  const { rule } = effective
  const { engine } = context
  const params = Object.fromEntries(Object.entries(effective.params).map(([name, param]) => [name, param.value]))
  const input: CompileInput = { rule, params, world }
  const where = rule.where === null ? 'TRUE' : compileCondition(rule.where, inputScope(input, false))
  const by = groupColumns(rule)
  const { sql, told } = inputOutcome(input)
  const keys = by.map((column, index) => `${column} AS g${index}`)
  const from = await rows.of(rule, params)
  const groups = by.map((_, index) => `g${index}`)
  const row = rule.group === null
  const count = row ? '1' : 'count(*)'
  const first = rule.on === 'customer' || rule.on === 'consent' ? `min(channel || ':' || customer)` : `''`
  await engine.run(
    `CREATE TABLE input_judged AS SELECT ${keys.join(', ')}, (${sql})::UTINYINT AS outcome, ${count} AS n, ${row ? `''` : first} AS who, ${told.join(', ')}
     FROM (SELECT * FROM ${from}) WHERE ${where} ${row ? '' : `GROUP BY ${groups.join(', ')}`}`,
  )
  try {
    const tally = new Tally()
    const counts = await engine.rows<Count>('SELECT outcome, count(*) AS n FROM input_judged GROUP BY 1')
    for (const one of counts) tally.add(Number(one.outcome), Number(one.n))
    // A file without a row that the rule could judge says nothing about it.
    if (counts.length === 0) tally.add(unknown('no_input'), 1)
    if (!counts.some(({ outcome }) => Number(outcome) >= FAIL)) return { drafts: [], tally }
    const fold = foldOf(input, counts)
    const on = by.map((column, index) => `j.g${index} IS NOT DISTINCT FROM r.${column}`).join(' AND ')
    const shown = await engine.rows<JudgedRow>(
      `WITH j AS (SELECT * FROM input_judged WHERE outcome >= ${FAIL} ORDER BY ${[...groups, 'n'].join(', ')} LIMIT ${fold === null ? MOST_FINDINGS : MOST_ROWS})
       SELECT j.*, r.* FROM (SELECT * FROM ${from} WHERE ${where}) r JOIN j ON ${on}
       QUALIFY row_number() OVER (PARTITION BY ${groups.join(', ')} ORDER BY ${telling(input)} r.ch, r.src, r.ord) <= ${MOST_ROWS}
       ORDER BY ${[...groups, 'r.ch', 'r.src', 'r.ord'].join(', ')}`,
    )
    for (const { src, ord } of shown) context.places.want(src, Number(ord))
    await context.places.resolve()
    return { drafts: draftsOf(shown, fold, effective, context), tally }
  } finally {
    await engine.run('DROP TABLE input_judged')
  }
}

interface Count extends SqlRow {
  readonly outcome: number
  readonly n: number
}

/** Failures that are too many to be told one by one. */
interface Fold {
  readonly outcome: number
  readonly told_count: number
  readonly told_rate: number
}

/** A rule with a code `widespread` has one finding where more than `fold_above` of its groups fail. */
function foldOf(input: CompileInput, counts: readonly Count[]): Fold | null {
  const position = input.rule.codes.findIndex(({ code }) => code === WIDESPREAD)
  if (position < 0) return null
  const sum = (of: (outcome: number) => boolean): number =>
    counts.reduce((total, { outcome, n }) => total + (of(Number(outcome)) ? Number(n) : 0), 0)
  const failed = sum((outcome) => outcome >= FAIL)
  const share = failed / (failed + sum((outcome) => outcome === PASS))
  if (failed < LEAST_FOLDED || share <= Number(decimalParam(input, 'fold_above', '0.05'))) return null
  return { outcome: FAIL + position, told_count: failed, told_rate: share }
}

function draftsOf(
  shown: readonly JudgedRow[],
  fold: Fold | null,
  effective: EffectiveRule,
  context: FindingContext,
): readonly Draft[] {
  if (fold !== null) {
    const draft = draftOf(
      shown.map((row) => ({ ...row, ...fold, n: shown.length })),
      effective,
      context,
    )
    const { id } = effective.rule
    return draft.map((one) => ({ ...one, keys: [], id: fingerprint(id, one.code, one.market) }))
  }
  const names = Array.from({ length: effective.rule.group?.length ?? 2 }, (_, index) => `g${index}`)
  const found = groupBy(shown, (one) => JSON.stringify(names.map((name) => one[name])))
  const drafts = [...found.values()].flatMap((group) => draftOf(group, effective, context))
  // Two rows of one store are one finding.
  return [...new Map(drafts.map((draft) => [draft.id, draft])).values()]
}

interface JudgedRow extends SqlRow {
  readonly ch: number | null
  readonly src: number
  readonly ord: number
  readonly outcome: number
  readonly n: number
  readonly who: string
}

/** What is referred to and not there comes first among the rows that a finding shows. */
function telling(input: CompileInput): string {
  const { rule } = input
  if (rule.kind !== 'reference' || rule.value === null) return ''
  return `${compileCondition(rule.value, inputScope(input, false))} NULLS FIRST,`
}

/** Columns of the rows, as SQL; a rule on single rows has each for itself. */
function groupColumns(rule: Rule): readonly string[] {
  if (rule.group === null) return ['src', 'ord']
  return rule.group.map((name) => ident(rowColumn(name, rule.on)))
}

function draftOf(group: readonly JudgedRow[], effective: EffectiveRule, context: FindingContext): Draft[] {
  const [first] = group
  const { rule, severity } = effective
  if (first === undefined || severity === 'off') return []
  const own = rule.codes[Number(first.outcome) - FAIL]
  const labels = rule.group ?? []
  // Persons are in several markets.
  const market =
    rule.group === null || labels.includes('market') || labels.includes('channel') ? textOf(first['market']) : null
  const keys =
    rule.group === null ? [textOf(first['channel']) ?? '*'] : labels.flatMap((name, index) => keyOf(name, first, index))
  const channels = [...new Set(group.map((row) => channelOf(row, context)))]
  const code = own?.code ?? null
  const shown =
    rule.kind === 'reference' ? group.filter((row) => row[rowColumn(valueName(rule), rule.on)] !== true) : group
  return [
    {
      effective,
      code,
      severity: effective.severityOrigin.by === 'config' ? severity : (own?.severity ?? severity),
      market,
      owner: channels.length === 1 && channels[0] !== '*' ? (channels[0] ?? null) : null,
      item: null,
      keys,
      sides: shown.flatMap((row) => sidesOf(row, rule, code, context)),
      expected: null,
      fixable: false,
      words: {
        field: labels
          .filter((name) => name !== 'market' && !LABELS.has(name) && name !== 'customer.key')
          .flatMap((name) => textOf(first[rowColumn(name, rule.on)]) ?? [])
          .join(' · '),
        channel: channels.join(', '),
        count: String(numberOf(first['told_count'] ?? null) ?? first.n),
        value: numberText(first['told_value']),
        expected: numberText(first['told_expected']),
        rate: `${(Number(first['told_rate'] ?? 0) * 100).toFixed(1)} %`,
        list: placesText(group, context),
      },
      explainedBy: null,
      id: fingerprint(rule.id, code, market, ...keys),
    },
  ]
}

function valueName(rule: Rule): string {
  const root = rule.kind === 'reference' ? rule.value?.root : undefined
  return root?.kind === 'field' ? root.name : ''
}

function keyOf(name: string, first: JudgedRow, index: number): readonly string[] {
  if (name === 'market') return []
  return [LABELS.has(name) ? first.who : (textOf(first[`g${index}`]) ?? '')]
}

function channelOf(row: JudgedRow, { store }: FindingContext): string {
  return row.ch === null ? '*' : (store.channels[row.ch]?.id ?? '')
}

/** A code that is called like a column is about it alone; otherwise a row shows what it says at all. */
function sidesOf(row: JudgedRow, rule: Rule, code: string | null, context: FindingContext): readonly Side[] {
  const about = rule.fields.filter((field) => field === `${rule.on}.${code}`)
  const fields = about.length > 0 ? about : rule.fields
  const sides = fields.map((field) => sideOf(row, field, rule.on, context))
  const told = sides.filter(({ value }) => value !== null)
  return told.length > 0 ? told : sides.slice(0, 1)
}

function sideOf(row: JudgedRow, field: string, table: string, context: FindingContext): Side {
  const name = rowColumn(field, table)
  const value = isShown(table, name) ? canonicalText(row[name] ?? null, field, 0) : null
  const raw = textOf(row[`raw:${name}`])
  return {
    channel: channelOf(row, context),
    listing: null,
    field,
    value,
    unit: null,
    raw: value === null ? null : (raw ?? value),
    source: context.places.ref(row.src, Number(row.ord)),
    authority: false,
  }
}

/** Where the rows stand: `web a.csv:3`. It names nobody. */
function placesText(group: readonly JudgedRow[], context: FindingContext): string {
  const places = group.slice(0, 5).map((row) => {
    const place = context.places.ref(row.src, Number(row.ord))
    return `${channelOf(row, context)} ${place?.path ?? ''}:${place?.line ?? place?.row ?? ''}`
  })
  const more = Number(group[0]?.n ?? 0) - places.length
  return more > 0 ? `${places.join(', ')}, …` : places.join(', ')
}

function numberText(value: SqlRow[string] | undefined): string {
  return canonicalText(value ?? null, '', 0) ?? ''
}
