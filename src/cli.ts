/** From the command line to the exit status. The only caller of process.exit. */
import { CommanderError } from 'commander'
import { buildProgram, usageError } from './commands/program.ts'
import type { Shell } from './commands/shell.ts'
import { DiagnosticError, fail } from './diagnostics/diagnostic.ts'
import type { Language } from './diagnostics/entry.ts'
import { renderDiagnostic } from './diagnostics/render.ts'
import { environmentLocale, t } from './i18n/texts.ts'

const BUG = 70
const INTERRUPTED = 130

/** How long an interrupted command may take to leave its state consistent. */
const GRACE_MS = 5000

const argv = process.argv.slice(2)
const interruption = new AbortController()

/** The language of help and messages has to be known before the command line can be understood. */
function findLocale(): Language | null {
  const index = argv.findIndex((argument) => argument === '--locale' || argument.startsWith('--locale='))
  const value = index < 0 ? undefined : (argv[index]?.split('=')[1] ?? argv[index + 1])
  return value === 'en' || value === 'es' ? value : null
}

function takesColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: never, FORCE_COLOR: always, TERM: terminal } = process.env
  if (argv.includes('--no-color')) return false
  if (always !== undefined && always !== '') return always !== '0' && always !== 'false'
  if (never !== undefined && never !== '') return false
  return stream.isTTY === true && terminal !== 'dumb'
}

/** A terminal without a size is a pipe in disguise: drawing on it would clear what stands there. */
function isWatched(): boolean {
  const { CI: ci, TERM: terminal } = process.env
  if (process.stderr.isTTY !== true || !(process.stderr.rows > 2 && process.stderr.columns > 20)) return false
  return terminal !== 'dumb' && (ci === undefined || ci === '' || ci === 'false')
}

let readerHasGone = false

function isBrokenPipe(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'EPIPE'
}

/** A reader that closes its end, as `head` does, wants no more text. The run goes on: its status still has to be true. */
function writeResult(text: string): Promise<void> {
  if (readerHasGone) return Promise.resolve()
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) return resolve()
      if (isBrokenPipe(error)) {
        readerHasGone = true
        return resolve()
      }
      reject(fail('usage/output-failed', { output: 'stdout', reason: error.message }, null, error))
    })
  })
}

const requestedLocale = findLocale()
const locale = requestedLocale ?? environmentLocale(process.env)
let spoken = locale
const texts = t(locale)
const errorColour = takesColour(process.stderr)
const shell: Shell = {
  locale,
  requestedLocale,
  texts,
  cwd: process.cwd(),
  stdout: writeResult,
  stderr: process.stderr,
  width: process.stdout.isTTY ? process.stdout.columns : null,
  colour: takesColour(process.stdout),
  errorColour,
  isWatched: isWatched(),
  signal: interruption.signal,
  speak(language) {
    spoken = language
  },
}

function reportBug(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error)
  const lines = [texts.bug(message), `  ${texts.bugHelp}`]
  if (argv.includes('--verbose')) lines.push(error instanceof Error ? (error.stack ?? message) : message)
  else lines.push(`  ${texts.bugVerbose}`)
  process.stderr.write(`${lines.join('\n')}\n`)
  return BUG
}

function reportFailure(error: unknown): number {
  if (interruption.signal.aborted) return INTERRUPTED
  if (!(error instanceof DiagnosticError)) return reportBug(error)
  for (const diagnostic of error.diagnostics) {
    process.stderr.write(renderDiagnostic(diagnostic, { locale: spoken, colour: errorColour }))
  }
  return error.status
}

async function main(): Promise<number> {
  let status = 0
  const program = buildProgram(shell, async (body) => {
    status = await body()
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error)
    const usage = usageError(error, argv, program)
    return usage === null ? 0 : reportFailure(usage)
  }
  return interruption.signal.aborted ? INTERRUPTED : status
}

function interrupt(): void {
  if (interruption.signal.aborted) process.exit(INTERRUPTED)
  process.stderr.write(`${texts.interrupted}\n`)
  interruption.abort()
  // A query of the engine may not listen; what is written is written as a whole or not at all.
  setTimeout(() => process.exit(INTERRUPTED), GRACE_MS).unref()
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!isBrokenPipe(error)) throw error
    readerHasGone ||= stream === process.stdout
  })
}
process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)
process.on('uncaughtException', (error) => process.exit(reportBug(error)))

process.exit(await main())
