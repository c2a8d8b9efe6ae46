/** What is said of a part of the range that a channel lacks, by what the part is. */
import type { CauseTexts, CauseWords } from './detector.ts'

const EN: Readonly<Record<string, (value: string, rest: string) => string>> = {
  category: (value) => `the whole category '${value}'`,
  brand: (value) => `the whole brand '${value}'`,
  file: (value) => `everything that stands in the file ${value}`,
  location: (value) => `everything that is kept at '${value}' alone`,
  position: (value, rest) => `a run of consecutive articles, ${value} in the order of ${rest}`,
}

const ES: Readonly<Record<string, (value: string, rest: string) => string>> = {
  category: (value) => `toda la categoría «${value}»`,
  brand: (value) => `toda la marca «${value}»`,
  file: (value) => `todo lo que está en el fichero ${value}`,
  location: (value) => `todo lo que solo está en «${value}»`,
  position: (value, rest) => `un tramo de artículos seguidos, ${value} en el orden de ${rest}`,
}

/** What is lacking, in both languages. */
export const SLICE_MESSAGES = {
  en: ({ fault, rest, detail: { by = '', value = '' } }: CauseWords): string =>
    `${fault} lacks ${EN[by]?.(value, rest) ?? value}`,
  es: ({ fault, rest, detail: { by = '', value = '' } }: CauseWords): string =>
    `en ${fault} falta ${ES[by]?.(value, rest) ?? value}`,
}

export const SLICE_TEXTS: CauseTexts = {
  en: (words) => ({
    message: SLICE_MESSAGES.en(words),
    advice:
      words.detail['by'] === 'position'
        ? `export ${words.fault} again: a page of its export or of its import was lost`
        : `publish that part of the range on ${words.fault}, or export the file again if it was left out`,
  }),
  es: (words) => ({
    message: SLICE_MESSAGES.es(words),
    advice:
      words.detail['by'] === 'position'
        ? `exporte de nuevo ${words.fault}: se perdió una página de su exportación o de su importación`
        : `publique esa parte del surtido en ${words.fault}, o vuelva a exportar el fichero si quedó fuera`,
  }),
}
