/** What rules rest on: the sources that rule files cite by key. */
import { z } from 'zod'
import { loadData, Provenance } from './reference-data.ts'

const ReferenceFile = z.strictObject({
  source: Provenance,
  references: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(['publisher', 'secondary', 'thread', 'code', 'memory']),
      title: z.string(),
      where: z.string().optional(),
    }),
  ),
})

export interface Reference {
  readonly key: string
  /** Who says it: the publisher's own page, a page about it, an issue, a program, or nobody but general knowledge. */
  readonly kind: 'publisher' | 'secondary' | 'thread' | 'code' | 'memory'
  readonly title: string
  readonly where: string | null
  /** Day on which it was read. */
  readonly read: string
}

/** Null for a key that the package does not know: own rules may cite what they like. */
export function referenceOf(key: string): Reference | null {
  const { source, references } = loadData('sources.yaml', (data) => ReferenceFile.parse(data))
  const found = Object.hasOwn(references, key) ? references[key] : undefined
  if (found === undefined) return null
  return { key, kind: found.kind, title: found.title, where: found.where ?? null, read: source.read }
}
