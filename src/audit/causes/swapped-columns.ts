/** A channel whose regular and sale prices stand in each other's column. */
import { textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import { explainsPrices } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'price/sale-not-below-regular'
/** Rules on what one channel says of a reduced price: with the columns swapped each one looks reduced. */
const OWN_RULES: ReadonlySet<string> = new Set([RULE, 'price/missing-or-zero', 'price/omnibus-prior-price'])
/** Sale prices above the regular one, whatever the number of articles that have a sale price alone. */
const MIN_ABOVE = 5
/** No shop reduces its prices further than this on the whole; another unit in one column would be further off. */
const MOST_TIMES = 3
/** Where others say what the regular price is, at least every second sale price has to be it. */
const MIN_CONFIRMED = 0.5

type ChannelRow = {
  readonly ch: number
  readonly swapped: number
  readonly above: number
  readonly total: number
  readonly times: number | null
}

export const swappedColumns: Detector = {
  kind: 'swapped-columns',
  rules: [RULE, 'price/missing-or-zero'],
  isPossible: ({ store }) => store.fields.has('price.sale') && store.fields.has('price.regular'),
  find,
  texts: {
    en: ({ fault, names }) => ({
      message: `${fault} has its regular and sale prices in each other's column`,
      advice: `swap the two columns${headers(names, ' and ')} in the map: or in the export of ${fault}`,
    }),
    es: ({ fault, names }) => ({
      message: `${fault} tiene cambiadas las columnas del precio normal y del precio rebajado`,
      advice: `intercambie las dos columnas${headers(names, ' y ')} en map: o en la exportación de ${fault}`,
    }),
  },
}

function headers(names: readonly string[], and: string): string {
  return names.length === 0 ? '' : ` (${names.join(and)})`
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const rows = await scene.engine.rows<ChannelRow>(
    `SELECT ch, count(*) FILTER ("price.regular" IS NULL OR "price.sale" > "price.regular") AS swapped,
       count(*) FILTER ("price.sale" > "price.regular") AS above, count(*) AS total,
       median("price.sale" / "price.regular") FILTER ("price.sale" > "price.regular" AND "price.regular" > 0)::DOUBLE AS times
     FROM side WHERE "price.sale" > 0 GROUP BY ch ORDER BY ch`,
  )
  const found: Found[] = []
  for (const row of rows) {
    const [swapped, above, total] = [Number(row.swapped), Number(row.above), Number(row.total)]
    if (swapped < MIN_SUPPORT || above < MIN_ABOVE || swapped / total < MIN_SHARE) continue
    if (row.times === null || Number(row.times) > MOST_TIMES) continue
    const share = swapped / (total + (await scene.countAgreed('"price.sale" > 0')))
    if (share >= MIN_SHARE && (await isConfirmed(scene, row.ch))) found.push(causeOf(scene, row.ch, share))
  }
  return found
}

/** The sale price is what the other channels call the regular one, where they say anything. */
async function isConfirmed(scene: Scene, channel: number): Promise<boolean> {
  await scene.pairs()
  const [row] = await scene.engine.rows<{ n: number; total: number }>(
    `SELECT count(*) FILTER (abs(p.x - s."price.sale") < ${scene.unit(channel)}) AS n, count(*) AS total
     FROM side s JOIN cause_price p ON p.item = s.item AND p.ch <> s.ch WHERE s.ch = ${channel} AND s."price.sale" > s."price.regular"`,
  )
  const total = Number(row?.total ?? 0)
  return total < MIN_ABOVE || Number(row?.n ?? 0) / total >= MIN_CONFIRMED
}

function causeOf(scene: Scene, fault: number, share: number): Found {
  scene.blame(fault)
  const name = scene.channelId(fault)
  const columns = scene.store.sources
    .filter(({ channel }) => channel === fault)
    .flatMap(({ understood }) => {
      const own = [understood.columns['price.regular'], understood.columns['price.sale']]
      return own.every((header) => header !== undefined) ? [own as string[]] : []
    })[0]
  const differs = explainsPrices(scene, fault, () => true)
  const half = scene.unit(fault) / 2
  return {
    channels: [fault, ...scene.store.channels.flatMap((_, index) => (index === fault ? [] : [index]))],
    field: 'price.regular',
    detail: { columns: 'price.regular, price.sale' },
    names: columns ?? [],
    share: roundShare(share),
    explains: (draft, rows) => {
      const { id } = draft.effective.rule
      const own = rows.filter((row) => row.ch === fault && textOf(row['price.sale']) !== null)
      if (own.length === 0) return false
      if (OWN_RULES.has(id)) return draft.sides.some(({ channel }) => channel === name)
      if (!differs(draft, rows) && !isPresence(id)) return false
      return own.every((row) =>
        rows.every(
          (other) =>
            other.ch === fault ||
            other['x_regular'] === null ||
            other['x_regular'] === undefined ||
            Math.abs(Number(other['x_regular']) - Number(row['price.sale'])) < half,
        ),
      )
    },
  }
}

/** Rules that compare prices although the regular one of the fault is empty. */
function isPresence(rule: string): boolean {
  return rule === 'price/differs-across-channels'
}
