/** Properties of what reading makes of cells: money, GTINs, and moments around changes of the clock. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engine/duckdb.ts'
import { type Engine, literal, type SqlRow } from '../../src/engine/engine.ts'
import { createMacros } from '../../src/ingest/macros.ts'
import { type DecimalMark, type Normaliser, normalise } from '../../src/ingest/normalise.ts'

let engine: Engine
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'omniparity-normalisers-'))
  engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
  await createMacros(engine)
})
afterAll(async () => {
  await engine.close()
  rmSync(dir, { recursive: true, force: true })
})

/** One row for each text, with the columns. */
function read(texts: readonly string[], columns: readonly string[]): Promise<readonly SqlRow[]> {
  const values = texts.map((text, index) => `(${index}, ${literal(text)})`)
  return engine.rows(`SELECT ${columns.join(', ')} FROM (VALUES ${values.join(', ')}) t(n, x) ORDER BY n`)
}

function reading(normaliser: Normaliser, decimal: DecimalMark, zone = 'UTC'): string {
  return normalise(normaliser, 'x', { decimal, dates: 'ymd', zone, vocabulary: {} })
}

/** An amount in millionths, and a way in which somebody writes it. */
interface Written {
  readonly text: string
  readonly amount: bigint
  readonly mark: '.' | ','
}

const written: fc.Arbitrary<Written> = fc
  .record({
    whole: fc.oneof(fc.nat(9999).map(BigInt), fc.bigInt({ min: 0n, max: 999_999_999_999n })),
    places: fc.integer({ min: 0, max: 6 }),
    digits: fc.nat(999_999),
    negative: fc.constantFrom('', '', '', 'front', 'back', 'brackets'),
    mark: fc.constantFrom<'.' | ','>('.', ','),
    group: fc.constantFrom('', 'mark', ' ', '\u00a0', '\u202f', "'"),
    currency: fc.constantFrom('', '€', '$', 'EUR', 'usd', 'US$'),
    before: fc.boolean(),
    blank: fc.constantFrom('', ' ', '\u00a0'),
  })
  .map(({ whole, places, digits, negative, mark, group, currency, before, blank }) => {
    const fraction = String(digits).padStart(6, '0').slice(0, places)
    const separator = group === 'mark' ? (mark === '.' ? ',' : '.') : group
    const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, separator)
    const number = `${grouped}${places === 0 ? '' : `${mark}${fraction}`}`
    const priced = currency === '' ? number : before ? `${currency}${blank}${number}` : `${number}${blank}${currency}`
    const signs: Readonly<Record<string, string>> = { front: `-${priced}`, back: `${priced}-`, brackets: `(${priced})` }
    const size = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
    return { text: signs[negative] ?? priced, amount: negative === '' ? size : -size, mark }
  })

function millionths(value: unknown): bigint | null {
  if (value === null) return null
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? []
  const size = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  return sign === '' ? size : -size
}

