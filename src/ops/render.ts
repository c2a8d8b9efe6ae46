/** Writes a report in every requested format, to the standard output or to files that appear only when they are whole. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { AuditRequest, RequestedFormat, RunIo } from '../model/audit-run.ts'
import type { Report } from '../model/report.ts'
import { loadReporter, reporterNames } from '../reports/registry.ts'
import type { Reporter, RenderOptions } from '../reports/reporter.ts'

export type RenderTexts = Pick<RenderOptions, 'locale' | 'timezone' | 'ruleTitle'>

/** @throws DiagnosticError `usage/unknown-format`, before anything is written. */
export async function resolveFormats(request: AuditRequest): Promise<readonly { reporter: Reporter; file: string | null }[]> {
  const formats: readonly RequestedFormat[] = request.formats.length === 0 ? [{ name: 'pretty', file: request.output }] : request.formats
  const found = []
  for (const { name, file } of formats) {
    const reporter = await loadReporter(name)
    if (reporter === null) throw fail('usage/unknown-format', { format: name, nearest: nearest(name, reporterNames, 3), known: reporterNames })
    found.push({ reporter, file: file ?? (formats.length === 1 ? request.output : null) })
  }
  return found
}

export async function render(report: Report, request: AuditRequest, io: RunIo, texts: RenderTexts): Promise<void> {
  for (const { reporter, file } of await resolveFormats(request)) {
    const options: RenderOptions = {
      ...texts,
      width: file === null ? io.width : null,
      colour: file === null && io.colour,
      maxFindings: request.maxFindings,
    }
    const pieces = reporter.render(report, options)
    if (file === null) for await (const piece of pieces) await io.stdout(piece)
    else await writeFile(resolve(request.cwd, file), pieces)
  }
}

async function writeFile(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.partial-${process.pid}`
  try {
    await mkdir(dirname(path), { recursive: true })
    const stream = createWriteStream(partial, { mode: 0o600, flags: 'w' })
    const failed = new Promise<never>((_, reject) => stream.once('error', reject))
    const written = (async () => {
      for await (const piece of pieces) if (!stream.write(piece)) await once(stream, 'drain')
      stream.end()
      await once(stream, 'close')
    })()
    await Promise.race([written, failed])
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true })
    if (cause instanceof Error && 'code' in cause) throw fail('usage/output-failed', { output: path, reason: String(cause.code) }, null, cause)
    throw cause
  }
}
