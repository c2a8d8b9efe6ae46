/** Facts that rules need and no channel can know: currencies, VAT rates, vocabularies, placeholder words. */
import { z } from 'zod'
import { UNKNOWN_MARKET } from '../model/config.ts'
import { normText } from './norm.ts'
import { packageData } from './package-files.ts'

export const VOCABULARIES = ['availability', 'color', 'size', 'gender', 'material', 'safety'] as const
export type VocabularyName = (typeof VOCABULARIES)[number]

export const Provenance = z.strictObject({
  title: z.string(),
  read: z.string(),
  verified: z.boolean(),
  note: z.string().optional(),
})
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const rate = z.string().regex(/^\d{1,2}(\.\d{1,2})?$/)

const VatFile = z.strictObject({
  source: Provenance,
  countries: z.record(
    z.string().regex(/^[A-Z]{2}$/),
    z.array(
      z.strictObject({
        rate,
        kind: z.enum(['standard', 'reduced', 'zero']),
        from: day.nullable(),
        /** Last day on which the rate applies. */
        to: day.nullable().default(null),
        verified: z.boolean().default(true),
        note: z.string().optional(),
      }),
    ),
  ),
})

const CurrencyFile = z.strictObject({
  source: Provenance,
  minor_units: z.record(z.string().regex(/^[A-Z]{3}$/), z.int().min(0).max(4)),
})

const VocabularyFile = z.strictObject({
  source: Provenance,
  /** Canonical word to its spellings; the canonical word itself is one without being listed. */
  words: z.record(z.string(), z.array(z.string())),
  /** Open series such as numeric sizes: a pattern over the normalised text and what it becomes. */
  patterns: z.array(z.strictObject({ match: z.string(), to: z.string(), system: z.string() })).default([]),
  /** System of the listed words: values of different systems cannot be compared. */
  system: z.string(),
})

const Range = z.strictObject({ from: z.int(), to: z.int(), use: z.enum(['internal', 'coupon', 'refund', 'demo']) })
const RangeFile = z.strictObject({ source: Provenance, gtin8: z.array(Range), gtin13: z.array(Range) })

const UnitFile = z.strictObject({
  source: Provenance,
  kinds: z.record(
    z.string(),
    z.array(z.strictObject({ factor: z.string().regex(/^\d{1,6}(\.\d{1,6})?$/), words: z.array(z.string()) })),
  ),
})

const PlaceholderFile = z.strictObject({ source: Provenance, words: z.array(z.string()) })

export interface VatRate {
  /** Percent as decimal text: `"21"`, `"5.5"`. */
  readonly rate: string
  readonly kind: 'standard' | 'reduced' | 'zero'
  /** First day, null for "as long as this file looks back". */
  readonly from: string | null
  readonly to: string | null
  readonly verified: boolean
  readonly note?: string | undefined
}

export interface Vocabulary {
  /** Canonical word to its normalised spellings, itself included. */
  readonly words: ReadonlyMap<string, readonly string[]>
  readonly patterns: readonly { readonly match: string; readonly to: string; readonly system: string }[]
  readonly system: string
}

/** The country whose rates count where none is declared. */
export const HOME = 'ES'

const cache = new Map<string, unknown>()

/** Read synchronously, once: expressions are compiled synchronously and the files are small. */
function load<T>(file: string, make: (data: unknown) => T): T {
  const known = cache.get(file)
  // Each file has one maker, so what is cached under its name has its type.
  if (known !== undefined) return known as T
  const value = make(packageData(file))
  cache.set(file, value)
  return value
}

/** A data file of the package, read once; for readers of data that has a place of its own. */
export function loadData<T>(file: string, make: (data: unknown) => T): T {
  return load(file, make)
}

/** ISO 4217 codes to the number of decimals of their amounts. */
export function currencies(): ReadonlyMap<string, number> {
  return load('iso4217.yaml', (data) => new Map(Object.entries(CurrencyFile.parse(data).minor_units)))
}

/** Words that stand for "no value", normalised. */
export function placeholders(): readonly string[] {
  return load('placeholders.yaml', (data) => PlaceholderFile.parse(data).words.map(normText))
}

/**
 * VAT rates in force in a country on a day, highest first, each rate once; zero rates are left out.
 *
 * @param country - ISO 3166-1 alpha-2 (`GR`, `GB`). Where nobody declared one, a gap may be the tax of any country: the
 *   standard rates of all, and every rate of {@link HOME}.
 * @param on - `YYYY-MM-DD`.
 * @returns Empty for a country that the file does not have.
 */
export function vatRates(country: string, on: string): readonly VatRate[] {
  const file = load('vat.yaml', (data) => VatFile.parse(data))
  const undeclared = Object.entries(file.countries).flatMap(([code, rates]) =>
    code === HOME ? rates : rates.filter(({ kind }) => kind === 'standard'),
  )
  const inForce = (country === UNKNOWN_MARKET ? undeclared : (file.countries[country] ?? [])).filter(
    ({ rate: percent, from, to }) => Number(percent) > 0 && (from === null || from <= on) && (to === null || on <= to),
  )
  const byRate = new Map(inForce.map((entry) => [entry.rate, entry]))
  return [...byRate.values()].sort((a, b) => Number(b.rate) - Number(a.rate))
}

export function isVocabulary(name: string): name is VocabularyName {
  return (VOCABULARIES as readonly string[]).includes(name)
}

export function vocabulary(name: VocabularyName): Vocabulary {
  return load(`vocabulary/${name}.yaml`, (data) => {
    const { words, patterns, system } = VocabularyFile.parse(data)
    const entries = Object.entries(words).map(([canonical, spellings]) => {
      return [canonical, [...new Set([canonical, ...spellings].map(normText))]] as const
    })
    return { words: new Map(entries), patterns, system }
  })
}

export type Gs1Range = z.infer<typeof Range>

/** Ranges of GTINs that no article has, by the first three digits of their 8 or 13. */
export function gs1Ranges(): { readonly gtin8: readonly Gs1Range[]; readonly gtin13: readonly Gs1Range[] } {
  return load('gs1-ranges.yaml', (data) => RangeFile.parse(data))
}

/** Units in lower case: what they measure, and what one is in the base unit of its kind. */
export function units(): ReadonlyMap<string, { readonly kind: string; readonly factor: string }> {
  return load('units.yaml', (data) => {
    const kinds = Object.entries(UnitFile.parse(data).kinds)
    return new Map(
      kinds.flatMap(([kind, list]) =>
        list.flatMap(({ factor, words }) => words.map((word) => [word, { kind, factor }])),
      ),
    )
  })
}
