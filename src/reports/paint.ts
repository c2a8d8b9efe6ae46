import type { ChalkInstance } from 'chalk'
import type { Severity } from '../model/config.ts'

/** The sixteen colours alone: terminals map them to what the reader can see on their background. */
export function severityColour(chalk: ChalkInstance, severity: Severity): ChalkInstance {
  return { error: chalk.red, warning: chalk.yellow, info: chalk.cyan }[severity]
}
