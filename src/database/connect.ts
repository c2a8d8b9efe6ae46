import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { fail } from '../diagnostics/diagnostic.ts'
import type { SecretText, SqlSource } from '../model/config.ts'
import { parseAddress } from './address.ts'
import { type Database, DEFAULT_TIMEOUTS } from './database.ts'
import { openDatabase } from './open.ts'

/**
 * Connects to the database of a source; the address is taken from where the configuration says.
 *
 * @param dir - Folder that relative paths start from.
 * @throws DiagnosticError `database/…`, never with a word of the address.
 */
export async function connect(sql: SqlSource, dir: string, signal: AbortSignal): Promise<Database> {
  const { url } = sql
  const key = 'env' in url ? url.env : 'file' in url ? url.file : 'url'
  const address = parseAddress(await textOf(url, dir), { key, dir })
  const statementTimeout = sql.statementTimeoutMs ?? DEFAULT_TIMEOUTS.statementTimeout
  return openDatabase(address, { ...DEFAULT_TIMEOUTS, statementTimeout, signal })
}

async function textOf(url: SecretText, dir: string): Promise<string> {
  if ('text' in url) return url.text
  if ('env' in url) {
    const value = process.env[url.env]
    if (value === undefined) throw fail('database/address', { key: url.env, problem: 'unset' })
    return value
  }
  const path = isAbsolute(url.file) ? url.file : resolve(dir, url.file)
  return readFile(path, 'utf8').catch(() => {
    throw fail('database/address', { key: url.file, problem: 'unreadable' })
  })
}
