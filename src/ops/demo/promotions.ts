/** The promotions calendar: sound ones, ones that only look wrong, and planted faults. */
import type { Planting } from './planting.ts'
import type { ChannelId, Promotion } from './world.ts'

const BENEFITS: readonly (readonly [kind: string, value: string])[] = [
  ['Porcentaje', '20'],
  ['Porcentaje', '15'],
  ['Importe', '10,00'],
  ['Envío gratis', ''],
  ['2x1', ''],
]
const NAMES = [
  'Vuelta al cole',
  'Semana del running',
  'Puente de diciembre',
  'Hogar de invierno',
  'Club Sol',
  'Día sin IVA',
]

/** A small shop has few articles that agree everywhere, and faults need them too: its promotions share theirs. */
const MANY = 1400
const FEW = 100

function isSmall({ world }: Planting): boolean {
  return world.articles.length < MANY
}

function takeItems(planting: Planting, length: number): string[] {
  return Array.from({ length }, () => planting.take()?.store.sku ?? []).flat()
}

function promotedOf({ promotions }: Planting['world']): string[] | undefined {
  return promotions.tienda[0]?.items
}

type Way = (planting: Planting) => void

const WEB = ['tienda', 'web'] as const satisfies readonly ChannelId[]
const ALL = ['tienda', 'web', 'amazon'] as const satisfies readonly ChannelId[]

export const PROMOTION_FAULTS: readonly { readonly rule: string; readonly ways: readonly Way[] }[] = [
  {
    rule: 'promotion/missing-in-channel',
    ways: [(planting) => missing(planting, ''), (planting) => missing(planting, code(planting))],
  },
  {
    rule: 'promotion/terms-differ',
    ways: [
      (planting) =>
        differ(planting, 'promotion/terms-differ', 'another benefit', (copy) => ({
          ...copy,
          kind: 'Porcentaje',
          value: '25',
        })),
      (planting) =>
        differ(planting, 'promotion/terms-differ', 'another minimum spend', (copy) => ({ ...copy, minSpend: '75,00' })),
    ],
  },
  {
    rule: 'promotion/window-differs',
    ways: [
      (planting) =>
        differ(planting, 'promotion/window-differs', 'ends two days earlier', (copy) => ({ ...copy, to: copy.to - 2 })),
      (planting) =>
        differ(planting, 'promotion/window-differs', 'began a day later', (copy) => ({ ...copy, from: copy.from + 1 })),
    ],
  },
  { rule: 'promotion/applied-outside-window', ways: [expired, early] },
  { rule: 'promotion/code-missing', ways: [withoutCode, misspeltCode] },
  { rule: 'promotion/items-differ', ways: [forgottenItem] },
  { rule: 'promotion/stacking-differs', ways: [combined] },
  { rule: 'promotion/undeclared-exclusivity', ways: [secretOffer] },
  { rule: 'promotion/promoted-without-stock', ways: [soldOut] },
  { rule: 'promotion/stack-below-floor', ways: [belowZero] },
  { rule: 'promotion/discount-not-applied', ways: [notApplied] },
]

/** Adds the calendar, with `each` faults of every kind; none at 0. */
export function addPromotions(planting: Planting, each: number, drowns: (rule: string) => boolean): void {
  for (const channels of [WEB, ALL, WEB, ALL, WEB, ALL]) publish(planting, running(planting, channels, ''), channels)
  addUnusual(planting)
  for (const { rule, ways } of PROMOTION_FAULTS) {
    if (drowns(rule)) continue
    const start = planting.chance.int(ways.length)
    for (let at = 0; at < each; at++) ways[(start + at) % ways.length]?.(planting)
  }
  if (each > 0) strangerAmongItems(planting)
}

function code(planting: Planting): string {
  return `SOL${100 + planting.serial()}`
}

