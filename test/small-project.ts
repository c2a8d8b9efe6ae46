/** A project of a few small files, and what the program says about it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AuditRequest, RunIo } from '../src/model/audit-run.ts'
import { runAudit } from '../src/ops/audit.ts'

export interface Said {
  readonly status: number
  readonly stdout: string
  readonly warnings: readonly string[]
  readonly errors: readonly string[]
}

export class SmallProject {
  readonly dir = mkdtempSync(join(tmpdir(), 'omniparity-project-'))

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.dir, name)), { recursive: true })
    writeFileSync(join(this.dir, name), text)
  }

  read(name: string): string {
    return readFileSync(join(this.dir, name), 'utf8')
  }

  request(changes: Partial<AuditRequest> = {}): AuditRequest {
    return {
      files: [],
      configFile: null,
      cwd: this.dir,
      stateDir: null,
      asOf: '2026-11-22T08:00:00Z',
      locale: null,
      userLocale: 'en',
      formats: [{ name: 'json', file: null }],
      output: null,
      failOn: null,
      maxUnknown: null,
      only: [],
      skip: [],
      allRules: false,
      baseline: null,
      channels: [],
      maxFindings: null,
      memoryLimit: null,
      threads: 1,
      quiet: true,
      verbose: false,
      ...changes,
    }
  }

  async audit(changes: Partial<AuditRequest> = {}): Promise<Said> {
    return heard((io) => runAudit(this.request(changes), io))
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Runs an operation and keeps what it says. */
export async function heard(operation: (io: RunIo) => Promise<number>): Promise<Said> {
  let stdout = ''
  const warnings: string[] = []
  const errors: string[] = []
  const status = await operation({
    stdout: (part) => {
      stdout += part
    },
    progress() {},
    warn: (text) => void warnings.push(text),
    error: (text) => void errors.push(text),
    width: null,
    colour: false,
    errorColour: false,
    signal: new AbortController().signal,
  })
  return { status, stdout, warnings, errors }
}
