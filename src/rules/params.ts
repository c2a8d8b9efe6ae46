/** Values of parameters: as written in YAML, as expressions read them. */
import { durationText, parseDuration } from '../base/clock.ts'
import { fraction } from '../config/normalise.ts'
import type { ParamValue } from './expression/scope.ts'

export const PARAM_TYPES = ['decimal', 'duration', 'integer', 'boolean', 'text', 'enum', 'list', 'map'] as const
export type ParamType = (typeof PARAM_TYPES)[number]

export interface ParamShape {
  readonly type: ParamType
  /** Of an enum, and of a list whose members are limited. */
  readonly values: readonly string[] | null
  /** Whether null, "not set", is a value. */
  readonly nullable: boolean
}

function decimal(raw: unknown): string | null {
  const text = typeof raw === 'number' ? String(raw) : raw
  if (typeof text !== 'string') return null
  const plain = /^-?\d+(\.\d+)?%$/.test(text) ? fraction(text) : text
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(plain) ? plain : null
}

function words(raw: unknown, values: readonly string[] | null): readonly string[] | null {
  if (!Array.isArray(raw)) return null
  const list = raw.map((word: unknown) => (typeof word === 'string' || typeof word === 'number' ? String(word) : null))
  const isWhole = list.every((word) => word !== null && (values === null || values.includes(word)))
  return isWhole ? list.filter((word) => word !== null) : null
}

/** @returns Null when `raw` is no value of the parameter. */
export function readParam(raw: unknown, { type, values, nullable }: ParamShape): ParamValue | null {
  if (raw === null) return nullable ? { type: 'null', value: null } : null
  switch (type) {
    case 'decimal': {
      const value = decimal(raw)
      return value === null ? null : { type, value }
    }
    case 'integer': {
      const value = decimal(raw)
      return value === null || value.includes('.') ? null : { type, value }
    }
    case 'duration': {
      const value = typeof raw === 'string' ? parseDuration(raw) : raw === 0 ? 0 : null
      return value === null ? null : { type, value }
    }
    case 'boolean':
      return typeof raw === 'boolean' ? { type, value: raw } : null
    case 'text':
      return typeof raw === 'string' ? { type, value: raw } : null
    case 'enum':
      return typeof raw === 'string' && values?.includes(raw) ? { type, value: raw } : null
    case 'list': {
      const value = words(raw, values)
      return value === null ? null : { type, value }
    }
    case 'map':
      return typeof raw === 'object' && !Array.isArray(raw) ? { type, value: { ...raw } } : null
  }
}

/** The values a parameter accepts, for messages. */
export function acceptedParam({ type, values }: ParamShape): string {
  const forms: { readonly [T in ParamType]: string } = {
    decimal: '0.01, 5%',
    duration: '15m, 24h, 7d',
    integer: '1, 2, 3',
    boolean: 'true | false',
    text: 'text',
    enum: (values ?? []).join(' | '),
    list: values === null ? '[a, b]' : `[${values.join(', ')}]`,
    map: '{key: value}',
  }
  return forms[type]
}

/** A value as people write it. */
export function paramText(param: ParamValue): string {
  switch (param.type) {
    case 'list':
      return `[${param.value.join(', ')}]`
    case 'duration':
      return durationText(param.value)
    case 'map':
      return JSON.stringify(param.value)
    case 'decimal':
    case 'integer':
    case 'text':
    case 'enum':
    case 'boolean':
    case 'null':
      return String(param.value)
  }
}
