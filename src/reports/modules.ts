/**
 * What there is to load: one reporter for each file in formats/. The build puts the list itself in the place of this file,
 * so that it can join modules that no import names.
 */
import { readdirSync } from 'node:fs'
import type { Reporter } from './reporter.ts'

const folder = new URL('./formats/', import.meta.url)

// `.ts` from source, `.js` once compiled: a literal extension in a computed import is not rewritten by the compiler.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Names of formats, sorted, and their modules. */
export function reporterModules(): ReadonlyMap<string, () => Promise<{ readonly reporter: Reporter }>> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith(`.d${extension}`))
    .map((file) => file.slice(0, -extension.length))
    .sort()
  return new Map(names.map((name) => [name, () => import(new URL(`${name}${extension}`, folder).href)]))
}
