/** Files of several groups of rows: pieces are made to fit, and rows stay in the order of the file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDuckDB } from '../src/engine/duckdb.ts'
import { openFile } from '../src/ingest/read/open.ts'

const RECORDS = 300_000
const USUAL_LINE_BYTES = 2_097_152

it('reads a large file in pieces of whole groups of rows, in its order', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'omniparity-pieces-'))
  const engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 2 })
  try {
    const path = join(dir, 'large.csv')
    const records = Array.from({ length: RECORDS }, (_, index) => `${index},${'x'.repeat(70)},${index % 7}.50`)
    writeFileSync(path, `sku,title,price\n${records.join('\n')}\n`)
    const options = { path, shown: 'large.csv', encoding: null, tempDir: dir, engine, maxBadShare: 0.2 }
    const [file] = await openFile(options)
    expect(Number(/max_line_size=(\d+)/.exec(file?.relation ?? '')?.[1])).toBeGreaterThan(USUAL_LINE_BYTES)
    await engine.createInOrder('large', `SELECT * FROM ${file?.relation}`)
    const counted = await engine.rows(
      'SELECT count(*) AS records, count(*) FILTER (rowid <> c0::BIGINT) AS moved FROM large',
    )
    expect(counted).toEqual([{ records: RECORDS, moved: 0 }])
    await file?.close()
  } finally {
    await engine.close()
    rmSync(dir, { recursive: true, force: true })
  }
})
