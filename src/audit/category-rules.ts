/** Categories of channels against those of the catalog: `reference` through the input `categories`. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import { literal, type SqlRow } from '../engine/engine.ts'
import { decimalParam, FAIL, PASS, unknown, type World, whereSql } from '../rules/check.ts'
import { normText } from '../rules/norm.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import type { KeyFinding, KeyOutcome } from './key-rules.ts'
import { plainParams } from './scoped.ts'
import { itemOf, type SideRow, sideOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** A category of a channel, with where it stands first. */
interface Used extends SqlRow {
  readonly ch: number
  readonly category: string
  readonly n: number
  readonly src: number
  readonly ord: number
}

/** What separates several categories of one listing, where the whole text is none. */
const SEVERAL = /\s*[,;|]\s*/
const LEVELS = /\s*[>/]\s*/
const ROWS = 1000

/** Judges every category of a channel, and every article that two channels have put into one. */
export async function judgeCategories(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
): Promise<KeyOutcome> {
  const { engine } = context
  const tally = new Tally()
  if (!world.speaks('category')) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], tally }
  }
  const input = { rule: effective.rule, params: plainParams(effective), world }
  const where = `${whereSql(input)} AND category IS NOT NULL`
  const used = await engine.rows<Used>(
    `SELECT ch, category, count(*) AS n, arg_min(src, rid) AS src, arg_min(ord, rid) AS ord FROM side_all WHERE ${where} GROUP BY ch, category ORDER BY ch, category`,
  )
  const masters = await mastersOf(context, Number(decimalParam(input, 'depth', '2')))
  const mapped = used.map((one) => ({ one, found: masters(one.ch, one.category) }))
  const unmapped = mapped.filter(({ found }) => found.length === 0)
  tally.add(FAIL, unmapped.length)
  tally.add(PASS, mapped.length - unmapped.length)
  await writeMap(
    context,
    mapped.filter(({ found }) => found.length > 0),
  )
  const several = input.params['allow_multi']?.value !== false
  const conflicts = await conflicting(context, where, several, tally)
  return {
    tally,
    findings: [
      ...unmapped.flatMap(({ one }) => unmappedFinding(one, effective, context)),
      ...[...groupBy(conflicts, ({ item, market }) => `${item} ${market}`).values()].flatMap((rows) =>
        conflictFinding(rows, effective, context),
      ),
    ],
  }
}

/** Looks up a category: the channel's own mapping, else the one for all, else it is a category of the catalog itself. */
async function mastersOf(
  { engine }: FindingContext,
  depth: number,
): Promise<(ch: number, category: string) => readonly string[]> {
  const rows = await engine.rows<{ ch: number | null; category: string; master: string }>(
    'SELECT ch, category, master FROM input_categories ORDER BY src, ord',
  )
  const known = new Map<string, string[]>()
  const add = (key: string, master: string): void => {
    known.set(key, [...new Set([...(known.get(key) ?? []), cut(master, depth)])])
  }
  for (const { ch, category, master } of rows) add(`${ch ?? '*'} ${normText(category)}`, master)
  for (const { master } of rows) add(`= ${normText(master)}`, master)
  const single = (ch: number, category: string): readonly string[] => {
    const name = normText(category)
    return known.get(`${ch} ${name}`) ?? known.get(`* ${name}`) ?? known.get(`= ${name}`) ?? []
  }
  return (ch, category) => {
    const whole = single(ch, category)
    if (whole.length > 0) return whole
    return [...new Set(category.split(SEVERAL).flatMap((part) => single(ch, part)))].sort()
  }
}

function cut(master: string, depth: number): string {
  return normText(master).split(LEVELS).slice(0, depth).join(' > ')
}

async function writeMap(
  { engine }: FindingContext,
  mapped: readonly { readonly one: Used; readonly found: readonly string[] }[],
): Promise<void> {
  await engine.run('CREATE OR REPLACE TEMP TABLE category_map (ch INTEGER, category VARCHAR, masters VARCHAR[])')
  const values = mapped.map(
    ({ one, found }) => `(${one.ch}, ${literal(one.category)}, [${found.map(literal).join(', ')}])`,
  )
  for (let start = 0; start < values.length; start += ROWS)
    await engine.run(`INSERT INTO category_map VALUES ${values.slice(start, start + ROWS).join(', ')}`)
}

