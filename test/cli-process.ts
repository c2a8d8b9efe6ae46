/** Runs the built program the way a person does: another process, real files, no terminal. */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
export const program = join(root, 'bin/omniparity.js')

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
}

export interface Situation {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C', ...extra }
}

export function runProgram(args: readonly string[], { cwd = root, env }: Situation = {}): Outcome {
  const options = { cwd, env: environment(env), encoding: 'utf8', maxBuffer: 100_000_000 } as const
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], options)
  return { stdout, stderr, status }
}

export function startProgram(args: readonly string[], { cwd = root, env }: Situation = {}): ReturnType<typeof spawn> {
  return spawn(process.execPath, [program, ...args], { cwd, env: environment(env) })
}

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile())
    .map((file) => statSync(join(file.parentPath, file.name)).mtimeMs)
  return Math.max(0, ...times)
}

/** Compiles when the sources are newer than what was compiled from them; `npm test` has done it already. */
export function buildIfStale(): void {
  const built = statSync(join(root, 'dist/cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (built >= newest(join(root, 'src'))) return
  spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root], { cwd: root })
  for (const step of ['compile-rules.js', 'bundle.js'])
    spawnSync(process.execPath, [join(root, '.ci', step)], { cwd: root })
}
