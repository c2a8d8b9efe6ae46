/** Paths and patterns to files. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fail } from '../../diagnostics/diagnostic.ts'

export interface FoundFile {
  readonly absolute: string
  /** Relative to the folder patterns start from, with slashes; absolute where the pattern was. */
  readonly shown: string
  /** The one sheet that is meant of a workbook: `prices.xlsx#Sheet1`. */
  readonly sheet: string | null
}

const MAGIC = /[*?[{]/
const OF_SHEET = /^(.+\.xls[xm])#(.+)$/i

/**
 * Finds the files of paths and patterns: `*`, `**`, `?`, `[a-z]`, `{a,b}`. Hidden files need a dot in the pattern.
 *
 * Behind the name of a workbook one of its sheets may be named, as reports do: `*.xlsx#Sheet1`.
 *
 * @returns Each file once; a pattern's files sorted, patterns in their order.
 * @throws DiagnosticError `source/not-found` for a pattern without a file, `source/directory` for a folder.
 */
export async function expandPaths(patterns: readonly string[], dir: string): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>()
  for (const pattern of patterns) {
    const whole = await expandOne(pattern, dir)
    const [, book, sheet = null] = (whole.length === 0 && OF_SHEET.exec(pattern)) || []
    const matches = book === undefined ? whole : await expandOne(book, dir)
    if (matches.length === 0) throw fail('source/not-found', { path: book ?? pattern })
    for (const absolute of matches) {
      const shown = isAbsolute(pattern) ? absolute : relative(dir, absolute).split(sep).join('/')
      const key = sheet === null ? absolute : `${absolute}#${sheet}`
      if (!found.has(key)) found.set(key, { absolute, shown, sheet })
    }
  }
  return [...found.values()]
}

async function expandOne(pattern: string, dir: string): Promise<readonly string[]> {
  // A file whose name holds a bracket or a brace is meant before the pattern is.
  const literal = resolve(dir, pattern)
  const exists = await stat(literal).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ELOOP') throw fail('source/not-permitted', { reason: 'ELOOP' }, { file: pattern }, cause)
    return null
  })
  if (exists?.isDirectory()) throw fail('source/directory', { path: pattern })
  if (exists !== null) return [literal]
  if (!MAGIC.test(pattern)) {
    const denied = await lstat(literal).catch((cause: NodeJS.ErrnoException) => cause.code)
    if (denied === 'EACCES') throw fail('source/not-permitted', { reason: 'EACCES' }, { file: pattern })
    return []
  }
  const matches = new Set<string>()
  for (const one of braces(pattern.replaceAll('\\', '/'))) {
    const parts = resolve(dir, '.').length > 0 && isAbsolute(one) ? one.slice(1).split('/') : one.split('/')
    const root = isAbsolute(one) ? '/' : dir
    await walk(
      root,
      parts.filter((part) => part !== '' && part !== '.'),
      matches,
      [],
    )
  }
  return [...matches].sort()
}

/** `a{b,c}` to `ab` and `ac`; nested braces too. */
function braces(pattern: string): string[] {
  const match = /\{([^{}]*,[^{}]*)\}/.exec(pattern)
  if (match === null) return [pattern]
  const before = pattern.slice(0, match.index)
  const after = pattern.slice(match.index + match[0].length)
  return (match[1] ?? '').split(',').flatMap((part) => braces(before + part + after))
}

/** `above` holds the real paths of the folders that a `**` went through: a link back to one of them is a loop. */
async function walk(
  dir: string,
  parts: readonly string[],
  matches: Set<string>,
  above: readonly string[],
): Promise<void> {
  const [part, ...rest] = parts
  if (part === undefined) return
  if (part === '..' || !MAGIC.test(part)) {
    const path = part === '..' ? dirname(dir) : join(dir, part)
    const found = await stat(path).catch(() => null)
    if (rest.length > 0 && found?.isDirectory()) await walk(path, rest, matches, above)
    else if (rest.length === 0 && found?.isFile()) matches.add(path)
    return
  }
  const entries = await readdir(dir).catch(() => [])
  if (part === '**') {
    const real = await realpath(dir).catch(() => dir)
    if (above.includes(real)) return
    await walk(dir, rest.length === 0 ? ['*'] : rest, matches, above)
    for (const name of entries) {
      if (name.startsWith('.')) continue
      const path = join(dir, name)
      if ((await stat(path).catch(() => null))?.isDirectory()) await walk(path, parts, matches, [...above, real])
    }
    return
  }
  const pattern = toRegExp(part)
  for (const name of entries) {
    if (!pattern.test(name) || (name.startsWith('.') && !part.startsWith('.'))) continue
    const path = join(dir, name)
    const found = await stat(path).catch(() => null)
    if (rest.length > 0 && found?.isDirectory()) await walk(path, rest, matches, above)
    else if (rest.length === 0 && found?.isFile()) matches.add(path)
  }
}

function toRegExp(part: string): RegExp {
  const source = part.replaceAll(
    /\[(!|\^)?([^\]/]+)\]|[*?]|[.+^${}()|[\]\\]/g,
    (match, not: string | undefined, set: string | undefined) => {
      if (set !== undefined)
        return `[${not === undefined ? '' : '^'}${set.replaceAll('\\', '\\\\').replaceAll('^', '\\^')}]`
      if (match === '*') return '[^/]*'
      return match === '?' ? '[^/]' : `\\${match}`
    },
  )
  return new RegExp(`^${source}$`, 'u')
}
