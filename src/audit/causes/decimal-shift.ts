/** A channel whose prices are all ten, a hundred, a thousand times the others', or those above a thousand a thousandth. */
import type { Detector, Found } from './detector.ts'
import { type Blamed, blamed, explainsPrices, othersOf, type PairVote, strongPairs } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

/** A shift is told from prices that are wrong otherwise by what is left when it is undone. */
const CLOSE = 0.05
/** A thousands mark that was read as a decimal mark changes no digit. */
const EXACT = 0.0005

interface PowerRow {
  readonly [key: string]: string | number | boolean | null
  readonly a: number
  readonly b: number
  readonly power: number
  readonly n: number
  /** Of them, how many have a price of whole units on the higher side, and one of more decimals than the currency on the lower. */
  readonly whole: number
  readonly fine: number
}

export const decimalShift: Detector = {
  kind: 'decimal-shift',
  rules: ['price/outlier', 'price/differs-across-channels'],
  find: async (scene) => [...(await wholeChannel(scene)), ...(await thousands(scene))],
  texts: {
    en: ({ fault, rest, detail, names: [above] }) => ({
      message:
        above === undefined
          ? `the prices of ${fault} are ${detail['factor']} times those of ${rest}`
          : `${fault} has prices above ${above} divided by a thousand: a thousands mark was read as the decimal mark`,
      advice: `correct the unit or decimal mark of the export of ${fault}; if only the reading is wrong, say decimal: in its source`,
    }),
    es: ({ fault, rest, detail, names: [above] }) => ({
      message:
        above === undefined
          ? `los precios de ${fault} están multiplicados por ${detail['factor']} frente a ${rest}`
          : `${fault} tiene divididos entre mil los precios desde ${above}: un separador de miles se leyó como decimal`,
      advice: `corrija la unidad o el separador decimal de la exportación de ${fault}; si solo es la lectura, indique decimal: en su fuente`,
    }),
  },
}

async function wholeChannel(scene: Scene): Promise<readonly Found[]> {
  await scene.pairs()
  const rows = await scene.engine.rows<PowerRow>(
    `SELECT a, b, power, count(*) FILTER (abs(y / x / pow(10, power) - 1) < ${CLOSE}) AS n,
       count(*) FILTER (greatest(x, y) = floor(greatest(x, y))) AS whole,
       count(*) FILTER (abs(least(x, y) / unit - round(least(x, y) / unit)) > 0.001) AS fine
     FROM (SELECT *, round(log10(y / x))::INTEGER AS power FROM cause_pair) WHERE power <> 0 GROUP BY a, b, power ORDER BY a, b, power`,
  )
  const strong = await strongPairs(
    scene,
    rows.map((row) => ({ a: row.a, b: row.b, n: Number(row.n), power: row.power, row })),
  )
  return blamed(strong, scene.authority('price'), shapedWrong).map((one) => {
    const [first] = one.votes
    const power = first === undefined ? 0 : first.b === one.fault ? first.power : -first.power
    const factor = 10 ** power
    return causeOf(scene, one, factorText(power), (own, other) => Math.abs(own / other / factor - 1) < CLOSE)
  })
}

/** Cents as whole units are too high, amounts with more decimals than the currency has too low. */
function shapedWrong({ a, b, power, row }: PairVote & { power: number; row: PowerRow }): number {
  const [high, low] = power > 0 ? [b, a] : [a, b]
  if (Number(row.fine) > Number(row.n) / 4) return low
  return Number(row.whole) > Number(row.n) * MIN_SHARE ? high : b
}

/** Prices of a thousand and more are a thousandth on one side, and the others agree. */
async function thousands(scene: Scene): Promise<readonly Found[]> {
  const rows = await scene.engine.rows<{ a: number; b: number; up: number; down: number; above: number; low: number }>(
    `SELECT a, b, count(*) FILTER (abs(y / x * 1000 - 1) < ${EXACT}) AS down, count(*) FILTER (abs(x / y * 1000 - 1) < ${EXACT}) AS up,
       count(*) FILTER (greatest(x, y) >= 1000) AS above, count(*) FILTER (greatest(x, y) < 1000 AND greatest(x, y) / least(x, y) > 500) AS low
     FROM cause_pair GROUP BY a, b ORDER BY a, b`,
  )
  const candidates = rows.flatMap(({ a, b, up, down, above, low }): (PairVote & { fault: number; above: number })[] => {
    const n = Math.max(Number(up), Number(down))
    const share = n / Math.max(1, Number(above))
    const isOpen = !scene.isBlamed(a) && !scene.isBlamed(b)
    if (!isOpen || n < MIN_SUPPORT || share < MIN_SHARE || Number(low) > n / 4) return []
    return [{ a, b, n, share, fault: Number(down) > Number(up) ? b : a, above: Number(above) }]
  })
  // Articles that agree only lower a share: they are counted where it is high enough without them.
  const agreed = candidates.length === 0 ? 0 : await scene.countAgreed('x_regular >= 1000')
  const votes = candidates
    .map((vote) => ({ ...vote, share: vote.n / Math.max(1, vote.above + agreed) }))
    .filter(({ share }) => share >= MIN_SHARE)
  const faults = [...new Set(votes.map(({ fault }) => fault))]
  return faults.map((fault) =>
    causeOf(
      scene,
      { fault, votes: votes.filter((vote) => vote.fault === fault) },
      '0.001',
      (own, other) => Math.abs((own / other) * 1000 - 1) < EXACT,
      ['1000'],
    ),
  )
}

function causeOf(
  scene: Scene,
  one: Blamed<PairVote>,
  factor: string,
  holds: (own: number, other: number) => boolean,
  names: readonly string[] = [],
): Found {
  scene.blame(one.fault)
  return {
    channels: [one.fault, ...othersOf(one)],
    field: 'price.regular',
    detail: { factor },
    names,
    share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
    explains: explainsPrices(scene, one.fault, holds),
  }
}

function factorText(power: number): string {
  return power >= 0 ? String(10 ** power) : `0.${'0'.repeat(-power - 1)}1`
}
