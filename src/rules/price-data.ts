/** What rules about prices need to know of countries and currencies. */
import { z } from 'zod'
import { loadData, Provenance } from './reference-data.ts'

const country = z.string().regex(/^[A-Z]{2}$/)
const currency = z.string().regex(/^[A-Z]{3}$/)

const UnionFile = z.strictObject({ source: Provenance, members: z.array(country) })

const BaseUnits = z.record(z.string(), z.string())
const BaseUnitFile = z.strictObject({
  source: Provenance,
  default: BaseUnits,
  countries: z.record(country, BaseUnits),
})

const Ending = z.string().regex(/^(?:\d{1,4}|\d{0,4}\.\d{1,4})$/)
const Band = z.strictObject({ from: z.string().regex(/^\d{1,9}(\.\d{1,4})?$/), ends: z.array(Ending).min(1) })
const EndingFile = z.strictObject({ source: Provenance, endings: z.record(currency, z.array(Band)) })

export type EndingBand = z.infer<typeof Band>

/** Members of the European Union, as ISO 3166-1 codes. */
export function unionMembers(): readonly string[] {
  return loadData('european-union.yaml', (data) => UnionFile.parse(data).members)
}

/** For how much a unit price is stated in a country, by what is measured: `{mass: '1 kg'}`; null where no law is known. */
export function baseUnits(code: string): Readonly<Record<string, string>> | null {
  const file = loadData('base-units.yaml', (data) => BaseUnitFile.parse(data))
  return file.countries[code] ?? (unionMembers().includes(code) ? file.default : null)
}

/** How prices of a currency end, by the price from which on they do. */
export function priceEndings(): ReadonlyMap<string, readonly EndingBand[]> {
  return loadData('price-endings.yaml', (data) => new Map(Object.entries(EndingFile.parse(data).endings)))
}

/** The endings that a configuration states: `{EUR: ['.99']}`, or with bands `{EUR: {'0': ['.99'], '100': ['.00']}}`. */
export function statedEndings(raw: unknown): readonly EndingBand[] | null {
  if (Array.isArray(raw)) return statedBand('0', raw)
  if (typeof raw !== 'object' || raw === null) return null
  const bands = Object.entries(raw).flatMap(([from, ends]) => statedBand(from, ends) ?? [])
  return bands.length === Object.keys(raw).length && bands.length > 0 ? bands : null
}

function statedBand(from: string, ends: unknown): readonly EndingBand[] | null {
  const result = Band.safeParse({ from, ends: Array.isArray(ends) ? ends.map(String) : ends })
  return result.success ? [result.data] : null
}
