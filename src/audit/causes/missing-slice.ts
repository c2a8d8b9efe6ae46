/** A whole category, brand, location or file of articles that a channel lacks. */
import { ident } from '../../engine/engine.ts'
import { type SideRow, textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import { isMissing, isNoChance, type Lack, type Lacking, lacksOf, MISSING_RULE, missingIn } from './lacking.ts'
import type { Scene } from './scene.ts'
import { SLICE_TEXTS } from './slice-texts.ts'
import { MIN_SUPPORT, roundShare, WHOLE } from './thresholds.ts'

type By = 'category' | 'brand' | 'location' | 'file'

/** Articles of which all units lie at one place: item, place. */
const PLACES = 'cause_place'

interface Slice {
  readonly value: string
  readonly lack: Lack
  readonly missing: number
  readonly expected: number
}

export const missingSlice: Detector = {
  kind: 'missing-slice',
  rules: [MISSING_RULE],
  find,
  texts: SLICE_TEXTS,
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const lacks = await lacksOf(scene)
  if (lacks === null) return []
  const { column, channels } = lacks
  const authority = scene.authority('catalog')
  return slicesOf(scene, ['category', 'brand', 'location', 'file'], {
    channels,
    expected: `${column} <> 0`,
    told: authority === null ? null : `s.ch = ${authority}`,
    missing: (channel) => missingIn(column, channel),
    isMissing,
  })
}

/** The slices that channels lack; what an earlier one explains counts for no later one. */
export async function slicesOf(scene: Scene, ways: readonly By[], lacking: Lacking): Promise<readonly Found[]> {
  const found: Found[] = []
  const taken: { by: By; slice: Slice }[] = []
  for (const by of ways) {
    if (by === 'location' && !(await placed(scene))) continue
    for (const slice of await slicesBy(scene, lacking, by, taken)) {
      taken.push({ by, slice })
      found.push(await causeOf(scene, lacking, by, slice))
    }
  }
  return found
}

/** Makes the table of articles that lie at one place alone; false where nobody says where anything lies. */
async function placed({ engine, store }: Scene): Promise<boolean> {
  if (!store.hasStockRows) return false
  const rows = await engine.rows<{ column_name: string }>('DESCRIBE stock')
  const columns = new Set(rows.map(({ column_name }) => column_name))
  if (!columns.has('stock.location')) return false
  const units = ['stock.available', 'stock.on_hand']
    .filter((name) => columns.has(name))
    .map((name) => `t.${ident(name)}`)
  const there = units.length === 0 ? 'TRUE' : `coalesce(${units.join(', ')}) > 0`
  await engine.run(
    `CREATE TABLE ${PLACES} AS SELECT l.item AS item, min(t."stock.location") AS place FROM stock t JOIN side_all l ON l.rid = t.rid
     WHERE t."stock.location" IS NOT NULL AND ${there} GROUP BY l.item HAVING count(DISTINCT t."stock.location") = 1`,
  )
  return true
}

/** SQL over rows of listings: whether the article is in the slice. */
function conditionOf(by: By, value: string, alias = ''): string {
  if (by === 'location') return `${alias}item IN (SELECT item FROM ${PLACES} WHERE place = ${quoted(value)})`
  const column = by === 'file' ? 'src' : ident(by)
  return `${alias}${column}::VARCHAR IS NOT DISTINCT FROM ${quoted(value)}`
}

/** The side that says which slice an article belongs to. */
function masterWhere(scene: Scene, { told }: Lacking, by: By): string | null {
  const several = scene.store.channels.flatMap((_, index) => {
    const sources = scene.store.sources.filter(({ channel, fields }) => channel === index && fields.has('sku'))
    return sources.length > 1 ? [index] : []
  })
  if (by === 'location') return 'TRUE'
  if (by !== 'file') return told ?? 'TRUE'
  return several.length === 0 ? null : `s.ch IN (${several.join(', ')}) AND ${told ?? 'TRUE'}`
}

async function slicesBy(
  scene: Scene,
  lacking: Lacking,
  by: By,
  taken: readonly { by: By; slice: Slice }[],
): Promise<readonly Slice[]> {
  const { channels } = lacking
  const master = masterWhere(scene, lacking, by)
  const isField = by === 'category' || by === 'brand'
  if (master === null || (isField && !scene.store.fields.has(by))) return []
  const value = by === 'location' ? 'p.place' : by === 'file' ? 's.src' : `s.${ident(by)}`
  const counts = channels.map(({ channel }) => {
    const others = taken.filter(({ slice, by: earlier }) => slice.lack.channel === channel && earlier !== by)
    const free = others.map(({ by: earlier, slice }) => `AND NOT (${conditionOf(earlier, slice.value, 's.')})`)
    return `count(DISTINCT s.item) FILTER (v.m${channel}) AS a${channel}, count(DISTINCT s.item) FILTER (v.m${channel} ${free.join(' ')}) AS m${channel}`
  })
  const marks = channels.map(({ channel }) => `${lacking.missing(channel)} AS m${channel}`)
  const rows = await scene.engine.rows(
    `SELECT ${value}::VARCHAR AS value, count(DISTINCT s.item) AS n, ${counts.join(', ')} FROM side s
     ${by === 'location' ? `JOIN ${PLACES} p ON p.item = s.item` : ''} JOIN (SELECT item, ${marks.join(', ')} FROM verdict WHERE ${lacking.expected}) v ON v.item = s.item
     WHERE ${value} IS NOT NULL AND ${master} GROUP BY 1 HAVING n >= ${MIN_SUPPORT} ORDER BY 1`,
  )
  const candidates = rows.flatMap((row) =>
    channels.flatMap((lack): readonly (Slice & { fresh: number })[] => {
      const missing = Number(row[`a${lack.channel}`])
      const fresh = Number(row[`m${lack.channel}`])
      if (fresh < MIN_SUPPORT || missing / Number(row['n']) < WHOLE) return []
      return [{ value: String(row['value']), lack, missing, fresh, expected: Number(row['n']) }]
    }),
  )
  const whole: (typeof candidates)[number][] = []
  for (const one of candidates) {
    // Articles that no check fails on only lower the share: they are counted where it is high enough without them.
    const agreed = await scene.countAgreed(conditionOf(by, one.value))
    const expected = one.expected + agreed
    if (one.missing / expected >= WHOLE) whole.push({ ...one, expected })
  }
  return whole.filter((one) => {
    const own = whole.filter(({ lack }) => lack === one.lack)
    const others = lackOutside(one.lack, own)
    return isNoChance(one.missing, one.expected, others, rows.length)
  })
}

/** Part of what is expected outside the slices that is missing as well. */
function lackOutside({ expected, missing }: Lack, slices: readonly Slice[]): number {
  const sum = (pick: (slice: Slice) => number): number => slices.reduce((total, slice) => total + pick(slice), 0)
  const rest = expected - sum((slice) => slice.expected)
  return rest <= 0 ? 1 : Math.max(0, missing - sum((slice) => slice.missing)) / rest
}

async function causeOf(
  scene: Scene,
  { isMissing: isLacked }: Lacking,
  by: By,
  { value, lack, missing, expected }: Slice,
): Promise<Found> {
  const { channel } = lack
  scene.slices.push({ channel, condition: conditionOf(by, value, 's.') })
  const authority = scene.authority('catalog')
  const path = by === 'file' ? (scene.store.sources[Number(value)]?.file.path ?? value) : value
  const others =
    authority === null || authority === channel
      ? scene.store.channels.flatMap((_, index) => (index === channel ? [] : [index]))
      : [authority]
  const items = by === 'location' ? await itemsAt(scene, value) : null
  const has = (row: SideRow): boolean => {
    if (items !== null) return items.has(String(row.item))
    return by === 'file' ? String(row.src) === value : textOf(row[by]) === value
  }
  return {
    channels: [channel, ...others],
    field: null,
    detail: { by, value: path },
    share: roundShare(missing / expected),
    explains: (draft, rows) => isLacked(draft, rows, channel) && rows.some(has),
  }
}

async function itemsAt({ engine }: Scene, place: string): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ item: string }>(
    `SELECT item::VARCHAR AS item FROM ${PLACES} WHERE place = ${quoted(place)}`,
  )
  return new Set(rows.map(({ item }) => item))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
