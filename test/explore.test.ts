/** The explorer on a real terminal, by keys. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addSuppression } from '../src/config/add-suppression.ts'
import { missingTerminal, Terminal } from './terminal.ts'

const cli = fileURLToPath(new URL('../bin/omniparity.js', import.meta.url))
const skipped = missingTerminal()

const CONFIG = `version: 1
project: Calzados Sol
market: ES
currency: EUR
suppressions: suppressions.yaml
authority: {catalog: tienda, price: tienda}
channels:
  tienda: {kind: store, includes_tax: true, sources: [{platform: csv, path: tienda.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`

function csv(priceOf: (at: number) => string): string {
  const rows = Array.from({ length: 40 }, (_, at) => `A-${at},${at === 7 ? '=EVIL()' : `Zapato ${at}`},${priceOf(at)}`)
  return `sku,title,price\n${rows.join('\n')}\n`
}

function omniparity(cwd: string, ...words: readonly string[]): string {
  return execFileSync(process.execPath, [cli, ...words], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

describe.skipIf(skipped !== null)(`explore${skipped === null ? '' : ` (${skipped})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniparity-explore-'))
  const suppressions = join(folder, 'suppressions.yaml')
  let terminal: Terminal | null = null

  beforeAll(() => {
    writeFileSync(join(folder, 'omniparity.yaml'), CONFIG)
    writeFileSync(suppressions, '# what we live with\nversion: 1\nsuppressions: []\n')
    writeFileSync(
      join(folder, 'tienda.csv'),
      csv((at) => `${20 + at}.00`),
    )
    writeFileSync(
      join(folder, 'web.csv'),
      csv((at) => (at < 30 ? `${21 + at}.50` : `${20 + at}.00`)),
    )
    omniparity(folder, 'audit', '--fail-on', 'never', '--quiet')
  })

  afterEach(() => terminal?.close())
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const start = (width?: number, height?: number, words = ''): Terminal => {
    terminal = new Terminal(`${process.execPath} ${cli} explore ${words} --locale en`, folder, width, height)
    return terminal
  }

  it('goes from rules to findings to one finding and back, and leaves the terminal as it was', async () => {
    const screen = start()
    const first = await screen.see(/Causes and rules \d+ of \d+/)
    expect(first).toMatch(/Calzados Sol · as of/)
    expect(first).toMatch(/All findings/)
    await screen.press('Down', 'Enter')
    await screen.see(/error .*A-0/)
    await screen.press('Enter')
    const one = await screen.see(/tienda \*/)
    expect(one).toMatch(/price\.regular +.*20\.00 +.*21\.50/)
    expect(one).toMatch(/record 1, line 2/)
    await screen.press('Right')
    await screen.see(/Finding 2 of \d+/)
    await screen.press('Escape', 'Escape')
    await screen.see(/Causes and rules/)
    await screen.press('q')
    const after = await screen.see(/STATUS=0/)
    expect(after).not.toMatch(/Causes and rules/)
  })

  it('filters as one types', async () => {
    const screen = start()
    await screen.see(/Causes and rules/)
    await screen.press('f')
    await screen.see(/All findings \d+ of/)
    await screen.press('/', 'e', 'v', 'i', 'l')
    expect(await screen.see(/1 of \d+ filter: evil/)).toMatch(/=EVIL\(\)/)
    await screen.press('x')
    await screen.see(/Nothing matches/)
    await screen.press('Escape')
    await screen.see(/All findings (\d+) of \1\b/)
  })

  it('writes a decision into the file of suppressions, and leaves what stands there', async () => {
    const screen = start()
    await screen.see(/Causes and rules/)
    await screen.press('Down', 'Enter')
    await screen.see(/A-0/)
    await screen.press('s')
    await screen.see(/Suppress this finding/)
    await screen.press('Right', 'Enter', 'Enter')
    await screen.see(/reason: needed/)
    await screen.press('outlet')
    await screen.press('Enter')
    for (let at = 0; at < 12; at++) await screen.press('BSpace')
    await screen.press('ana', 'Enter', 'Enter')
    await screen.see(/Written to suppressions\.yaml/)
    const text = readFileSync(suppressions, 'utf8')
    expect(text).toMatch(/^# what we live with\nversion: 1\n/)
    expect(text).toMatch(/# price\/differs-across-channels · A-0/)
    expect(text).toMatch(/reason: outlet\n\s+owner: ana\n\s+expires: \d{4}-\d{2}-\d{2}/)
    omniparity(folder, 'audit', '--fail-on', 'never', '--quiet', '--format', 'json=r.json')
    expect((JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as { totals: object }).totals).toMatchObject({
      suppressed: 1,
    })
  })

  it('marks findings for the plan', async () => {
    const screen = start()
    await screen.see(/Causes and rules/)
    await screen.press('f')
    await screen.see(/All findings \d+ of/)
    await screen.press('Down', 'Down', 'Down', 'p')
    await screen.see(/1 marked for the plan/)
    await screen.press('Down', 'p')
    expect(await screen.see(/2 marked for the plan/)).toMatch(/● error/)
    const marks = JSON.parse(readFileSync(join(folder, '.omniparity/marks.json'), 'utf8')) as { findings: string[] }
    expect(marks.findings).toHaveLength(2)
    omniparity(folder, 'plan', '--marked', '--allow-many-rows', '--output', 'plan', '--quiet')
    const plan = JSON.parse(readFileSync(join(folder, 'plan/plan.json'), 'utf8')) as {
      changes: { because: string[] }[]
    }
    expect(plan.changes.flatMap(({ because }) => because).sort()).toEqual([...marks.findings].sort())
  })

  it('follows the size of the terminal', async () => {
    const screen = start(120, 40)
    await screen.see(/q quit/)
    screen.resize(60, 12)
    const small = await screen.see(/All findings[^\n]*findings\n/)
    expect(small.split('\n').every((line) => [...line].length <= 60)).toBe(true)
    screen.resize(30, 6)
    await screen.see(/too small/)
    screen.resize(80, 24)
    await screen.see(/Causes and rules/)
  })

  it('says what it needs without a terminal', () => {
    let status: number | null = 0
    let text = ''
    try {
      omniparity(folder, 'explore', '--locale', 'en')
    } catch (error) {
      ;({ status, stderr: text } = error as { status: number | null; stderr: string })
    }
    expect(status).toBe(2)
    expect(text).toMatch(/needs a terminal/)
  })
})

describe('a suppression that cannot be added', () => {
  it('leaves the file as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omniparity-suppress-'))
    const path = join(folder, 'suppressions.yaml')
    writeFileSync(path, 'version: 1\nsuppressions: []\n')
    const entry = {
      finding: 'f',
      status: 'accepted' as const,
      reason: 'r',
      owner: 'o',
      expires: '2030-01-01',
      comment: 'c',
    }
    await expect(addSuppression(path, 'suppressions.yaml', entry, new Date('2026-11-22'))).rejects.toThrow()
    expect(readFileSync(path, 'utf8')).toBe('version: 1\nsuppressions: []\n')
    rmSync(folder, { recursive: true, force: true })
  })
})
