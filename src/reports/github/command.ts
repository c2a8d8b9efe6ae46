/**
 * Workflow commands of GitHub Actions, which annotate the lines of files.
 *
 * Ten annotations of each kind a step, 50 a job (docs.github.com, "Workflow commands", 2025).
 */
import { printable } from '../../base/text.ts'
import type { Severity } from '../../model/config.ts'
import type { SourceRef } from '../../model/report.ts'
import { seenFrom } from '../place.ts'
import type { RenderOptions } from '../reporter.ts'

/** Of each severity in one step. */
export const MOST_ANNOTATIONS = 10
/** GitHub shows 4 KB of a message. */
const LONGEST = 2000
const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

export function workflowCommand(
  severity: Severity,
  place: SourceRef | null,
  title: string,
  message: string,
  { folder }: RenderOptions,
): string {
  const properties = [
    ...(place === null ? [] : [`file=${property(seenFrom(folder, place.path))}`]),
    ...(place === null || place.line === null ? [] : [`line=${place.line}`]),
    `title=${property(title)}`,
  ]
  return `::${COMMAND[severity]} ${properties.join(',')}::${data(message)}\n`
}

/** As the toolkit of GitHub escapes it (actions/toolkit, packages/core/src/command.ts). */
function data(text: string): string {
  return printable(text.slice(0, LONGEST)).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
