import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { type Diagnostic, fail, failAll } from '../diagnostics/diagnostic.ts'
import type { Config } from '../model/config.ts'
import { checkSchema } from './check.ts'
import { type ConfigDocument, describe, parseConfigDocument, pathText } from './document.ts'
import { normalise } from './normalise.ts'
import { checkReferences, type Known } from './references.ts'
import { literalSecrets } from './secrets.ts'

const NAMES = ['omniparity.yaml', 'omniparity.yml', 'omniparity.json'] as const

const MAX_BYTES = 2_000_000

export interface LoadOptions extends Known {
  /** Null: the nearest one upwards from `cwd`. */
  readonly file: string | null
  readonly cwd: string
}

/** The nearest configuration in the folder or above it; null when there is none. */
export async function findConfig(cwd: string): Promise<string | null> {
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    for (const name of NAMES) {
      const file = join(dir, name)
      if ((await stat(file).catch(() => null)) !== null) return file
    }
    if (dirname(dir) === dir) return null
  }
}

/**
 * Reads, checks and completes the configuration.
 *
 * @throws DiagnosticError with everything that is wrong with the file at once, in the order of the file;
 *   `config/not-found` when there is none.
 */
export async function loadConfig({ file, cwd, ...known }: LoadOptions): Promise<Config> {
  const path = file === null ? await findConfig(cwd) : resolve(cwd, file)
  if (path === null) throw fail('config/not-found', { dir: cwd })
  const shown = shownPath(cwd, path)
  const document = parseConfigDocument(shown, await readText(path, shown))
  const { raw, problems } = checkShape(document, shown)
  if (raw === null) throw failed(problems)
  const unknown = await checkReferences(raw, document, known)
  if (unknown.length > 0) throw failed(unknown)
  return normalise(raw, path, dirname(path), document)
}

function shownPath(cwd: string, path: string): string {
  const shown = relative(cwd, path)
  return shown === '' || isAbsolute(shown) || shown.startsWith(join('..', '..', '..')) ? path : shown
}

async function readText(path: string, shown: string): Promise<string> {
  const where = { file: shown }
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) throw fail('config/too-large', { reason: `${size} bytes` }, where)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (typeof code !== 'string') throw error
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code
    throw fail('config/unreadable', { reason }, where, error)
  }
}

function checkShape(document: ConfigDocument, file: string): ReturnType<typeof checkSchema> {
  const { data, problems } = document
  if (problems.some(({ code }) => code === 'config/syntax' || code === 'config/too-large'))
    return { raw: null, problems }
  if (data === null || data === undefined) throw fail('config/empty', {}, { file })
  const found = describe(data)
  if (found.kind !== 'mapping') throw fail('config/not-a-mapping', { found }, document.place([]))
  const secrets = literalSecrets(document)
  const first = [...problems, ...secrets.map(({ problem }) => problem)]
  const checked = checkSchema(document)
  if (first.length === 0) return checked
  // A complaint about a value quotes it, and a secret is quoted nowhere; a number without quotes is said once.
  const places = new Set(first.map(placeText))
  return { raw: null, problems: [...first, ...checked.problems.filter((problem) => !places.has(placeText(problem)))] }
}

function placeText({ where }: Diagnostic): string {
  return where !== null && 'file' in where ? pathText([where.line ?? 0, where.column ?? 0]) : ''
}

function failed(problems: readonly Diagnostic[]): Error {
  const position = ({ where }: Diagnostic): number =>
    where !== null && 'file' in where ? (where.line ?? 0) * 10_000 + (where.column ?? 0) : 0
  const error = failAll(problems.toSorted((a, b) => position(a) - position(b)))
  return error ?? new Error('no problem to report')
}
