/** A run of consecutive articles that a channel lacks: a page of its export that was lost. */
import { literal } from '../../engine/engine.ts'
import { numberOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import { isMissing, isNoChance, type Lack, lacksOf, MISSING_RULE, missingIn, referenceOf } from './lacking.ts'
import type { Scene } from './scene.ts'
import { SLICE_TEXTS } from './slice-texts.ts'
import { MIN_SUPPORT, roundShare, WHOLE } from './thresholds.ts'

/** Ends of a run of consecutive articles, in the order that was looked at. */
interface Run {
  readonly first: number
  readonly last: number
  readonly missing: number
}

type IslandRow = { readonly first: number; readonly last: number }

const ORDERS = ['src, ord', 'sku'] as const

export const missingPage: Detector = {
  kind: 'missing-slice',
  rules: [MISSING_RULE],
  find,
  texts: SLICE_TEXTS,
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const lacks = await lacksOf(scene)
  if (lacks === null) return []
  const found: Found[] = []
  for (const lack of lacks.channels) {
    if (lack.missing < MIN_SUPPORT) continue
    const reference = await referenceOf(scene, lack.channel)
    if (reference === null) continue
    for (const order of ORDERS) {
      if (order === 'sku' && !scene.store.fields.has('sku')) continue
      const causes = await runsIn(scene, lack, lacks.column, reference, order)
      found.push(...causes)
      if (causes.length > 0) break
    }
  }
  return found
}

async function runsIn(
  scene: Scene,
  lack: Lack,
  column: string,
  reference: number,
  order: (typeof ORDERS)[number],
): Promise<readonly Found[]> {
  const open = openSql(scene, lack, column)
  if (!(await hasIsland(scene, lack, column, reference, order, open))) return []
  const agreed = scene.agreed === 0 ? '' : ` UNION ALL SELECT item, FALSE AS lacks FROM agreed WHERE ${column} <> 0`
  const listed = listedSql(scene, lack, reference, 'side_all', `${open}${agreed}`)
  const islands = await scene.engine.rows<IslandRow>(
    `SELECT min(place)::DOUBLE AS first, max(place)::DOUBLE AS last FROM (${islandsSql(listed, order)}) GROUP BY island HAVING count(*) >= 3 ORDER BY 1`,
  )
  const runs = merged(islands).filter(({ missing }) => missing >= MIN_SUPPORT)
  if (runs.length === 0) return []
  const inside = runs.reduce((sum, { missing }) => sum + missing, 0)
  const span = runs.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const rest = lack.expected <= span ? 1 : Math.max(0, lack.missing - inside) / (lack.expected - span)
  const sure = runs.filter(({ first, last, missing }) => isNoChance(missing, last - first + 1, rest, lack.expected))
  const found: Found[] = []
  for (const run of sure) {
    const ends = await scene.engine.rows<{ src: number; ord: number; sku: string | null }>(
      `SELECT src, ord, sku FROM (${rankedSql(listed, order)}) WHERE place IN (${run.first}, ${run.last}) ORDER BY place`,
    )
    const [from, to] = [ends[0], ends.at(-1)]
    if (from !== undefined && to !== undefined) found.push(causeOf(scene, lack, reference, order, run, from, to))
  }
  return found
}

/** Open articles that are expected of the channel, and whether it lacks them: item, lacks. */
function openSql({ store }: Scene, { channel }: Lack, column: string): string {
  const market = literal(store.channels[channel]?.market ?? '')
  return `SELECT item, ${missingIn(column, channel)} AS lacks FROM verdict WHERE ${column} <> 0 AND market = ${market}`
}

/** Their listings in the channel that says what there is. What a slice explains is taken for there. */
function listedSql({ slices }: Scene, { channel }: Lack, reference: number, sides: string, articles: string): string {
  const free = slices.flatMap((one) => (one.channel === channel ? [` AND NOT (${one.condition})`] : []))
  return `SELECT s.src AS src, s.ord AS ord, s.sku AS sku, v.lacks${free.join('')} AS lacks FROM ${sides} s JOIN (${articles}) v ON v.item = s.item WHERE s.ch = ${reference}`
}

function rankedSql(listed: string, order: (typeof ORDERS)[number]): string {
  return `SELECT *, row_number() OVER (ORDER BY ${order}) AS place FROM (${listed})`
}

/** Listings of articles that are lacking, by the island of consecutive ones that they belong to. */
function islandsSql(listed: string, order: (typeof ORDERS)[number]): string {
  return `SELECT place, place - row_number() OVER (ORDER BY place) AS island FROM (${rankedSql(listed, order)}) WHERE lacks`
}

/**
 * Whether there may be a run: its articles in between are so few that one of its islands has half of what a run needs. Asked
 * first of the open articles and a few of those that all channels list: the others could only split islands further.
 */
async function hasIsland(
  scene: Scene,
  lack: Lack,
  column: string,
  reference: number,
  order: (typeof ORDERS)[number],
  open: string,
): Promise<boolean> {
  if (scene.agreed === 0) return true
  const few = await scene.fewAgreed(column, reference, Math.floor(lack.expected / lack.missing / 2))
  const listed = `${listedSql(scene, lack, reference, 'side', open)} UNION ALL SELECT src, ord, sku, FALSE AS lacks FROM ${few}`
  const rows = await scene.engine.rows(
    `SELECT 1 AS n FROM (${islandsSql(listed, order)}) GROUP BY island HAVING count(*) >= ${MIN_SUPPORT / 2} LIMIT 1`,
  )
  return rows.length > 0
}

/** Runs with a few articles in between that are there: what came later, or a fault of another kind. */
function merged(islands: readonly IslandRow[]): readonly Run[] {
  const runs: Run[] = []
  for (const { first, last } of islands) {
    const size = last - first + 1
    const before = runs.at(-1)
    const whole = before === undefined ? 0 : (before.missing + size) / (last - before.first + 1)
    if (before !== undefined && whole >= WHOLE && first - before.last <= 3)
      runs[runs.length - 1] = { first: before.first, last, missing: before.missing + size }
    else runs.push({ first, last, missing: size })
  }
  return runs
}

interface Place {
  readonly src: number
  readonly ord: number
  readonly sku: string | null
}

function causeOf(
  scene: Scene,
  { channel }: Lack,
  reference: number,
  order: (typeof ORDERS)[number],
  run: Run,
  from: Place,
  to: Place,
): Found {
  const isFileOrder = order !== 'sku'
  const recordOf = ({ src, ord }: Place): number =>
    scene.store.sources[src]?.file.record(Number(ord)) ?? Number(ord) + 1
  const value = isFileOrder ? `${recordOf(from)}–${recordOf(to)}` : `${from.sku}–${to.sku}`
  return {
    channels: [channel, reference],
    field: null,
    detail: { by: 'position', value },
    share: roundShare(run.missing / (run.last - run.first + 1)),
    explains: (draft, rows) =>
      isMissing(draft, rows, channel) &&
      rows.some((row) => {
        if (row.ch !== reference) return false
        if (!isFileOrder) return String(row['sku']) >= String(from.sku) && String(row['sku']) <= String(to.sku)
        const at = [row.src, numberOf(row.ord) ?? 0] as const
        return isAfter(at, [from.src, Number(from.ord)]) && isAfter([to.src, Number(to.ord)], at)
      }),
  }
}

function isAfter(one: readonly [number, number], other: readonly [number, number]): boolean {
  return one[0] !== other[0] ? one[0] > other[0] : one[1] >= other[1]
}
