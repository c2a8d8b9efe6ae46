import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildIfStale, type Outcome, program, root, runProgram, startProgram } from './cli-process.ts'
import { madeFiles } from './made-files.ts'
import { summaryOf } from './report-summary.ts'

const fixtures = join(root, 'fixtures/cli')
/** `files.txt`: what the run wrote, reports by what they say; not there when it wrote nothing. */
const EXPECTED = ['stdout.txt', 'stderr.txt', 'status', 'files.txt'] as const

beforeAll(buildIfStale)

/** Splits at blanks; double quotes keep blanks and may hold nothing. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

function readOptional(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function variables(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

function filesIn(dir: string): readonly string[] {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
  // What an audit keeps beside its configuration has names of its own in every run.
  return files.filter((file) => !file.startsWith('.omniparity'))
}

/** Runs each line of `cmd` in a copy of the case. What several lines print is told apart by the line itself. */
function runCase(name: string): Readonly<Record<(typeof EXPECTED)[number], string>> {
  const dir = mkdtempSync(join(tmpdir(), 'omniparity-cli-'))
  try {
    cpSync(join(fixtures, name), dir, { recursive: true })
    for (const file of [...EXPECTED, 'cmd', 'env']) rmSync(join(dir, file), { force: true })
    madeFiles[name]?.(dir)
    const before = new Set(filesIn(dir))
    const lines = readFileSync(join(fixtures, name, 'cmd'), 'utf8')
      .replace(/\n$/, '')
      .split('\n')
    const env = variables(readOptional(join(fixtures, name, 'env')))
    const runs = lines.map((line) => ({ line, ...runProgram(words(line), { cwd: dir, env }) }))
    const shown = (part: (run: (typeof runs)[number]) => string): string =>
      runs
        .map((run) => (runs.length === 1 ? part(run) : `$ omniparity ${run.line}\n${part(run)}`))
        .join('')
        .replaceAll(dir, '<dir>')
    return {
      'stdout.txt': shown((run) => run.stdout),
      'stderr.txt': shown((run) => run.stderr),
      status: shown((run) => `${run.status}\n`),
      'files.txt': filesIn(dir)
        .filter((file) => !before.has(file))
        .map((file) => `${file}\n${file.endsWith('.json') ? summaryOf(join(dir, file)) : ''}`)
        .join(''),
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

describe('the program', () => {
  for (const name of readdirSync(fixtures).sort()) {
    it(`answers the case ${name}`, { timeout: 60_000 }, () => {
      const actual = runCase(name)
      for (const file of EXPECTED) {
        const path = join(fixtures, name, file)
        if (process.env['UPDATE'] === '1') {
          if (file === 'files.txt' && actual[file] === '') rmSync(path, { force: true })
          else writeFileSync(path, actual[file])
        }
        expect(actual[file], `${name}/${file}; UPDATE=1 writes it anew`).toBe(readOptional(path))
      }
    })
  }

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
    expect(runProgram(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', status: 0 })
  })

  it('prints a JSON Schema for editors', () => {
    for (const name of ['baseline', 'config', 'rule', 'suppressions', 'report']) {
      const { stdout, status } = runProgram(['schema', name])
      expect(status).toBe(0)
      expect(JSON.parse(stdout)).toHaveProperty('$schema', 'https://json-schema.org/draft/2020-12/schema')
    }
  })

  it('colours messages only where colours are wanted', () => {
    const sequence = '\u001b['
    const stderr = (args: readonly string[], env: Record<string, string>): string => runProgram(args, { env }).stderr
    expect(stderr(['nothing'], {})).not.toContain(sequence)
    expect(stderr(['nothing'], { FORCE_COLOR: '1' })).toContain(sequence)
    expect(stderr(['nothing'], { FORCE_COLOR: '0' })).not.toContain(sequence)
    expect(stderr(['nothing'], { NO_COLOR: '1' })).not.toContain(sequence)
    expect(stderr(['nothing', '--no-color'], { FORCE_COLOR: '1' })).not.toContain(sequence)
  })

  it('ends quietly when the reader of its output goes away', async () => {
    const child = startProgram(['schema', 'report'])
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.stdout?.destroy()
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('starts within 150 ms of an empty node', () => {
    const fastest = (args: readonly string[]): number =>
      Math.min(
        ...Array.from({ length: 7 }, () => {
          const before = performance.now()
          spawnSync(process.execPath, [...args])
          return performance.now() - before
        }),
      )
    expect(fastest([program, '--help']) - fastest(['-e', '0'])).toBeLessThan(150)
  })
})

describe('completion', () => {
  function bash(line: readonly string[]): readonly string[] {
    const dir = mkdtempSync(join(tmpdir(), 'omniparity-completion-'))
    try {
      writeFileSync(join(dir, 'completion.bash'), runProgram(['completion', 'bash']).stdout)
      writeFileSync(join(dir, 'pos export.csv'), '')
      const quoted = line.map((word) => `'${word}'`).join(' ')
      const script = `source ./completion.bash; COMP_WORDS=(omniparity ${quoted}); COMP_CWORD=${line.length}
        _omniparity; printf '%s\\n' "\${COMPREPLY[@]}"`
      const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: dir, encoding: 'utf8' })
      expect(stderr).toBe('')
      return stdout.trim().split('\n')
    } finally {
      rmSync(dir, { recursive: true })
    }
  }

  it.each([
    [['au'], ['audit']],
    [['sch'], ['schema']],
    [
      ['schema', ''],
      ['baseline', 'config', 'suppressions', 'history', 'history-diff', 'inputs', 'plan', 'report', 'rule', 'run'],
    ],
    [['completion', 'z'], ['zsh']],
    [
      ['audit', '--m'],
      ['--memory-limit', '--max-unknown', '--max-findings'],
    ],
    [['audit', '--fail-on', 'w'], ['warning']],
    [
      ['audit', '--locale', ''],
      ['en', 'es'],
    ],
    [['audit', 'po'], ['pos export.csv']],
    [['audit', '--config', 'po'], ['pos export.csv']],
  ])('of bash completes %j to %j', (line, expected) => {
    expect(bash(line)).toEqual(expected)
  })

  it.each(['zsh', 'fish'] as const)('of %s names every command and flag', (shell) => {
    const { stdout, status }: Outcome = runProgram(['completion', shell])
    expect(status).toBe(0)
    for (const word of [
      'audit',
      'demo',
      'explain',
      'rules',
      'schema',
      'completion',
      'as-of',
      'max-unknown',
      'fail-on',
    ]) {
      expect(stdout).toContain(word)
    }
  })
})
