import { fail } from '../diagnostics/diagnostic.ts'
import type { RunAudit } from '../model/audit-run.ts'

export const runAudit: RunAudit = async () => {
  throw fail('usage/not-built', { command: 'audit', known: ['explain', 'schema', 'completion'] })
}
