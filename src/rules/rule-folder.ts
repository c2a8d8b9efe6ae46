/** The files of a folder of rules: which ones are rules, and what in it only looks like one. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts'
import { RULES_ROOT } from './package-files.ts'

/** What the package has beside its families. */
const NO_FAMILIES = new Set(['packs', 'data'])
/** Where the cases of rules stand. */
const FIXTURES = 'fixtures'

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const YAML = /\.ya?ml$/i
const RULE_FILE = /^(.*)\.ya?ml$/
/** How deep misplaced files are looked for. */
const DEPTH = 4

export interface RuleFileName {
  readonly id: string
  readonly path: string
  /** As diagnostics print it. */
  readonly file: string
}

/** Every `<family>/<rule>.yaml`, sorted; YAML files at any other place of a project's folder are told in `problems`. */
export async function listRuleFiles(dir: string, problems: Diagnostic[]): Promise<readonly RuleFileName[]> {
  const kind = await kindOf(dir)
  if (kind === null) {
    problems.push(diagnose('rules/none-found', { folder: dir }))
    return []
  }
  if (kind === 'file') {
    problems.push(diagnose('rules/not-a-folder', { path: dir }))
    return []
  }
  const isOwn = dir !== RULES_ROOT
  const found = new Map<string, RuleFileName>()
  const misplaced = (path: string): void => {
    // What the package has beside its rules is its own business.
    if (isOwn) problems.push(diagnose('rules/bad-name', { path: join(dir, path) }))
  }
  for (const family of await namesIn(dir, problems)) {
    if (family === FIXTURES || (!isOwn && NO_FAMILIES.has(family))) continue
    const isFamily = NAME.test(family) && (await kindOf(join(dir, family))) === 'folder'
    if (!isFamily) {
      for (const path of await yamlBelow(dir, family)) misplaced(path)
      continue
    }
    for (const name of await namesIn(join(dir, family), problems)) {
      const rule = RULE_FILE.exec(name)?.[1]
      const path = join(dir, family, name)
      if (rule === undefined || !NAME.test(rule) || (await kindOf(path)) === 'folder') {
        for (const one of await yamlBelow(dir, join(family, name))) misplaced(one)
        continue
      }
      const id = `${family}/${rule}`
      const twin = found.get(id)
      if (twin !== undefined) problems.push(diagnose('rules/two-files', { rule: id, other: twin.file }, { file: path }))
      found.set(id, { id, path, file: isOwn ? path : `rules/${family}/${name}` })
    }
  }
  return [...found.values()]
}

/** Null for what does not exist; a link that leads nowhere is a file that cannot be read. */
async function kindOf(path: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (!('code' in (error as object))) throw error
    return null
  }
}

async function namesIn(dir: string, problems: Diagnostic[]): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter((name) => !name.startsWith('.') && name !== 'node_modules').sort()
  } catch (error) {
    problems.push(unreadable(error, dir))
    return []
  }
}

/** The path itself where its name is that of a YAML file, and every such file below it. */
async function yamlBelow(dir: string, path: string, depth = DEPTH): Promise<readonly string[]> {
  if (YAML.test(path)) return [path]
  if (depth === 0 || (await kindOf(join(dir, path))) !== 'folder') return []
  // A folder beside the rules that this user may not read is none of ours.
  const names = await namesIn(join(dir, path), [])
  const found: string[] = []
  for (const name of names) found.push(...(await yamlBelow(dir, join(path, name), depth - 1)))
  return found
}

/** The text of a rule file; null, and a complaint, where it cannot be read or is not UTF-8. */
export async function readRuleText(path: string, file: string, problems: Diagnostic[]): Promise<string | null> {
  try {
    return utf8(await readFile(path))
  } catch (error) {
    problems.push(unreadable(error, file))
    return null
  }
}

/** @throws TypeError for bytes that are not UTF-8: damaged letters would be words that nobody wrote. */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/** What is said of a file that {@link utf8} or the system refused; any other error is thrown on. */
export function unreadable(error: unknown, file: string): Diagnostic {
  const { code } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') throw error
  const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'UTF-8' : code
  return diagnose('rules/unreadable', { reason }, { file })
}
