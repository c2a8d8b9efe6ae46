/** Channels whose articles are in no other channel: nothing was compared, and every report a person reads says so. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildIfStale, runProgram } from './cli-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'omniparity-unlinked-'))
const shop = 'sku,title,price,currency,stock\nZX-900,Straw hat,30.00,EUR,1\nZX-901,Wool cap,12.00,EUR,3\n'

beforeAll(() => {
  buildIfStale()
  writeFileSync(join(folder, 'store.csv'), 'code,name,price,stock\nA1,Linen shirt,10.00,5\nA2,Canvas shoe,20.00,0\n')
  writeFileSync(join(folder, 'web.csv'), shop)
  writeFileSync(join(folder, 'market.csv'), shop)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The report as one line: where a sentence is broken depends on the width. */
function audited(files: readonly string[], ...options: readonly string[]): string {
  const { stdout, status } = runProgram(['audit', ...files, ...options], { cwd: folder })
  expect(status).toBe(0)
  return stdout.replaceAll(/\s+/g, ' ')
}

describe('a channel without a link', () => {
  it('is named with what to do, in the terminal', () => {
    const report = audited(['store.csv', 'web.csv', 'market.csv'], '--format', 'pretty')
    expect(report).toContain(
      'No listing of store is linked to one of another channel, so nothing of them was compared.',
    )
    expect(report).toContain('list the pairs in a crosswalk under identity:')
  })

  it('is named in Spanish', () => {
    const report = audited(['store.csv', 'web.csv'], '--format', 'markdown', '--locale', 'es')
    expect(report).toContain('Ninguna ficha de store, web está vinculada con las de otro canal')
  })

  it('is named in the page', () => {
    audited(['store.csv', 'web.csv', 'market.csv'], '--format', 'html=report.html')
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('No listing of store is linked')
  })

  it('is not spoken of where articles are linked, nor where there is one channel', () => {
    expect(audited(['web.csv', 'market.csv'], '--format', 'pretty')).not.toContain('is linked to one of another')
    expect(audited(['store.csv'], '--format', 'pretty')).not.toContain('is linked to one of another')
  })
})
