/** A channel whose prices are those of another without the tax: by vote over all articles both price, rate by rate. */
import { groupBy } from '../../base/group.ts'
import { UNKNOWN_MARKET } from '../../model/config.ts'
import { vatRates } from '../../rules/reference-data.ts'
import type { Detector, Found } from './detector.ts'
import { explainsPrices } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'price/tax-basis-mismatch'
/** A rate beside the main one is named from this many articles and this part of them on: fewer fit it by chance. */
const MIN_BESIDE = 5
const MIN_BESIDE_SHARE = 0.02

interface RateRow {
  readonly [key: string]: string | number | boolean | null
  readonly low: number
  readonly high: number
  /** Positions of the rates that the gap equals, separated by commas. */
  readonly fits: string
  readonly n: number
}

interface Net {
  readonly low: number
  readonly high: number
  /** Rates by how many articles show them. */
  readonly rates: readonly { readonly rate: number; readonly n: number }[]
  readonly share: number
}

export const taxBasis: Detector = {
  kind: 'tax-basis',
  rules: [RULE, 'price/differs-across-channels'],
  // How many it takes is a parameter of the rule.
  least: 1,
  isPossible: ({ world }) => world.taxRates.length > 0,
  find,
  texts: {
    en: ({ fault, rest, detail: { rate = '' } }) => ({
      message: `the prices of ${fault} are those of ${rest} without the tax of ${rate}`,
      advice: `set includes_tax: false on ${fault}, or export its prices again with tax; do not correct prices one by one`,
    }),
    es: ({ fault, rest, detail: { rate = '' } }) => ({
      message: `los precios de ${fault} son los de ${rest} sin el IVA del ${inSpanish(rate)}`,
      advice: `declare includes_tax: false en ${fault}, o exporte de nuevo sus precios con IVA; no corrija los precios uno a uno`,
    }),
  },
}

function inSpanish(rates: string): string {
  const texts = rates.split(', ').map((rate) => rate.replace('.', ',').replace('%', ' %'))
  return new Intl.ListFormat('es').format(texts)
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const support = scene.numberParam(RULE, 'min_support', MIN_SUPPORT)
  const least = scene.numberParam(RULE, 'min_share', MIN_SHARE)
  const failing = Math.max(scene.failing(RULE), scene.failing('price/differs-across-channels'))
  if (scene.rule(RULE) === null || failing < support) return []
  await scene.pairs()
  const fits = (low: string, high: string): string =>
    scene.world.taxRates
      // A cent more than the tax: the net price was rounded before.
      .map(
        (rate, index) =>
          `CASE WHEN abs(${high} - ${low} * ${1 + Number(rate) / 100}) <= unit * 1.05 THEN '${index},' ELSE '' END`,
      )
      .join(' || ')
  const rows = await scene.engine.rows<RateRow>(
    `SELECT low, high, fits, count(*) AS n FROM (
       SELECT CASE WHEN x < y THEN a ELSE b END AS low, CASE WHEN x < y THEN b ELSE a END AS high, ${fits('least(x, y)', 'greatest(x, y)')} AS fits
       FROM cause_pair WHERE x <> y) WHERE fits <> '' GROUP BY ALL ORDER BY ALL`,
  )
  const found: Net[] = []
  for (const group of groupBy(rows, ({ low, high }) => `${low} ${high}`).values()) {
    const [first] = group
    if (first === undefined) continue
    const { low, high } = first
    const rates = ratesOf(scene, group)
    const n = rates.reduce((sum, one) => sum + one.n, 0)
    if (n < support) continue
    const share = await scene.pairShare(low, high, n, least)
    if (share >= least && isLikelyTax(scene, low, high, rates)) found.push({ low, high, rates, share })
  }
  return [...new Set(found.map(({ low }) => low))].map((fault) =>
    causeOf(
      scene,
      fault,
      found.filter(({ low }) => low === fault),
    ),
  )
}

/** Where both channels declare that tax is included, one reduced rate for everything is more likely an agreed percentage. */
function isLikelyTax({ store, world }: Scene, low: number, high: number, rates: Net['rates']): boolean {
  const declared = [low, high].every((ch) => {
    const source = store.sources.find(({ channel }) => channel === ch)
    return (store.channels[ch]?.includesTax ?? source?.includesTax ?? null) === true
  })
  if (!declared || beside(rates).length > 1) return true
  const [first] = rates
  const country = store.channels[high]?.taxCountry ?? UNKNOWN_MARKET
  return vatRates(country, world.asOf.slice(0, 10)).some(
    ({ kind, rate }) => kind === 'standard' && Number(rate) === first?.rate,
  )
}

/** The main rate, and those beside it that are no chance. */
function beside(rates: Net['rates']): Net['rates'] {
  return rates.filter(
    ({ n }, index, all) => index === 0 || (n >= MIN_BESIDE && n >= MIN_BESIDE_SHARE * (all[0]?.n ?? 0)),
  )
}

function causeOf(scene: Scene, fault: number, own: readonly Net[]): Found {
  scene.blame(fault)
  const best = [...own].sort((a, b) => b.share - a.share)[0]
  const named = beside(best?.rates ?? [])
  const rates = named.map(({ rate }) => rate).sort((a, b) => a - b)
  const all = scene.world.taxRates.map(Number)
  const unit = scene.unit(fault)
  return {
    channels: [fault, ...own.map(({ high }) => high)],
    field: 'price.regular',
    detail: { rate: rates.map((rate) => `${rate}%`).join(', ') },
    share: roundShare(best?.share ?? 0),
    explains: explainsPrices(scene, fault, (net, gross) =>
      all.some((one) => Math.abs(gross - net * (1 + one / 100)) <= unit * 1.05),
    ),
  }
}

/** The rates that together account for the articles, each article counted for the rate that most show. */
function ratesOf(scene: Scene, rows: readonly RateRow[]): Net['rates'] {
  const { taxRates, likelyTaxRates } = scene.world
  const rates = taxRates.map(Number)
  const likely = new Set(likelyTaxRates.map(Number))
  const open = scene.store.channels.some(({ taxCountry }) => taxCountry === UNKNOWN_MARKET)
  let left = rows.map((row) => ({ fits: row.fits.split(',').filter(Boolean).map(Number), n: Number(row.n) }))
  let allowed = rates.map((_, index) => index)
  const found: { rate: number; n: number }[] = []
  while (left.length > 0 && allowed.length > 0) {
    const votes = allowed.map((index) => ({
      index,
      n: left.reduce((sum, row) => sum + (row.fits.includes(index) ? row.n : 0), 0),
    }))
    const isLikely = ({ index }: { index: number }): number => (likely.has(rates[index] ?? 0) ? 1 : 0)
    votes.sort((a, b) => b.n - a.n || isLikely(b) - isLikely(a) || a.index - b.index)
    const [best] = votes
    if (best === undefined || best.n === 0) break
    found.push({ rate: rates[best.index] ?? 0, n: best.n })
    left = left.filter(({ fits }) => !fits.includes(best.index))
    // The rates of one country add up; of any other country, one alone has to be strong enough.
    if (open && found.length === 1)
      allowed = isLikely(best) === 1 ? allowed.filter((index) => isLikely({ index }) === 1) : []
    allowed = allowed.filter((index) => index !== best.index)
  }
  return found
}
