import { fail } from '../diagnostics/diagnostic.ts'
import type { Address } from './address.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { codeOf } from './failure.ts'

/** An optional dependency that could not be installed, or was left out. */
function missing(dialect: string, driver: string): (cause: unknown) => never {
  return (cause) => {
    if (codeOf(cause) !== 'ERR_MODULE_NOT_FOUND' && codeOf(cause) !== 'MODULE_NOT_FOUND') throw cause
    throw fail('database/driver-missing', { dialect, driver })
  }
}

/**
 * Connects with the driver of the dialect, which is loaded only now.
 *
 * @throws DiagnosticError `database/…`: one for each way in which it can fail, none with user or password in it.
 */
export async function openDatabase(address: Address, options: DatabaseOptions): Promise<Database> {
  switch (address.dialect) {
    case 'sqlite':
      return (await import('./sqlite.ts').catch(missing('SQLite', '@photostructure/sqlite'))).openSqlite(
        address,
        options,
      )
    case 'postgresql':
      return (await import('./postgresql.ts')).openPostgresql(address, options)
    case 'mysql':
    case 'mariadb':
      return (await import('./mysql.ts')).openMysql(address, options)
    case 'sqlserver':
      return (await import('./sqlserver.ts')).openSqlserver(address, options)
  }
}
