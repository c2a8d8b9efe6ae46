/** `plan --interactive` on a real terminal, by keys. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { missingTerminal, Terminal } from './terminal.ts'

const cli = fileURLToPath(new URL('../bin/omniparity.js', import.meta.url))
const skipped = missingTerminal()

const CONFIG = `version: 1
project: Calzados Sol
market: ES
currency: EUR
authority: {catalog: tienda, price: tienda}
channels:
  tienda: {kind: store, includes_tax: true, sources: [{platform: csv, path: tienda.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`

interface Planned {
  readonly changes: readonly { readonly target: { readonly sku: string }; readonly after: string }[]
}

describe.skipIf(skipped !== null)(`a plan walked through${skipped === null ? '' : ` (${skipped})`}`, () => {
  let folder = ''
  let terminal: Terminal

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'omniparity-review-'))
    writeFileSync(join(folder, 'omniparity.yaml'), CONFIG)
    const csv = (extra: number): string =>
      `sku,title,price\n${['A', 'B', 'C'].map((sku, at) => `${sku},Zapato ${sku},${20 + at + extra}.00`).join('\n')}\n`
    writeFileSync(join(folder, 'tienda.csv'), csv(0))
    writeFileSync(join(folder, 'web.csv'), csv(1))
    const words = 'plan --interactive --allow-many-rows --output plan --locale en'
    terminal = new Terminal(`${process.execPath} ${cli} ${words}`, folder, 100, 30)
  })

  afterEach(() => {
    terminal.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const planned = (): readonly string[] => {
    const plan = JSON.parse(readFileSync(join(folder, 'plan/plan.json'), 'utf8')) as Planned
    return plan.changes.map(({ target, after }) => `${target.sku} ${after}`).sort()
  }

  it('takes what is accepted, leaves what is rejected, and writes another value', async () => {
    await terminal.see(/A · Zapato A/)
    await terminal.press('r')
    await terminal.see(/B · Zapato B/)
    await terminal.press('e', 'BSpace', 'BSpace', 'BSpace', 'BSpace', 'BSpace', 'x', 'Enter')
    await terminal.see(/x/)
    await terminal.press('BSpace', '19.50', 'Enter')
    await terminal.see(/C · Zapato C/)
    await terminal.press('a')
    await terminal.see(/STATUS=0/)
    expect(planned()).toEqual(['B 19.50', 'C 22.00'])
  })

  it('gives every key to the change that is shown when it comes', async () => {
    await terminal.see(/A · Zapato A/)
    await terminal.press('raa')
    await terminal.see(/STATUS=0/)
    expect(planned()).toEqual(['B 21.00', 'C 22.00'])
  })

  it('writes nothing when the person leaves', async () => {
    await terminal.see(/A · Zapato A/)
    await terminal.press('a', 'C-c')
    await terminal.see(/STATUS=130/)
    expect(existsSync(join(folder, 'plan'))).toBe(false)
  })
})
