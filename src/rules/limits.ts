/** How long texts may be where they are published: dated, because platforms change it. */
import { z } from 'zod'
import { packageData } from './package-files.ts'

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const Limit = z.strictObject({
  max: z.int().min(1),
  from: day.nullable().default(null),
  /** Last day. */
  to: day.nullable().default(null),
  verified: z.boolean().default(false),
  note: z.string().optional(),
})
const LimitFile = z.strictObject({
  source: z.strictObject({ title: z.string(), read: z.string(), verified: z.boolean(), note: z.string().optional() }),
  destinations: z.record(z.string(), z.record(z.string(), z.array(Limit))),
})

let file: z.output<typeof LimitFile> | null = null

/**
 * Characters that a platform takes on a day; null where nobody knows of a limit.
 *
 * @param on - `YYYY-MM-DD`.
 */
export function limitOf(platform: string, field: string, on: string): number | null {
  file ??= LimitFile.parse(packageData('limits.yaml'))
  const dated = file.destinations[platform]?.[field] ?? []
  const inForce = dated.filter(({ from, to }) => (from === null || from <= on) && (to === null || on <= to))
  return inForce.length === 0 ? null : Math.min(...inForce.map(({ max }) => max))
}
