import { describe, expect, it } from 'vitest'
import { nearest, printable } from '../src/base/text.ts'
import { type Code, catalogue } from '../src/diagnostics/catalogue.ts'
import { DiagnosticError, diagnose, fail } from '../src/diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../src/diagnostics/render.ts'
import { en } from '../src/i18n/en.ts'
import { es } from '../src/i18n/es.ts'
import { environmentLocale } from '../src/i18n/texts.ts'

const codes = Object.keys(catalogue) as Code[]

describe('every diagnostic', () => {
  it.each(codes)('%s is explained in both languages', (code) => {
    const { docs } = catalogue[code]
    expect(code).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(docs.en.length).toBeGreaterThan(20)
    expect(docs.es.length).toBeGreaterThan(20)
    expect(docs.es).not.toBe(docs.en)
    expect(`${docs.en}${docs.es}`, 'a paragraph ends with a full stop').toMatch(/[.)]$/)
  })
})

describe('a diagnostic as text', () => {
  const where = { file: 'omniparity.yaml', line: 3, column: 5 }

  it('has its code, its place and what to do', () => {
    const diagnostic = diagnose('config/unknown-key', { key: 'porject', nearest: 'project', known: [] }, where)
    expect(renderDiagnostic(diagnostic, { locale: 'en', colour: false })).toBe(
      "error[config/unknown-key]: unknown key 'porject'\n  at omniparity.yaml:3:5\n  help: did you mean 'project'?\n",
    )
    expect(renderDiagnostic(diagnostic, { locale: 'es', colour: false, level: 'warning' })).toBe(
      'aviso[config/unknown-key]: clave desconocida «porject»\n  en omniparity.yaml:3:5\n  ayuda: ¿quería decir «project»?\n',
    )
  })

  it('keeps control sequences of names and files away from the terminal', () => {
    const key = '\u001b[2J\u0007\u202e\nerror: all is well'
    const diagnostic = diagnose('config/unknown-key', { key, nearest: null, known: [] }, { file: '\u009b31m.yaml' })
    const text = renderDiagnostic(diagnostic, { locale: 'en', colour: false })
    expect(text).toContain("'\\u{1b}[2J\\u{7}\\u{202e}\\nerror: all is well'")
    expect(text).toContain('at \\u{9b}31m.yaml')
    expect(text.split('\n')).toHaveLength(4)
  })

  it('is coloured only in its label', () => {
    const text = renderDiagnostic(diagnose('config/empty', {}), { locale: 'en', colour: true })
    expect(text).toContain('\u001b[1;31merror[config/empty]\u001b[0m: the configuration is empty')
  })
})

describe('several diagnostics at once', () => {
  it('end the run with the status that goes first', () => {
    const usage = fail('config/empty', {}).diagnostic
    const source = fail('source/not-found', { path: 'a.csv' }).diagnostic
    expect(new DiagnosticError(source, undefined, [usage]).status).toBe(2)
    expect(new DiagnosticError(source).status).toBe(3)
  })
})

describe('text for a terminal', () => {
  it('keeps what people write', () => {
    expect(printable('Peña «Ñandú» 北京 👟 19,99 €')).toBe('Peña «Ñandú» 北京 👟 19,99 €')
  })

  it('spells out lone surrogates and line separators', () => {
    expect(printable('a\ud800b\u2028c\u0000')).toBe('a\\u{d800}b\\u{2028}c\\u{0}')
  })
})

describe('the nearest word', () => {
  it('is the one with the fewest edits', () => {
    expect(nearest('severty', ['params', 'severity'], 2)).toBe('severity')
    expect(nearest('colour', ['path', 'grain'], 2)).toBeNull()
  })
})

describe('the texts of commands', () => {
  function leaves(value: unknown, path: string): readonly (readonly [string, string])[] {
    if (typeof value === 'string') return [[path, value]]
    if (typeof value === 'function') return [[path, String(value(7))]]
    return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
  }

  it('exist in Spanish, and are Spanish', () => {
    const spanish = new Map(leaves(es, ''))
    const same = leaves(en, '').filter(([path, text]) => spanish.get(path) === text)
    expect(same).toEqual([])
  })

  it.each([
    [{ LANG: 'es_ES.UTF-8' }, 'es'],
    [{ LANG: 'es_MX.UTF-8', LC_ALL: 'C' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'es' }, 'es'],
    [{ LANG: 'est_EE' }, 'en'],
    [{}, 'en'],
  ])('follow the environment %j: %s', (env, expected) => {
    expect(environmentLocale(env)).toBe(expected)
  })
})
