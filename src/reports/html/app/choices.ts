/** Language and appearance of a page. */
import type { Locale } from '../../../model/config.ts'

const root = document.documentElement

export function showLanguage(locale: Locale): void {
  root.dataset['lang'] = locale
  root.lang = locale
  document.title = document.querySelector(`main[lang=${locale}]`)?.getAttribute('data-title') ?? document.title
}

/** Does what the two lists at the head of the page say. */
export function followChoices(onLanguage: (locale: Locale) => void): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-choice]')) {
    select.addEventListener('change', () => {
      const name = select.dataset['choice']
      for (const one of document.querySelectorAll<HTMLSelectElement>(`select[data-choice=${name}]`))
        one.value = select.value
      if (name === 'language') onLanguage(select.value === 'es' ? 'es' : 'en')
      else root.dataset['theme'] = select.value
    })
  }
}
