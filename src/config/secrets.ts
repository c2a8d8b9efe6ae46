import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts'
import { type ConfigDocument, type Path, pathText } from './document.ts'

const SECRET_KEY = /(^|_|-)(token|password|passwd|passphrase|secret|credentials?|key)$|^(pwd|apikey|accesstoken)$/i
const URL_WITH_CREDENTIALS = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^/?#@]*@/i

/** Blocks whose keys are words of the user: a column may be called "key". */
const FREE_KEYS: ReadonlySet<string> = new Set([
  'map',
  'vocabulary',
  'status_map',
  'params',
  'locations',
  'rules',
  'channels',
])

/** Places where a secret stands in plain text. The secret is in no message. */
export function literalSecrets(
  document: ConfigDocument,
): readonly { readonly path: string; readonly problem: Diagnostic }[] {
  const found: { path: string; problem: Diagnostic }[] = []
  const visited = new Set<object>()
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === 'object' && value !== null) {
      if (visited.has(value)) return
      visited.add(value)
      const parts = Array.isArray(value) ? value.entries() : Object.entries(value)
      for (const [part, inner] of parts) walk(inner, [...path, part])
      return
    }
    if (isSecret(value, path)) {
      const key = pathText(path)
      found.push({ path: key, problem: diagnose('config/literal-secret', { key }, document.place(path)) })
    }
  }
  walk(document.data, [])
  return found
}

function isSecret(value: unknown, path: Path): boolean {
  if (typeof value === 'string' && URL_WITH_CREDENTIALS.test(value)) return true
  if (typeof value !== 'string' && typeof value !== 'number') return false
  const key = path.at(-1)
  const block = path.at(-2)
  const isFree = typeof block === 'string' && FREE_KEYS.has(block)
  return typeof key === 'string' && !isFree && SECRET_KEY.test(key)
}
