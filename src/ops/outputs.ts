/** Where the results of an audit go: known and judged before the audit starts, so that no work is lost on a wrong name. */
import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { AuditRequest, RequestedFormat } from '../model/audit-run.ts'
import type { Report } from '../model/report.ts'
import { loadReporter, reporterNames } from '../reports/registry.ts'
import type { Formats, Renderer } from '../reports/reporter.ts'

export interface Output<Subject = Report> {
  readonly reporter: Renderer<Subject>
  /** What is appended to the file that the reporter's environment variable names. */
  readonly summary: Renderer<Subject> | null
  /** As the user wrote it; null for the standard output. */
  readonly file: string | null
}

type Wanted = Pick<AuditRequest, 'formats' | 'output' | 'cwd'>

/** Of reports of audits, as {@link planOutputsOf} does. */
export function planOutputs(request: Wanted): Promise<readonly Output[]> {
  return planOutputsOf(request, { names: reporterNames, load: loadReporter })
}

/**
 * Resolves the formats that were asked for.
 *
 * @throws DiagnosticError `usage/unknown-format`, `usage/file-needed`, `usage/output-clash`, `usage/output-failed` for a folder.
 */
export async function planOutputsOf<Subject>(
  request: Wanted,
  known: Formats<Subject>,
): Promise<readonly Output<Subject>[]> {
  const formats: readonly RequestedFormat[] =
    request.formats.length === 0 ? [{ name: 'pretty', file: null }] : request.formats
  const outputs: Output<Subject>[] = []
  const taken = new Set<string>()
  for (const { name, file: own } of formats) {
    const reporter = await known.load(name)
    if (reporter === null)
      throw fail('usage/unknown-format', {
        format: name,
        nearest: nearest(name, known.names, 3),
        known: known.names,
      })
    const file = own ?? request.output
    if (file === null && reporter.isBinary) throw fail('usage/file-needed', { format: name })
    const place = file === null ? '' : resolve(request.cwd, file)
    if (taken.has(place)) throw fail('usage/output-clash', { output: file ?? 'stdout' })
    taken.add(place)
    if (file !== null) await refuseUnwritable(place, file)
    const summary = reporter.summary === undefined ? null : await known.load(reporter.summary.format)
    outputs.push({ reporter, summary, file })
  }
  if (request.output !== null && formats.every(({ file }) => file !== null)) {
    throw fail('usage/output-clash', { output: request.output })
  }
  return outputs
}

async function refuseUnwritable(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) throw fail('usage/output-failed', { output: shown, reason: 'EISDIR' })
  if (found !== null && !found.isFile()) return
  let folder = dirname(path)
  while (folder !== dirname(folder) && (await stat(folder).catch(() => null)) === null) folder = dirname(folder)
  // A report takes the place of an older one as a whole, so it is the folder that has to be writable.
  await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    throw fail('usage/output-failed', { output: shown, reason: cause.code ?? cause.message }, null, cause)
  })
  if (!(await stat(folder)).isDirectory()) throw fail('usage/output-failed', { output: shown, reason: 'ENOTDIR' })
}

/** @throws DiagnosticError `usage/output-is-input`: a report never takes the place of what it is about. */
export async function spareInputs(
  outputs: readonly Pick<Output, 'file'>[],
  inputs: readonly string[],
  cwd: string,
): Promise<void> {
  const read = new Set(await Promise.all(inputs.map(realPath)))
  for (const { file } of outputs) {
    if (file !== null && read.has(await realPath(resolve(cwd, file))))
      throw fail('usage/output-is-input', { output: file })
  }
}

/** The file that a path leads to; the path itself where there is none. */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
