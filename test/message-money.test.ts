/** Amounts in the sentences of findings, as each language writes them. */
import { expect, it } from 'vitest'
import { changeText, gapText, renderText } from '../src/audit/messages.ts'
import type { Side } from '../src/model/report.ts'

function said(value: string, unit: string | null, locale: 'en' | 'es'): string {
  const side: Side = {
    channel: 'web',
    listing: null,
    field: 'price.regular',
    value,
    raw: null,
    unit,
    source: null,
    authority: false,
  }
  return renderText('{sides}', { item: null, sides: [side], expected: null, code: null, words: {} }, locale)
}

it.each([
  ['16675.00', null, 'en', 'web 16,675.00'],
  ['16675.00', null, 'es', 'web 16.675,00'],
  ['4255.50', null, 'es', 'web 4255,50'],
  ['31000.00', 'ARS', 'es', 'web 31.000,00\u00a0ARS'],
  ['9.90', 'USD', 'es', 'web 9,90\u00a0US$'],
  ['9.90', 'USD', 'en', 'web $9.90'],
  ['9.90', 'MXN', 'en', 'web MX$9.90'],
  ['9.90', 'EUR', 'es', 'web 9,90\u00a0€'],
] as const)('%s %s in %s is %s', (value, unit, locale, text) => {
  expect(said(value, unit, locale)).toBe(text)
})

it('writes gaps with a sign and the currency', () => {
  expect(gapText('0.50', 'EUR', 'es')).toBe('+0,50\u00a0€')
  expect(gapText('-2.50', 'EUR', 'en')).toBe('−€2.50')
  expect(changeText('-11.57%', 'es')).toBe('−11,57 %')
  expect(changeText('12.5%', 'en')).toBe('+12.5%')
})

it('writes a tax rate with the blank that Spanish has before the sign', () => {
  const words = { item: null, sides: [], expected: null, code: null, words: { rate: '5.5%' } }
  expect(renderText('{rate}', words, 'es')).toBe('5,5 %')
  expect(renderText('{rate}', words, 'en')).toBe('5.5%')
})
