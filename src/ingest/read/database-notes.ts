/** What reading a database took for granted, in the language of the report. */
import type { Nulled, Protection } from '../../database/database.ts'

export type DatabaseNote =
  | {
      readonly kind: 'moment'
      readonly server: string
      readonly isolation: string
      readonly isOneMoment: boolean
      readonly protection: Protection
    }
  | { readonly kind: 'nulled'; readonly nulled: Nulled }
  | { readonly kind: 'near-field'; readonly column: string; readonly field: string }

type Texts = { readonly en: string; readonly es: string }

const PROTECTIONS: Readonly<Record<Protection, Texts>> = {
  file: { en: 'a file', es: 'un fichero' },
  plain: { en: 'a connection without encryption', es: 'una conexión sin cifrar' },
  encrypted: {
    en: 'an encrypted connection whose certificate was not checked',
    es: 'una conexión cifrada cuyo certificado no se comprobó',
  },
  'verified-authority': {
    en: 'an encrypted connection; the authority of its certificate was checked, the name was not',
    es: 'una conexión cifrada; se comprobó la autoridad del certificado, pero no el nombre',
  },
  verified: {
    en: 'an encrypted connection with a checked certificate',
    es: 'una conexión cifrada con certificado comprobado',
  },
}

const NULLED: Readonly<Record<Nulled['what'], Texts>> = {
  'zero-date': { en: 'dates of zeros', es: 'fechas de ceros' },
  'not-a-number': { en: 'numbers that are NaN', es: 'números que son NaN' },
  infinite: { en: 'infinite values', es: 'valores infinitos' },
}

export function databaseNote(note: DatabaseNote, locale: 'en' | 'es'): string {
  const isSpanish = locale === 'es'
  switch (note.kind) {
    case 'moment': {
      const over = PROTECTIONS[note.protection][locale]
      const { server, isolation, isOneMoment } = note
      if (isOneMoment) {
        return isSpanish
          ? `se leyó de ${server} en un solo momento (${isolation}), por ${over}`
          : `read from ${server} in one moment (${isolation}), over ${over}`
      }
      return isSpanish
        ? `se leyó de ${server} por ${over}, pero no en un solo momento: la base de datos no permite instantáneas y las filas son de cuando les llegó el turno (${isolation})`
        : `read from ${server} over ${over}, but not in one moment: the database allows no snapshots, so rows are as of when their turn came (${isolation})`
    }
    case 'nulled': {
      const { column, what, rows } = note.nulled
      return isSpanish
        ? `${NULLED[what].es} de «${column}» se leyeron como vacíos en ${rows} filas`
        : `${NULLED[what].en} in '${column}' were read as empty in ${rows} rows`
    }
    case 'near-field':
      return isSpanish
        ? `ningún campo se llama «${note.column}»; ¿quería decir «${note.field}»?`
        : `no field is called '${note.column}'; did you mean '${note.field}'?`
  }
}
