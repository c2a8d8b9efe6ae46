import { reporterModules } from './modules.ts'
import type { Reporter } from './reporter.ts'

const modules = reporterModules()

/** The formats there are, sorted: one for each file in formats/. */
export const reporterNames: readonly string[] = [...modules.keys()]

/** @returns Null when there is no such format. */
export async function loadReporter(name: string): Promise<Reporter | null> {
  const load = modules.get(name)
  return load === undefined ? null : (await load()).reporter
}
