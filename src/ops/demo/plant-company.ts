import { customerOf, keyed } from './company.ts'
import type { Planting, PlantRule } from './planting.ts'
import type { ChannelId, PolicyRow } from './world.ts'

/** Faults that concern no article: promises, stores, orders and customers. Each is planted once. */
export const COMPANY: readonly PlantRule[] = [
  once(
    promise('service/return-in-store-missing', 'text', ['return_in_store', ''], 'tienda', 'no', 'the web promises it'),
  ),
  once(
    promise('service/return-window-differs', 'differs', ['return_days', ''], 'tienda', '15 días', 'the web gives 30'),
  ),
  once(promise('service/fulfilment-option-missing', 'differs', ['pickup', ''], 'tienda', 'no', 'the web offers it')),
  once(
    promise(
      'service/shipping-cost-mismatch',
      'threshold',
      ['free_shipping_from', ''],
      'amazon',
      '30 €',
      'the web asks for 50',
    ),
  ),
  once(
    promise(
      'service/stored-value-not-accepted',
      'not_accepted',
      ['gift_card', 'redeem'],
      'web',
      'no',
      'the store issues gift cards',
    ),
  ),
  { rule: 'service/store-data-mismatch', once: true, ways: [otherHours, otherPhone] },
  { rule: 'service/order-not-visible', once: true, ways: [forgetOrders] },
  { rule: 'feed/stale-source', once: true, ways: [oldPromotions] },
  { rule: 'service/endless-aisle-gap', once: true, ways: [refuseOrders] },
  { rule: 'customer/duplicate-identity', once: true, ways: [splitPerson] },
  { rule: 'customer/key-collision', once: true, ways: [shareCard] },
  { rule: 'customer/loyalty-balance-mismatch', once: true, ways: [keepTwoWallets] },
  { rule: 'customer/consent-conflict', once: true, ways: [keepOldConsent] },
  { rule: 'customer/history-gap', once: true, ways: [loseHistory] },
  { rule: 'customer/unlinked-profile', once: true, ways: [addUnlinked] },
]

function once({ rule, way }: { readonly rule: string; readonly way: (planting: Planting) => boolean }): PlantRule {
  return { rule, once: true, ways: [way] }
}

/** One channel promises something else than the others. */
function promise(
  rule: string,
  code: string,
  [service, scope]: readonly [service: string, scope: string],
  channel: ChannelId,
  value: string,
  note: string,
) {
  const way = (planting: Planting): boolean => {
    const isIt = (row: PolicyRow) => row.service === service && row.scope === scope && row.channel === channel
    const row = planting.world.company.policy.find(isIt)
    if (row === undefined) return false
    row.value = value
    planting.record({
      rule,
      code,
      subject: service,
      channels: [channel],
      note: `${channel} says ${service} ${value}; ${note}`,
    })
    return true
  }
  return { rule, way }
}

function otherHours(planting: Planting): boolean {
  return changeStore(planting, 'T02', 'hours', (row) => {
    row.hours = 'L-S 10:00-20:00'
  })
}

function otherPhone(planting: Planting): boolean {
  return changeStore(planting, 'T03', 'phone', (row) => {
    row.phone = '963 000 130'
  })
}

function changeStore(
  { world, record }: Planting,
  code: string,
  fault: string,
  change: (row: Planting['world']['company']['stores'][number]) => void,
): boolean {
  const row = world.company.stores.find((one) => one.channel === 'web' && one.code === code)
  if (row === undefined) return false
  change(row)
  record({
    rule: 'service/store-data-mismatch',
    code: fault,
    subject: code,
    channels: ['web'],
    note: 'the store page of the web is out of date',
  })
  return true
}

function forgetOrders({ world, record }: Planting): boolean {
  const { orders, index } = world.company
  const recent = orders.filter(({ channel, day }) => channel === 'web' && day >= -6)
  for (const { order } of recent.slice(0, 4)) index.delete(order)
  record({
    rule: 'service/order-not-visible',
    subject: 'web',
    channels: ['web'],
    note: 'four orders of the web never reached the shared index',
  })
  return true
}

