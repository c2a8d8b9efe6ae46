import { type FieldName, fieldType } from '../model/field.ts'

const NUMBERS: ReadonlySet<string> = new Set(['money', 'quantity', 'integer', 'percent'])

/** Whether two canonical texts of a field are one value: `19.90` is `19.9`, and an empty text is not null. */
export function isSameValue(field: FieldName, one: string | null, other: string | null): boolean {
  if (one === other) return true
  if (one === null || other === null || !NUMBERS.has(fieldType(field))) return false
  const [a, b] = [plainNumber(one), plainNumber(other)]
  return a !== null && a === b
}

/** Without a sign of zero, leading and trailing zeros; null for what is no decimal. */
function plainNumber(text: string): string | null {
  const [, sign, whole = '', decimals = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? []
  if (sign === undefined || whole + decimals === '') return null
  const integer = whole.replace(/^0+(?=\d)/, '') || '0'
  const rest = decimals.replace(/0+$/, '')
  const digits = rest === '' ? integer : `${integer}.${rest}`
  return sign === '-' && digits !== '0' ? `-${digits}` : digits
}
