/** Windows of promotions and sale prices, pairwise between channels: for causes that shift all of them alike. */
import { groupBy } from '../../base/group.ts'
import type { Scene } from './scene.ts'

/** Sale windows that are looked at of a pair of channels; a shift shows in all alike. */
const SAMPLE = 4000
/** A retailer has few promotions, and both ends of five agreeing by chance on one odd number of hours is out of the question. */
export const MIN_PROMOTIONS = 5
export const MIN_SALES = 20

export interface Window {
  readonly kind: 'promotion' | 'sale'
  /** Promotion or article. */
  readonly key: string
  readonly ch: number
  /** Milliseconds. */
  readonly start: number | null
  readonly end: number | null
}

export interface WindowPair {
  readonly kind: Window['kind']
  readonly a: number
  readonly b: number
  readonly pairs: readonly (readonly [Window, Window])[]
  /** Pairs that agree and were not looked at, for each that was. */
  readonly agreed: number
}

type Row = { readonly key: string; readonly ch: number; readonly start: number | null; readonly until: number | null }

export async function windowPairs(scene: Scene): Promise<readonly WindowPair[]> {
  const { engine, store } = scene
  const found: WindowPair[] = []
  if (store.hasPromotions && store.sources.some(({ fields }) => fields.has('promotion.starts_at'))) {
    const ends = store.sources.some(({ fields }) => fields.has('promotion.ends_at'))
    const rows = await engine.rows<Row>(
      `SELECT lower(coalesce("promotion.key", "promotion.code")) AS key, ch, epoch_ms("promotion.starts_at")::DOUBLE AS start,
         ${ends ? 'epoch_ms("promotion.ends_at")::DOUBLE' : 'NULL::DOUBLE'} AS until
       FROM promotion WHERE key IS NOT NULL QUALIFY count(*) OVER (PARTITION BY key, ch) = 1 ORDER BY key, ch`,
    )
    found.push(...paired(scene, rows, 'promotion', 0))
  }
  if (store.fields.has('price.sale_from')) {
    const ends = store.fields.has('price.sale_to')
    const rows = await engine.rows<Row>(
      `SELECT item::VARCHAR AS key, ch, epoch_ms(min("price.sale_from"))::DOUBLE AS start, ${ends ? 'epoch_ms(min("price.sale_to"))::DOUBLE' : 'NULL::DOUBLE'} AS until
       FROM side WHERE item IN (SELECT item FROM side WHERE "price.sale_from" IS NOT NULL GROUP BY item HAVING count(DISTINCT ch) > 1 ORDER BY hash(item) LIMIT ${SAMPLE})
         AND "price.sale_from" IS NOT NULL GROUP BY item, ch HAVING min("price.sale_from") = max("price.sale_from") ORDER BY key, ch`,
    )
    if (rows.length > 0) {
      const [all] = await engine.rows<{ n: number }>(
        `SELECT count(DISTINCT item) AS n FROM side WHERE "price.sale_from" IS NOT NULL`,
      )
      const agreed = await scene.countAgreed('"price.sale_from" IS NOT NULL')
      found.push(...paired(scene, rows, 'sale', agreed / Math.max(1, Number(all?.n ?? 0))))
    }
  }
  return found
}

function paired(scene: Scene, rows: readonly Row[], kind: Window['kind'], agreed: number): readonly WindowPair[] {
  const windows = rows.map(
    ({ key, ch, start, until }): Window => ({
      kind,
      key,
      ch: Number(ch),
      start: start === null ? null : Number(start),
      end: until === null ? null : Number(until),
    }),
  )
  const pairs = new Map<string, (readonly [Window, Window])[]>()
  for (const group of groupBy(windows, ({ key }) => key).values()) {
    for (const one of group) {
      for (const other of group) {
        const sameMarket = scene.store.channels[one.ch]?.market === scene.store.channels[other.ch]?.market
        if (one.ch >= other.ch || !sameMarket) continue
        const key = `${one.ch} ${other.ch}`
        pairs.set(key, [...(pairs.get(key) ?? []), [one, other]])
      }
    }
  }
  return [...pairs.values()].flatMap((list) => {
    const [first] = list
    return first === undefined ? [] : [{ kind, a: first[0].ch, b: first[1].ch, pairs: list, agreed }]
  })
}

/** Day and time of an instant in a zone, as numbers. */
export function localTime(
  at: number,
  zone: string,
): { readonly year: number; readonly month: number; readonly day: number; readonly minutes: number } {
  const parts = formatOf(zone).formatToParts(at)
  const numberOf = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return {
    year: numberOf('year'),
    month: numberOf('month'),
    day: numberOf('day'),
    minutes: (numberOf('hour') % 24) * 60 + numberOf('minute'),
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  formats.set(zone, format)
  return format
}

/** Instants that the sides of a finding about windows show, by channel. */
export function instantsOf(
  sides: readonly { readonly channel: string; readonly field: string | null; readonly value: string | null }[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const found = new Map<string, Map<string, number>>()
  for (const { channel, field, value } of sides) {
    const at = instantOf(value)
    if (field === null || at === null) continue
    const own = found.get(channel) ?? new Map<string, number>()
    own.set(field, at)
    found.set(channel, own)
  }
  return found
}

/** Milliseconds of an instant as the engine or a finding writes it: `2026-10-05 08:00:00+00`, `2026-10-05T08:00:00Z`. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const at = Date.parse(`${value.replace(' ', 'T').replace(/(?:Z|\+00(?::?00)?)$/, '')}Z`)
  return Number.isNaN(at) ? null : at
}
