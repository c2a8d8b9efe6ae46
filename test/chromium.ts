/** A real browser for tests of the report page. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

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

/** Hostile titles stand in the listed findings of a page, and do nothing. */
export async function expectInert(page: Page): Promise<void> {
  const messages = await page.locator('main:visible .rows .message').allTextContents()
  expect(messages.some((text) => text.includes('<script>document.title'))).toBe(true)
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.evaluate(() => document.scripts.length)).toBe(2)
  expect(await page.evaluate(() => /[\u001b\u202e]/.test(document.documentElement.textContent ?? ''))).toBe(false)
}
