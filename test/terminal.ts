/** A real terminal for tests: tmux keeps the screen, takes keys, and changes its size. */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'

/** Why no terminal can run here, or null. With OMNIPARITY_REQUIRE=1 a missing one fails the tests instead of skipping them. */
export function missingTerminal(): string | null {
  if (spawnSync('tmux', ['-V']).status === 0) return null
  const reason = 'skipped: no tmux'
  if (process.env['OMNIPARITY_REQUIRE'] === '1') throw new Error(reason)
  return reason
}

// What draws screens draws nothing where it takes itself to be in a job.
const OUTSIDE = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(CI|CI_.*|CONTINUOUS_INTEGRATION|NO_COLOR)$/.test(name)),
)

const PATIENCE_MS = 45_000

export class Terminal {
  readonly #socket = `omniparity-${randomUUID()}`

  /** @param command - For the shell; its exit status is printed after it as `STATUS=0`. */
  constructor(command: string, cwd: string, width = 80, height = 24) {
    const size = ['-x', String(width), '-y', String(height)]
    this.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-s',
      'test',
      ...size,
      '-c',
      cwd,
      `${command}; echo STATUS=$?; sleep 60`,
    )
  }

  #tmux(...words: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...words], { encoding: 'utf8', env: OUTSIDE })
  }

  get screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'test')
  }

  /** Keys by tmux's names: `Enter`, `Down`, `Escape`; a text is typed. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.#tmux('send-keys', '-t', 'test', key)
      // A lone escape is told from the beginning of a sequence by what does not follow.
      await pause(key === 'Escape' ? 150 : 40)
    }
  }

  resize(width: number, height: number): void {
    this.#tmux('resize-window', '-t', 'test', '-x', String(width), '-y', String(height))
  }

  /** The screen, as soon as it has what is expected. */
  async see(expected: RegExp): Promise<string> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      const { screen } = this
      if (expected.test(screen)) return screen
      if (Date.now() > end) throw new Error(`${expected} did not come:\n${screen}`)
      await pause(50)
    }
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server'])
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
