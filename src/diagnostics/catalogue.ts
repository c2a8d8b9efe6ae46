/**
 * Every diagnostic the tool can produce. Keys are public: rename one only with an entry in the changelog.
 *
 * One entry holds both languages and the text of `explain`. Entries stand in the file of their stage, sorted by code.
 */

import { configDiagnostics } from './config.ts'
import { demoDiagnostics } from './demo.ts'
import { entry } from './entry.ts'
import { identityDiagnostics } from './identity.ts'
import { ingestDiagnostics } from './ingest.ts'
import { platformDiagnostics } from './platform.ts'
import { ruleDiagnostics } from './rules.ts'
import { sourceDiagnostics } from './source.ts'
import { usageDiagnostics } from './usage.ts'

/** The short form of an entry, in English only. */
export interface Wording {
  readonly message: string
  readonly help: string | null
  /** Defaults to 2. */
  readonly status?: 2 | 3 | 4 | 130
}

export const catalogue = {
  ...configDiagnostics,
  ...demoDiagnostics,
  ...identityDiagnostics,
  ...ingestDiagnostics,
  ...platformDiagnostics,
  ...ruleDiagnostics,
  ...sourceDiagnostics,
  ...usageDiagnostics,

  'source/not-found': entry({
    status: 3,
    en: (p: { path: string }) => ({
      message: `no file matches '${p.path}'`,
      help: 'check the path; it is relative to the folder of the configuration',
    }),
    es: (p) => ({
      message: `ningún fichero coincide con «${p.path}»`,
      help: 'revise la ruta; parte de la carpeta de la configuración',
    }),
    docs: {
      en: 'A path or glob of a source matched nothing. A channel without its files cannot be checked, so the run ends with status 3.',
      es: 'Una ruta o patrón de una fuente no encontró nada. Un canal sin sus ficheros no se puede comprobar, así que la ejecución termina con estado 3.',
    },
  }),
}

export type Code = keyof typeof catalogue

/** What `fail` needs to word the diagnostic `C`. */
export type ParamsOf<C extends Code> = (typeof catalogue)[C] extends { readonly en: (params: infer P) => unknown }
  ? P
  : (typeof catalogue)[C] extends (params: infer P) => unknown
    ? P
    : never

export function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text)
}
