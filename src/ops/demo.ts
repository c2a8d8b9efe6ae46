import { fail } from '../diagnostics/diagnostic.ts'
import type { RunDemo } from '../model/audit-run.ts'

export const runDemo: RunDemo = async () => {
  throw fail('usage/not-built', { command: 'demo', known: ['explain', 'schema', 'completion'] })
}
