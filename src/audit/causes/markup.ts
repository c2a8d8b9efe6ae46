/** A channel whose prices are those of the others plus the same percentage. */
import { changeText } from '../messages.ts'
import type { Detector, Found } from './detector.ts'
import { blamed, explainsPrices, MIN_POINTS, othersOf, type PairVote, strongPairs } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { roundShare } from './thresholds.ts'

/** Articles of a pair that the percentage is read from: the dearest, on which rounding changes least. */
const SAMPLE = 400
/** The part of the articles that a rounder percentage may lose against a less round one. */
const ROUNDER = 0.98

interface ModeRow {
  readonly [key: string]: string | number | boolean | null
  readonly a: number
  readonly b: number
  readonly up: number
  readonly down: number
}

interface Candidate {
  readonly a: number
  readonly b: number
  /** Whether it is the first channel's prices plus the percentage. */
  readonly forward: boolean
  readonly percent: number
}

interface Fit extends Candidate {
  readonly n: number
}

export const markup: Detector = {
  kind: 'markup',
  rules: ['price/differs-across-channels', 'price/outlier'],
  find,
  texts: {
    en: ({ fault, rest, detail, names: [teller, currency, silent] }) => ({
      message: `the prices of ${fault} are those of ${rest} ${changeText(detail['percent'] ?? '', 'en')}`,
      advice: `${teller === undefined ? '' : `only ${teller} states a currency (${currency}): if the prices of ${silent} are in another one, set currency: on ${silent}; `}if that is intended, declare price_policy: {markup: …} on ${fault}; if not, take the percentage out of its export or connector`,
    }),
    es: ({ fault, rest, detail, names: [teller, currency, silent] }) => ({
      message: `los precios de ${fault} son los de ${rest} ${changeText(detail['percent'] ?? '', 'es')}`,
      advice: `${teller === undefined ? '' : `solo ${teller} dice su moneda (${currency}): si los precios de ${silent} están en otra, indique currency: en ${silent}; `}si es lo acordado, declare price_policy: {markup: …} en ${fault}; si no, quite el porcentaje de su exportación o conector`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  await scene.pairs()
  const modes = await scene.engine.rows<ModeRow>(
    `SELECT a, b, mode(round((y / x - 1) * 100, 1)) AS up, mode(round((x / y - 1) * 100, 1)) AS down FROM (
       SELECT * FROM cause_pair WHERE x <> y QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY greatest(x, y) DESC, item) <= ${SAMPLE})
     GROUP BY a, b ORDER BY a, b`,
  )
  const candidates = modes
    .filter(({ a, b }) => !scene.isBlamed(a) && !scene.isBlamed(b))
    .flatMap(({ a, b, up, down }): Candidate[] => [
      ...near(Number(up)).map((percent) => ({ a, b, forward: true, percent })),
      ...near(Number(down)).map((percent) => ({ a, b, forward: false, percent })),
    ])
  if (candidates.length === 0) return []
  const fits = await fitsOf(scene, candidates)
  const pairs = [...new Set(fits.map(({ a, b }) => `${a} ${b}`))].flatMap((pair) => {
    const own = fits.filter(({ a, b }) => `${a} ${b}` === pair)
    const [forward, backward] = [true, false].map((way) => best(own.filter((fit) => fit.forward === way)))
    const first = forward ?? backward
    return first === undefined
      ? []
      : [{ a: first.a, b: first.b, n: Math.max(forward?.n ?? 0, backward?.n ?? 0), forward, backward }]
  })
  const strong = await strongPairs(scene, pairs)
  const found: Found[] = []
  for (const one of blamed(strong, scene.authority('price'), rounderSide)) {
    const [vote] = one.votes
    const percent = vote === undefined ? undefined : (vote.b === one.fault ? vote.forward : vote.backward)?.percent
    if (vote === undefined || percent === undefined || percent === 0) continue
    scene.blame(one.fault)
    const factor = 1 + percent / 100
    const slack = scene.unit(one.fault) * 1.05
    found.push({
      channels: [one.fault, ...othersOf(one)],
      field: 'price.regular',
      detail: { percent: `${percent}%` },
      names: await loneCurrency(scene, vote.a, vote.b),
      share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
      explains: explainsPrices(scene, one.fault, (own, other) => Math.abs(own - other * factor) <= slack),
    })
  }
  return found
}

/** Of two channels the one that states a currency, the currency, and the one that states none; nothing where both do or none. */
async function loneCurrency(scene: Scene, a: number, b: number): Promise<readonly string[]> {
  const rows = await scene.engine.rows<{ ch: number; currency: string | null }>(
    `SELECT DISTINCT ch, currency FROM cause_price WHERE ch IN (${a}, ${b}) ORDER BY currency NULLS LAST`,
  )
  const [one, other, ...more] = rows
  if (one === undefined || other === undefined || more.length > 0 || one.ch === other.ch) return []
  if (one.currency === null || other.currency !== null) return []
  return [scene.channelId(Number(one.ch)), one.currency, scene.channelId(Number(other.ch))]
}

/** Percentages close to what most articles show, from the round ones on. */
function near(percent: number): readonly number[] {
  const all = [Math.round(percent), Math.round(percent * 2) / 2]
  for (let step = -10; step <= 10; step++) all.push(Math.round(percent * 100 + step) / 100)
  return [...new Set(all)].filter((one) => one !== 0 && one > -95 && one < 1000)
}

async function fitsOf(scene: Scene, candidates: readonly Candidate[]): Promise<readonly Fit[]> {
  const values = candidates.map(({ a, b, forward, percent }) => `(${a}, ${b}, ${forward}, ${percent}::DOUBLE)`)
  const rows = await scene.engine.rows<{
    a: number
    b: number
    forward: boolean
    percent: number
    n: number
    points: number
  }>(
    `SELECT p.a AS a, p.b AS b, forward, percent, count(*) AS n, count(DISTINCT x) AS points FROM cause_pair p
     JOIN (VALUES ${values.join(', ')}) c(a, b, forward, percent) ON c.a = p.a AND c.b = p.b
     WHERE x <> y AND abs(CASE WHEN forward THEN y - x * (1 + percent / 100) ELSE x - y * (1 + percent / 100) END) <= unit * 1.05
     GROUP BY ALL ORDER BY ALL`,
  )
  return rows.flatMap(({ points, ...row }) =>
    Number(points) < MIN_POINTS ? [] : [{ ...row, n: Number(row.n), percent: Number(row.percent) }],
  )
}

/** The roundest percentage that nearly as many articles show as any other. */
function best(fits: readonly Fit[]): Fit | undefined {
  const most = Math.max(0, ...fits.map(({ n }) => n))
  return fits
    .filter(({ n }) => n >= most * ROUNDER)
    .sort((a, b) => roughness(a.percent) - roughness(b.percent) || b.n - a.n || a.percent - b.percent)[0]
}

/** 0 for whole percentages, more for each decimal. */
function roughness(percent: number): number {
  return [1, 2, 10, 20, 100].findIndex((steps) => Math.abs(percent * steps - Math.round(percent * steps)) < 1e-6)
}

/** People add round percentages: the side on which it is one was made from the other. */
function rounderSide({
  a,
  b,
  forward,
  backward,
}: PairVote & { forward: Fit | undefined; backward: Fit | undefined }): number {
  if (forward === undefined) return a
  if (backward === undefined) return b
  const difference = roughness(forward.percent) - roughness(backward.percent)
  if (difference !== 0) return difference < 0 ? b : a
  if (forward.n !== backward.n) return forward.n > backward.n ? b : a
  return forward.percent > 0 ? b : a
}