/** Listings of articles that two channels have filed in places of the catalog that do not meet. */
async function conflicting(
  { engine }: FindingContext,
  where: string,
  several: boolean,
  tally: Tally,
): Promise<readonly SideRow[]> {
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE filed AS SELECT s.item, s.market, s.rid, s.ch, m.masters FROM (SELECT item, market, rid, ch, category FROM side WHERE ${where}) s JOIN category_map m ON m.ch = s.ch AND m.category = s.category`,
  )
  const agree = several ? 'list_has_any(a.masters, b.masters)' : 'a.masters = b.masters'
  const apart = `SELECT a.item, a.market FROM filed a JOIN filed b ON a.item = b.item AND a.market = b.market AND a.rid < b.rid WHERE a.masters <> b.masters AND NOT ${agree}`
  const [compared] = await engine.rows<{ n: number; bad: number }>(
    `SELECT (SELECT count(*) FROM (SELECT 1 FROM filed GROUP BY item, market HAVING count(DISTINCT ch) > 1)) AS n, (SELECT count(*) FROM (SELECT DISTINCT item, market FROM (${apart}))) AS bad`,
  )
  const bad = Number(compared?.bad ?? 0)
  tally.add(FAIL, bad)
  tally.add(PASS, Math.max(0, Number(compared?.n ?? 0) - bad))
  if (bad === 0) return []
  return engine.rows<SideRow>(
    `SELECT s.* FROM side s JOIN filed f ON f.rid = s.rid WHERE (s.item, s.market) IN (${apart}) ORDER BY s.item, s.market, s.ch, s.rid`,
  )
}

function draftOf(
  about: Pick<Draft, 'item' | 'owner' | 'market' | 'keys' | 'words'>,
  code: 'unmapped' | 'conflict',
  effective: EffectiveRule,
): Omit<Draft, 'sides'> | null {
  const { rule, severity } = effective
  if (severity === 'off') return null
  const own = rule.codes.find((one) => one.code === code)
  return {
    ...about,
    effective,
    code,
    severity: own?.severity ?? severity,
    expected: null,
    fixable: false,
    explainedBy: null,
    id: fingerprint(rule.id, code, about.market, ...about.keys),
  }
}

function unmappedFinding(one: Used, effective: EffectiveRule, context: FindingContext): readonly KeyFinding[] {
  const channel = context.store.channels[one.ch]?.id ?? ''
  const keys = [channel, one.category]
  const words = { channel, value: one.category, count: String(one.n), field: 'category' }
  const draft = draftOf({ item: null, owner: channel, market: null, keys, words }, 'unmapped', effective)
  if (draft === null) return []
  const side = () => ({
    channel,
    listing: null,
    field: 'category',
    value: one.category,
    unit: null,
    raw: one.category,
    source: context.places.ref(one.src, one.ord),
    authority: false,
  })
  return [{ draft: withSides(draft, () => [side()]), items: [], places: [[one.src, one.ord]] }]
}

function conflictFinding(
  rows: readonly SideRow[],
  effective: EffectiveRule,
  context: FindingContext,
): readonly KeyFinding[] {
  const [first] = rows
  if (first === undefined) return []
  const { store, config } = context
  const { market } = first
  const authority = authorityOf(store, config, 'catalog', market)
  const item = itemOf(rows, store, authority)
  const owner = authority === null ? null : (store.channels[authority]?.id ?? null)
  const draft = draftOf({ item, owner, market, keys: [item.id], words: { field: 'category' } }, 'conflict', effective)
  if (draft === null) return []
  const sides = () => rows.map((row) => sideOf(row, 'category', row.ch === authority, context))
  return [
    {
      draft: withSides(draft, sides),
      items: [String(first.item)],
      places: rows.map((row) => [row.src, row.ord] as const),
    },
  ]
}

/** Lines are looked up when all places are known, so sides are made when they are asked for. */
function withSides(draft: Omit<Draft, 'sides'>, sides: () => Draft['sides']): Draft {
  return {
    ...draft,
    get sides() {
      return sides()
    },
  }
}
