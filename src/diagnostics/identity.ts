import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

type Fault = { readonly [L in 'en' | 'es']: (value: string) => string }

const ROW_FAULTS = {
  columns: { en: (value) => `its header lacks ${value}`, es: (value) => `a su cabecera le falta ${value}` },
  cells: { en: (value) => `a row has ${value} cells`, es: (value) => `una fila tiene ${value} celdas` },
  quote: { en: () => 'a quote is never closed', es: () => 'una comilla no se cierra' },
  empty: { en: (value) => `${value} is empty`, es: (value) => `${value} está vacío` },
  confidence: {
    en: (value) => `confidence '${value}' is not between 0 and 1`,
    es: (value) => `la confianza «${value}» no está entre 0 y 1`,
  },
  pack: {
    en: (value) => `pack_quantity '${value}' is no whole number above 0`,
    es: (value) => `pack_quantity «${value}» no es un número entero mayor que 0`,
  },
  twice: {
    en: (value) => `it gives ${value} two different articles`,
    es: (value) => `da a ${value} dos artículos distintos`,
  },
} as const satisfies Record<string, Fault>

/** What can be wrong with the files that say which listing is which article. */
export const identityDiagnostics = {
  'identity/crosswalk-row': entry({
    en: (p: { wrong: keyof typeof ROW_FAULTS; value: string }) => ({
      message: `the crosswalk cannot be used: ${ROW_FAULTS[p.wrong].en(p.value)}`,
      help: 'correct that line, or take it out',
    }),
    es: (p) => ({
      message: `la tabla de equivalencias no se puede usar: ${ROW_FAULTS[p.wrong].es(p.value)}`,
      help: 'corrija esa línea o quítela',
    }),
    docs: {
      en: 'A row of the crosswalk lacks a value, holds one that cannot be used, or contradicts another row. A link made by a person is trusted fully, so none is made from a row that is in doubt.',
      es: 'A una fila de la tabla de equivalencias le falta un valor, trae uno que no se puede usar o contradice a otra. De un enlace hecho por una persona no se duda, así que de una fila dudosa no se hace ninguno.',
    },
  }),

  'identity/crosswalk-unreadable': entry({
    en: (p: { reason: string }) => ({
      message: `the crosswalk cannot be read: ${systemReason(p.reason).en}`,
      help: 'its header is channel,listing,item[,method,confidence,pack_quantity]',
    }),
    es: (p) => ({
      message: `no se puede leer la tabla de equivalencias: ${systemReason(p.reason).es}`,
      help: 'su cabecera es channel,listing,item[,method,confidence,pack_quantity]',
    }),
    docs: {
      en: 'The crosswalk named under `identity:` is a CSV file that says which listing of which channel is which article. It is not there, may not be read, or is not UTF-8 text.',
      es: 'La tabla de equivalencias indicada en `identity:` es un CSV que dice qué anuncio de qué canal es cada artículo. No existe, no se puede leer o no es texto UTF-8.',
    },
  }),
}
