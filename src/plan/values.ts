/** What a person may set a field to: its canonical text. */
import { type FieldName, fieldType, isFieldName, STATES } from '../model/field.ts'
import { currencies } from '../rules/reference-data.ts'
import type { ReviewedChange } from './review.ts'

const DECIMAL = /^\d{1,12}(?:\.(\d{1,6}))?$/

export function isValue({ field, unit }: Pick<ReviewedChange, 'field' | 'unit'>, text: string): boolean {
  if (text === '' || text !== text.trim() || /[\p{Cc}\p{Cs}]/u.test(text) || text.length > 5000) return false
  const name = isFieldName(field) ? field : null
  switch (name === null ? 'text' : fieldType(name as FieldName)) {
    case 'money': {
      const match = DECIMAL.exec(text)
      return match !== null && (match[1] ?? '').length <= (currencies().get(unit ?? '') ?? 2)
    }
    case 'quantity':
    case 'percent':
      return DECIMAL.test(text)
    case 'integer':
      return /^\d{1,9}$/.test(text)
    case 'bool':
      return text === 'true' || text === 'false'
    case 'state':
      return (STATES as readonly string[]).includes(text)
    case 'gtin':
      return /^(\d{8}|\d{12,14})$/.test(text)
    default:
      return true
  }
}
