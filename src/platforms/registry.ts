import { readdirSync, statSync } from 'node:fs'
import { nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Platform } from './platform.ts'

const here = new URL('.', import.meta.url)

// `.ts` from source, `.js` once compiled: a literal extension in a computed import is not rewritten by the compiler.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Names that the configuration reserves for platforms without a reader. */
const REFUSED: ReadonlySet<string> = new Set([
  'mercadolibre',
  'vendure',
  'medusa',
  'tryton',
  'ebay',
  'bigcommerce',
  'vtex',
])

let ids: readonly string[] | null = null

/** Platforms that can be read, sorted: one for each folder with an index. */
export function platformIds(): readonly string[] {
  ids ??= readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasIndex(entry.name))
    .map((entry) => entry.name)
    .sort()
  return ids
}

function hasIndex(id: string): boolean {
  return statSync(indexOf(id), { throwIfNoEntry: false })?.isFile() === true
}

function indexOf(id: string): URL {
  return new URL(`${id}/index${extension}`, here)
}

/**
 * @throws DiagnosticError `platform/not-built` for a name that is known but has no reader, `platform/unknown` for any
 *   other name without a folder.
 */
export async function loadPlatform(id: string): Promise<Platform> {
  if (!platformIds().includes(id)) {
    if (REFUSED.has(id)) throw fail('platform/not-built', { platform: id })
    const known = [...platformIds(), ...REFUSED]
    throw fail('platform/unknown', { platform: id, nearest: nearest(id, known, 3), known: platformIds() })
  }
  const module = (await import(indexOf(id).href)) as { readonly platform: Platform }
  return module.platform
}
