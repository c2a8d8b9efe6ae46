/** Keeps the shape of `src/` that `src/README.md` describes. Each message says what to do instead. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readImports } from './source/imports.ts'
import { readTokens, type Token } from './source/tokens.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const ORDER =
  'base diagnostics i18n model config engine database platforms ingest identity rules audit reports plan apply migrate ops terminal commands cli.ts'.split(
    ' ',
  )

/** Ids that are names of formats too: `csv` in a report is no platform. */
const FORMATS = new Set(['csv', 'sql'])
/** Ids that are everyday words too: only a text that is exactly the id means the platform. */
const PLAIN_WORDS = new Set(['meta', 'square'])

interface SourceFile {
  /** From `src/`, with slashes. */
  readonly path: string
  readonly text: string
  readonly tokens: readonly Token[]
  readonly imports: readonly { readonly to: string; readonly line: number; readonly computed: boolean }[]
}

const files = listFiles('src')
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
  .map(readSource)
const platforms = existsSync(join(root, 'src/platforms'))
  ? readdirSync(join(root, 'src/platforms'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  : []

function listFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + folder.length + 2))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, 'src', path), 'utf8')
  const imports = readImports(text).map(({ from, line, computed }) => {
    const to = from?.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), from)) : (from ?? '')
    return { to: from?.startsWith('.') ? `/${to}` : to, line, computed }
  })
  return { path, text, tokens: readTokens(text), imports }
}

/** First folder, or the file itself when it stands in `src/`. */
function roomOf(path: string): string {
  return path.split('/')[0] ?? path
}

function platformOf(path: string): string | null {
  return /^platforms\/([^/]+)\//.exec(path)?.[1] ?? null
}

/** Imports of files of `src/`, without packages. */
function inner(file: SourceFile): readonly { readonly to: string; readonly line: number }[] {
  return file.imports
    .filter((one) => !one.computed && one.to.startsWith('/'))
    .map((one) => ({ to: one.to.slice(1).replace(/\.js$/, '.ts'), line: one.line }))
}

function places(file: SourceFile, matches: (token: Token, at: number) => boolean): readonly string[] {
  return file.tokens.flatMap((token, at) => (matches(token, at) ? [`src/${file.path}:${token.line}`] : []))
}

/** Whether the tokens from `at` on are exactly these, for calls such as `process.exit`. */
function isSequence(tokens: readonly Token[], at: number, expected: readonly string[]): boolean {
  return expected.every((text, step) => tokens[at + step]?.text === text && tokens[at + step]?.kind !== 'string')
}

function findCalls(file: SourceFile, ...calls: readonly (readonly string[])[]): readonly string[] {
  return places(file, (_, at) => calls.some((call) => isSequence(file.tokens, at, call)))
}

function isIn(file: SourceFile, ...starts: readonly string[]): boolean {
  return starts.some((start) => file.path === start || file.path.startsWith(start))
}

/** Lists a folder and loads its files by name, so that adding one needs no registration. */
function isList(file: SourceFile): boolean {
  return /^[a-z]+\/modules\.ts$/.test(file.path)
}

describe('rooms of src/', () => {
  it('are the ones of the map', () => {
    const strangers = [...new Set(files.map((file) => roomOf(file.path)))].filter((room) => !ORDER.includes(room))
    expect(
      strangers,
      'src/ has a fixed list of rooms. Put the file into the room whose job it does ("where does X go" in src/README.md); a new room needs a place in the order of imports there and in this test',
    ).toEqual([])
  })

  it('have names that say what is in them', () => {
    const vague = listFiles('src').filter((path) =>
      path.split('/').some((part) => /^(utils?|helpers?|common|misc|shared|lib)(\.|$)/.test(part)),
    )
    expect(
      vague,
      'such a name attracts everything. Name the file after the one thing it exports, in the room that owns it',
    ).toEqual([])
  })

  it('hold files of at most 400 lines', () => {
    const long = files.flatMap(({ path, text }) => {
      const lines = text.split('\n').length - 1
      return lines > 400 ? [`src/${path} has ${lines} lines`] : []
    })
    expect(long, 'split the file where one part can be named and read alone').toEqual([])
  })
})

