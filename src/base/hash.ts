import { hash } from 'node:crypto'

/** SHA-256 of a text, hex. */
export function sha256(text: string): string {
  return hash('sha256', text)
}

/** Short id of parts that together name something: the first 20 hex digits of their hash. */
export function fingerprint(...parts: readonly (string | null)[]): string {
  return sha256(parts.map((part) => part ?? '').join('\u001f')).slice(0, 20)
}
