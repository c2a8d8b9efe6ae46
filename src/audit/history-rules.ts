/** Rules that look back: what an article is now, against what earlier audits saw of it. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { SqlRow } from '../engine/engine.ts'
import type { Side } from '../model/report.ts'
import { type CompileInput, FAIL, NOT_APPLICABLE, PASS, unknown, type World } from '../rules/check.ts'
import { lagSql, reusedGtinSql, unknownGtinSql, WATCHED, type Watched, writersSql } from '../rules/checks/history.ts'
import { priorPriceSql } from '../rules/checks/prior-price.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { HistoryRule } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { instantsOf, observedSql, sharedNames } from './ledger-observe.ts'
import { settleSeverity } from './severity.ts'
import { canonicalText, itemOf, numberOf, type SideRow, sideOf, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

export interface HistoryOutcome {
  /** `item` null: the article is not among those that are looked at one by one. */
  readonly findings: readonly { readonly draft: Draft; readonly item: string | null }[]
  readonly places: readonly (readonly [source: number, ordinal: number])[]
  readonly tally: Tally
}

export function isHistory(effective: EffectiveRule): effective is EffectiveRule & { readonly rule: HistoryRule } {
  return effective.rule.kind === 'history'
}

/** Makes the views `history_now`, what this audit sees in the shape of the ledger, and `history_open`, that of articles that are not alike everywhere. */
export async function createHistoryNow({ engine, store, asOf }: FindingContext): Promise<void> {
  const instants = await instantsOf(engine, store, asOf)
  await engine.run(`CREATE VIEW history_now AS ${observedSql(store, asOf, instants, 'side_all')}`)
  await engine.run(`CREATE VIEW history_open AS ${observedSql(store, asOf, instants, 'side')}`)
}

/** A row of a check's SELECT, joined to the listing that it judges. */
type Judged = SideRow & { readonly outcome: number; readonly verdict_rid: number | string }

export async function judgeHistory(
  effective: EffectiveRule & { readonly rule: HistoryRule },
  context: FindingContext,
  world: World,
): Promise<HistoryOutcome> {
  const { rule } = effective
  const input: CompileInput = { rule, params: paramsOf(effective), world }
  const tally = new Tally()
  if (!rule.needs.every((field) => world.speaks(field))) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], places: [], tally }
  }
  switch (rule.assert) {
    case 'prior_price': {
      const select = priorPriceSql(input, await isFirst(context), await sharedNames(context.engine))
      return judgeListings(effective, context, tally, select, NOT_APPLICABLE, priorPriceDraft)
    }
    case 'reused_gtin': {
      const select = (await isFirst(context)) ? unknownGtinSql() : reusedGtinSql(input, merges(context))
      return judgeListings(effective, context, tally, select, NOT_APPLICABLE, gtinDraft)
    }
    case 'lag': {
      const parts: HistoryOutcome[] = []
      for (const watched of WATCHED) {
        if (!world.speaks(watched.field)) continue
        const select = lagSql(input, watched)
        const draft = lagDraft(watched)
        parts.push(await judgeListings(effective, context, tally, select, unknown('no_authority'), draft))
      }
      return {
        findings: parts.flatMap(({ findings }) => findings),
        places: parts.flatMap(({ places }) => places),
        tally,
      }
    }
    case 'writers':
      return judgeWriters(effective, context, tally, writersSql(input))
  }
}

/** SQL of the articles of which the rule does not know; null where it does not judge them one by one. */
export async function unknownHistory(
  effective: EffectiveRule & { readonly rule: HistoryRule },
  context: FindingContext,
  world: World,
): Promise<string | null> {
  const { rule } = effective
  const input: CompileInput = { rule, params: paramsOf(effective), world }
  const selects =
    rule.assert === 'prior_price'
      ? [priorPriceSql(input, await isFirst(context), await sharedNames(context.engine), true)]
      : rule.assert === 'lag'
        ? WATCHED.filter(({ field }) => world.speaks(field)).map((watched) => lagSql(input, watched))
        : []
  const own = selects.filter((select) => select !== null)
  if (own.length === 0) return null
  const unsure = own.map((select) => `SELECT article FROM (${select}) WHERE outcome > ${PASS} AND outcome < ${FAIL}`)
  return unsure.join(' UNION ')
}

