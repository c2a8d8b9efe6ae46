/** What the retailer knows beside its exports: promises, stores, orders, customers, bundles. All of it is sound at first. */
import { createHash } from 'node:crypto'
import type { ChannelId, Company, Customer, Order, StoreData } from './world.ts'

const SOLD = ['tienda', 'web'] as const
const PERSONS = 60
const REGIONS = ['Madrid', 'Sevilla', 'Valencia', 'Bizkaia']

const POLICY: readonly (readonly [service: string, scope: string, value: string, channels: readonly ChannelId[]])[] = [
  ['return_in_store', '', 'sí', SOLD],
  ['exchange_in_store', '', 'sí', SOLD],
  ['return_days', '', '30 días', SOLD],
  ['warranty_months', '', '36', SOLD],
  ['pickup', '', 'sí', SOLD],
  ['delivery', '', 'sí', SOLD],
  ['order_from_store', '', 'sí', ['tienda']],
  ['shipping_cost', 'peninsula', '4,95 €', ['web', 'amazon']],
  ['free_shipping_from', '', '50 €', ['web', 'amazon']],
  ['gift_card', 'issue', 'sí', SOLD],
  ['gift_card', 'redeem', 'sí', SOLD],
  ['credit_note', 'issue', 'sí', SOLD],
  ['credit_note', 'redeem', 'sí', SOLD],
]

const STORES: readonly Omit<StoreData, 'channel'>[] = [
  store('T01', 'Calzados Sol Centro', '910 000 101', '40.416775', '-3.703790'),
  store('T02', 'Calzados Sol Triana', '954 000 102', '37.384700', '-6.003600'),
  store('T03', 'Calzados Sol Ruzafa', '963 000 103', '39.462100', '-0.373200'),
]

export function soundCompany(seed: number): Company {
  const persons = Array.from({ length: PERSONS }, (_, index) => index + 1)
  const orders = persons.flatMap((number) =>
    SOLD.map((channel): Order => {
      const customer = customerId(channel, number)
      return { channel, order: `${letter(channel)}${20_000 + number}`, day: -2 - (number % 26), customer }
    }),
  )
  return {
    policy: POLICY.flatMap(([service, scope, value, channels]) =>
      channels.map((channel) => ({ channel, service, scope, value })),
    ),
    stores: STORES.flatMap((one) => SOLD.map((channel) => ({ channel, ...one }))),
    orders,
    index: new Set(orders.map(({ order }) => order)),
    history: new Set(orders.map(({ order }) => order)),
    customers: persons.flatMap((number) => SOLD.map((channel) => customerOf(seed, channel, number))),
    consents: persons.flatMap((number) =>
      SOLD.map((channel) => ({ channel, customer: customerId(channel, number), granted: number % 3 > 0, day: -200 })),
    ),
    bundles: [],
    promotionsAge: 5,
    rushed: new Set(),
  }
}

/** A customer whose records in all channels say the same. */
export function customerOf(seed: number, channel: ChannelId, number: number): Customer {
  return {
    channel,
    customer: customerId(channel, number),
    master: `M${1000 + number}`,
    email: keyed(seed, `email ${number}`),
    name: keyed(seed, `name ${number}`),
    loyalty: String(900_000 + number),
    birth: 1955 + (number % 45),
    region: REGIONS[number % REGIONS.length] ?? '',
    points: (number * 35) % 900,
    tier: number % 5 === 0 ? 'Oro' : 'Plata',
  }
}

function customerId(channel: ChannelId, number: number): string {
  return `${letter(channel)}C${number}`
}

/** Stands for a keyed hash: nobody is behind it. */
export function keyed(seed: number, text: string): string {
  return createHash('sha256').update(`${seed} ${text}`).digest('hex')
}

function letter(channel: ChannelId): string {
  return channel.slice(0, 1).toUpperCase()
}

function store(code: string, name: string, phone: string, latitude: string, longitude: string) {
  return { code, name, phone, hours: 'L-S 10:00-21:00', latitude, longitude }
}
