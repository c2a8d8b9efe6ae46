/** Keeps what people read complete and true. Generated parts are compared by `npm run check`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { configJsonSchema } from '../src/config/schema.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const map = readFileSync(join(root, 'src/README.md'), 'utf8')

function namesIn(folder: string, kind: 'file' | 'folder'): readonly string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => (kind === 'folder' ? entry.isDirectory() : entry.isFile()))
    .map((entry) => entry.name)
}

/** Words of the first column of all tables: `a` and `b` of a row that begins with | `a` `b` |. */
function rowNames(text: string): ReadonlySet<string> {
  const cells = text.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.split('|')[1] ?? ''] : []))
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? '')))
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly not?: unknown
}

/** Keys a user may write; reserved ones, which are refused, are left out. */
function keysOf(schema: Schema | undefined): readonly string[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([key, value]) => (value.not === undefined ? [key] : []))
}

const markdown = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.md') && !/(^|\/)(node_modules|dist|demo|\.git|data)\//.test(path))

describe('README.md', () => {
  it('has a row for every platform', () => {
    const missing = namesIn('src/platforms', 'folder').filter((id) => !rowNames(readme).has(id))
    expect(missing, 'add the platform to the table "Platforms" of README.md').toEqual([])
  })

  it('has a row for every report format', () => {
    const formats = namesIn('src/reports/formats', 'file').map((file) => file.replace(/\.tsx?$/, ''))
    expect(formats.filter((name) => !rowNames(readme).has(name))).toEqual([])
  })

  it('has a row for every key of the configuration and of a channel', () => {
    const schema: Schema = configJsonSchema()
    const names = new Set([...rowNames(readme)].map((name) => name.replace(/^channels\.<id>\.?/, '').replace('[]', '')))
    const top = keysOf(schema).filter((key) => key !== 'channels')
    const channel = keysOf(schema.properties?.['channels']?.additionalProperties)
    expect(channel).toContain('includes_tax')
    expect([...top, ...channel].filter((key) => !names.has(key))).toEqual([])
  })
})

describe('src/README.md', () => {
  it('has a row for every room', () => {
    expect(namesIn('src', 'folder').filter((room) => !rowNames(map).has(room))).toEqual([])
  })

  it('says for every dependency why it is there, and lists no other', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const section = map.split('\n## ').find((part) => part.startsWith('Dependencies')) ?? ''
    expect([...rowNames(section)].sort()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).sort())
  })
})

describe('every document', () => {
  it('links to files that exist', () => {
    const broken = markdown.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((found) => (found[1] ?? '').replace(/#.*$/, ''))
      return links
        .filter((link) => link !== '' && !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(path), link)))
        .map((link) => `${path} links to ${link}`)
    })
    expect(broken).toEqual([])
  })

  it('stands beside the code of every platform', () => {
    const silent = namesIn('src/platforms', 'folder').filter(
      (id) => !existsSync(join(root, 'src/platforms', id, 'README.md')),
    )
    expect(silent, 'write what is read, what is not, and the traps, each with its source').toEqual([])
  })
})
