import { readFileSync } from 'node:fs'

/** Version of the package, read when it is asked for: a start must not pay for it. */
export function toolVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