/** A promotion under way that every one of these channels should have. */
function running(planting: Planting, channels: readonly ChannelId[], coupon: string): Promotion {
  const number = planting.serial()
  const [kind, value] = planting.chance.pick(BENEFITS)
  const items = isSmall(planting) ? (promotedOf(planting.world) ?? takeItems(planting, 2)) : takeItems(planting, 3)
  return {
    key: `PRM-${String(number).padStart(4, '0')}`,
    name: `${planting.chance.pick(NAMES)} ${number}`,
    kind,
    value,
    from: -5 - planting.chance.int(10),
    to: 6 + planting.chance.int(15),
    channels: [...channels],
    items,
    minSpend: planting.chance.chance(0.5) ? '50,00' : '',
    code: coupon,
    state: 'Activa',
  }
}

function publish(
  { world }: Planting,
  promotion: Promotion,
  channels: readonly ChannelId[],
  copy: (promotion: Promotion) => Promotion = (same) => ({ ...same }),
): void {
  for (const channel of channels) {
    world.promotions[channel].push(channel === 'tienda' ? { ...promotion } : copy(promotion))
  }
}

/** Over, still to come, for one channel alone, or with a code in small letters: nothing of it is wrong. */
function addUnusual(planting: Planting): void {
  publish(planting, { ...running(planting, WEB, ''), from: -40, to: -20, state: 'Finalizada' }, ['tienda'])
  publish(planting, { ...running(planting, WEB, ''), from: -35, to: -15, state: 'Finalizada' }, WEB)
  publish(planting, { ...running(planting, WEB, ''), from: 8, to: 15, state: 'Programada' }, ['tienda'])
  publish(planting, { ...running(planting, WEB, ''), from: 7, to: 15, state: 'Programada' }, WEB)
  publish(planting, running(planting, ['tienda'], ''), ['tienda'])
  publish(planting, running(planting, WEB, code(planting)), WEB, (copy) => ({ ...copy, code: copy.code.toLowerCase() }))
}

function record(
  planting: Planting,
  rule: string,
  promotion: Promotion,
  note: string,
  entails: readonly string[] = [],
  fault?: string,
  channel: ChannelId = 'web',
): void {
  planting.record({
    rule,
    ...(fault === undefined ? {} : { code: fault }),
    subject: promotion.key,
    channels: [channel],
    entails,
    note,
  })
}

function missing(planting: Planting, coupon: string): void {
  const promotion = running(planting, WEB, coupon)
  publish(planting, promotion, ['tienda'])
  const entails = coupon === '' ? [] : ['promotion/code-missing']
  record(planting, 'promotion/missing-in-channel', promotion, 'declared for the web, but not there', entails)
}

function differ(planting: Planting, rule: string, note: string, copy: (promotion: Promotion) => Promotion): void {
  const promotion = running(planting, WEB, '')
  publish(planting, promotion, WEB, copy)
  record(planting, rule, promotion, note)
}

function expired(planting: Planting): void {
  const promotion: Promotion = { ...running(planting, WEB, ''), from: -30, to: -5, state: 'Finalizada' }
  publish(planting, promotion, WEB, (copy) => ({ ...copy, state: 'Activa' }))
  record(planting, 'promotion/applied-outside-window', promotion, 'over, and still active in the web', [], 'expired')
}

function early(planting: Planting): void {
  const promotion: Promotion = { ...running(planting, WEB, ''), from: 6, to: 20, state: 'Programada' }
  publish(planting, promotion, WEB, (copy) => ({ ...copy, state: 'Activa' }))
  record(planting, 'promotion/applied-outside-window', promotion, 'active in the web before it begins', [], 'early')
}

function withoutCode(planting: Planting): void {
  const promotion = running(planting, WEB, code(planting))
  publish(planting, promotion, WEB, (copy) => ({ ...copy, code: '' }))
  record(planting, 'promotion/code-missing', promotion, 'the web has no code for it', ['promotion/terms-differ'])
}

function misspeltCode(planting: Planting): void {
  const promotion = running(planting, WEB, code(planting))
  publish(planting, promotion, WEB, (copy) => ({ ...copy, code: copy.code.replace('SOL', 'S0L') }))
  record(planting, 'promotion/code-missing', promotion, 'the code is misspelt in the web', ['promotion/terms-differ'])
}

