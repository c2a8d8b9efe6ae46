/** Properties of the shorter way to read cells that have no other blank than a space. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openDuckDB } from '../../src/engine/duckdb.ts'
import { literal } from '../../src/engine/engine.ts'
import { createMacros } from '../../src/ingest/macros.ts'
import { type Normaliser, normalise } from '../../src/ingest/normalise.ts'
import { BlankFinder } from '../../src/ingest/read/blanks.ts'

const BLANKS = ['\t', '\r', '\u00a0', '\u202f', '\u2007', '\ufeff']
const COMMAS = { delimiter: 44, quote: 34, newline: 10 } as const

function isSpaced(bytes: Buffer, cuts: readonly number[]): boolean {
  const finder = new BlankFinder()
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  // Each chunk is overwritten by the next one, as chunks of a file are.
  for (const [index, place] of places.slice(1).entries()) {
    const chunk = Buffer.from(bytes.subarray(places[index], place))
    finder.feed(chunk)
    chunk.fill(0)
  }
  return finder.onlySpaces(COMMAS, true, false)
}

const text = fc.stringMatching(/^[ -~¡-ʯ–—‘’“”€]{0,40}$/).filter((one) => !BLANKS.some((blank) => one.includes(blank)))

it('a blank is found wherever it stands and wherever chunks end', () => {
  const cuts = fc.array(fc.nat(200), { maxLength: 6 })
  fc.assert(
    fc.property(text, text, fc.constantFrom(...BLANKS), cuts, (before, after, blank, at) => {
      expect(isSpaced(Buffer.from(before + after), at)).toBe(true)
      expect(isSpaced(Buffer.from(before + blank + after), at)).toBe(false)
    }),
  )
})

it('line ends and tabs are no blanks of cells in files without quotes, and may be in others', () => {
  const found = (content: string, delimiter: number, someEndInLf: boolean): boolean => {
    const finder = new BlankFinder()
    finder.feed(Buffer.from(content))
    return finder.onlySpaces({ ...COMMAS, delimiter }, someEndInLf, false)
  }
  expect(found('a,b\r\nc,d\r\n', 44, false)).toBe(true)
  expect(found('a,b\r\nc,d\n', 44, true)).toBe(false)
  expect(found('a,"b"\r\nc,d\r\n', 44, false)).toBe(false)
  expect(found('a\tb\nc\td\n', 9, true)).toBe(true)
  expect(found('a\t"b"\nc\td\n', 9, true)).toBe(false)
})

it('cells without another blank than spaces are read alike', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'omniparity-blanks-'))
  const engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
  try {
    await createMacros(engine)
    const edge = fc.constantFrom('', ' ', "'", '=', '="', '-', '"', '\u00bf', '~')
    const cells = fc.array(
      fc.tuple(edge, text, edge).map((parts) => parts.join('')),
      { minLength: 50, maxLength: 100 },
    )
    const read = (normaliser: Normaliser, onlySpaces: boolean): string =>
      normalise(normaliser, 'x', { decimal: '.', dates: 'ymd', zone: 'UTC', vocabulary: {}, onlySpaces })
    await fc.assert(
      fc.asyncProperty(cells, async (list) => {
        const values = list.map((cell) => `(nullif(${literal(cell)}, ''))`)
        const differing = await engine.rows(
          `SELECT x FROM (VALUES ${values.join(', ')}) t(x) WHERE ${read('text', true)} IS DISTINCT FROM ${read('text', false)}
             OR ${read('key', true)} IS DISTINCT FROM ${read('key', false)}`,
        )
        expect(differing).toEqual([])
      }),
      { numRuns: 50 },
    )
  } finally {
    await engine.close()
    rmSync(dir, { recursive: true, force: true })
  }
})
