import pg from 'pg'
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { ServerAddress } from './address.ts'
import type { DatabaseOptions } from './database.ts'
import { codeOf, messageOf, networkFailure, placeInQuery, withoutSecrets } from './failure.ts'
import { RefusedStatement } from './guarded.ts'

export function isRefusal(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false
  // Of these classes the connection or the server is lost, or the statement took too long.
  return !/^(08|57|53|58|XX)/.test(error.code ?? '')
}

/** Within a transaction a refused statement that nobody expected is told as what the server said. */
export function refusalOrFailure(error: unknown): unknown {
  return error instanceof RefusedStatement && error.cause instanceof Error ? error.cause : error
}

interface Sent {
  readonly sql: string
  /** Characters that were put before the user's query. */
  readonly offset: number
}

export function failureOf(
  error: unknown,
  address: ServerAddress,
  options: DatabaseOptions,
  sent: Sent | null,
): DiagnosticError {
  const network = networkFailure(error, { address, options })
  if (network !== null) return network
  const server = address.shown
  const message = withoutSecrets(messageOf(error), address)
  if (/timeout expired|connection timeout/i.test(message)) {
    return fail('database/connect-timeout', { server, seconds: options.connectTimeout / 1000 })
  }
  if (/does not support SSL|ssl/i.test(message) && codeOf(error) === '') {
    return fail('database/tls', { server, reason: message })
  }
  if (/terminated|not queryable|closed/i.test(message) && !(error instanceof pg.DatabaseError)) {
    return fail('database/connection-lost', { server })
  }
  const at = Number(error instanceof pg.DatabaseError ? error.position : Number.NaN) - 1 - (sent?.offset ?? 0)
  const position = sent === null ? null : placeInQuery(sent.sql, at)
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return /no pg_hba.conf entry.*no encryption/i.test(message)
        ? fail('database/tls', { server, reason: 'the server takes encrypted connections only' })
        : fail('database/login-refused', { server })
    case '3D000':
      return fail('database/no-database', { server, database: address.database })
    case '42501':
      return fail('database/permission', { message })
    case '42P01':
    case '3F000':
      return fail('database/no-table', { message, position })
    case '42703':
      return fail('database/no-column', { message, position })
    case '57014':
    case '55P03':
      return fail('database/statement-timeout', { server, seconds: options.statementTimeout / 1000 })
    case '57P01':
    case '57P02':
      return fail('database/connection-lost', { server })
  }
  return sent === null
    ? fail('database/server', { server, message })
    : fail('database/statement', { message, position })
}
