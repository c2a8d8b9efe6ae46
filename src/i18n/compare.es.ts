/** Texts of the formats of `omniparity history` and `history diff`, in Spanish. */
import type { CompareTexts } from './compare.en.ts'
import { pageTexts } from './html.es.ts'

const format = new Intl.NumberFormat('es', { useGrouping: true })
const number = (value: number): string => format.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`
const signed = new Intl.NumberFormat('es', { useGrouping: true, signDisplay: 'always' })

export const compareTexts: CompareTexts = {
  number,
  delta: (value) => (value === 0 ? '±0' : signed.format(value).replace('-', '−')),
  audit: (no, moment) => `auditoría ${no} (${moment})`,
  changes: pageTexts.compared.changes,
  groups: {
    new: 'Nuevas',
    reopened: 'Reabiertas',
    worse: 'Agravadas',
    changed: 'Siguen abiertas, con otros valores',
    unchanged: 'Como estaban',
    quieted: 'Siguen ahí, pero explicadas o silenciadas',
    resolved: 'Resueltas',
  },
  gate: {
    never: 'Superada: las incidencias no hacen fallar esta comparación (--fail-on never).',
    passed: (failOn) =>
      `Superada: no hay ${failOn === 'info' ? 'incidencias nuevas, reabiertas ni agravadas' : failOn === 'error' ? 'errores nuevos, reabiertos ni agravados' : 'errores ni avisos nuevos, reabiertos o agravados'}.`,
    failed: (n, failOn) =>
      `No superada: hay ${
        failOn === 'error'
          ? count(n, 'error nuevo, reabierto o agravado', 'errores nuevos, reabiertos o agravados')
          : failOn === 'warning'
            ? count(n, 'error o aviso nuevo, reabierto o agravado', 'errores o avisos nuevos, reabiertos o agravados')
            : count(n, 'incidencia nueva, reabierta o agravada', 'incidencias nuevas, reabiertas o agravadas')
      }.`,
  },
  was: (severity) => `antes, ${severity}`,
  notKept: (audits) =>
    `Ya no se conserva el informe de la ${audits.join(' ni el de la ')}: no se conocen sus valores ni dónde estaban.`,
  partial: (audits) =>
    `${audits.length === 1 ? `La ${audits[0]} solo miró` : `La ${audits.join(' y la ')} solo miraron`} algunos canales: lo que no se miró cuenta como estaba.`,
  counts: (counts) =>
    `${count(counts.new, 'nueva', 'nuevas')}, ${count(counts.reopened, 'reabierta', 'reabiertas')}, ${count(counts.worse, 'agravada', 'agravadas')}, ${count(counts.resolved, 'resuelta', 'resueltas')}, ${number(counts.unchanged)} como ${counts.unchanged === 1 ? 'estaba' : 'estaban'}`,
  latest: (name, totals, opened, resolved) =>
    `${name}: ${count(totals.error, 'error', 'errores')}, ${count(totals.warning, 'aviso', 'avisos')}, ${count(totals.info, 'nota', 'notas')}; ${count(opened, 'nueva', 'nuevas')}, ${count(resolved, 'resuelta', 'resueltas')}`,
  junit: {
    suite: 'omniparity history diff',
    news: (title, n) =>
      `${title}: ${count(n, 'incidencia nueva, reabierta o agravada', 'incidencias nuevas, reabiertas o agravadas')}`,
    dropped: 'solo se evaluó en la auditoría anterior',
  },
  page: {
    listTitle: (project) => `${project}: auditorías realizadas`,
    diffTitle: (project) => `${project}: comparación de dos auditorías`,
    between: (from, to) => `de la ${from} a la ${to}`,
    nav: { overview: 'Resumen', findings: 'Incidencias', audits: 'Auditorías', rules: 'Reglas' },
    made: (version) => `omniparity ${version}`,
    noScript: 'La lista de incidencias necesita JavaScript. Lo demás, y los cambios más graves, se puede leer sin él.',
    noScriptList: 'Toda la página se puede leer sin JavaScript; solo lo necesitan el idioma y el aspecto.',
    severities: 'Por gravedad',
    severitiesHint: 'Incidencias nuevas y abiertas de las auditorías completas, unas sobre otras.',
    domains: 'Por ámbito',
    channels: 'Por canal',
    seriesHint: 'Incidencias sin causa. Cada gráfico tiene su propia escala.',
    channelsHint:
      'Incidencias sin causa, según el canal que responde de los datos. Cada gráfico tiene su propia escala.',
    otherChannels: (n) => `${count(n, 'canal más', 'canales más')} con menos incidencias: están en la tabla de reglas.`,
    noOwner: 'sin canal',
    noTrend: 'Para ver la evolución hacen falta dos auditorías de todo el proyecto.',
    chart: (name, first, last, from, to) => `${name}: ${first} el ${from}, ${last} el ${to}`,
    point: (at, errors, warnings, notes) =>
      `${at}: ${count(errors, 'error', 'errores')}, ${count(warnings, 'aviso', 'avisos')}, ${count(notes, 'nota', 'notas')}`,
    legend: { error: 'errores', warning: 'avisos', info: 'notas' },
    audits: 'Auditorías',
    auditsTable: 'Cifras de las auditorías',
    auditsHint: 'La cifra pequeña es el cambio respecto a la auditoría completa anterior.',
    earlier: (n) => count(n, 'auditoría anterior', 'auditorías anteriores'),
    series: (audits) =>
      `Incidencias por regla y canal, ${audits === 1 ? 'última auditoría' : `últimas ${number(audits)} auditorías`}`,
    lasting: 'Desde cuándo y durante cuánto tiempo',
    columns: {
      number: 'n.º',
      moment: 'fecha',
      note: 'observación',
      error: 'errores',
      warning: 'avisos',
      info: 'notas',
      known: 'conocidas',
      suppressed: 'silenciadas',
      explained: 'explicadas',
      opened: 'nuevas',
      resolved: 'resueltas',
      rule: 'regla',
      channel: 'canal',
      course: 'evolución',
      last: 'última',
      open: 'abiertas',
      oldest: 'la más antigua, del',
      median: 'hasta resolverse (mediana)',
      before: 'antes',
      after: 'después',
      delta: 'cambio',
      figure: 'cifra',
    },
    figures: 'Las dos auditorías',
    balance: (name, came, went) =>
      `${name}: ${count(came, 'nueva, reabierta o agravada', 'nuevas, reabiertas o agravadas')}, ${count(went, 'resuelta', 'resueltas')}`,
    balanceHint: 'A la derecha, lo nuevo, reabierto o agravado; a la izquierda, lo resuelto.',
    byRule: 'Por regla',
    causes: 'Causas',
    causesNone: 'No hay causas nuevas ni desaparecidas.',
    causeChanges: { new: 'nueva', unchanged: 'como estaba', resolved: 'desaparecida' },
    nothing: 'Nada ha cambiado entre las dos auditorías.',
    gravest: (n) => (n === 1 ? 'El cambio más grave' : `Los ${number(n)} cambios más graves`),
    listed: (n) => `${count(n, 'cambio', 'cambios')}; lo que está como estaba se cuenta y no se muestra.`,
    values: 'Antes y después',
  },
  workbook: {
    sheets: {
      summary: 'Resumen',
      audits: 'Auditorías',
      series: 'Series',
      rules: 'Reglas',
      causes: 'Causas',
      new: 'Nuevas',
      gone: 'Resueltas',
      changed: 'Cambiadas',
    },
    columns: {
      change: 'qué ha pasado',
      audit: 'auditoría',
      auditId: 'id de la auditoría',
      kind: 'tipo',
      partial: 'solo algunos canales',
      severity: 'gravedad',
      was: 'gravedad anterior',
      owner: 'canal',
      findings: 'incidencias',
      domain: 'ámbito',
      delta: (column) => `${column} ±`,
      before: (channel) => `${channel} antes`,
      after: (channel) => `${channel} después`,
      firstSeen: 'vista por primera vez',
      openedAt: 'abierta desde',
      resolvedAt: 'resuelta el',
      hours: 'horas abierta',
      medianHours: 'horas hasta resolverse (mediana)',
    },
    kinds: { audit: 'auditoría', import: 'precios anteriores', replay: 'con fecha anterior' },
    older: 'auditoría anterior',
    newer: 'auditoría posterior',
  },
}
