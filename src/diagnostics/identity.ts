import { entry } from './entry.ts'

/** What can be wrong with the files that say which listing is which article. */
export const identityDiagnostics = {
  'identity/crosswalk-unreadable': entry({
    en: (p: { reason: string }) => ({
      message: `the crosswalk cannot be read: ${p.reason}`,
      help: 'its header is channel,listing,item[,method,confidence,pack_quantity]',
    }),
    es: (p) => ({
      message: `no se puede leer la tabla de equivalencias: ${p.reason}`,
      help: 'su cabecera es channel,listing,item[,method,confidence,pack_quantity]',
    }),
    docs: {
      en: 'The crosswalk named under `identity:` is a CSV file that says which listing of which channel is which article. A row of it lacks a value or holds one that cannot be used.',
      es: 'La tabla de equivalencias indicada en `identity:` es un CSV que dice qué anuncio de qué canal es cada artículo. A una fila le falta un valor o trae uno que no se puede usar.',
    },
  }),
}
