import type { Address } from './address.ts'
import type { Database, DatabaseOptions } from './database.ts'

/**
 * Connects with the driver of the dialect, which is loaded only now.
 *
 * @throws DiagnosticError `database/…`: one for each way in which it can fail, none with user or password in it.
 */
export async function openDatabase(address: Address, options: DatabaseOptions): Promise<Database> {
  switch (address.dialect) {
    case 'sqlite':
      return (await import('./sqlite.ts')).openSqlite(address, options)
    case 'postgresql':
      return (await import('./postgresql.ts')).openPostgresql(address, options)
    case 'mysql':
    case 'mariadb':
      return (await import('./mysql.ts')).openMysql(address, options)
    case 'sqlserver':
      return (await import('./sqlserver.ts')).openSqlserver(address, options)
  }
}