function paramsOf({ params }: EffectiveRule): CompileInput['params'] {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.value]))
}

/** Nothing earlier is known. */
async function isFirst({ engine }: FindingContext): Promise<boolean> {
  const [known] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_source')
  return Number(known?.n ?? 0) === 0
}

/** Two keys that the crosswalk has as one article are one: a merge of duplicates is no new use of a GTIN. */
function merges({ config }: FindingContext): string {
  if (config.identity.crosswalk === null) return 'FALSE'
  return `EXISTS (SELECT 1 FROM crosswalk a JOIN crosswalk b ON a.ch = b.ch AND a.item = b.item WHERE a.ch = n.ch AND a.listing = o.item AND b.listing = n.item)`
}

interface Shown {
  readonly fields: readonly string[]
  readonly expected: string | null
  readonly words: Readonly<Record<string, string>>
}
type Describe = (row: Judged, context: FindingContext) => Shown

async function judgeListings(
  effective: EffectiveRule,
  context: FindingContext,
  tally: Tally,
  select: string | null,
  otherwise: number,
  describe: Describe,
): Promise<HistoryOutcome> {
  const { engine } = context
  const [all] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_all')
  const total = Number(all?.n ?? 0)
  if (select === null) {
    tally.add(otherwise, total)
    return { findings: [], places: [], tally }
  }
  await engine.run(`CREATE OR REPLACE TABLE history_verdict AS ${select}`)
  const counts = await engine.rows<{ outcome: number; n: number }>(
    'SELECT outcome, sum(times)::BIGINT AS n FROM history_verdict GROUP BY 1',
  )
  for (const { outcome, n } of counts) tally.add(outcome, Number(n))
  tally.add(NOT_APPLICABLE, Math.max(0, total - counts.reduce((sum, { n }) => sum + Number(n), 0)))
  if (!counts.some(({ outcome }) => outcome >= FAIL)) return { findings: [], places: [], tally }
  const rows = await engine.rows<Judged>(
    `SELECT s.*, v.* EXCLUDE (rid, article, times), v.rid AS verdict_rid, s.item IN (SELECT item FROM linked) AS is_open
     FROM side_all s LEFT JOIN (SELECT * FROM history_verdict WHERE outcome >= ${FAIL}) v ON v.rid = s.rid
     WHERE s.item IN (SELECT article FROM history_verdict WHERE outcome >= ${FAIL}) ORDER BY s.item, s.ch, s.rid`,
  )
  const findings = [...groupBy(rows, ({ item, market }) => `${item} ${market}`).values()].flatMap((group) =>
    group
      .filter((row) => row.verdict_rid !== null)
      .flatMap((row) => draftOf(row, group, effective, context, describe(row, context))),
  )
  return { findings, places: rows.flatMap(placesOf), tally }
}

function placesOf(row: SideRow): (readonly [number, number])[] {
  const own = ['price', 'stock'].flatMap((entity) => {
    const [source, ordinal] = [numberOf(row[`src:${entity}`]), numberOf(row[`ord:${entity}`])]
    return source === null || ordinal === null ? [] : [[source, ordinal] as const]
  })
  return [[row.src, row.ord], ...own]
}

function draftOf(
  row: Judged,
  group: readonly SideRow[],
  effective: EffectiveRule,
  context: FindingContext,
  { fields, expected, words }: Shown,
): HistoryOutcome['findings'] {
  const { rule, severity } = effective
  if (severity === 'off') return []
  const { store, config } = context
  const code = rule.codes[row.outcome - FAIL] ?? null
  const item = itemOf(group, store, authorityOf(store, config, 'catalog', row.market))
  const channel = store.channels[row.ch]?.id ?? ''
  const keys = [item.id, channel]
  const draft: Draft = {
    effective,
    code: code?.code ?? null,
    severity: effective.severityOrigin.by === 'config' ? severity : (code?.severity ?? severity),
    market: row.market,
    owner: channel,
    item,
    keys,
    // Lines of files are looked up when all places are known.
    get sides() {
      return fields.map((field) => sideOf(row, field, false, context))
    },
    expected,
    fixable: false,
    words: { channel, ...words },
    explainedBy: null,
    id: fingerprint(rule.id, code?.code ?? null, row.market, ...keys),
  }
  if (!settleSeverity(draft, group, store)) return []
  return [{ draft, item: row['is_open'] === true ? String(row.item) : null }]
}

