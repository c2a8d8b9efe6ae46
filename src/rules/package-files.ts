/** The rule files of the package, and what the build left of reading them: parsing them takes longer than some audits. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** Folder of the rules that the package ships; the same from `src/` and from `dist/`. */
export const RULES_ROOT = fileURLToPath(new URL('../../rules/', import.meta.url))

/** Where the build leaves them: what they hold is plain data. */
const BUILT = fileURLToPath(new URL('../rules.json', import.meta.url))

export interface BuiltFiles {
  /** Every YAML file of the package, sorted: where one came or went, the build is old. */
  readonly files: readonly string[]
  /** As `loadRules` gives them. */
  readonly rules: readonly unknown[]
  /** As `readPack` gives them, by id. */
  readonly packs: Readonly<Record<string, unknown>>
  /** What stands in the files below `data/`, by their names there. */
  readonly data: Readonly<Record<string, unknown>>
}

let known: BuiltFiles | null | undefined

/** Null where there was no build, or a file is newer. */
export function builtFiles(): BuiltFiles | null {
  if (known === undefined) known = readBuilt()
  return known
}

function readBuilt(): BuiltFiles | null {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs
  if (builtAt === undefined) return null
  const files = packageFiles()
  if (files.some((file) => statSync(join(RULES_ROOT, file)).mtimeMs > builtAt)) return null
  // The build wrote it.
  const built = JSON.parse(readFileSync(BUILT, 'utf8')) as BuiltFiles
  return String(built.files) === String(files) ? built : null
}

/** Every YAML file of the package, relative to its folder of rules, sorted. */
export function packageFiles(): readonly string[] {
  return readdirSync(RULES_ROOT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
}

/** What stands in a file below `data/`. */
export function packageData(file: string): unknown {
  const built = builtFiles()
  if (built !== null && Object.hasOwn(built.data, file)) return built.data[file]
  return parse(readFileSync(join(RULES_ROOT, 'data', file), 'utf8'))
}
