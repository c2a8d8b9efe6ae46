/** Errors of drivers as diagnostics. What a server says is shown; users, passwords and addresses never are. */
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { Address } from './address.ts'
import type { DatabaseOptions } from './database.ts'

const CERTIFICATE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|CERT_[A-Z_]+|HOSTNAME_MISMATCH|ERR_TLS_[A-Z_]+|ERR_SSL_[A-Z_0-9]+|EPROTO)$/

/** Code of the system or of the driver: of the error, or of the first one that it collects. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0])
  return 'cause' in error ? codeOf(error.cause) : ''
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export interface Hidden {
  readonly address: Address
  readonly options: DatabaseOptions
}

/** Milliseconds that a server gets beyond its own time limit before it counts as gone. */
export const GRACE = 5000

/** Ends a wait for a server that says nothing any more; `refresh` where it has just said something. */
export function watch(options: DatabaseOptions, gone: (error: Error) => void): NodeJS.Timeout {
  return setTimeout(() => {
    gone(Object.assign(new Error('no answer'), { code: 'PROTOCOL_CONNECTION_LOST' }))
  }, options.statementTimeout + GRACE)
}

/** Takes what the address keeps secret out of a text that somebody else wrote. */
export function withoutSecrets(text: string, address: Address): string {
  if (address.dialect === 'sqlite') return text
  const secrets = [address.password, address.user].filter((secret) => secret !== null && secret.length > 0)
  const forms = secrets.flatMap((secret) => (secret === null ? [] : [secret, encodeURIComponent(secret)]))
  const line = text.split('\n')[0] ?? ''
  // A short user name such as "sa" would tear words apart; it is hidden where it stands as a word.
  return forms.reduce(
    (shown, secret) =>
      shown.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`, 'gu'), '***'),
    line,
  )
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** What every driver shares: names, sockets, certificates. Null for what only the driver knows. */
export function networkFailure(error: unknown, { address, options }: Hidden): DiagnosticError | null {
  const server = address.shown
  const code = codeOf(error)
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return fail('database/host-unknown', { server })
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'ENOENT':
      return fail('database/unreachable', { server })
    case 'ETIMEDOUT':
    case 'ETIMEOUT':
    case 'ESOCKETTIMEDOUT':
      return fail('database/connect-timeout', { server, seconds: options.connectTimeout / 1000 })
    case 'ECONNRESET':
    case 'EPIPE':
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ESOCKET_CLOSED':
      return fail('database/connection-lost', { server })
  }
  if (!CERTIFICATE.test(code)) return null
  return fail('database/tls', { server, reason: withoutSecrets(messageOf(error), address) })
}

/** Line and column of a character of a query, counted from 1: `line 2, column 5`. */
export function placeInQuery(sql: string, offset: number): string | null {
  if (!Number.isInteger(offset) || offset < 0 || offset > sql.length) return null
  const before = sql.slice(0, offset)
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`
}
