/** Makes the pictures of the README from the demo: `node .ci/pictures.js`. Needs Chromium and tmux. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const bin = here('../bin/omniparity.js')
const folder = mkdtempSync(join(tmpdir(), 'omniparity-pictures-'))
const AS_OF = '2026-11-22T08:00:00Z'
const COLOURS = ['#3b4252', '#d05c63', '#8fbf7a', '#e0b95f', '#6f9fd8', '#b48ead', '#7cc4d1', '#d8dee9']

/** Text with the escapes of a terminal as HTML. */
function html(/** @type {string} */ text) {
  let open = ''
  const span = (/** @type {number[]} */ codes) => {
    const styles = codes.flatMap((code) => {
      if (code === 1) return ['font-weight:700']
      if (code === 2) return ['opacity:.6']
      if (code === 7) return ['background:#d8dee9;color:#1f2430']
      if (code >= 30 && code <= 37) return [`color:${COLOURS[code - 30]}`]
      if (code >= 90 && code <= 97) return [`color:${COLOURS[code - 90]}`]
      return []
    })
    return styles.length === 0 ? '' : `<span style="${styles.join(';')}">`
  }
  const active = new Set()
  const body = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\u001b\[([\d;]*)m/g, (_, list) => {
      for (const code of (list || '0').split(';').map(Number)) {
        const ends = (/** @type {(one: number) => boolean} */ is) => {
          for (const one of [...active]) if (is(one)) active.delete(one)
        }
        if (code === 0) active.clear()
        else if (code === 22) ends((one) => one === 1 || one === 2)
        else if (code === 27) ends((one) => one === 7)
        else if (code === 39) ends((one) => one >= 30)
        else if (code !== 49) active.add(code)
      }
      const end = open === '' ? '' : '</span>'
      open = span([...active].filter((code) => code > 0 && code < 98))
      return end + open
    })
  return `<!doctype html><meta charset="utf-8"><body style="margin:0;background:#1f2430;color:#d8dee9;padding:16px;display:inline-block"><pre style="margin:0;font:14px/1.35 'DejaVu Sans Mono',monospace">${body}</pre>`
}

/** @param {string} name @param {string} text */
async function terminal(name, text) {
  const file = join(folder, `${name}.html`)
  writeFileSync(file, html(text))
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, deviceScaleFactor: 1.5 })
  await page.goto(pathToFileURL(file).href)
  await page.locator('body').screenshot({ path: here(`../.github/images/${name}.png`) })
  await page.close()
}

/** @param {readonly string[]} words */
const tmux = (...words) => spawnSync('tmux', ['-L', 'pictures', ...words], { encoding: 'utf8' }).stdout
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
try {
  const demo = join(folder, 'demo')
  execFileSync(process.execPath, [bin, 'demo', demo, '--fail-on', 'never', '--quiet'])
  const audit = [bin, 'audit', '--as-of', AS_OF, '--fail-on', 'never', '--quiet', '--locale', 'en']
  const report = join(folder, 'report.html')
  const env = { ...process.env, FORCE_COLOR: '1' }
  const shown = execFileSync(process.execPath, [...audit, '--max-findings', '2', '--format', 'pretty'], {
    cwd: demo,
    env,
    encoding: 'utf8',
  })
  execFileSync(process.execPath, [...audit, '--format', `html=${report}`], { cwd: demo })
  const lines = shown.split('\n')
  const findings = lines.findIndex((line) => line.includes('Findings'))
  await terminal('terminal', lines.slice(Math.max(0, findings), findings + 34).join('\n'))

  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await page.goto(pathToFileURL(report).href)
  await page.screenshot({ path: here('../.github/images/page.png') })
  await page.goto(`${pathToFileURL(report).href}#findings`)
  await page.locator('main:visible .rows .row').nth(2).click()
  await page.screenshot({ path: here('../.github/images/finding.png') })
  await page.close()

  const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CI|CI_.*|NO_COLOR)$/.test(name)))
  const command = `${process.execPath} ${bin} explore --locale en`
  const options = ['-x', '100', '-y', '28', '-c', demo]
  spawnSync('tmux', ['-L', 'pictures', '-f', '/dev/null', 'new-session', '-d', '-s', 'one', ...options, command], {
    env: plain,
  })
  await pause(4000)
  tmux('send-keys', '-t', 'one', 'f')
  await pause(500)
  tmux('send-keys', '-t', 'one', 'Down')
  await pause(500)
  tmux('send-keys', '-t', 'one', 'Enter')
  await pause(1500)
  await terminal('explorer', tmux('capture-pane', '-e', '-p', '-t', 'one'))
} finally {
  tmux('kill-server')
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
