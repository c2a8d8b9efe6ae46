/** The three databases that run here, as tests use them alike. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { parseAddress } from '../src/database/address.ts'
import { type Database, type DatabaseOptions, DEFAULT_TIMEOUTS } from '../src/database/database.ts'
import { openDatabase } from '../src/database/open.ts'
import { missing, program, type ServerOptions, startMariadb, startPostgresql, type TestServer } from './servers.ts'

export interface Shop {
  readonly dialect: 'postgresql' | 'mariadb' | 'sqlite'
  /** Why its tests are skipped; null where they run. */
  readonly skip: string | null
  start(): Promise<void>
  stop(): Promise<void>
  readonly url: string
  /** Null of a file. */
  readonly server: (TestServer & { readonly authority: string | null }) | null
  run(...statements: readonly string[]): Promise<void>
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  /** Runs statements as another program does, while this one goes on. */
  meanwhile(statements: readonly string[]): Promise<void>
  /** Runs a script with the command line client of the database. */
  script(file: string): Promise<{ readonly status: number; readonly output: string }>
}

export function openShop(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const signal = new AbortController().signal
  return openDatabase(parseAddress(url, { key: 'url', dir: tmpdir() }), { ...DEFAULT_TIMEOUTS, signal, ...options })
}

/** All rows of a query, read in one moment, as texts. */
export async function readShop(url: string, sql: string, options: Partial<DatabaseOptions> = {}) {
  const database = await openShop(url, options)
  try {
    await database.beginRead()
    const rows = await database.query(sql)
    const all = []
    for await (const batch of rows.batches()) all.push(...batch)
    await database.endRead()
    return { columns: rows.columns, rows: all, numeric: rows.numeric(), nulled: rows.nulled() }
  } finally {
    await database.close()
  }
}

class ServerShop implements Shop {
  readonly dialect: 'postgresql' | 'mariadb'
  readonly skip: string | null
  readonly #options: ServerOptions
  #server: (TestServer & { readonly authority: string | null }) | null = null

  constructor(dialect: 'postgresql' | 'mariadb', options: ServerOptions) {
    this.dialect = dialect
    this.skip = missing(dialect)
    this.#options = options
  }

  async start(): Promise<void> {
    if (this.skip !== null) return
    this.#server =
      this.dialect === 'postgresql' ? await startPostgresql(this.#options) : await startMariadb(this.#options)
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  get server() {
    if (this.#server === null) throw new Error(`${this.dialect} is not started`)
    return this.#server
  }

  get url(): string {
    return this.server.url
  }

  run(...statements: readonly string[]): Promise<void> {
    return this.server.run(...statements)
  }

  rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return this.server.rows(sql)
  }

  async meanwhile(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.run(statement)
  }

  script(file: string): Promise<{ readonly status: number; readonly output: string }> {
    return this.server.script(file)
  }
}

class FileShop implements Shop {
  readonly dialect = 'sqlite'
  readonly skip = missing('sqlite')
  readonly server = null
  readonly #folder = mkdtempSync(join(tmpdir(), 'omniparity-sqlite-'))
  readonly file = join(this.#folder, 'shop.db')

  async start(): Promise<void> {
    new DatabaseSync(this.file).close()
  }

  async stop(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get url(): string {
    return `sqlite:${this.file}`
  }

  async run(...statements: readonly string[]): Promise<void> {
    const database = new DatabaseSync(this.file, { timeout: 10_000 })
    for (const statement of statements) database.exec(statement)
    database.close()
  }

  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const database = new DatabaseSync(this.file, { returnArrays: true })
    const rows: unknown[][] = database.prepare(sql).all()
    database.close()
    return rows
  }

  meanwhile(statements: readonly string[]): Promise<void> {
    const shell = program('sqlite3')
    if (shell === null) throw new Error('sqlite3 is not installed')
    return new Promise((resolve, reject) => {
      const child = spawn(shell, ['-cmd', '.timeout 20000', this.file], { stdio: ['pipe', 'ignore', 'inherit'] })
      child.on('error', reject)
      child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`sqlite3 ended with ${code}`))))
      child.stdin.end(`${statements.join(';\n')};\n`)
    })
  }

  async script(file: string): Promise<{ readonly status: number; readonly output: string }> {
    const shell = program('sqlite3')
    if (shell === null) throw new Error('sqlite3 is not installed')
    try {
      // Without -bail: a script has to hold even where the shell goes on after an error.
      const output = execFileSync(shell, [this.file, `.read '${file}'`], { encoding: 'utf8', stdio: 'pipe' })
      return { status: 0, output }
    } catch (error) {
      return { status: 1, output: String(error) }
    }
  }
}

export function allShops(options: ServerOptions = {}): readonly Shop[] {
  return [new ServerShop('postgresql', options), new ServerShop('mariadb', options), new FileShop()]
}
