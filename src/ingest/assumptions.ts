/** What was taken for granted while reading a file, in the words of the report's language. */
import type { FileReading } from '../model/table-file.ts'

export type Assumption =
  | { readonly kind: 'unread'; readonly header: string; readonly rows: number; readonly example: string }
  | { readonly kind: 'open-decimal'; readonly header: string }
  | { readonly kind: 'mixed-decimal'; readonly header: string }
  | { readonly kind: 'open-dates' }
  | { readonly kind: 'no-currency'; readonly rows: number }
  | { readonly kind: 'no-tax-basis' }
  | { readonly kind: 'twin'; readonly path: string }
  | { readonly kind: 'repeated-ids'; readonly records: number; readonly ids: number }
  | { readonly kind: 'empty-columns'; readonly headers: readonly string[]; readonly rows: number }
  | { readonly kind: 'headings'; readonly rows: number; readonly first: number }
  | { readonly kind: 'one-currency'; readonly currency: string; readonly others: readonly string[] }
  | { readonly kind: 'printed'; readonly rows: number; readonly first: number; readonly example: string }
  | { readonly kind: 'zero-offers'; readonly header: string; readonly rows: number }
  | { readonly kind: 'dates-by-decimal' }
  | { readonly kind: 'dates-by-point' }
  | { readonly kind: 'merged'; readonly field: string; readonly rows: number }
  | { readonly kind: 'foreign-words'; readonly header: string; readonly words: readonly string[] }
  | { readonly kind: 'grain'; readonly field: string; readonly articles: number }
  | {
      readonly kind: 'prices'
      readonly by: readonly string[]
      readonly articles: number
      readonly currency: string | null
    }

export class Assumptions {
  readonly #locale: 'en' | 'es'
  readonly #all: Assumption[] = []

  constructor(locale: 'en' | 'es') {
    this.#locale = locale
  }

  add(assumption: Assumption): void {
    const known = this.#all.findIndex(({ kind }) => kind === 'no-currency')
    const before = this.#all[known]
    // A file may make several tables; how many prices it has is one figure.
    if (assumption.kind === 'no-currency' && before?.kind === 'no-currency') {
      this.#all[known] = { ...assumption, rows: before.rows + assumption.rows }
    } else this.#all.push(assumption)
  }

