import type { Language } from '../diagnostics/entry.ts'
import { en, type Texts } from './en.ts'
import { es } from './es.ts'

const CATALOGUES: Readonly<Record<Language, Texts>> = { en, es }

/** The texts of one language. */
export function t(locale: Language): Texts {
  return CATALOGUES[locale]
}

/** The language of the environment, by the order of POSIX: LC_ALL, LC_MESSAGES, LANG; English unless it is Spanish. */
export function environmentLocale(env: Readonly<Record<string, string | undefined>>): Language {
  const name = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '')
  return name !== undefined && /^es(?![a-z])/i.test(name) ? 'es' : 'en'
}
