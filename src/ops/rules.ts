import { fail } from '../diagnostics/diagnostic.ts'
import type { Language } from '../diagnostics/entry.ts'

export interface ListRulesRequest {
  readonly configFile: string | null
  readonly cwd: string
  readonly locale: Language
  readonly width: number | null
}

/** What `omniparity rules` prints. */
export async function listRules(_request: ListRulesRequest): Promise<string> {
  throw fail('usage/not-built', { command: 'rules', known: ['explain', 'schema', 'completion'] })
}
