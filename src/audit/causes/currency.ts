/** A channel that labels nearly all its prices with another currency than its market's. */
import { UNKNOWN_CURRENCY } from '../../model/config.ts'
import { textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'price/currency-mismatch'

/** What prices in a currency that is not theirs make fail. */
const CONSEQUENCES: ReadonlySet<string> = new Set([
  RULE,
  'price/tax-basis-mismatch',
  'price/differs-across-channels',
  'price/outlier',
  'price/marketplace-above-own',
  'price/fx-drift',
])

export const currency: Detector = {
  kind: 'currency',
  rules: [RULE],
  find,
  texts: {
    en: ({ fault, detail }) => ({
      message: `${fault} states its prices in ${detail['from']}, its market uses ${detail['to']}`,
      advice: `correct the currency column of ${fault}, or its currency: in the configuration`,
    }),
    es: ({ fault, detail }) => ({
      message: `${fault} da sus precios en ${detail['from']} y su mercado usa ${detail['to']}`,
      advice: `corrija la columna de moneda de ${fault}, o su currency: en la configuración`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const rows = await scene.engine.rows<{ ch: number; currency: string; n: number; total: number }>(
    `SELECT ch, currency, count(*) AS n, sum(count(*)) OVER (PARTITION BY ch)::BIGINT AS total FROM side_all WHERE "price.regular" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
  )
  return rows.flatMap(({ ch, currency: from, n, total }): readonly Found[] => {
    const to = scene.store.channels[ch]?.currency ?? UNKNOWN_CURRENCY
    const share = Number(n) / Number(total)
    if (to === UNKNOWN_CURRENCY || from === to || Number(n) < MIN_SUPPORT || share < MIN_SHARE) return []
    scene.blame(ch)
    return [
      {
        channels: [ch, ...scene.store.channels.flatMap((_, index) => (index === ch ? [] : [index]))],
        field: 'price.currency',
        detail: { from, to },
        share: roundShare(share),
        explains: ({ effective }, own) =>
          CONSEQUENCES.has(effective.rule.id) && own.some((row) => row.ch === ch && textOf(row['currency']) === from),
      },
    ]
  })
}
