/** Writes a report in every requested format, to the standard output or to files that appear only when they are whole. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { fail } from '../diagnostics/diagnostic.ts'
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import type { Renderer, RenderOptions } from '../reports/reporter.ts'
import { readAsset } from './asset.ts'
import { type Output, realPath } from './outputs.ts'

export type RenderTexts = Pick<RenderOptions, 'locale' | 'timezone' | 'ruleTitle' | 'ruleText' | 'folder'>

/** Where GitHub and GitLab have the repository: what they show is named from there. */
const CHECKOUTS = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'] as const

/** The folder of a project as reports write it before paths: seen from the repository, else from where the tool runs. */
export function folderFrom(cwd: string, dir: string): string {
  for (const base of [...CHECKOUTS.map((name) => process.env[name] ?? ''), cwd]) {
    const path = relative(base, dir)
    if (base !== '' && !isAbsolute(path) && !path.startsWith('..')) return path.replaceAll('\\', '/')
  }
  return ''
}

/** Files first: when one of them cannot be written, the standard output stays empty. */
export async function render<Subject>(
  report: Subject,
  outputs: readonly Output<Subject>[],
  request: Pick<AuditRequest, 'cwd' | 'maxFindings'>,
  io: RunIo,
  texts: RenderTexts,
): Promise<void> {
  const order = [...outputs].sort((a, b) => Number(a.file === null) - Number(b.file === null))
  for (const { reporter, summary, file } of order) {
    const options: RenderOptions = {
      ...texts,
      width: file === null ? io.width : null,
      colour: file === null && io.colour,
      maxFindings: request.maxFindings,
      asset: readAsset,
    }
    const pieces = reporter.render(report, options)
    if (file === null) {
      for await (const piece of pieces) {
        io.signal.throwIfAborted()
        const text = typeof piece === 'string' ? piece : new TextDecoder().decode(piece)
        await io.stdout(reporter.isForPeople === true ? withoutCommands(text) : text)
      }
    } else await writeFile(await realPath(resolve(request.cwd, file)), file, pieces, io.signal)
    if (reporter.summary !== undefined && summary !== null)
      await appendSummary(report, summary, reporter.summary.variable, options)
  }
}

/** Systems that read commands for themselves in the log: GitHub, Azure and TeamCity. */
const COMMANDED = ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'] as const

/** A title that is such a command stays on the page, and commands nothing. */
function withoutCommands(text: string): string {
  if (COMMANDED.every((name) => process.env[name] === undefined)) return text
  return text.replace(/^([^\S\n]*:)(?=:)/gm, '$1\u200b').replace(/#(?=#\w*\[)/g, '#\u200b')
}

/** A system that runs the tool may name a file for people to read beside the result. */
async function appendSummary<Subject>(
  report: Subject,
  reporter: Renderer<Subject>,
  variable: string,
  options: RenderOptions,
): Promise<void> {
  const file = process.env[variable]
  if (file === undefined || file === '') return
  try {
    for await (const piece of reporter.render(report, { ...options, colour: false, width: null }))
      await appendFile(file, piece)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && typeof cause.code === 'string')) throw cause
    throw fail('usage/output-failed', { output: variable, reason: cause.code }, null, cause)
  }
}

async function writeFile(
  path: string,
  shown: string,
  pieces: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  // A device or a pipe takes the text as it comes; it must not be replaced by a file.
  const isStream = (await stat(path).catch(() => null))?.isFile() === false
  const partial = isStream ? path : `${path}.partial-${process.pid}`
  try {
    await makeFolder(dirname(path))
    const stream = createWriteStream(partial, { mode: 0o600, flags: 'w' })
    const failed = new Promise<never>((_, reject) => stream.once('error', reject))
    const written = (async () => {
      for await (const piece of pieces) {
        signal.throwIfAborted()
        if (!stream.write(piece)) await once(stream, 'drain')
      }
      stream.end()
      await once(stream, 'close')
    })()
    await Promise.race([written, failed])
    if (!isStream) await rename(partial, path)
  } catch (cause) {
    if (!isStream) await rm(partial, { force: true }).catch(() => undefined)
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
      throw fail('usage/output-failed', { output: shown, reason: cause.code }, null, cause)
    }
    throw cause
  }
}

/** Folder by folder: in some file systems the recursive way of Node never ends. */
async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory()) return
  if (dirname(path) !== path) await makeFolder(dirname(path))
  await mkdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
  })
}
