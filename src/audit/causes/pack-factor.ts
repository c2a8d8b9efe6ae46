/** A channel that prices the case where the others price the unit: the same whole multiple for nearly all articles. */
import type { Detector, Found } from './detector.ts'
import { blamed, explainsPrices, MIN_POINTS, othersOf, strongPairs } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { roundShare } from './thresholds.ts'

/** Cases of more units are rare, and the powers of ten among the multiples are shifted decimals. */
const MOST_UNITS = 200

type FactorRow = {
  readonly a: number
  readonly b: number
  /** Whether the second channel is the higher one. */
  readonly up: boolean
  readonly factor: number
  readonly n: number
  readonly points: number
  /** Multiples to the cent; a unit price that was divided is not one. */
  readonly exact: number
}

export const packFactor: Detector = {
  kind: 'pack-factor',
  rules: ['price/outlier', 'price/differs-across-channels'],
  find,
  texts: {
    en: ({ fault, rest, detail: { factor }, names: [side] }) => ({
      message:
        side === 'low'
          ? `the prices of ${fault} are those of ${rest} divided by ${factor}: per unit, not per pack`
          : `the prices of ${fault} are ${factor} times those of ${rest}: per pack, not per unit`,
      advice: `map pack_quantity on ${fault}, or export its prices for what ${rest} sells; do not correct prices one by one`,
    }),
    es: ({ fault, rest, detail: { factor }, names: [side] }) => ({
      message:
        side === 'low'
          ? `los precios de ${fault} son los de ${rest} divididos entre ${factor}: por unidad y no por lote`
          : `los precios de ${fault} son ${factor} veces los de ${rest}: por lote y no por unidad`,
      advice: `asigne pack_quantity en ${fault}, o exporte sus precios por lo mismo que vende ${rest}; no corrija los precios uno a uno`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  await scene.pairs()
  const rows = await scene.engine.rows<FactorRow>(
    `SELECT a, b, up, factor, count(*) AS n, count(DISTINCT low) AS points, count(*) FILTER (abs(high - low * factor) < unit / 2) AS exact FROM (
       SELECT a, b, unit, y > x AS up, least(x, y) AS low, greatest(x, y) AS high, round(greatest(x, y) / least(x, y))::INTEGER AS factor FROM cause_pair)
     WHERE factor BETWEEN 2 AND ${MOST_UNITS} AND factor NOT IN (10, 100) AND abs(high - low * factor) <= factor * unit * 0.51 + unit * 0.01 GROUP BY a, b, up, factor ORDER BY ALL`,
  )
  const strong = await strongPairs(
    scene,
    rows.flatMap((row) => (Number(row.points) < MIN_POINTS ? [] : [{ ...row, n: Number(row.n) }])),
  )
  const highOf = (vote: FactorRow): number => (vote.up ? vote.b : vote.a)
  const lowOf = (vote: FactorRow): number => (vote.up ? vote.a : vote.b)
  const tie = (vote: FactorRow & { n: number }): number =>
    Number(vote.exact) >= vote.n * 0.99 ? highOf(vote) : lowOf(vote)
  return blamed(strong, scene.authority('price'), tie).flatMap((one): readonly Found[] => {
    const [first] = one.votes
    if (first === undefined) return []
    scene.blame(one.fault)
    const { factor } = first
    const isHigh = highOf(first) === one.fault
    const slack = factor * scene.unit(one.fault) * 0.52
    return [
      {
        channels: [one.fault, ...othersOf(one)],
        field: 'price.regular',
        detail: { factor: String(factor) },
        names: isHigh ? [] : ['low'],
        share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
        explains: explainsPrices(scene, one.fault, (own, other) =>
          isHigh ? Math.abs(own - other * factor) <= slack : Math.abs(other - own * factor) <= slack,
        ),
      },
    ]
  })
}
