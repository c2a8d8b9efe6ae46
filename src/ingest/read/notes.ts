/** What reading took for granted and why records were left out, in the language of the report. */
import { type Locale, OTHER_LOCALE } from '../../model/config.ts'
import type { QuarantinedRecord } from '../../model/report.ts'
import type { FileReading } from '../../model/table-file.ts'
import { type DatabaseNote, databaseNote } from './database-notes.ts'
import type { OddKind } from './scan.ts'

export type Note =
  | { readonly kind: 'not-utf8'; readonly encoding: string }
  | { readonly kind: 'preamble'; readonly lines: number }
  | { readonly kind: 'no-records' }
  | { readonly kind: 'totals'; readonly text: string }
  | { readonly kind: 'empty-tail'; readonly rows: number }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'trailing' }
  | { readonly kind: 'padded'; readonly rows: number }
  | { readonly kind: 'plain-quotes' }
  | { readonly kind: 'part'; readonly part: string; readonly others: readonly string[] }
  | { readonly kind: 'skipped-members'; readonly names: readonly string[] }
  | { readonly kind: 'skipped-sheets'; readonly names: readonly string[] }
  | { readonly kind: 'database'; readonly note: DatabaseNote }

/** What reading took for granted, in the language of the report and in the other one. */
export function noteTexts(
  notes: readonly Note[],
  locale: Locale,
): Required<Pick<FileReading, 'assumptions' | 'translations'>> {
  return {
    assumptions: notes.map((note) => noteText(note, locale)),
    translations: notes.map((note) => noteText(note, OTHER_LOCALE[locale])),
  }
}

/** The same of two readings, one behind the other. */
export function joinedTexts(
  first: Pick<FileReading, 'assumptions' | 'translations'>,
  second: Pick<FileReading, 'assumptions' | 'translations'>,
): Required<Pick<FileReading, 'assumptions' | 'translations'>> {
  const other = ({ assumptions, translations }: typeof first): readonly string[] => translations ?? assumptions
  return {
    assumptions: [...first.assumptions, ...second.assumptions],
    translations: [...other(first), ...other(second)],
  }
}

/** Why a record was left out, in the language of the report and in the other one. */
export function reasonTexts(
  reason: Reason,
  locale: Locale,
): Required<Pick<QuarantinedRecord, 'reason' | 'translation'>> {
  return { reason: reasonText(reason, locale), translation: reasonText(reason, OTHER_LOCALE[locale]) }
}

function noteText(note: Note, locale: Locale): string {
  return locale === 'es' ? spanish(note) : english(note)
}

function english(note: Note): string {
  switch (note.kind) {
    case 'not-utf8':
      return `the text is not UTF-8 and was read as ${note.encoding}`
    case 'preamble':
      return note.lines === 1
        ? '1 line above the header is no data'
        : `${note.lines} lines above the header are no data`
    case 'no-records':
      return 'the file has a header and no records'
    case 'totals':
      return `rows of totals at the end were left out: ${note.text}`
    case 'empty-tail':
      return `${note.rows} empty rows at the end were left out`
    case 'cut-off':
      return 'the file ends in the middle of a record: it seems to be cut off, and what it would have listed behind that is unknown; fetch it again'
    case 'trailing':
      return 'rows end with a delimiter behind the last column'
    case 'padded':
      return `${note.rows} rows are shorter than the header; the missing cells at their end count as empty`
    case 'plain-quotes':
      return 'quotes were read as plain characters, because as quotes they do not match'
    case 'part':
      return note.others.length === 0
        ? `records were read from '${note.part}'`
        : `records were read from '${note.part}'; left out: ${note.others.join(', ')}`
    case 'skipped-members':
      return `members of the archive that hold no table were left out: ${note.names.join(', ')}`
    case 'skipped-sheets':
      return `sheets of the workbook that no reader recognises were left out: ${note.names.join(', ')}`
    case 'database':
      return databaseNote(note.note, 'en')
  }
}

function spanish(note: Note): string {
  switch (note.kind) {
    case 'not-utf8':
      return `el texto no es UTF-8 y se leyó como ${note.encoding}`
    case 'preamble':
      return note.lines === 1
        ? '1 línea por encima de la cabecera no es un dato'
        : `${note.lines} líneas por encima de la cabecera no son datos`
    case 'no-records':
      return 'el fichero tiene cabecera y ningún registro'
    case 'totals':
      return `se dejaron fuera las filas de totales del final: ${note.text}`
    case 'empty-tail':
      return `se dejaron fuera ${note.rows} filas vacías al final`
    case 'cut-off':
      return 'el fichero termina a mitad de un registro: parece cortado, y no se sabe qué más contenía; descárguelo de nuevo'
    case 'trailing':
      return 'las filas terminan con un separador tras la última columna'
    case 'padded':
      return `${note.rows} filas son más cortas que la cabecera; las celdas que faltan al final cuentan como vacías`
    case 'plain-quotes':
      return 'las comillas se leyeron como caracteres normales, porque como comillas no cuadran'
    case 'part':
      return note.others.length === 0
        ? `los registros se leyeron de «${note.part}»`
        : `los registros se leyeron de «${note.part}»; fuera quedó: ${note.others.join(', ')}`
    case 'skipped-members':
      return `se dejaron fuera los miembros del archivo que no contienen tablas: ${note.names.join(', ')}`
    case 'skipped-sheets':
      return `se dejaron fuera las hojas del libro que ningún lector reconoce: ${note.names.join(', ')}`
    case 'database':
      return databaseNote(note.note, 'es')
  }
}

export type Reason =
  | { readonly kind: Exclude<OddKind, 'few' | 'many' | 'trailing' | 'unclosed'> }
  | { readonly kind: 'few' | 'many'; readonly fields: number; readonly expected: number }
  | { readonly kind: 'unclosed'; readonly lines: number }
  | { readonly kind: 'no-object' }
  | { readonly kind: 'syntax'; readonly text: string }

function reasonText(reason: Reason, locale: Locale): string {
  const es = locale === 'es'
  switch (reason.kind) {
    case 'few':
    case 'many':
      return es
        ? `${reason.fields} celdas en lugar de ${reason.expected}`
        : `${reason.fields} cells instead of ${reason.expected}`
    case 'nul':
      return es ? 'contiene un carácter NUL o incompleto' : 'holds a NUL or half a character'
    case 'text-after-quote':
      return es ? 'hay texto tras una comilla de cierre' : 'text follows a closing quote'
    case 'lone-cr':
      return es ? 'un retorno de carro parte una celda sin comillas' : 'a carriage return breaks a cell without quotes'
    case 'cell':
      return es ? 'una celda supera 1 MB' : 'a cell is over 1 MB'
    case 'bytes':
      return es
        ? 'bytes que no son UTF-8, como el resto del fichero'
        : 'bytes that are not UTF-8, as the rest of the file is'
    case 'unclosed':
      return es
        ? `una comilla abierta aquí no se cierra; el resto del fichero (${reason.lines} líneas) queda fuera`
        : `a quote opened here is never closed; the rest of the file (${reason.lines} lines) is left out`
    case 'no-object':
      return es ? 'no es un objeto' : 'is not an object'
    case 'syntax':
      return es ? `no es JSON válido: ${reason.text}` : `is not valid JSON: ${reason.text}`
  }
}
