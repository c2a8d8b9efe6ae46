/** Texts of `omniparity history`, in Spanish. */
import type { HistoryTexts } from './history.en.ts'

const format = new Intl.NumberFormat('es', { useGrouping: true })
const number = (value: number): string => format.format(value)

export const historyTexts: HistoryTexts = {
  audits: 'Auditorías realizadas',
  columns: {
    number: 'n.º',
    moment: 'fecha',
    error: 'errores',
    warning: 'avisos',
    info: 'notas',
    opened: 'nuevas',
    resolved: 'resueltas',
  },
  tables: {
    severity: 'gravedad',
    rule: 'regla',
    item: 'artículo',
    channel: 'canal',
    trend: 'evolución',
    last: 'última',
    open: 'abiertas',
    oldest: 'la más antigua',
    firstSeen: 'vista por primera vez',
  },
  kinds: { audit: '', import: 'precios anteriores', replay: 'con fecha anterior; no ha observado nada' },
  partial: 'solo algunos canales',
  trend: (audits) => `Incidencias por regla y canal, últimas ${number(audits)} auditorías`,
  courses: (audits) => `Por gravedad, últimas ${number(audits)} auditorías de todo el proyecto`,
  domains: (audits) => `Por ámbito, ${audits === 1 ? 'última auditoría' : `últimas ${number(audits)} auditorías`}`,
  rules: 'Desde cuándo y durante cuánto tiempo',
  open: (n) => `${number(n)} ${n === 1 ? 'abierta' : 'abiertas'}`,
  oldest: (instant) => `la más antigua, del ${instant}`,
  resolved: (n) => `${number(n)} ${n === 1 ? 'resuelta' : 'resueltas'}`,
  median: (time) => `en ${time} (mediana)`,
  between: (from, to) => `De la ${from} a la ${to}`,
  audit: (no, moment) => `auditoría ${no} (${moment})`,
  groups: {
    new: 'Nuevas',
    reopened: 'Reabiertas',
    worse: 'Agravadas',
    quieted: 'Siguen ahí, pero explicadas o silenciadas',
    resolved: 'Resueltas',
    unchanged: 'Como estaban',
  },
  none: 'ninguna',
  firstSeen: (instant) => `vista por primera vez el ${instant}`,
  was: (severity) => `antes, ${severity}`,
  after: (time) => `al cabo de ${time}`,
  more: (n) => `y ${number(n)} más`,
  days: (n) => `${number(n)} ${n === 1 ? 'día' : 'días'}`,
  hours: (n) => `${number(n)} ${n === 1 ? 'hora' : 'horas'}`,
  imported: (rows, items, from, until) =>
    `${number(rows)} ${rows === 1 ? 'precio' : 'precios'} de ${number(items)} ${items === 1 ? 'artículo' : 'artículos'} en el historial, del ${from} al ${until}`,
  skipped: (rows) =>
    `${number(rows)} ${rows === 1 ? 'omitido' : 'omitidos'}: una auditoría ya había visto el canal en esa fecha`,
}
