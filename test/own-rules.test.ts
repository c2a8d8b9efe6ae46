/** Rules that a project writes itself, and `rules test`. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { Locale } from '../src/model/config.ts'
import { testRules } from '../src/ops/test-rules.ts'

const OWN = fileURLToPath(new URL('../fixtures/own-rules/', import.meta.url))

let dir: string | null = null
afterEach(async () => {
  if (dir !== null) await rm(dir, { recursive: true })
  dir = null
})

/** A copy of the rules with a text replaced in one of its files. */
async function changed(file: string, from: string, to: string): Promise<string> {
  dir = await mkdtemp(join(tmpdir(), 'omniparity-own-'))
  await cp(OWN, dir, { recursive: true })
  const text = await readFile(join(dir, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(dir, file), text.replace(from, to))
  return dir
}

async function told(
  folder: string,
  locale: Locale = 'en',
): Promise<{ readonly passed: boolean; readonly text: string }> {
  let text = ''
  const passed = await testRules({ dir: folder, configFile: null, cwd: tmpdir(), locale }, async (part) => {
    text += part
  })
  return { passed, text }
}

async function refused(folder: string): Promise<readonly string[]> {
  const error: unknown = await told(folder).catch((cause: unknown) => cause)
  if (!(error instanceof DiagnosticError)) throw new Error('the rules were not refused')
  return error.diagnostics.map(
    ({ code, where }) => `${code} ${where !== null && 'line' in where ? `${where.line}:${where.column}` : ''}`,
  )
}

describe('rules test', () => {
  it('passes where all cases do, and a case notices every parameter', async () => {
    const { passed, text } = await told(OWN)
    expect(text).toBe(await readFile(join(OWN, 'expected.txt'), 'utf8'))
    expect(passed).toBe(true)
  })

  it('says it in Spanish', async () => {
    const { text } = await told(OWN, 'es')
    expect(text).toContain('bien   los casos están completos')
    expect(text).toContain('0 mal')
  })

  it('shows what a case expects and what there is', async () => {
    const folder = await changed('fixtures/price/too-round/invalid.yaml', 'price.regular: 11', 'price.regular: 12')
    const { passed, text } = await told(folder)
    expect(passed).toBe(false)
    expect(text).toMatch(
      /FAIL {2}just above the least one\n\s+- expected .*€11.00 is round.*\n\s+\+ found .*€12.00 is round/,
    )
    expect(text).toMatch(/FAIL {2}a case notices least one step up/)
  })

  it('wants every rule to have cases', async () => {
    const folder = await changed('price/too-round.yaml', 'since:', 'formerly: [price/round]\nsince:')
    await rm(join(folder, 'fixtures/price/too-round'), { recursive: true })
    const { passed, text } = await told(folder)
    expect(passed).toBe(false)
    expect(text).toContain('no cases: write valid.yaml and invalid.yaml in')
  })

  it('wants Spanish messages to be Spanish', async () => {
    const folder = await changed(
      'price/too-round.yaml',
      'es: "{item}: {sides} es redondo"',
      'es: "{item}: {sides} is round"',
    )
    expect((await told(folder)).text).toContain('the Spanish message is not right')
  })

  it.each([
    ['fixtures/price/too-round/invalid.yaml', 'expect:', 'expects:', 'rules/unknown-key 3:3'],
    ['fixtures/price/too-round/invalid.yaml', 'price.regular: 11', 'price.regulr: 11', 'rules/unknown-field 2:47'],
    ['fixtures/price/too-round/invalid.yaml', 'channel: web, ', '', 'rules/bad-fixture 2:21'],
    ['fixtures/price/too-round/valid.yaml', 'name: cents', 'name: 3', 'rules/bad-fixture 4:9'],
    ['price/too-round.yaml', 'price.regular > $least', 'price.reglar > $least', 'rules/unknown-field 7:5'],
    ['price/too-round.yaml', 'kind: implies', 'kind: implys', 'rules/bad-value 5:7'],
    ['price/too-round.yaml', '> $least', '> $lest', 'rules/unknown-param 7:21'],
    ['price/too-round.yaml', 'round(price.regular, 0)', 'rund(price.regular, 0)', 'rules/unknown-function 8:24'],
    ['price/too-round.yaml', 'severity: warning', 'severty: warning', 'rules/unknown-key 4:1'],
    ['price/below-cost.yaml', 'FROM price', 'FROM prices', 'rules/bad-query 19:8'],
    ['price/below-cost.yaml', 'query: |', 'where: live\nquery: |', 'rules/unknown-key 14:1'],
  ])('points at what is wrong in %s: %s', async (file, from, to, place) => {
    expect(await refused(await changed(file, from, to))).toContain(place)
  })

  it('refuses cases of no rule, and cases that are not UTF-8', async () => {
    const folder = await changed('price/too-round.yaml', 'since:', 'since:')
    await cp(join(folder, 'fixtures/price/too-round'), join(folder, 'fixtures/price/too-rund'), { recursive: true })
    await writeFile(join(folder, 'fixtures/price/too-round/more.yaml'), '[]\n')
    await writeFile(join(folder, 'fixtures/price/too-round/notes.txt'), 'why\n')
    const stray = 'rules/stray-cases '
    expect(await refused(folder)).toEqual([stray, stray, stray])
    await writeFile(join(folder, 'fixtures/price/too-round/valid.yaml'), Buffer.from('- name: ñ\n', 'latin1'))
    expect(await refused(folder)).toEqual(['rules/unreadable '])
  })

  it('refuses a folder without rules, and files that no rule is in', async () => {
    expect(await refused(join(OWN, 'nothing'))).toEqual(['rules/none-found '])
    const folder = await changed('price/too-round.yaml', 'since:', 'since:')
    await writeFile(join(folder, 'price/Too_Round.yaml'), 'title: x\n')
    await writeFile(join(folder, 'lone.yaml'), 'title: x\n')
    expect(await refused(folder)).toEqual(['rules/bad-name ', 'rules/bad-name '])
  })
})
