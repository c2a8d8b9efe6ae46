import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { sha256 } from '../base/hash.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { ChannelConfig, SecretText, SqlSource } from '../model/config.ts'
import { type Address, parseAddress } from './address.ts'
import { type Database, DEFAULT_TIMEOUTS } from './database.ts'
import { openDatabase } from './open.ts'

/**
 * Connects to the database of a source; the address is taken from where the configuration says.
 *
 * @param dir - Folder that relative paths start from.
 * @throws DiagnosticError `database/…`, never with a word of the address.
 */
export async function connect(sql: SqlSource, dir: string, signal: AbortSignal): Promise<Database> {
  const address = await addressOf(sql, dir)
  const statementTimeout = sql.statementTimeoutMs ?? DEFAULT_TIMEOUTS.statementTimeout
  return openDatabase(address, { ...DEFAULT_TIMEOUTS, statementTimeout, signal })
}

/**
 * Hash of which database a channel is: server and name, or the file; neither user nor password. Null for a channel of files.
 *
 * @throws DiagnosticError `database/address`.
 */
export async function databaseHash({ sources }: Pick<ChannelConfig, 'sources'>, dir: string): Promise<string | null> {
  const sql = sources.find((source) => source.sql !== undefined)?.sql
  if (sql === undefined) return null
  const address = await addressOf(sql, dir)
  if (address.dialect === 'sqlite') return sha256(JSON.stringify([address.dialect, address.file]))
  const { dialect, host, port, database } = address
  return sha256(JSON.stringify([dialect, host, port, database]))
}

async function addressOf({ url }: SqlSource, dir: string): Promise<Address> {
  const key = 'env' in url ? url.env : 'file' in url ? url.file : 'url'
  return parseAddress(await textOf(url, dir), { key, dir })
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
