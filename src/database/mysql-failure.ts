import { DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { ServerAddress } from './address.ts'
import type { DatabaseOptions } from './database.ts'
import { messageOf, networkFailure, withoutSecrets } from './failure.ts'

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

function numberOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errno' in error ? Number(error.errno) : 0
}

/** After these the transaction or the connection is gone, or the statement took too long. */
const LOST: ReadonlySet<number> = new Set([
  1053, 1152, 1158, 1159, 1160, 1161, 1205, 1213, 1317, 1927, 1969, 2006, 2013, 3024, 4031,
])

export function isRefusal(error: unknown): boolean {
  const hasState = typeof error === 'object' && error !== null && 'sqlState' in error && Boolean(error.sqlState)
  return hasState && !LOST.has(numberOf(error))
}

export function failureOf(
  error: unknown,
  address: ServerAddress,
  options: DatabaseOptions,
  isQuery: boolean,
): DiagnosticError {
  const server = address.shown
  const message = withoutSecrets(messageOf(error), address)
  if (error instanceof DiagnosticError) return error
  if (codeOf(error) === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return fail('database/tls', { server, reason: 'the server offers no encryption' })
  }
  if (codeOf(error) === 'HANDSHAKE_SSL_ERROR') return fail('database/tls', { server, reason: message })
  const network = networkFailure(error, { address, options })
  if (network !== null) return network
  const line = /at line (\d+)$/.exec(message)?.[1] ?? null
  switch (numberOf(error)) {
    case 1045:
    case 1130:
    case 1698:
    case 1251:
      return fail('database/login-refused', { server })
    case 3159:
      return fail('database/tls', { server, reason: 'the server takes encrypted connections only' })
    case 1044:
    case 1049:
      return fail('database/no-database', { server, database: address.database })
    case 1142:
    case 1143:
    case 1227:
    case 1370:
      return fail('database/permission', { message })
    case 1146:
    case 1109:
      return fail('database/no-table', { message, position: null })
    case 1054:
      return fail('database/no-column', { message, position: null })
    case 1969:
    case 3024:
      return fail('database/statement-timeout', { server, seconds: options.statementTimeout / 1000 })
    case 1205:
    case 1213:
      return fail('database/busy', { server })
    case 1053:
    case 1317:
    case 1927:
    case 2006:
    case 2013:
    case 4031:
      return fail('database/connection-lost', { server })
  }
  return isQuery
    ? fail('database/statement', { message, position: line })
    : fail('database/server', { server, message })
}
