/**
 * Files that correct a channel that is read from a table of its own: the records that change, with every column of the
 * file they came from, in the same encoding, delimiter and decimal mark. What reads the file is not known, so nothing but
 * the cells that change is different from what it wrote itself.
 */
import { type FieldName, fieldType } from '../../model/field.ts'
import type { FixChange, FixContext, FixRecord, FixRefusal, SourceRecord, TableFix } from '../fix.ts'
import {
  decimalMark,
  decimalText,
  fitsEncoding,
  gtinText,
  isUnwritable,
  readDecimal,
  sameDecimal,
} from '../fix-values.ts'

const NUMERIC = new Set(['money', 'quantity', 'integer', 'percent'])
const CODED = new Set(['state', 'condition', 'bool', 'backorder'])

/** Columns of the product list that say the same price in another way. */
const PRICES = ['price', 'price_gross', 'price_net', 'gross', 'net', 'price_eur', 'price_usd']
/** Columns that decide over the state together with the one that is written. */
const STATES = ['status', 'active', 'inactive', 'discontinued']
/** Columns that tell the same stock. */
const STOCKS = ['stock', 'promised', 'quantity', 'on_hand', 'reserved', 'in_stock']

const BESIDE: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  'price.regular': PRICES,
  status: STATES,
  'stock.available': STOCKS,
}

/** Where the value of a field stands in a record; -1 where none or several columns might be meant. */
function positionOf(field: FieldName, record: SourceRecord, { understood }: FixContext): number {
  const header = understood.columns[field]
  if (header === undefined) return -1
  const position = record.header.indexOf(header)
  return position === record.header.lastIndexOf(header) ? position : -1
}

/** Another column of the record that has a say in the same value. */
function contradicting(field: FieldName, record: SourceRecord, position: number): string | null {
  const headers = (BESIDE[field] ?? []).flatMap((column) => {
    const header = record.headerOf(column)
    const said = record.cell(column)
    return header === undefined || said === undefined || said === null || said.trim() === '' ? [] : [header]
  })
  return headers.find((header) => record.header.indexOf(header) !== position) ?? null
}

/** The text for a value as the column writes it; null where it is not known how. */
function textFor(change: FixChange, raw: string | null, context: FixContext): string | null {
  const { field, after } = change
  if (after === null) return null
  const type = fieldType(field)
  if (NUMERIC.has(type)) return numberFor(change, raw, context)
  if (CODED.has(type)) return wordFor(field, after, context)
  if (type === 'gtin') return gtinText(after, raw)
  return type === 'text' || type === 'key' ? after : null
}

/** Like the number that stands there: its decimal mark, its digits after it, what stands before and behind it. */
function numberFor({ field, after, before }: FixChange, raw: string | null, context: FixContext): string | null {
  const mark = decimalMark(raw, context.understood)
  const least = raw === null ? 0 : fractionDigits(raw, mark)
  const digits = fieldType(field) === 'money' ? Math.max(least, fractionOf(after ?? '')) : least
  const text = decimalText(after ?? '', digits, mark ?? '.')
  if (text === null || (mark === null && /[.,]/.test(text))) return null
  // An empty cell that is said to have a value takes it from elsewhere.
  if (raw === null) return before === null ? text : null
  const [, head = '', number = '', tail = ''] =
    /^([^\d+-]*)([+-]?\d[\d.,' \u00a0\u202f]*?)(\D*)$/.exec(raw.trim()) ?? []
  if (number === '') return null
  // A cell that does not say what the change starts from is not the one that was read.
  const said = readDecimal(number, mark ?? '.')
  if (before !== null && (said === null || !sameDecimal(said, before))) return null
  return `${head}${text}${tail}`
}

function fractionDigits(raw: string, mark: '.' | ',' | null): number {
  if (mark === null) return 0
  const at = raw.lastIndexOf(mark)
  return at < 0 ? 0 : (/^\d*/.exec(raw.slice(at + 1))?.[0].length ?? 0)
}

function fractionOf(value: string): number {
  return value.split('.')[1]?.length ?? 0
}

/** The one word of the channel's own files for a value, else the one that its configuration declares. */
function wordFor(field: FieldName, value: string, context: FixContext): string | null {
  const known = context.words(field).filter((one) => one.value === value)
  const folded = new Set(known.map(({ word }) => word.toLowerCase()))
  return folded.size === 1 ? (known[0]?.word ?? null) : null
}

function refusal(en: string, es: string, field: FieldName): FixRefusal {
  return { en, es, fields: [field] }
}

function refuseOne(change: FixChange, record: SourceRecord, context: FixContext): FixRefusal | null {
  const { field } = change
  const position = positionOf(field, record, context)
  if (position < 0)
    return refusal(
      `the file has no one column for ${field}`,
      `el fichero no tiene una única columna para ${field}`,
      field,
    )
  if (context.direction === 'undo') return null
  const other = contradicting(field, record, position)
  if (other !== null) {
    return refusal(
      `the column “${other}” of the record says the same in another way and would contradict it`,
      `la columna «${other}» del registro dice lo mismo de otra forma y lo contradiría`,
      field,
    )
  }
  const text = textFor(change, record.cells[position] ?? null, context)
  if (text === null) {
    return refusal(
      `how the file writes ${change.after ?? ''} in ${record.header[position] ?? ''} is not known for sure`,
      `no se sabe con seguridad cómo escribe el fichero ${change.after ?? ''} en ${record.header[position] ?? ''}`,
      field,
    )
  }
  if (isUnwritable(text) || !fitsEncoding(text, context.understood.encoding)) {
    return refusal(
      'the value has characters that the file cannot hold',
      'el valor tiene caracteres que el fichero no admite',
      field,
    )
  }
  return null
}

function cellsOf({ record, changes }: FixRecord, context: FixContext): readonly (string | null)[] {
  const cells = [...record.cells]
  // What is to be restored is what the record has.
  if (context.direction === 'undo') return cells
  for (const change of changes) {
    const position = positionOf(change.field, record, context)
    if (position >= 0) cells[position] = textFor(change, record.cells[position] ?? null, context)
  }
  return cells
}

const table: TableFix = {
  shape: 'table',
  name: 'corrections',
  extension: 'csv',
  kinds: ['products', 'stock by location', 'stock', 'price'],
  fields: (field) =>
    NUMERIC.has(fieldType(field)) || CODED.has(fieldType(field)) || ['text', 'key', 'gtin'].includes(fieldType(field)),
  encoding: 'source',
  delimiter: 'source',
  lineEnd: '\r\n',
  literal: true,
  advice: {
    en: 'It has the records that change, with every column of the file they came from, in its encoding, delimiter and decimal mark. Import it as an update by the key column, never as a replacement of the whole list: the other records are not in it. What was no delimited text (a workbook, JSON, XML) comes as CSV in UTF-8.',
    es: 'Contiene los registros que cambian, con todas las columnas del fichero de origen y con su codificación, separador y signo decimal. Impórtelo como actualización por la columna clave, nunca como sustitución de la lista entera: los demás registros no están. Lo que no era texto delimitado (un libro de cálculo, JSON, XML) sale como CSV en UTF-8.',
  },
  refuse({ record, changes }, context) {
    if (new Set(changes.map(({ field }) => field)).size < changes.length) {
      return {
        en: 'one cell of the record stands for several values',
        es: 'una celda del registro representa varios valores',
      }
    }
    for (const change of changes) {
      const why = refuseOne(change, record, context)
      if (why !== null) return why
    }
    return null
  },
  header: (_, sample) => sample.header,
  rows: (group, _, context) => group.map((one) => cellsOf(one, context)),
}

export const fixes = [table]
