/** A channel whose prices are those of the others plus the same amount. */
import { UNKNOWN_CURRENCY } from '../../model/config.ts'
import { gapText } from '../messages.ts'
import type { Detector, Found } from './detector.ts'
import { blamed, explainsPrices, MIN_POINTS, othersOf, type PairVote, strongPairs } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { roundShare } from './thresholds.ts'

/** Among prices closer together than this a percentage looks like an amount. */
const RANGE = 1.5

export const offset: Detector = {
  kind: 'offset',
  rules: ['price/differs-across-channels', 'price/outlier'],
  find,
  texts: {
    en: ({ fault, rest, detail, names }) => ({
      message: `the prices of ${fault} are those of ${rest} ${gapText(detail['amount'] ?? '', names[0] ?? null, 'en')}`,
      advice: `take that amount, such as postage or a deposit, out of the price in the export of ${fault}; if it is intended, declare price_policy: free`,
    }),
    es: ({ fault, rest, detail, names }) => ({
      message: `los precios de ${fault} son los de ${rest} ${gapText(detail['amount'] ?? '', names[0] ?? null, 'es')}`,
      advice: `quite ese importe (portes, una fianza) del precio en la exportación de ${fault}; si es lo acordado, declare price_policy: free`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  await scene.pairs()
  const rows = await scene.engine.rows<{ a: number; b: number; amount: number; n: number }>(
    `SELECT a, b, round(y - x, 4) AS amount, count(*) AS n FROM cause_pair WHERE x <> y GROUP BY ALL
     HAVING count(DISTINCT x) >= ${MIN_POINTS} AND quantile_cont(x, 0.9) >= ${RANGE} * quantile_cont(x, 0.1) ORDER BY ALL`,
  )
  const strong = await strongPairs(
    scene,
    rows.map((row) => ({ ...row, n: Number(row.n), amount: Number(row.amount) })),
  )
  // Nothing in a pair says whether one side adds or the other takes off: more often something was added.
  const tie = ({ a, b, amount }: PairVote & { amount: number }): number => (amount > 0 ? b : a)
  return blamed(strong, scene.authority('price'), tie).flatMap((one): readonly Found[] => {
    const [vote] = one.votes
    if (vote === undefined) return []
    scene.blame(one.fault)
    const amount = vote.b === one.fault ? vote.amount : -vote.amount
    const channel = scene.store.channels[one.fault]
    const currency = channel?.currency ?? UNKNOWN_CURRENCY
    const text = amount.toFixed(scene.context.minorUnits(currency))
    const half = scene.unit(one.fault) / 2
    return [
      {
        channels: [one.fault, ...othersOf(one)],
        field: 'price.regular',
        detail: { amount: text },
        names: currency === UNKNOWN_CURRENCY ? [] : [currency],
        share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
        // The price of a pack has it once, and that of one of its units is rounded.
        explains: explainsPrices(scene, one.fault, (own, other, units) =>
          units === 1 ? Math.abs(own - other - amount) < half : Math.abs(own - other - amount / units) < 3 * half,
        ),
      },
    ]
  })
}
