/** Real database servers, each in a folder of its own that goes with it, started from what the system has installed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import mysql from 'mysql2/promise'
import pg from 'pg'

export const PASSWORD = 's3cr3t @:/%?#'

export interface TestServer {
  readonly dialect: 'postgresql' | 'mariadb'
  readonly host: '127.0.0.1'
  readonly port: number
  /** URL of the owner of database `shop`, who may do everything in it; the password has every awkward character. */
  readonly url: string
  /** The same for another user, password or database. */
  urlOf(parts: { user?: string; password?: string; database?: string; options?: string }): string
  /** Runs statements as the owner, on a connection of their own. */
  run(...statements: readonly string[]): Promise<void>
  /** All rows of a query, as the driver gives them. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  /** Runs a script with the server's own command line client; resolves with its exit status and what it printed. */
  script(file: string): Promise<{ readonly status: number; readonly output: string }>
  /** Ends the server at once, as a power cut does. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Why a server cannot run here, or null. With OMNIPARITY_REQUIRE=1 a missing one fails the tests instead of skipping them. */
export function missing(dialect: TestServer['dialect'] | 'sqlite'): string | null {
  const needed =
    dialect === 'sqlite'
      ? ['sqlite3']
      : dialect === 'postgresql'
        ? ['initdb', 'postgres', 'psql']
        : ['mariadbd', 'mariadb-install-db', 'mariadb']
  const lacking = needed.filter((name) => program(name) === null)
  if (lacking.length === 0) return null
  const reason = `${dialect} is not installed: ${lacking.join(', ')} not found`
  if (process.env['OMNIPARITY_REQUIRE'] === '1') throw new Error(reason)
  return reason
}

/** Path of a program, where Debian puts it too. */
export function program(name: string): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
  ]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

function needed(name: string): string {
  const path = program(name)
  if (path === null) throw new Error(`${name} is not installed`)
  return path
}