function forgottenItem(planting: Planting): void {
  const promotion = running(planting, WEB, '')
  if (promotion.items.length < 2) return
  publish(planting, promotion, WEB, (copy) => ({ ...copy, items: copy.items.slice(1) }))
  record(planting, 'promotion/items-differ', promotion, 'the web forgot one of the articles')
}

function combined(planting: Planting): void {
  const promotion = { ...running(planting, WEB, ''), kind: 'Porcentaje', value: '10', stacks: true }
  if (promotion.items.length === 0) return
  const other = { ...running(planting, WEB, ''), items: promotion.items, kind: 'Envío gratis', value: '', stacks: true }
  publish(planting, other, WEB)
  publish(planting, promotion, WEB, (copy) => ({ ...copy, stacks: false }))
  record(planting, 'promotion/stacking-differs', promotion, 'the web does not combine it with free shipping')
}

function secretOffer(planting: Planting): void {
  const promotion = running(planting, [], '')
  if (promotion.items.length === 0) return
  publish(planting, promotion, ['web'])
  record(planting, 'promotion/undeclared-exclusivity', promotion, 'on the web alone, and it does not say so')
}

function soldOut(planting: Planting): void {
  const own = running(planting, WEB, '')
  const promotion = isSmall(planting) ? { ...own, items: takeItems(planting, 1) } : own
  if (promotion.items.length === 0) return
  for (const { store, stock, web, amazon } of planting.world.articles) {
    if (!promotion.items.includes(store.sku)) continue
    store.units = 0
    stock.splice(0, stock.length, { sku: store.sku, location: 'ALM1', onHand: 0, reserved: 0 })
    if (web !== null) Object.assign(web, { units: 0, inStock: '0' })
    for (const row of amazon) row.units = 0
  }
  publish(planting, promotion, WEB)
  for (const channel of ['web', 'tienda'] as const) {
    const note = 'none of its articles is left'
    record(planting, 'promotion/promoted-without-stock', promotion, note, [], 'sold_out', channel)
  }
}

function belowZero(planting: Planting): void {
  const article = planting.take(({ store }) => (store.cents ?? 0) < 5500)
  if (article === null) return
  const promotion = { ...running(planting, WEB, ''), kind: 'Importe', value: '60,00', minSpend: '' }
  publish(planting, { ...promotion, items: [article.store.sku] }, WEB)
  record(planting, 'promotion/stack-below-floor', promotion, 'takes off more than the article costs', [], 'below_zero')
}

function notApplied(planting: Planting): void {
  if (planting.world.articles.length < FEW) return
  const articles = [planting.take(), planting.take(), planting.take()].filter((article) => article !== null)
  const last = articles.at(-1)
  if (articles.length < 3 || last === undefined) return
  const items = articles.map(({ store }) => store.sku)
  const own = running(planting, WEB, '')
  const promotion = { ...own, items, kind: 'Porcentaje', value: '20', minSpend: '' }
  for (const article of articles) {
    const sale = { from: own.from, to: own.to, cents: Math.round((article.store.cents ?? 0) * 0.8) }
    article.store.sale = sale
    article.web.sale = article === last ? null : { ...sale }
    article.amazon = []
  }
  publish(planting, promotion, WEB)
  record(planting, 'promotion/discount-not-applied', promotion, 'the web forgot the discount of one article')
  planting.record({
    rule: 'price/differs-across-channels',
    code: 'effective',
    items: [last.store.sku],
    channels: ['web'],
    note: 'the store takes off what the web does not',
  })
}

function strangerAmongItems(planting: Planting): void {
  const promotion = running(planting, ['tienda'], '')
  if (promotion.items.length === 0) return
  const sku = `ELIM-${String(planting.serial()).padStart(4, '0')}`
  publish(planting, { ...promotion, items: [...promotion.items, sku] }, ['tienda'])
  planting.record({
    rule: 'feed/broken-reference',
    market: null,
    subject: sku,
    channels: ['tienda'],
    note: `promotion ${promotion.key} names an article that the list of articles does not have`,
  })
}
