/**
 * What there is to load: one platform for each folder with an index. The build puts the list itself in the place of this
 * file, so that it can join modules that no import names.
 */
import { readdirSync, statSync } from 'node:fs'
import type { Platform } from './platform.ts'

const here = new URL('.', import.meta.url)

// `.ts` from source, `.js` once compiled: a literal extension in a computed import is not rewritten by the compiler.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Ids of platforms, sorted, and their modules. */
export function platformModules(): ReadonlyMap<string, () => Promise<{ readonly platform: Platform }>> {
  const ids = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasIndex(entry.name))
    .map((entry) => entry.name)
    .sort()
  return new Map(ids.map((id) => [id, () => import(indexOf(id).href)]))
}

function hasIndex(id: string): boolean {
  return statSync(indexOf(id), { throwIfNoEntry: false })?.isFile() === true
}

function indexOf(id: string): URL {
  return new URL(`${id}/index${extension}`, here)
}
