/** Which earlier price has to stand beside a reduction, by country. */
import { z } from 'zod'
import { parseDuration } from '../base/clock.ts'
import { packageData } from './package-files.ts'

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const LawFile = z.strictObject({
  source: z.strictObject({ title: z.string(), read: z.string(), verified: z.boolean(), note: z.string().optional() }),
  countries: z.record(
    z.string().regex(/^[A-Z]{2}$/),
    z.strictObject({
      from: day,
      progressive: z.union([z.enum(['yes', 'no']), z.string().regex(/^\d+d$/)]),
      first_sale: z.literal('exempt').optional(),
      verified: z.boolean().default(true),
    }),
  ),
})

export interface PriorPriceLaw {
  /** Milliseconds for which growing reductions may keep their first earlier price; infinite without a limit, 0 for never. */
  readonly progressiveMs: number
  /** A first price that is a reduced one is not judged. */
  readonly exemptsFirstSale: boolean
}

let laws: z.infer<typeof LawFile>['countries'] | null = null

/** @returns Null where no such law is known on that day. */
export function priorPriceLaw(country: string, on: string): PriorPriceLaw | null {
  laws ??= LawFile.parse(packageData('prior-price.yaml')).countries
  const law = laws[country]
  if (law === undefined || on < law.from) return null
  const { progressive } = law
  return {
    progressiveMs: progressive === 'yes' ? Number.POSITIVE_INFINITY : (parseDuration(progressive) ?? 0),
    exemptsFirstSale: law.first_sale === 'exempt',
  }
}
