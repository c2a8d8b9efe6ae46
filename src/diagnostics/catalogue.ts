/**
 * Every diagnostic the tool can produce. Keys are public: rename one only with an entry in the changelog.
 *
 * One entry holds both languages and the text of `explain`. Entries stand in the file of their stage, sorted by code.
 */
import { applyDiagnostics } from './apply.ts'
import { configDiagnostics } from './config.ts'
import { databaseDiagnostics } from './database.ts'
import { demoDiagnostics } from './demo.ts'
import { identityDiagnostics } from './identity.ts'
import { ingestDiagnostics } from './ingest.ts'
import { initDiagnostics } from './init.ts'
import { inputDiagnostics } from './input.ts'
import { planDiagnostics } from './plan.ts'
import { platformDiagnostics } from './platform.ts'
import { ruleFileDiagnostics } from './rule-files.ts'
import { ruleDiagnostics } from './rules.ts'
import { silenceDiagnostics } from './silence.ts'
import { sourceDiagnostics } from './source.ts'
import { stateDiagnostics } from './state.ts'
import { usageDiagnostics } from './usage.ts'

export const catalogue = {
  ...applyDiagnostics,
  ...configDiagnostics,
  ...databaseDiagnostics,
  ...demoDiagnostics,
  ...identityDiagnostics,
  ...ingestDiagnostics,
  ...initDiagnostics,
  ...inputDiagnostics,
  ...planDiagnostics,
  ...platformDiagnostics,
  ...ruleDiagnostics,
  ...ruleFileDiagnostics,
  ...silenceDiagnostics,
  ...sourceDiagnostics,
  ...stateDiagnostics,
  ...usageDiagnostics,
}

export type Code = keyof typeof catalogue

/** What `fail` needs to word the diagnostic `C`. */
export type ParamsOf<C extends Code> = Parameters<(typeof catalogue)[C]['en']>[0]

export function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text)
}
