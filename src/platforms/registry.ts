import { nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { platformModules } from './modules.ts'
import type { Platform } from './platform.ts'

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

let known: ReturnType<typeof platformModules> | null = null

function modules(): ReturnType<typeof platformModules> {
  known ??= platformModules()
  return known
}

/** Platforms that can be read, sorted: one for each folder with an index. */
export function platformIds(): readonly string[] {
  return [...modules().keys()]
}

/**
 * @throws DiagnosticError `platform/not-built` for a name that is known but has no reader, `platform/unknown` for any
 *   other name without a folder.
 */
export async function loadPlatform(id: string): Promise<Platform> {
  const load = modules().get(id)
  if (load !== undefined) return (await load()).platform
  if (REFUSED.has(id)) throw fail('platform/not-built', { platform: id })
  const names = [...platformIds(), ...REFUSED]
  throw fail('platform/unknown', { platform: id, nearest: nearest(id, names, 3), known: platformIds() })
}
