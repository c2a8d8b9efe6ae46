/** Addresses of databases: what a URL says, without a word of it ever reaching a message. */
import { isAbsolute, resolve } from 'node:path'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Dialect } from './database.ts'

/**
 * `off`; `prefer`: encrypted where the server can, nothing checked; `require`: encrypted, nothing checked; `verify-ca`: the
 * authority is checked; `verify-full`: authority and name are.
 */
export type Tls = 'off' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

export interface ServerAddress {
  readonly dialect: Exclude<Dialect, 'sqlite'>
  /** Name, address, or folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string | null
  readonly password: string | null
  readonly database: string
  readonly tls: Tls
  /** File with the authority's certificate; null for those that Node.js trusts. */
  readonly authority: string | null
  /** Safe to print: `postgresql at db.example:5432`. */
  readonly shown: string
}

export interface FileAddress {
  readonly dialect: 'sqlite'
  readonly file: string
  readonly shown: string
}

export type Address = ServerAddress | FileAddress

const SCHEMES: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mariadb',
  sqlserver: 'sqlserver',
  mssql: 'sqlserver',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
}

const PORTS: Readonly<Record<ServerAddress['dialect'], number>> = {
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  sqlserver: 1433,
}

export interface AddressContext {
  /** Key of the configuration, for messages. */
  readonly key: string
  /** Folder that relative paths start from. */
  readonly dir: string
}

/**
 * Reads a URL. Where it says nothing of TLS, a server on this machine is talked to in plain text and any other one encrypted,
 * with authority and name checked: stricter than the drivers' own defaults.
 *
 * @throws DiagnosticError `database/address`, without the URL.
 */
export function parseAddress(text: string, context: AddressContext): Address {
  const problem = (name: string): Error => fail('database/address', { key: context.key, problem: name })
  const trimmed = text.trim()
  if (trimmed === '') throw problem('empty')
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+]*):(.*)$/is.exec(trimmed) ?? []
  const dialect = SCHEMES[scheme.toLowerCase()]
  if (dialect === undefined) throw problem(scheme === '' ? 'syntax' : 'scheme')
  if (dialect === 'sqlite') {
    const [path = ''] = rest.replace(/^\/\/(?=\/)|^\/\//, '').split('?')
    if (path === '' || path.includes('\0')) throw problem('path')
    const file = decoded(path)
    if (file === null || file === ':memory:') throw problem('path')
    return { dialect, file: isAbsolute(file) ? file : resolve(context.dir, file), shown: file }
  }
  return serverAddress(dialect, rest, context, problem)
}

function serverAddress(
  dialect: ServerAddress['dialect'],
  rest: string,
  context: AddressContext,
  problem: (name: string) => Error,
): ServerAddress {
  const [head = '', ...pairs] = dialect === 'sqlserver' ? rest.split(';') : [rest]
  // The generic scheme is parsed, so that hosts are not rewritten as those of the web are.
  const url = URL.canParse(`op:${head}`) ? new URL(`op:${head}`) : null
  if (url === null || !head.startsWith('//')) throw problem('syntax')
  const options = new Map<string, string>()
  for (const [name, value] of url.searchParams) options.set(name.toLowerCase(), value)
  for (const pair of pairs) {
    const [, name, value] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    if (name !== undefined && value !== undefined) options.set(name.toLowerCase().replaceAll(' ', ''), value)
  }
  const part = (value: string): string | null => (value === '' ? null : decoded(value))
  const user = part(url.username) ?? options.get('user') ?? options.get('username') ?? null
  const password = part(url.password) ?? options.get('password') ?? null
  const database = part(url.pathname.replace(/^\//, '')) ?? options.get('database') ?? options.get('dbname') ?? ''
  const host = part(url.hostname.replace(/^\[(.*)\]$/, '$1')) ?? options.get('host') ?? options.get('socket') ?? ''
  const socket = options.get('socketpath') ?? null
  if (host === '' && socket === null && dialect !== 'postgresql') throw problem('host')
  const place = socket ?? (host === '' ? 'localhost' : host)
  const port = Number(url.port || (options.get('port') ?? PORTS[dialect]))
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw problem('option')
  const tls = tlsOf(dialect, options, isLocal(place))
  if (tls === null) throw problem('option')
  const authority = options.get('sslrootcert') ?? options.get('ssl-ca') ?? options.get('sslca') ?? null
  return {
    dialect,
    host: place,
    port,
    user,
    password,
    database: database === '' ? (user ?? '') : database,
    tls,
    authority: authority === null || isAbsolute(authority) ? authority : resolve(context.dir, authority),
    shown: `${dialect} at ${place.startsWith('/') ? place : `${place}:${port}`}`,
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether what is sent to the host never leaves this machine. */
export function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

const MODES: Readonly<Record<string, Tls>> = {
  disable: 'off',
  disabled: 'off',
  allow: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  require: 'require',
  required: 'require',
  'no-verify': 'require',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
}

const TRUE = new Set(['true', '1', 'yes', 'strict', 'mandatory'])
const FALSE = new Set(['false', '0', 'no', 'optional'])

/** Null for a value that is none. */
function tlsOf(
  dialect: ServerAddress['dialect'],
  options: ReadonlyMap<string, string>,
  isOnThisMachine: boolean,
): Tls | null {
  const fallback: Tls = isOnThisMachine ? 'off' : 'verify-full'
  if (dialect === 'sqlserver') {
    const encrypt = options.get('encrypt')?.toLowerCase()
    const trust = (options.get('trustservercertificate') ?? options.get('trust_server_certificate'))?.toLowerCase()
    if (trust !== undefined && !TRUE.has(trust) && !FALSE.has(trust)) return null
    if (encrypt !== undefined && !TRUE.has(encrypt) && !FALSE.has(encrypt)) return null
    if (encrypt !== undefined && FALSE.has(encrypt)) return 'off'
    if (trust !== undefined && TRUE.has(trust)) return 'require'
    return encrypt === undefined ? fallback : 'verify-full'
  }
  const mode = (options.get('sslmode') ?? options.get('ssl-mode') ?? options.get('ssl_mode'))?.toLowerCase()
  if (mode !== undefined) return MODES[mode] ?? null
  const plain = options.get('ssl')?.toLowerCase()
  if (plain === undefined) return fallback
  if (FALSE.has(plain)) return 'off'
  return TRUE.has(plain) ? 'verify-full' : null
}