/** Servers refuse to run as root: their own user does, where there is one. */
function servant(name: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  for (const user of [name, 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.startsWith(`${user}:`))
    const [, , uid, gid] = line?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  return {}
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

interface Running {
  readonly child: ChildProcess
  readonly folder: string
}

const running = new Set<Running>()
process.on('exit', () => {
  for (const { child, folder } of running) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

function folderFor(user: { uid?: number; gid?: number }): string {
  const folder = mkdtempSync(join(tmpdir(), 'omniparity-server-'))
  chmodSync(folder, 0o700)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

function launch(path: string, args: readonly string[], folder: string, user: object): Running & { log(): string } {
  let text = ''
  const child = spawn(path, args, {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TZ: 'Asia/Tokyo' },
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text = (text + chunk).slice(-4000)))
  const one = { child, folder, log: () => text }
  running.add(one)
  return one
}

async function untilReady(one: Running & { log(): string }, connect: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 45_000
  for (;;) {
    if (one.child.exitCode !== null) throw new Error(`the server ended:\n${one.log()}`)
    try {
      await connect()
      return
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`the server does not answer:\n${one.log()}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function stopped(one: Running, signal: NodeJS.Signals): Promise<void> {
  one.child.kill(signal)
  await ended(one.child)
  running.delete(one)
  rmSync(one.folder, { recursive: true, force: true })
}

/** Runs a client; its standard input is the script. */
function client(
  path: string,
  args: readonly string[],
  env: Record<string, string>,
  file: string,
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ status: code ?? -1, output }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(readFileSync(file))
  })
}

/** A key and a certificate for `localhost` that nobody has signed but itself; null without openssl. */
export function selfSigned(folder: string): { readonly key: string; readonly certificate: string } | null {
  const openssl = program('openssl')
  if (openssl === null) return null
  const key = join(folder, 'server.key')
  const certificate = join(folder, 'server.crt')
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject]
  execFileSync(openssl, made, { stdio: 'ignore' })
  chmodSync(key, 0o600)
  return { key, certificate }
}

export interface ServerOptions {
  /** Takes encrypted connections too, with a certificate of its own; its path is `authority`. */
  readonly tls?: boolean
}

type WithAuthority = TestServer & { readonly authority: string | null }

/** PostgreSQL with a database `shop` and its owner `owner`. */
export async function startPostgresql(options: ServerOptions = {}): Promise<WithAuthority> {
  const user = servant('postgres')
  const folder = folderFor(user)
  const data = join(folder, 'data')
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  const init = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]
  execFileSync(needed('initdb'), init, { ...user, stdio: 'ignore', cwd: folder, env })
  const local = 'local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n'
  writeFileSync(join(data, 'pg_hba.conf'), local)
  const port = await freePort()
  const tls = options.tls === true ? selfSigned(folder) : null
  if (tls !== null && user.uid !== undefined && user.gid !== undefined) {
    chownSync(tls.key, user.uid, user.gid)
    chownSync(tls.certificate, user.uid, user.gid)
  }
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=64MB',
    'timezone=Asia/Tokyo',
    'lc_monetary=C.UTF-8',
    ...(tls === null ? [] : ['ssl=on', `ssl_key_file=${tls.key}`, `ssl_cert_file=${tls.certificate}`]),
  ]
  const one = launch(needed('postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], folder, user)
  const urlOf: TestServer['urlOf'] = ({
    user: name = 'owner',
    password = PASSWORD,
    database = 'shop',
    options: rest = '',
  }) =>
    `postgres://${encodeURIComponent(name)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}${rest}`
  const asAdmin = async (database: string, sql: string): Promise<void> => {
    const admin = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database })
    admin.on('error', () => undefined)
    await admin.connect()
    await admin.query(sql).finally(() => admin.end())
  }
  await untilReady(one, () => asAdmin('postgres', 'SELECT 1'))
  await asAdmin('postgres', `CREATE ROLE owner LOGIN PASSWORD '${PASSWORD}'`)
  await asAdmin('postgres', 'CREATE DATABASE shop OWNER owner')
  await asAdmin('shop', 'GRANT CREATE, USAGE ON SCHEMA public TO owner')
  const withClient = async <T>(work: (connection: pg.Client) => Promise<T>): Promise<T> => {
    const connection = new pg.Client({ connectionString: urlOf({}) })
    connection.on('error', () => undefined)
    await connection.connect()
    return work(connection).finally(() => connection.end())
  }
  return {
    dialect: 'postgresql',
    host: '127.0.0.1',
    port,
    url: urlOf({}),
    urlOf,
    authority: tls?.certificate ?? null,
    run: (...statements) =>
      withClient(async (connection) => {
        for (const statement of statements) await connection.query(statement)
      }),
    rows: (sql) =>
      withClient(async (connection) => (await connection.query<unknown[]>({ text: sql, rowMode: 'array' })).rows),
    script: (file) =>
      client(
        needed('psql'),
        ['-X', '-q', '-h', '127.0.0.1', '-p', String(port), '-U', 'owner', '-d', 'shop', '-v', 'ON_ERROR_STOP=1'],
        { PGPASSWORD: PASSWORD },
        file,
      ),
    kill: () => stopped(one, 'SIGKILL'),
    stop: () => stopped(one, 'SIGQUIT'),
  }
}

/** MariaDB with a database `shop` and its owner `owner`. */
export async function startMariadb(options: ServerOptions = {}): Promise<WithAuthority> {
  const user = servant('mysql')
  const folder = folderFor(user)
  const data = join(folder, 'data')
  mkdirSync(data)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid)
  const quiet = ['--auth-root-authentication-method=normal', '--skip-test-db']
  const init = ['--no-defaults', `--datadir=${data}`, ...quiet]
  execFileSync(needed('mariadb-install-db'), init, { ...user, stdio: 'ignore', cwd: folder })
  const port = await freePort()
  const tls = options.tls === true ? selfSigned(folder) : null
  if (tls !== null && user.uid !== undefined && user.gid !== undefined) {
    chownSync(tls.key, user.uid, user.gid)
    chownSync(tls.certificate, user.uid, user.gid)
  }
  const socket = join(folder, 'socket')
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${socket}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-flush-method=nosync',
    '--innodb-buffer-pool-size=64M',
    '--skip-name-resolve',
    '--max-allowed-packet=64M',
    ...(tls === null ? [] : [`--ssl-cert=${tls.certificate}`, `--ssl-key=${tls.key}`]),
  ]
  const one = launch(needed('mariadbd'), args, folder, user)
  const urlOf: TestServer['urlOf'] = ({
    user: name = 'owner',
    password = PASSWORD,
    database = 'shop',
    options: rest = '',
  }) =>
    `mariadb://${encodeURIComponent(name)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}${rest}`
  const asAdmin = async (...statements: readonly string[]): Promise<void> => {
    const admin = await mysql.createConnection({ socketPath: socket, user: 'root' })
    try {
      for (const statement of statements) await admin.query(statement)
    } finally {
      await admin.end()
    }
  }
  await untilReady(one, () => asAdmin('SELECT 1'))
  await asAdmin(
    'CREATE DATABASE shop CHARACTER SET utf8mb4',
    `CREATE USER owner@'%' IDENTIFIED BY '${PASSWORD}'`,
    "GRANT ALL ON shop.* TO owner@'%' WITH GRANT OPTION",
    "GRANT CREATE USER ON *.* TO owner@'%'",
  )
  const withClient = async <T>(work: (connection: mysql.Connection) => Promise<T>): Promise<T> => {
    const shop = { host: '127.0.0.1', port, user: 'owner', password: PASSWORD, database: 'shop', dateStrings: true }
    const connection = await mysql.createConnection(shop)
    return work(connection).finally(() => connection.end())
  }
  return {
    dialect: 'mariadb',
    host: '127.0.0.1',
    port,
    url: urlOf({}),
    urlOf,
    authority: tls?.certificate ?? null,
    run: (...statements) =>
      withClient(async (connection) => {
        for (const statement of statements) await connection.query(statement)
      }),
    rows: (sql) =>
      withClient(async (connection) => {
        const [rows] = await connection.query<mysql.RowDataPacket[][]>({ sql, rowsAsArray: true })
        return rows
      }),
    script: (file) =>
      client(
        needed('mariadb'),
        ['--no-defaults', '--batch', '-h', '127.0.0.1', '-P', String(port), '-u', 'owner', 'shop'],
        { MYSQL_PWD: PASSWORD },
        file,
      ),
    kill: () => stopped(one, 'SIGKILL'),
    stop: () => stopped(one, 'SIGKILL'),
  }
}
