/**
 * Adds to `package-lock.json` the optional binaries of other systems that the registry in use does not carry. `npm install` leaves
 * them out of the lock there, and `npm ci` then refuses the lock everywhere. Run it after `npm install`; it changes nothing when the
 * lock is complete. The entries have no checksum: npm never fetches them on the systems that the registry does carry.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(file, 'utf8'))
const SYSTEM =
  /(android|darwin|freebsd|linux|openharmony|win32)-(x64|arm64|arm|ia32|ppc64|riscv64|s390x)(?:-.*?(gnu|musl|msvc).*)?(?:-eabi)?$/

let added = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    const system = SYSTEM.exec(name)
    if (system === null || lock.packages[place] !== undefined || lock.packages[`${path}/${place}`] !== undefined)
      continue
    const [, os, cpu, abi] = system
    const libc = os === 'linux' && abi !== undefined ? { libc: [abi === 'musl' ? 'musl' : 'glibc'] } : {}
    lock.packages[place] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...libc,
      optional: true,
      os: [os],
    }
    added++
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries(sorted)
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} added\n`)