function oldPromotions({ world, record }: Planting): boolean {
  world.company.promotionsAge = 30 * 60
  record({
    rule: 'feed/stale-source',
    market: null,
    subject: 'amazon/promociones.csv',
    channels: ['amazon'],
    note: 'the promotions of the marketplace are from the day before yesterday',
  })
  record({
    rule: 'feed/snapshot-skew',
    market: null,
    subject: 'amazon',
    channels: ['amazon'],
    note: 'and much older than those of the other channels',
  })
  return true
}

function refuseOrders({ world, record, take }: Planting): boolean {
  const article = take()
  const row = world.company.policy.find(({ service }) => service === 'order_from_store')
  if (article === null || row === undefined) return false
  row.value = 'no'
  const { store, stock, web } = article
  store.units = 0
  stock.splice(0, stock.length, { sku: store.sku, location: 'ALM1', onHand: 0, reserved: 0 })
  article.amazon = []
  web.units = 3
  record({
    rule: 'service/endless-aisle-gap',
    subject: 'tienda',
    channels: ['tienda'],
    note: 'what the store lacks and the web has cannot be ordered in the store',
  })
  record({
    rule: 'stock/published-exceeds-available',
    items: [store.sku],
    channels: ['web'],
    entails: ['stock/availability-contradiction'],
    note: 'nothing is left, and the web still sells three',
  })
  return true
}

function splitPerson({ world, record }: Planting): boolean {
  const [store, web] = pairOf(world.faults.length)
  web.master = 'M3000'
  world.company.customers.push(store, web)
  record({
    rule: 'customer/duplicate-identity',
    code: 'duplicate',
    market: null,
    subject: 'clientes.csv',
    channels: ['web'],
    note: 'one person with one address has two master ids',
  })
  return true
}

function shareCard({ world, record }: Planting): boolean {
  const [store, web] = pairOf(world.faults.length)
  world.company.customers.push(store, {
    ...web,
    email: keyed(0, 'another email'),
    name: keyed(0, 'another name'),
    birth: store.birth + 24,
    region: 'Lugo',
  })
  record({
    rule: 'customer/key-collision',
    code: 'different_persons',
    market: null,
    subject: 'clientes.csv',
    channels: ['web'],
    note: 'two persons share a loyalty card, and are one customer',
  })
  return true
}

function keepTwoWallets({ world, record }: Planting): boolean {
  const [store, web] = pairOf(world.faults.length)
  store.points = 1450
  web.points = 950
  world.company.customers.push(store, web)
  record({
    rule: 'customer/loyalty-balance-mismatch',
    code: 'balance',
    market: null,
    subject: '1450',
    channels: ['web'],
    note: 'points of the store are not seen in the web',
  })
  return true
}

function keepOldConsent({ world, record }: Planting): boolean {
  const [store, web] = pairOf(world.faults.length)
  world.company.customers.push(store, web)
  world.company.consents.push(
    { channel: 'tienda', customer: store.customer, granted: true, day: -300 },
    { channel: 'web', customer: web.customer, granted: false, day: -40 },
  )
  record({
    rule: 'customer/consent-conflict',
    market: null,
    subject: 'marketing',
    channels: ['tienda'],
    note: 'withdrawn in the web, still given in the store',
  })
  return true
}

function loseHistory({ world, record }: Planting): boolean {
  const { orders, history } = world.company
  for (const { order } of orders.filter(({ channel }) => channel === 'tienda').slice(10, 16)) history.delete(order)
  record({
    rule: 'customer/history-gap',
    market: null,
    subject: 'tienda',
    channels: ['tienda'],
    note: 'six receipts of the store are not in the history of the customers',
  })
  return true
}

function addUnlinked({ world, record }: Planting): boolean {
  for (let number = 401; number <= 430; number++) {
    world.company.customers.push({ ...customerOf(0, 'web', number), master: '' })
  }
  record({
    rule: 'customer/unlinked-profile',
    market: null,
    subject: 'web',
    channels: ['web'],
    note: 'a third of the active accounts of the web has no master id',
  })
  return true
}

/** The records of one more person, the same in both channels. */
function pairOf(faults: number) {
  const number = 500 + faults
  return [customerOf(0, 'tienda', number), customerOf(0, 'web', number)] as const
}