describe('imports', () => {
  it('point to an existing file of src/', () => {
    const known = new Set(files.map((file) => file.path))
    const lost = files.flatMap((file) =>
      inner(file)
        .filter(({ to }) => !known.has(to) && !/\.(json|md)$/.test(to))
        .map(({ to, line }) => `src/${file.path}:${line} imports ${to}`),
    )
    expect(lost, 'relative imports end in the real extension (.ts, .tsx) and stay inside src/').toEqual([])
  })

  it('go from right to left in the order of rooms, types included', () => {
    const ahead = files.flatMap((file) => {
      const from = ORDER.indexOf(roomOf(file.path))
      return inner(file)
        .filter(({ to }) => ORDER.indexOf(roomOf(to)) > from)
        .map(({ to, line }) => `src/${file.path}:${line} imports ${to}`)
    })
    expect(
      ahead,
      `${ORDER.join(' < ')}. A file imports from its own room or from one further left. If two rooms need a type, it belongs to model/; if an early stage needs a later one, pass a function or a value in`,
    ).toEqual([])
  })

  it('form no cycle', () => {
    expect(
      findCycle(),
      'move what both sides need into a third file that imports neither, or pass it as a parameter',
    ).toBeNull()
  })

  it('never name a platform’s folder', () => {
    const foreign = files.flatMap((file) =>
      inner(file)
        .filter(({ to }) => platformOf(to) !== null && platformOf(to) !== platformOf(file.path))
        .map(({ to, line }) => `src/${file.path}:${line} imports ${to}`),
    )
    expect(
      foreign,
      'a platform is one folder that can be deleted. platforms/modules.ts loads it by name; what several platforms need stands beside it in platforms/',
    ).toEqual([])
  })

  it('are computed in a room’s modules.ts alone', () => {
    const computed = files
      .filter((file) => !isList(file))
      .flatMap((file) => file.imports.filter((one) => one.computed).map((one) => `src/${file.path}:${one.line}`))
    expect(
      computed,
      'write the path of import(…) as a plain string, so that this test and knip can follow it. A modules.ts directly in its room may load the files of a folder by name',
    ).toEqual([])
  })

  it('reach the embedded engine through engine/duckdb.ts', () => {
    const direct = files
      .filter((file) => file.path !== 'engine/duckdb.ts' && file.imports.some((one) => one.to.startsWith('@duckdb/')))
      .map((file) => `src/${file.path}`)
    expect(direct, 'take an Engine (engine/engine.ts) as a parameter; only one file knows DuckDB’s API').toEqual([])
  })

  it('keep terminal packages in terminal/', () => {
    const direct = files
      .filter((file) => !isIn(file, 'terminal/') && file.imports.some((one) => /^(ink|react)(\/|$)/.test(one.to)))
      .map((file) => `src/${file.path}`)
    expect(direct, 'what a person sees live is drawn in terminal/; earlier stages report progress as values').toEqual(
      [],
    )
  })

  it('leave reports/ and base/ without files, network and processes', () => {
    const impure = files
      .filter((file) => isIn(file, 'reports/', 'base/') && !isList(file) && file.path !== 'base/version.ts')
      .flatMap((file) =>
        file.imports
          .filter((one) => /^(node:(fs|child_process|net|http|https)(\/|$)|undici$)/.test(one.to))
          .map((one) => `src/${file.path}:${one.line} imports ${one.to}`),
      )
    expect(impure, 'a report turns values into text and the caller writes it; pass in what was read').toEqual([])
  })
})

describe('shared code', () => {
  it('contains no platform’s name', () => {
    const named = files
      .filter((file) => !isIn(file, 'platforms/', 'ops/demo', 'i18n/'))
      .flatMap((file) => places(file, (token) => namesPlatform(token) !== null))
    expect(
      named,
      'ask for a capability instead: add a property to Platform (platforms/platform.ts) and let the platform declare it',
    ).toEqual([])
  })

  it('ends the process in cli.ts alone', () => {
    const exits = files
      .filter((file) => file.path !== 'cli.ts')
      .flatMap((file) => findCalls(file, ['process', '.', 'exit'], ['process', '.', 'exitCode']))
    expect(exits, 'return an exit status, or throw fail(…); cli.ts alone ends the process').toEqual([])
  })

  it('prints in cli.ts, commands/ and terminal/ alone', () => {
    const prints = files
      .filter((file) => !isIn(file, 'cli.ts', 'terminal/'))
      .flatMap((file) => [
        ...findCalls(file, ['console', '.']),
        ...(isIn(file, 'commands/')
          ? []
          : findCalls(file, ['process', '.', 'stdout', '.', 'write'], ['process', '.', 'stderr', '.', 'write'])),
      ])
    expect(
      prints,
      'stdout carries the result and nothing else. Return the text, or report progress to the caller; commands/ write',
    ).toEqual([])
  })

  it('takes the time from base/clock.ts', () => {
    const clocks = files
      .filter((file) => file.path !== 'base/clock.ts')
      .flatMap((file) =>
        findCalls(file, ['Date', '.', 'now', '('], ['new', 'Date', '(', ')'], ['Math', '.', 'random', '(']),
      )
    expect(
      clocks,
      'two runs on the same inputs give the same bytes: take the instant as a parameter, and randomness from a seed',
    ).toEqual([])
  })
})

/** The platform a token names, or null. Long ids count inside longer words too: `isShopify`. */
function namesPlatform(token: Token): string | null {
  if (token.kind === 'mark') return null
  const text = token.text.toLowerCase()
  const folded = text.replaceAll(/[-_ ]/g, '')
  for (const id of platforms) {
    if (FORMATS.has(id)) continue
    if (PLAIN_WORDS.has(id) ? token.kind === 'string' && text === id : folded.includes(id.replaceAll('-', '')))
      return id
  }
  return null
}

/** The files of one cycle, first file repeated at the end; null when there is none. */
function findCycle(): readonly string[] | null {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    const file = byPath.get(path)
    if (file === undefined || done.has(path)) return null
    for (const { to } of inner(file)) {
      const cycle = visit(to, [...trail, path])
      if (cycle !== null) return cycle
    }
    done.add(path)
    return null
  }
  for (const file of files) {
    const cycle = visit(file.path, [])
    if (cycle !== null) return cycle
  }
  return null
}

describe('the reader of imports', () => {
  it('finds every way to name a module, and nothing in comments, texts and patterns', () => {
    const source = [
      "import 'a'",
      "import type { X } from 'b'",
      "import d, { type Y, e as f } from 'c'",
      "import * as all from 'd'",
      "export * from 'e'",
      "export type { Z } from 'f'",
      "export { g } from 'g'",
      'export { local }',
      "export const from = 'nowhere'",
      "type T = import('h').T",
      "const lazy = () => import('i')",
      'const computed = await import(`./${name}/index.ts`)',
      "// import 'comment'",
      "/* import 'comment' */",
      `const text = "import 'text'"`,
      "const pattern = /import 'pattern'|[/']/",
      'const url = import.meta.url',
      "const half = total / 2, import_ = 'x' / 2",
      "const jsx = <Text>Don't</Text>",
      "export { last } from 'j'",
    ].join('\n')
    const found = readImports(source).map(({ from }) => from)
    expect(found).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', './${}/index.ts', 'j'])
  })
})
