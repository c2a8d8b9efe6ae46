import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config/load.ts'
import { defaultConfig, fraction } from '../src/config/normalise.ts'
import { configJsonSchema } from '../src/config/schema.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../src/diagnostics/render.ts'
import type { Config } from '../src/model/config.ts'
import { loadPlatform } from '../src/platforms/registry.ts'

const fixtures = join(import.meta.dirname, '../fixtures/config')
const packs = () => ['core', 'recommended', 'strict']

function load(cwd: string, file: string | null = null): Promise<Config> {
  return loadConfig({ file, cwd, platform: loadPlatform, packs })
}

async function outcome(cwd: string): Promise<string> {
  try {
    const { file: _file, dir: _dir, sha256: _sha256, ...config } = await load(cwd)
    return `${JSON.stringify(config, null, 2)}\n`
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const render = (locale: 'en' | 'es'): string =>
      error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { locale, colour: false })).join('')
    return `${render('en')}\n${render('es')}`
  }
}

describe('a configuration', () => {
  for (const name of readdirSync(fixtures).sort()) {
    it(`of the case ${name} is read, or refused with all that is wrong`, async () => {
      const dir = join(fixtures, name)
      const expected = join(dir, 'expected.txt')
      const actual = await outcome(dir)
      if (process.env['UPDATE'] === '1') writeFileSync(expected, actual)
      expect(existsSync(expected), `${expected} is missing; run with UPDATE=1 and read it`).toBe(true)
      expect(actual).toBe(readFileSync(expected, 'utf8'))
      expect(actual, 'a message of the schema library shows').not.toMatch(/Invalid (input|option)|Unrecognized/)
      expect(actual, 'a secret is printed').not.toMatch(/abc123|pa55|998877/)
    })
  }
})

describe('the nearest configuration', () => {
  const dir = mkdtempSync(join(tmpdir(), 'omniparity-config-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  const minimal = readFileSync(join(fixtures, 'minimal/omniparity.yaml'), 'utf8')

  it('is looked for in the folders above', async () => {
    mkdirSync(join(dir, 'a/b/c'), { recursive: true })
    writeFileSync(join(dir, 'a/omniparity.yaml'), minimal)
    const config = await load(join(dir, 'a/b/c'))
    expect(config.file).toBe(join(dir, 'a/omniparity.yaml'))
    expect(config.dir).toBe(join(dir, 'a'))
  })

  it('is said to be missing with the folder where the search began', async () => {
    await expect(load(dir)).rejects.toThrow('config/not-found')
  })

  it('is refused when it is a folder, absent, or too large', async () => {
    await expect(load(dir, '.')).rejects.toThrow('config/unreadable')
    await expect(load(dir, 'absent.yaml')).rejects.toThrow('config/unreadable')
    writeFileSync(join(dir, 'huge.yaml'), `# ${'x'.repeat(3_000_000)}`)
    await expect(load(dir, 'huge.yaml')).rejects.toThrow('config/too-large')
  })
})

describe('the hash of a configuration', () => {
  const dir = mkdtempSync(join(tmpdir(), 'omniparity-config-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  async function hash(text: string): Promise<string> {
    writeFileSync(join(dir, 'omniparity.yaml'), text)
    return (await load(dir)).sha256
  }
  const channels = 'channels: {shop: {kind: store, sources: [{platform: csv, path: a.csv}]}}\n'

  it('stays when the file is only reformatted', async () => {
    const first = await hash(`version: 1\nlocale: en\n${channels}`)
    expect(await hash(`# a note\n${channels}\n\nversion: 1\n`)).toBe(first)
  })

  it('changes with the meaning', async () => {
    const first = await hash(`version: 1\n${channels}`)
    expect(await hash(`version: 1\nmarket: ES\n${channels}`)).not.toBe(first)
  })
})

describe('percentages', () => {
  it.each([
    ['0%', '0'],
    ['8%', '0.08'],
    ['8.5%', '0.085'],
    ['100%', '1'],
    ['125%', '1.25'],
    ['1000.50%', '10.005'],
    ['-3%', '-0.03'],
  ])('%s is the fraction %s', (percent, expected) => {
    expect(fraction(percent)).toBe(expected)
  })
})

describe('the configuration of an audit on files alone', () => {
  it('declares nothing', () => {
    const config = defaultConfig('/shop', [
      { id: 'pos', kind: 'store', sources: [{ platform: 'csv', paths: ['pos.csv'] }] },
    ])
    expect(config).toMatchObject({ file: null, market: 'ZZ', currency: 'XXX', extends: ['recommended'] })
    expect(config.channels[0]).toMatchObject({ includesTax: null, assortment: null, sources: [{ paths: ['pos.csv'] }] })
    expect(config.authority.price.default).toBeNull()
  })
})

describe('the JSON Schema of the configuration', () => {
  interface Node {
    readonly properties?: Readonly<Record<string, Node>>
    readonly description?: string
    readonly anyOf?: readonly Node[]
    readonly items?: Node
    readonly additionalProperties?: Node | boolean
  }

  /** Keys of closed blocks without a description. */
  function undescribed(node: Node, path: string): readonly string[] {
    const { properties = {}, anyOf = [], items, additionalProperties: open } = node
    const keys = Object.entries(properties).flatMap(([key, inner]) => [
      ...(inner.description === undefined ? [`${path}.${key}`] : []),
      ...undescribed(inner, `${path}.${key}`),
    ])
    const inner = [...anyOf, ...(items === undefined ? [] : [items]), ...(typeof open === 'object' ? [open] : [])]
    return [...keys, ...inner.flatMap((each) => undescribed(each, `${path}.*`))]
  }

  it('describes every key', () => {
    expect(undescribed(configJsonSchema() as Node, '')).toEqual([])
  })
})
