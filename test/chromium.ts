/** A real browser for tests of the report page. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Why no browser can run here, or null. With OMNIPARITY_REQUIRE=1 a missing one fails the tests instead of skipping them. */
export function missingBrowser(): string | null {
  if (browserPath() !== undefined) return null
  const reason = 'skipped: no Chromium (Debian: chromium; another place: CHROMIUM=/path)'
  if (process.env['OMNIPARITY_REQUIRE'] === '1') throw new Error(reason)
  return reason
}

function browserPath(): string | undefined {
  return PLACES.find((path): path is string => path !== undefined && existsSync(path))
}

export async function startBrowser(): Promise<Browser> {
  const executablePath = browserPath()
  if (executablePath === undefined) throw new Error('no Chromium')
  // The sandbox of Chromium needs rights that containers do not give; the page is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
