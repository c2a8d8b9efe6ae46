/** Textos del informe para personas, en español. */
import type { ReportTexts } from './report.en.ts'

const format = new Intl.NumberFormat('es', { maximumFractionDigits: 6 })
const percent = new Intl.NumberFormat('es', { style: 'percent', maximumFractionDigits: 2 })
// Redondeado hacia abajo: 100 % quiere decir todos.
const atLeast = new Intl.NumberFormat('es', { style: 'percent', maximumFractionDigits: 1, roundingMode: 'floor' })

const number = (value: number): string => format.format(value)
const share = (value: number): string => percent.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`
const list = (words: readonly string[]): string => new Intl.ListFormat('es', { type: 'conjunction' }).format(words)

export const reportTexts: ReportTexts = {
  number,
  share,
  severity: { error: 'error', warning: 'aviso', info: 'nota' },
  channelKind: {
    store: 'tienda física',
    web: 'tienda web',
    app: 'app',
    marketplace: 'marketplace',
    feed: 'feed',
    erp: 'ERP',
  },
  status: { new: 'nueva', known: 'conocida', worse: 'peor que antes', suppressed: 'silenciada' },
  header: {
    title: 'Auditoría de los canales',
    asOf: (instant) => `a fecha de ${instant}`,
    stamp: (version, audit) => `omniparity ${version} · auditoría ${audit}`,
  },
  channels: {
    heading: 'Lo que se ha leído',
    listings: (n) => count(n, 'ficha', 'fichas'),
    linked: (value) =>
      value > 0 && value < 0.001 ? 'menos del 0,1 % vinculadas' : `${atLeast.format(value)} vinculadas`,
    noListings: 'sin fichas',
    records: (n) => count(n, 'registro', 'registros'),
    quarantined: (n) => count(n, 'ilegible', 'ilegibles'),
    asOf: (instant) => `datos del ${instant}`,
    moreFiles: (n) => `y ${count(n, 'fichero más leído', 'ficheros más leídos')} de la misma forma`,
    delimiter: (mark) => `separador ${mark}`,
    tab: 'tabulador',
    decimal: (mark) => (mark === ',' ? 'coma decimal' : 'punto decimal'),
    dates: (order) => (order === 'open' ? 'día y mes sin orden claro' : `fechas ${order}`),
    columns: (used, unused) => `${count(used, 'columna usada', 'columnas usadas')}, ${number(unused)} sin usar`,
    reads: 'lee',
    ignores: 'ignora',
    assumes: 'supone',
    more: (n) => `y ${number(n)} más`,
  },
  causes: {
    heading: 'Causas',
    lead: (causes, findings) =>
      `${causes === 1 ? 'Una sola causa explica' : `${number(causes)} causas explican`} ${count(findings, 'incidencia', 'incidencias')}. Conviene empezar por aquí.`,
    share: (value) => `${atLeast.format(value)} de los artículos en los que podría verse`,
    explains: (n) => `explica ${count(n, 'incidencia', 'incidencias')}`,
    advice: 'Qué hacer:',
    example: 'Ejemplo:',
  },
  rules: {
    heading: 'Incidencias',
    legend: '* señala el canal que, según la configuración, manda en ese dato',
    findings: (n) => count(n, 'incidencia', 'incidencias'),
    expected: (value) => `debería ser ${value}`,
    impact: (amount, basis) => `en juego ${amount} (${basis === 'measured' ? 'medido' : 'estimado'})`,
    fixable: 'se puede corregir con un plan',
    empty: '(vacío)',
    yes: 'sí',
    no: 'no',
    more: (n) => `y ${number(n)} más`,
    moreHint: (all) => `--max-findings ${all} las muestra`,
    elsewhere: (explained, known, suppressed) =>
      [
        explained > 0 ? count(explained, 'explicada', 'explicadas').concat(' por una causa u otra incidencia') : '',
        known > 0 ? count(known, 'ya conocida', 'ya conocidas') : '',
        suppressed > 0 ? count(suppressed, 'silenciada', 'silenciadas') : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    notListed: 'Fuera de la lista:',
    none: 'No hay incidencias propias.',
  },
  one: {
    status: (status) => `estado: ${status}`,
    explainedBy: (message) => `la explica: ${message}`,
    suppression: (note) => `silenciada: ${note}`,
  },
  silences: {
    heading: 'Silenciado',
    off: (rules) => `desactivado en la configuración: ${rules}`,
    offPartly: (rules) => `desactivado en parte mediante overrides: ${rules}`,
    suppressed: (path, n, used, entries) =>
      `${path}: ${count(n, 'incidencia silenciada', 'incidencias silenciadas')} por ${number(used)} de ${count(entries, 'entrada', 'entradas')}`,
    owners: (owners) => `responde ${owners}`,
    next: (day) => `la próxima entrada caduca el ${day}`,
    expired: (n) =>
      `${count(n, 'entrada ha caducado: lo que cubría', 'entradas han caducado: lo que cubrían')} se vuelve a notificar`,
    unused: (n) => `${count(n, 'entrada no cubre nada y se puede', 'entradas no cubren nada y se pueden')} quitar`,
    baseline: (path, known, worse) =>
      `${path}: ${count(known, 'conocida', 'conocidas')}${worse === 0 ? '' : `, ${count(worse, 'peor que antes', 'peores que antes')}`}`,
    gone: (n) =>
      `${count(n, 'entrada no aparece', 'entradas no aparecen')}; si se leyó todo, omniparity baseline update ${n === 1 ? 'la' : 'las'} quita`,
  },
  coverage: {
    heading: 'Lo que no se ha podido comprobar',
    lead: (n) =>
      `${count(n, 'comprobación quedó', 'comprobaciones quedaron')} sin respuesta. No saberlo no es darlo por bueno.`,
    nothing: 'No se ha podido comprobar nada: a todas las reglas les faltaban datos.',
    all: 'Se ha podido responder a todas las comprobaciones que procedían.',
    unlinked: (channels) =>
      `Ninguna ficha de ${channels} está vinculada con las de otro canal, así que no se ha comparado nada de ellas. Indique su SKU o su GTIN en map:, o liste las parejas en una tabla de correspondencias (identity.crosswalk).`,
    empty: (n) => `${count(n, 'regla no ha encontrado', 'reglas no han encontrado')} nada que comprobar:`,
    clean: (n) => `${count(n, 'regla lo ha comprobado', 'reglas lo han comprobado')} todo sin encontrar incidencias.`,
  },
  reasons: {
    no_input: {
      title: 'faltan datos',
      hint: 'Los ficheros de algún canal no traen ese campo. Añada el fichero que lo tenga o indique la columna en map:, en omniparity.yaml.',
    },
    no_authority: {
      title: 'no consta quién manda',
      hint: 'Indique en authority:, en omniparity.yaml, qué canal tiene el dato bueno.',
    },
    tax_basis: {
      title: '¿con IVA o sin IVA?',
      hint: 'Indique includes_tax: true o false en cada canal.',
    },
    currency: {
      title: 'moneda dudosa o distinta',
      hint: 'Indique currency: en cada canal o la columna de price.currency. No se comparan importes en monedas distintas.',
    },
    pack: {
      title: 'unidades por pack desconocidas',
      hint: 'Indique la columna de pack_quantity en cada canal que venda packs.',
    },
    skew: {
      title: 'exportaciones de momentos distintos',
      hint: 'Exporte los canales más seguidos o corrija data_as_of: en la fuente.',
    },
    stale: { title: 'datos demasiado antiguos', hint: 'Vuelva a exportar el canal.' },
    vocabulary: {
      title: 'palabras que no se entienden',
      hint: 'Indique en status_map:, o en vocabulary: de la columna, qué significan las palabras del canal; donde debería haber una cifra, corrija el origen.',
    },
    confidence: {
      title: 'vínculo dudoso entre fichas',
      hint: 'Confirme los vínculos en el fichero que indica identity.crosswalk.',
    },
    history: {
      title: 'hacen falta auditorías anteriores',
      hint: 'La respuesta llegará sola cuando haya suficientes auditorías guardadas; láncelas con regularidad.',
    },
  },
  quarantine: {
    heading: 'Registros que no se han podido leer',
    lead: (n) => `${count(n, 'registro ha quedado', 'registros han quedado')} fuera de todas las comprobaciones.`,
    record: (row) => `registro ${number(row)}`,
    more: (n) => `y ${number(n)} más`,
  },
  totals: {
    heading: 'Resultado',
    error: (n) => count(n, 'error', 'errores'),
    warning: (n) => count(n, 'aviso', 'avisos'),
    info: (n) => count(n, 'nota', 'notas'),
    known: (n) => count(n, 'conocida', 'conocidas'),
    suppressed: (n) => count(n, 'silenciada', 'silenciadas'),
    explained: (n) => count(n, 'explicada', 'explicadas'),
  },
  gate: {
    unreadable: (channels) =>
      `No superada: no se ha podido leer ${list(channels)}, así que no se sabe nada de lo que ${channels.length === 1 ? 'contiene' : 'contienen'}.`,
    tooMuchUnknown: (value, most) =>
      `No superada: quedó sin respuesta el ${share(value)} de las comprobaciones; el límite es el ${share(most)}.`,
    failed: (n, failOn, most) => {
      const what = {
        error: ['error nuevo', 'errores nuevos'],
        warning: ['aviso o error nuevo', 'avisos o errores nuevos'],
        info: ['incidencia nueva', 'incidencias nuevas'],
      } as const
      const limit = most === 0 ? '' : `; el límite es ${number(most)}`
      return `No superada: hay ${count(n, what[failOn][0], what[failOn][1])}${limit}.`
    },
    passed: (n, failOn) => {
      const what = { error: 'errores nuevos', warning: 'avisos ni errores nuevos', info: 'incidencias nuevas' }[failOn]
      const within = { error: 'errores nuevos', warning: 'avisos o errores nuevos', info: 'incidencias nuevas' }[failOn]
      return n === 0 ? `Superada: no hay ${what}.` : `Superada: ${number(n)} ${within}, dentro del límite.`
    },
    nothingChecked: 'Superada, pero solo porque no se ha podido comprobar nada: eso no dice nada de los canales.',
    never: 'Superada: las incidencias no hacen fallar esta ejecución (--fail-on never).',
  },
}