  /** Each once, in the language of the report and in the other one. */
  texts(): Required<Pick<FileReading, 'assumptions' | 'translations'>> {
    const all = [...new Map(this.#all.map((one) => [english(one), spanish(one)]))]
    const [en, es] = [all.map(([text]) => text), all.map(([, text]) => text)]
    return this.#locale === 'es' ? { assumptions: es, translations: en } : { assumptions: en, translations: es }
  }
}

function english(one: Assumption): string {
  switch (one.kind) {
    case 'unread':
      return `${one.rows} ${one.rows === 1 ? 'cell' : 'cells'} of '${one.header}' could not be read (e.g. '${one.example.slice(0, 40)}') and ${one.rows === 1 ? 'counts' : 'count'} as unknown`
    case 'open-decimal':
      return `the decimal mark of '${one.header}' is open: cells such as 1.234 were left unread; say 'decimal:' in the source`
    case 'mixed-decimal':
      return `'${one.header}' mixes decimal marks: each cell was read by its own marks, cells that could mean either were left unread`
    case 'no-currency':
      return `${one.rows} ${one.rows === 1 ? 'price states' : 'prices state'} no currency and the configuration none either: ${one.rows === 1 ? 'it is compared as it stands' : 'they are compared as they stand'}`
    case 'no-tax-basis':
      return 'nothing says whether prices include tax: they are compared as they stand, and a gap that equals a tax rate counts as unknown'
    case 'twin':
      return `the file is ${one.path} byte for byte: that the two agree says nothing`
    case 'repeated-ids':
      return `${one.records} records have ${one.ids} different ids and no other key: each record was taken for an article, and no rule looks at the repetition; where they are earlier prices, leave the last one`
    case 'empty-columns':
      return `none of the ${one.rows} records has anything under ${quoted(one.headers, "'", "'")}: the file says nothing of it, which is not that every article lacks it`
    case 'headings':
      return one.rows === 1
        ? `record ${one.first} repeats the header and was left out: several exports seem to be joined in the file`
        : `${one.rows} records repeat the header, the first of them is record ${one.first}, and were left out: several exports seem to be joined in the file`
    case 'printed':
      return one.rows === 1
        ? `record ${one.first} ('${one.example.slice(0, 40)}') is a heading, a total or a page line of a printed list and was left out`
        : `${one.rows} records are headings, totals or page lines of a printed list and were left out; the first is record ${one.first} ('${one.example.slice(0, 40)}')`
    case 'zero-offers':
      return one.rows === 1
        ? `1 cell of '${one.header}' is 0 beside a regular price: it was taken for no offer`
        : `${one.rows} cells of '${one.header}' are 0 beside a regular price: they were taken for no offer`
    case 'one-currency':
      return `prices stand in ${[one.currency, ...one.others].join(' and ')}: those in ${one.currency} were read; say 'currency:' of the channel to have others`
    case 'open-dates':
      return `the order of day and month is open: dates such as 05/06/2026 were left unread`
    case 'dates-by-point':
      return 'dates were read as day/month because they are written with points'
    case 'dates-by-decimal':
      return `dates were read as day/month because the file writes decimal commas`
    case 'grain':
      return `the rows of one article disagree about ${one.field} in ${one.articles} ${one.articles === 1 ? 'article' : 'articles'}: the first row was taken`
    case 'prices': {
      const own = one.currency === null ? "the channel's own price" : `the price in ${one.currency}`
      return `${one.articles} ${one.articles === 1 ? 'article has' : 'articles have'} several records that differ in ${one.by.join(', ')}: one listing each, compared by ${own}; the others are kept beside it`
    }
    case 'foreign-words':
      return `no rule of the package reads these words of '${one.header}': ${one.words.join(', ')}`
    case 'merged':
      return `two sources of the channel disagree about ${one.field} in ${one.rows} ${one.rows === 1 ? 'row' : 'rows'}: the source listed first was taken`
  }
}

function spanish(one: Assumption): string {
  switch (one.kind) {
    case 'unread':
      return one.rows === 1
        ? `1 celda de «${one.header}» no se pudo leer («${one.example.slice(0, 40)}») y cuenta como desconocida`
        : `${one.rows} celdas de «${one.header}» no se pudieron leer (p. ej. «${one.example.slice(0, 40)}») y cuentan como desconocidas`
    case 'open-decimal':
      return `no se sabe cuál es el separador decimal de «${one.header}»: celdas como 1.234 quedaron sin leer; indique «decimal:» en la fuente`
    case 'mixed-decimal':
      return `«${one.header}» mezcla separadores decimales: cada celda se leyó por los suyos; las ambiguas quedaron sin leer`
    case 'no-currency':
      return one.rows === 1
        ? '1 precio no dice su moneda, y la configuración tampoco: se compara tal cual'
        : `${one.rows} precios no dicen su moneda, y la configuración tampoco: se comparan tal cual`
    case 'no-tax-basis':
      return 'nada dice si los precios llevan impuestos: se comparan tal cual, y una diferencia igual a un tipo de IVA cuenta como desconocida'
    case 'twin':
      return `el fichero es idéntico byte a byte a ${one.path}: que los dos coincidan no dice nada`
    case 'repeated-ids':
      return `${one.records} registros tienen ${one.ids} identificadores distintos y ninguna otra clave: cada registro se tomó por un artículo y ninguna regla mira la repetición; si son precios anteriores, deje solo el último`
    case 'empty-columns':
      return `ninguno de los ${one.rows} registros trae nada en ${quoted(one.headers, '«', '»')}: el fichero no dice nada de ello, que no es lo mismo que faltarles a todos los artículos`
    case 'headings':
      return one.rows === 1
        ? `el registro ${one.first} repite la cabecera y se dejó fuera: parece que el fichero une varias exportaciones`
        : `${one.rows} registros repiten la cabecera, el primero es el ${one.first}, y se dejaron fuera: parece que el fichero une varias exportaciones`
    case 'printed':
      return one.rows === 1
        ? `el registro ${one.first} («${one.example.slice(0, 40)}») es un título, un total o un pie de página de un listado impreso y se dejó fuera`
        : `${one.rows} registros son títulos, totales o pies de página de un listado impreso y se dejaron fuera; el primero es el ${one.first} («${one.example.slice(0, 40)}»)`
    case 'zero-offers':
      return one.rows === 1
        ? `1 celda de «${one.header}» vale 0 junto a un precio normal: se entendió que no hay oferta`
        : `${one.rows} celdas de «${one.header}» valen 0 junto a un precio normal: se entendió que no hay oferta`
    case 'one-currency':
      return `hay precios en ${[one.currency, ...one.others].join(' y en ')}: se leyeron los de ${one.currency}; indique «currency:» en el canal si deben ser otros`
    case 'open-dates':
      return `no se sabe si va antes el día o el mes: fechas como 05/06/2026 quedaron sin leer`
    case 'dates-by-point':
      return 'las fechas se leyeron como día/mes porque están escritas con puntos'
    case 'dates-by-decimal':
      return `las fechas se leyeron como día/mes porque el fichero usa coma decimal`
    case 'grain':
      return `las filas de un mismo artículo no coinciden en ${one.field} en ${one.articles} ${one.articles === 1 ? 'artículo' : 'artículos'}: se tomó la primera`
    case 'prices': {
      const own = one.currency === null ? 'el precio propio del canal' : `el precio en ${one.currency}`
      return `${one.articles} ${one.articles === 1 ? 'artículo tiene' : 'artículos tienen'} varios registros que difieren en ${one.by.join(', ')}: cada uno es una sola ficha y se compara ${own}; los demás precios se conservan aparte`
    }
    case 'foreign-words':
      return `ninguna regla del paquete lee estas palabras de «${one.header}»: ${one.words.join(', ')}`
    case 'merged':
      return `dos fuentes del canal no coinciden en ${one.field} en ${one.rows} ${one.rows === 1 ? 'fila' : 'filas'}: se tomó la que aparece primero`
  }
}

function quoted(headers: readonly string[], open: string, close: string): string {
  return headers.map((header) => `${open}${header}${close}`).join(', ')
}
