/** The built program where the machine or the user gets in its way. */

import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildIfStale, program } from './cli-process.ts'
import { writeArticles } from './made-files.ts'

const dir = mkdtempSync(join(tmpdir(), 'omniparity-hardship-'))
const work = join(dir, 'tmp')
const NOBODY = 65_534

beforeAll(async () => {
  buildIfStale()
  mkdirSync(work)
  chmodSync(dir, 0o755)
  chmodSync(work, 0o777)
  await writeArticles(join(dir, 'store.csv'), 400_000, (article) => 1000 + (article % 900))
  await writeArticles(join(dir, 'web.csv'), 400_000, (article) => 1003 + ((article * 7) % 900))
  await writeArticles(join(dir, 'small.csv'), 3, () => 1000)
  await writeArticles(join(dir, 'other.csv'), 3, () => 1130)
}, 60_000)

afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: work, LC_ALL: 'C', TMPDIR: work })

/** Runs an audit; `meanwhile` is called as soon as the stage is reached. */
async function audit(
  args: readonly string[],
  stage: string,
  meanwhile: (child: ReturnType<typeof spawn>) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, 'audit', ...args], { cwd: dir, env: environment() })
  let [stdout, stderr] = ['', '']
  let isReached = false
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (isReached || !stderr.includes(stage)) return
    isReached = true
    meanwhile(child)
  })
  if (stage === '') meanwhile(child)
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status, stdout, stderr }
}

/** Somebody without rights, also where the tests run as root. */
const nobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
const mayRun = spawnSync(process.execPath, [program, '--help'], { cwd: tmpdir(), ...nobody }).status === 0

function auditAsNobody(args: readonly string[], tmp = work): Ended {
  const env = { ...environment(), TMPDIR: tmp }
  return spawnSync(process.execPath, [program, 'audit', ...args], { cwd: dir, env, encoding: 'utf8', ...nobody })
}

describe('an interrupted audit', () => {
  it.each(['reading', 'linking', 'checking'])(
    'leaves nothing behind, interrupted while %s',
    async (stage) => {
      const { status, stdout } = await audit(['store.csv', 'web.csv', '--format', 'json=report.json'], stage, (child) =>
        child.kill('SIGINT'),
      )
      expect({ status, stdout, left: readdirSync(work) }).toEqual({ status: 130, stdout: '', left: [] })
      expect(readdirSync(dir).filter((name) => name.startsWith('report.json'))).toEqual([])
    },
    60_000,
  )

  it('says so in one line', async () => {
    const { stderr } = await audit(['store.csv', 'web.csv', '--quiet'], '', (child) => {
      setTimeout(() => child.kill('SIGINT'), 700)
    })
    expect(stderr).toBe('interrupted; nothing is half-written, and the same command goes on or starts afresh\n')
  }, 60_000)
})

describe('an audit whose reader goes away', () => {
  it('ends quietly with the status of what it found', async () => {
    const { status, stderr } = await audit(['small.csv', 'other.csv', '--quiet'], '', (child) =>
      child.stdout?.destroy(),
    )
    expect({ status, stderr, left: readdirSync(work) }).toEqual({ status: 1, stderr: '', left: [] })
  })
})

describe('a file that shrinks while it is read', () => {
  it('is refused, and the others are audited', async () => {
    const report = join(dir, 'shrunk.json')
    const path = join(dir, 'shrinking.csv')
    await writeArticles(path, 400_000, () => 1000)
    let bytes = statSync(path).size
    const shrink = setInterval(() => {
      bytes -= 100
      truncateSync(path, bytes)
    }, 2)
    const args = ['small.csv', 'shrinking.csv', 'other.csv', '--quiet', '--format', `json=${report}`]
    const { status, stderr } = await audit(args, '', () => undefined)
    clearInterval(shrink)
    expect(stderr).toMatch(
      /^error\[source\/changed\]: the file changed while it was read \(\d+ bytes before, \d+ after\)\n/,
    )
    expect({ status, left: readdirSync(work), written: existsSync(report) }).toEqual({
      status: 3,
      left: [],
      written: true,
    })
  }, 60_000)
})

describe.skipIf(!mayRun)('an audit without rights (skipped where only root may read the program)', () => {
  it('names the file that it may not read, and audits the others', () => {
    writeFileSync(join(dir, 'secret.csv'), 'sku,price\nA1,1.00\n', { mode: 0 })
    const { status, stderr, stdout } = auditAsNobody([
      'small.csv',
      'secret.csv',
      'other.csv',
      '--quiet',
      '--format',
      'concise',
    ])
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `error[source/not-permitted]: the file cannot be opened: permission denied
  at secret.csv
  help: give the user who runs omniparity the right to read it
`,
    })
    expect(stdout.trim().split('\n')).toHaveLength(3)
  })

  it('works in a folder that it may not write', () => {
    const { status, stderr } = auditAsNobody(['small.csv', 'other.csv', '--quiet'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  })

  it('refuses to start when the report could not be written', () => {
    const { status, stderr, stdout } = auditAsNobody(['small.csv', 'other.csv', '--output', 'report.txt'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('error[usage/output-failed]: report.txt cannot be written: permission denied')
  })

  it('refuses to start without a place for temporary files', () => {
    const closed = join(dir, 'closed')
    mkdirSync(closed, { mode: 0o500 })
    const { status, stderr } = auditAsNobody(['small.csv', 'other.csv', '--quiet'], closed)
    expect({ status, stderr: stderr.split('\n')[0] }).toEqual({
      status: 2,
      stderr: `error[usage/output-failed]: ${closed} cannot be written: permission denied`,
    })
  })
})
