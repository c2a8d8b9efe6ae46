/** What a cause says and the one action that ends it, in both languages. */
import type { Config } from '../model/config.ts'
import type { CauseDraft } from './cause.ts'

export function causeTexts(cause: CauseDraft, config: Config): { message: string; advice: string } {
  const [fault = '', ...others] = cause.channels.map((index) => config.channels[index]?.id ?? '')
  const rest = others.join(', ')
  const { rate = '', factor = '', from = '', to = '', by = '', value = '' } = cause.detail
  const spanish = config.locale === 'es'
  switch (cause.kind) {
    case 'tax-basis':
      return spanish
        ? {
            message: `los precios de ${fault} son los de ${rest} sin el IVA del ${rate}`,
            advice: `declare includes_tax: false en ${fault}, o exporte de nuevo sus precios con IVA; no corrija los precios uno a uno`,
          }
        : {
            message: `the prices of ${fault} are those of ${rest} without the tax of ${rate}`,
            advice: `set includes_tax: false on ${fault}, or export its prices again with tax; do not correct prices one by one`,
          }
    case 'decimal-shift':
      return spanish
        ? {
            message: `los precios de ${fault} están multiplicados por ${factor} frente a ${rest}`,
            advice: `corrija la unidad o el separador decimal de la exportación de ${fault}; si solo es la lectura, indique decimal: en su fuente`,
          }
        : {
            message: `the prices of ${fault} are ${factor} times those of ${rest}`,
            advice: `correct the unit or decimal mark of the export of ${fault}; if only the reading is wrong, say decimal: in its source`,
          }
    case 'currency':
      return spanish
        ? {
            message: `${fault} da sus precios en ${from} y su mercado usa ${to}`,
            advice: `corrija la columna de moneda de ${fault}, o su currency: en la configuración`,
          }
        : {
            message: `${fault} states its prices in ${from}, its market uses ${to}`,
            advice: `correct the currency column of ${fault}, or its currency: in the configuration`,
          }
    case 'identity-collision':
      return spanish
        ? {
            message: `los ficheros ${(cause.paths ?? []).join(' y ')} de ${fault} traen los mismos artículos`,
            advice: `deje uno solo de los ficheros en la ruta de la fuente, o exporte el canal una sola vez`,
          }
        : {
            message: `the files ${(cause.paths ?? []).join(' and ')} of ${fault} bring the same articles`,
            advice: `leave one of the files in the path of the source, or export the channel once`,
          }
    default:
      return spanish
        ? {
            message: `en ${fault} falta toda la ${by === 'brand' ? 'marca' : 'categoría'} «${value}»`,
            advice: `publique esa parte del surtido en ${fault}, o vuelva a exportar el fichero si quedó fuera`,
          }
        : {
            message: `${fault} lacks the whole ${by} '${value}'`,
            advice: `publish that part of the range on ${fault}, or export the file again if it was left out`,
          }
  }
}
