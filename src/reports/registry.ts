import { readdirSync } from 'node:fs'
import type { Reporter } from './reporter.ts'

const folder = new URL('./formats/', import.meta.url)

// `.ts` from source, `.js` once compiled: a literal extension in a computed import is not rewritten by the compiler.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** The formats there are, sorted: one for each file in formats/. */
export const reporterNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(extension) && !file.endsWith(`.d${extension}`))
  .map((file) => file.slice(0, -extension.length))
  .sort()

/** @returns Null when there is no such format. */
export async function loadReporter(name: string): Promise<Reporter | null> {
  if (!reporterNames.includes(name)) return null
  const module = (await import(new URL(`${name}${extension}`, folder).href)) as { readonly reporter: Reporter }
  return module.reporter
}
