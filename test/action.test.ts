/** The GitHub action: what its steps run, run here, with a server of our own in the place of GitHub's. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildIfStale, type Outcome, root } from './cli-process.ts'

const dir = mkdtempSync(join(tmpdir(), 'omniparity-action-'))
const output = join(dir, 'output.txt')
const summary = join(dir, 'summary.md')

interface Step {
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

beforeAll(() => {
  buildIfStale()
  mkdirSync(join(dir, 'shop'))
  writeFileSync(join(dir, 'shop/store.csv'), 'sku,title,price\nA-1,Bota,59.90\nA-2,Zapato,39.90\n')
  writeFileSync(join(dir, 'shop/web.csv'), 'sku,title,price\nA-1,Bota,49.90\nA-2,Zapato,39.90\n')
})
beforeEach(() => {
  writeFileSync(output, '')
  rmSync(summary, { force: true })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** The environment that the step gives its script, with inputs as they are by default or as they are given. */
function environment(step: Step, inputs: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(step.env ?? {}).flatMap(([name, value]) => {
    const [, input] = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value) ?? []
    return input === undefined ? [] : [[name, inputs[input] ?? action.inputs[input]?.default ?? ''] as const]
  })
  return Object.fromEntries(entries)
}

async function execute(command: string, args: readonly string[], env: Record<string, string>): Promise<Outcome> {
  const base = { PATH: process.env['PATH'] ?? '', HOME: dir, LC_ALL: 'C', ACTION: root, RUNNER_TEMP: join(dir, 'temp') }
  const child = spawn(command, args, { cwd: join(dir, 'shop'), env: { ...base, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { stdout, stderr, status }
}

async function audit(
  inputs: Readonly<Record<string, string>>,
  more: Record<string, string> = {},
): Promise<Outcome & { outputs: Record<string, string> }> {
  const step = action.runs.steps.find(({ run }) => run?.includes('audit.sh'))
  if (step === undefined) throw new Error('no step that audits')
  const env = {
    ...environment(step, { version: 'source', ...inputs }),
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKSPACE: dir,
    ...more,
  }
  const done = await execute('bash', [join(root, '.github/audit.sh')], env)
  const outputs: Record<string, string> = {}
  const text = readFileSync(output, 'utf8')
  for (const [, name = '', value = ''] of text.matchAll(/^([a-z]+)=(.*)$/gm)) outputs[name] = value
  for (const [, name = '', , value = ''] of text.matchAll(/^([a-z]+)<<([0-9a-f]{32})\n([\s\S]*?)\n?\2$/gm))
    outputs[name] = value
  return { ...done, outputs }
}

describe('action.yml', () => {
  it('gives no input to a script but as a variable', () => {
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{')
  })

  it('runs the version of the package that it comes with', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(action.inputs['version']?.default).toBe(version)
  })

  it('describes every input, and uses it', () => {
    const steps = JSON.stringify(action.runs.steps)
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(description.length, name).toBeGreaterThan(10)
      expect(steps, name).toContain(`inputs.${name}`)
    }
  })
})

describe('the audit of the action', () => {
  it('annotates, writes what is uploaded, and leaves the status to the gate', { timeout: 60_000 }, async () => {
    const { status, stdout, outputs } = await audit({ args: 'store.csv\nweb.csv', reports: 'xlsx=out/report.xlsx' })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^::error file=shop\/(web|store)\.csv,line=2,title=[^\n]+::A-1/m)
    expect(outputs).toMatchObject({ status: '1', sentence: 'Failed: 1 new error.' })
    expect(JSON.parse(readFileSync(outputs['sarif'] ?? '', 'utf8')).runs[0].results).toHaveLength(1)
    const markdown = readFileSync(outputs['markdown'] ?? '', 'utf8')
    expect(markdown.startsWith('<!-- omniparity -->')).toBe(true)
    expect(readFileSync(summary, 'utf8')).toBe(markdown)
    expect(outputs['reports']).toBe(join(dir, 'shop/out/report.xlsx'))
    expect(
      readFileSync(outputs['reports'] ?? '')
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
  })

  it('passes where findings do not fail the run, in the language that is asked for', { timeout: 60_000 }, async () => {
    const inputs = { args: 'store.csv\nweb.csv', 'fail-on': 'never', locale: 'es', annotate: 'false' }
    const { stdout, outputs } = await audit(inputs)
    expect(outputs['status']).toBe('0')
    expect(stdout).not.toMatch(/^::/m)
    expect(outputs['sentence']).toMatch(/^Superada/)
  })

  it('lets no title command the runner through the log', { timeout: 60_000 }, async () => {
    for (const [channel, price] of [
      ['pos', 5],
      ['app', 6],
    ] as const) {
      const rows = ['::add-mask::evil', '##[group]x'].map((sku) => `${sku},Bota,${price}.00\n`).join('')
      writeFileSync(join(dir, `shop/${channel}.csv`), `sku,title,price\n${rows}`)
    }
    const inputs = { args: 'pos.csv\napp.csv', annotate: 'false' }
    const plain = await audit(inputs)
    expect(plain.stdout).toMatch(/^\s*::add-mask::/m)
    const { stdout } = await audit(inputs, { GITHUB_ACTIONS: 'true' })
    expect(stdout).toContain('add-mask::')
    expect(stdout).not.toMatch(/^\s*::/m)
    expect(stdout).not.toContain('##[')
  })

  it('says what is wrong with the configuration, and uploads nothing', { timeout: 60_000 }, async () => {
    const { stderr, outputs } = await audit({ args: '--nothing' })
    expect(stderr).toContain('--nothing')
    expect(outputs).toEqual({ status: '2', sentence: '' })
  })
})

describe('the comment of the action', () => {
  interface Comment {
    readonly id: number
    body: string
    readonly user: { readonly type: string }
  }
  const comments: Comment[] = []
  const asked: string[] = []
  let server: Server
  let address = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
        asked.push(`${request.method} ${pathname} ${request.headers.authorization}`)
        const text = Buffer.concat(chunks).toString()
        const body = text === '' ? '' : JSON.parse(text).body
        const page = Number(searchParams.get('page') ?? 1)
        if (request.method === 'POST') comments.push({ id: comments.length, body, user: { type: 'Bot' } })
        const changed = comments.find(({ id }) => pathname.endsWith(`/comments/${id}`))
        if (request.method === 'PATCH' && changed !== undefined) changed.body = body
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(request.method === 'GET' ? comments.slice((page - 1) * 100, page * 100) : {}))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  it('is written once and renewed from then on, beside those of people', { timeout: 60_000 }, async () => {
    for (let id = 0; id < 150; id++) comments.push({ id, body: `<!-- omniparity --> quoted`, user: { type: 'User' } })
    const markdown = join(dir, 'comment.md')
    const env = {
      GITHUB_API_URL: address,
      GITHUB_REPOSITORY: 'sol/shop',
      PULL_REQUEST: '7',
      TOKEN: 't0ken',
      MARKDOWN: markdown,
    }
    for (const text of ['first', 'second']) {
      writeFileSync(markdown, `<!-- omniparity -->\n${text}`)
      const { status, stderr } = await execute(process.execPath, [join(root, '.github/comment.js')], env)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
    expect(comments.filter(({ user }) => user.type === 'Bot').map(({ body }) => body)).toEqual([
      '<!-- omniparity -->\nsecond',
    ])
    expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([
      'POST /repos/sol/shop/issues/7/comments Bearer t0ken',
      'PATCH /repos/sol/shop/issues/comments/150 Bearer t0ken',
    ])
  })
})