/** The day in the project's zone. */
function dayOf(ms: unknown, { config }: FindingContext): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: config.timezone }).format(Number(ms))
}

/** What is shown as the earlier price stands first; of a reduction that is none, what is paid. */
function priorPriceDraft(row: Judged, context: FindingContext): Shown {
  const shown = textOf(row['shown_field']) ?? 'price.regular'
  const paid = row['on_sale'] === true ? 'price.sale' : 'price.regular'
  const isFake = row.outcome === FAIL
  const expected = canonicalText(
    row['expected'] ?? null,
    'price.regular',
    context.minorUnits(String(row['currency'] ?? '')),
  )
  return {
    fields: [...new Set(isFake ? [paid, shown] : [shown, paid])],
    expected,
    words: row['started'] === null ? {} : { since: dayOf(row['started'], context) },
  }
}

function gtinDraft(row: Judged, context: FindingContext): Shown {
  return {
    fields: ['gtin', 'brand', ...(row['pack_quantity'] === null ? [] : ['pack_quantity'])],
    expected: null,
    words: {
      value: String(row['gtin14']).padStart(14, '0'),
      list: [textOf(row['before']), textOf(row['before_brand'] ?? null)].filter((one) => one !== null).join(', '),
      since: dayOf(row['started'], context),
    },
  }
}

function lagDraft({ field }: Watched): Describe {
  return (row, { minorUnits }) => ({
    fields: [field],
    expected: canonicalText(row['expected'] ?? null, field, minorUnits(String(row['currency'] ?? ''))),
    words: {
      since: new Date(Number(row['started'])).toISOString().slice(0, 16).replace('T', ' '),
      count: String(Math.floor(Number(row['late']) / 60_000)),
    },
  })
}

async function judgeWriters(
  effective: EffectiveRule,
  context: FindingContext,
  tally: Tally,
  select: string | null,
): Promise<HistoryOutcome> {
  const { engine, store } = context
  if (select === null) {
    tally.add(unknown('no_authority'), 1)
    return { findings: [], places: [], tally }
  }
  const rows = await engine.rows<SqlRow & { ch: number; edits: number; outcome: number }>(`${select} ORDER BY 1`)
  for (const { outcome } of rows) tally.add(outcome, 1)
  const failing = rows.filter(({ outcome }) => outcome >= FAIL)
  const [first] = failing
  const { rule, severity } = effective
  if (first === undefined || severity === 'off') return { findings: [], places: [], tally }
  const code = rule.codes[first.outcome - FAIL]?.code ?? null
  const names = failing.map(({ ch }) => store.channels[ch]?.id ?? '')
  const sides = failing.map(
    ({ ch, edits }): Side => ({
      channel: store.channels[ch]?.id ?? '',
      listing: null,
      field: 'price.regular',
      value: String(edits),
      unit: null,
      raw: null,
      source: null,
      authority: false,
    }),
  )
  const draft: Draft = {
    effective,
    code,
    severity,
    market: null,
    owner: names[0] ?? null,
    item: null,
    keys: ['price.regular'],
    sides,
    expected: null,
    fixable: false,
    words: { list: names.join(', '), count: String(failing.reduce((sum, { edits }) => sum + Number(edits), 0)) },
    explainedBy: null,
    id: fingerprint(rule.id, code, null, 'price.regular'),
  }
  return { findings: settleSeverity(draft, [], store) ? [{ draft, item: null }] : [], places: [], tally }
}