describe('money', () => {
  it.each(['.', ','] as const)('is read exactly in a column with the mark %s, or refused', async (mark) => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 50, maxLength: 100 }), async (amounts) => {
        const own = amounts.filter((one) => one.mark === mark)
        fc.pre(own.length > 0)
        const found = await read(
          own.map(({ text }) => text),
          [`(${reading('money', mark)})::VARCHAR AS v`],
        )
        for (const [index, { text, amount }] of own.entries()) {
          const value = millionths(found[index]?.['v'] ?? null)
          if (value !== null) expect(value, JSON.stringify(text)).toBe(amount)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('is never read wrong in a column of which nobody knows the mark', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 50, maxLength: 100 }), async (amounts) => {
        const found = await read(
          amounts.map(({ text }) => text),
          [`(${reading('money', 'open')})::VARCHAR AS v`],
        )
        for (const [index, { text, amount }] of amounts.entries()) {
          const value = millionths(found[index]?.['v'] ?? null)
          if (value !== null) expect(value, JSON.stringify(text)).toBe(amount)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('as most shops write it is read, not refused', async () => {
    const plain = written.filter(({ text }) => /^-?[\d.,]+( ?(€|EUR))?$/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 30, maxLength: 60 }), async (amounts) => {
        const columns = [`(${reading('money', '.')})::VARCHAR AS dot`, `(${reading('money', ',')})::VARCHAR AS comma`]
        const found = await read(
          amounts.map(({ text }) => text),
          columns,
        )
        for (const [index, { text, amount, mark }] of amounts.entries()) {
          expect(millionths(found[index]?.[mark === '.' ? 'dot' : 'comma'] ?? null), text).toBe(amount)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('a sign alone is no number, whatever blanks are around it', async () => {
    const texts = ['-', '+', '- ', ' - ', '+ ', ' +  ', '-\t', '-\u00a0', '.', '. ', ', ', '- €', '-.', '(-)']
    const marks = (['.', ',', 'open'] as const).map((mark, at) => `${reading('money', mark)} AS v${at}`)
    const found = await read(texts, marks)
    expect(found.map((row, index) => [texts[index], ...Object.values(row)])).toEqual(
      texts.map((text) => [text, null, null, null]),
    )
  })

  it('text without a number in it is no number', async () => {
    const words = fc.string({ maxLength: 12 }).filter((text) => !/\d/.test(text) && !text.includes('\u0000'))
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 30, maxLength: 60 }), async (texts) => {
        const found = await read(
          texts,
          (['.', ',', 'open'] as const).map((mark, at) => `${reading('money', mark)} AS v${at}`),
        )
        for (const row of found)
          expect(Object.values(row).every((value) => value === null || Number.isNaN(Number(value)))).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})

/** The last digit that makes a code whole: weights 3 and 1 from the right (GS1 General Specifications 7.9). */
function checkDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}

function isWhole(code: string): boolean {
  return /^(\d{8}|\d{12}|\d{13}|\d{14})$/.test(code) && checkDigit(code.slice(0, -1)) === code.slice(-1)
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((list) => list.join(''))
const whole = fc
  .constantFrom(7, 11, 12, 13)
  .chain(digits)
  .map((body) => body + checkDigit(body))
const codes = fc.oneof(
  whole,
  whole,
  fc.tuple(whole, fc.nat(13), fc.nat(9)).map(([code, at, digit]) => code.slice(0, at) + digit + code.slice(at + 1)),
  fc.integer({ min: 1, max: 16 }).chain(digits),
  fc.string({ unit: fc.constantFrom(...'0123456789eE.+-_ ٣x'), minLength: 1, maxLength: 14 }),
)

describe('a GTIN', () => {
  // Step by step, as reading does it: the engine would compute what two columns share once for each.
  const steps = [
    'SELECT i, op_gtin(x) AS g FROM (%)',
    'SELECT *, try_cast(g AS BIGINT) AS n FROM (%)',
    'SELECT *, op_ean(g, n) AS fast, op_digits(g) AS d FROM (%)',
    'SELECT *, op_gtin_state(g, d) AS state FROM (%)',
    'SELECT g, n::VARCHAR AS n, fast, state, op_gtin14(g, d, state)::VARCHAR AS gtin14 FROM (%) ORDER BY i',
  ]

  it('is in order when its check digit is, by an implementation of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(codes, { minLength: 100, maxLength: 200 }), async (texts) => {
        const values = texts.map((text, index) => `(${index}, ${literal(text)})`)
        const given = `SELECT * FROM (VALUES ${values.join(', ')}) t(i, x)`
        const found = await engine.rows(steps.reduce((inner, step) => step.replace('%', () => inner), given))
        for (const { g, fast, state, gtin14, n } of found) {
          const code = String(g)
          const told = `${code} is ${state}`
          if (state === 'ok' || state === 'restricted') expect(isWhole(code), told).toBe(true)
          if (isWhole(code)) expect(['ok', 'restricted', 'placeholder'], told).toContain(state)
          if (state === 'ok' || state === 'restricted') expect(BigInt(String(gtin14)), told).toBe(BigInt(code))
          if (state === 'check_digit') expect(isWhole(code), told).toBe(false)
          // The short way never says yes where the long one does not.
          if (fast === true) expect([state, gtin14], told).toEqual(['ok', n])
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('a GTIN that a spreadsheet took for a number', () => {
  const thousands = (code: string, mark: string): string => code.replaceAll(/\B(?=(\d{3})+$)/g, mark)
  const ways: readonly ((code: string) => string)[] = [
    (code) => `${code}.0`,
    (code) => `${code},00`,
    (code) => thousands(code, '.'),
    (code) => thousands(code, ','),
    (code) => `${thousands(code, '.')},0`,
    (code) => ` ${thousands(code, ',')}.00 `,
  ]
  const gtins = async (texts: readonly string[]): Promise<readonly unknown[]> =>
    (
      await engine.rows(
        `SELECT op_gtin(x) AS g FROM (VALUES ${texts.map((text, index) => `(${index}, ${literal(text)})`).join(', ')}) t(i, x) ORDER BY i`,
      )
    ).map(({ g }) => g)

  it('is the code where its digits are one', async () => {
    const written = fc.tuple(whole, fc.constantFrom(...ways))
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 40, maxLength: 80 }), async (given) => {
        expect(await gtins(given.map(([code, write]) => write(code)))).toEqual(given.map(([code]) => code))
      }),
      { numRuns: 20 },
    )
  })

  it('stays as it stands where its digits are none, or the marks are no thousands', async () => {
    const texts = [
      '8412345100009.0',
      '8412345100000.5',
      '84.12.345.100.000',
      '8.412,345.100.000',
      '8.412.345.100.000.0',
      '1.234',
    ]
    expect(await gtins(texts)).toEqual(texts)
  })

  it('is none where a word says so', async () => {
    const none = ['-', '--', 'SIN EAN', 'Sin código', 'N/A', 'n/d', 'no tiene', 'S/N', "'-"]
    expect(await gtins(none)).toEqual(none.map(() => null))
    expect(await gtins(['0', 'pendiente', '0000000000000'])).toEqual(['0', 'pendiente', '0000000000000'])
  })
})

const ZONES = [
  'Europe/Madrid',
  'Atlantic/Canary',
  'America/New_York',
  'America/Santiago',
  'Asia/Jerusalem',
  'Australia/Lord_Howe',
  'UTC',
]
const MINUTE = 60_000

const formats = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
)

/** Every instant at which clocks of the zone show the time, found by trying. */
function instantsOf(local: string, zone: string): readonly number[] {
  const base = Date.parse(`${local.replace(' ', 'T')}Z`)
  const tries = Array.from({ length: 28 * 2 + 1 }, (_, index) => base + (index - 28) * 30 * MINUTE)
  return tries.filter((at) => formats.get(zone)?.format(at) === local)
}

/** Mostly in the weeks in which clocks change somewhere. */
const moments = fc
  .tuple(
    fc.constantFrom(
      '2026-03-08',
      '2026-03-27',
      '2026-03-29',
      '2026-04-05',
      '2026-09-06',
      '2026-10-04',
      '2026-10-25',
      '2026-11-01',
      '2026-07-15',
    ),
    fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
  )
  .map(([day, minutes]) =>
    new Date(Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE).toISOString().slice(0, 19).replace('T', ' '),
  )

function time(value: unknown): number | null {
  return value === null || value === undefined ? null : Date.parse(String(value))
}

describe('a moment without an offset', () => {
  it('is that of the clocks of its zone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZONES),
        fc.array(moments, { minLength: 30, maxLength: 60 }),
        async (zone, list) => {
          const found = await read(list, [`${reading('instant', '.', zone)} AS v`])
          for (const [index, local] of list.entries()) {
            const at = time(found[index]?.['v'])
            const possible = instantsOf(local, zone)
            // An hour that clocks leave out is taken for the one before or behind it.
            if (possible.length > 0) expect(possible, `${local} in ${zone}`).toContain(at)
            else expect(at, `${local} in ${zone}`).not.toBeNull()
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it.each([
    ['22.11.2026 14:30', '2026-11-22T14:30:00Z'],
    ['22.11.2026 14:30:05', '2026-11-22T14:30:05Z'],
    ['22/11/2026 9:05', '2026-11-22T09:05:00Z'],
    ['22/11/2026, 14:30:05', '2026-11-22T14:30:05Z'],
    ['22-11-2026 02:30 PM', '2026-11-22T14:30:00Z'],
    ['22.11.26 14:30', '2026-11-22T14:30:00Z'],
    ['22/11/26 14:30:05', '2026-11-22T14:30:05Z'],
    ['22/11/98', '1998-11-22T00:00:00Z'],
    ['22/11/126', null],
    ['31.02.2026 10:00', null],
    ['22.11.2026 25:00', null],
  ])('with the day first: %s', async (text, at) => {
    const notation = { decimal: '.', dates: 'dmy', zone: 'UTC', vocabulary: {} } as const
    const [found] = await read([text], [`${normalise('instant', 'x', notation)} AS v`])
    expect(time(found?.['v'])).toBe(at === null ? null : Date.parse(at))
  })

  it('with an offset is the same everywhere', async () => {
    const offsets = fc.integer({ min: -14 * 4, max: 14 * 4 }).map((quarters) => quarters * 15)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZONES),
        fc.array(fc.tuple(moments, offsets), { minLength: 20, maxLength: 40 }),
        async (zone, list) => {
          const texts = list.map(([local, minutes]) => {
            const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
            return `${local.replace(' ', 'T')}${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
          })
          const found = await read(texts, [`${reading('instant', '.', zone)} AS v`])
          for (const [index, text] of texts.entries()) expect(time(found[index]?.['v']), text).toBe(Date.parse(text))
        },
      ),
      { numRuns: 20 },
    )
  })

  it('a date as an end is that whole day, however long the day is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZONES),
        fc.array(moments, { minLength: 20, maxLength: 40 }),
        async (zone, list) => {
          const days = list.map((local) => local.slice(0, 10))
          const next = days.map((day) =>
            new Date(Date.parse(`${day}T00:00:00Z`) + 1440 * MINUTE).toISOString().slice(0, 10),
          )
          const ends = await read(days, [
            `${reading('date_end', '.', zone)} AS v`,
            `${reading('instant', '.', zone)} AS s`,
          ])
          const starts = await read(next, [`${reading('instant', '.', zone)} AS v`])
          for (const [index, day] of days.entries()) {
            const [start, end] = [time(ends[index]?.['s']) ?? 0, time(ends[index]?.['v']) ?? 0]
            expect(end, `${day} in ${zone}`).toBe(time(starts[index]?.['v']))
            expect([23, 23.5, 24, 24.5, 25], `${day} in ${zone}`).toContain((end - start) / (60 * MINUTE))
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})
