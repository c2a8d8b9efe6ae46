/** Texts of the formats that other programs show, in Spanish. */
import type { FormatTexts } from './formats.en.ts'

const format = new Intl.NumberFormat('es', { useGrouping: true })
const number = (value: number): string => format.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`

export const formatTexts: FormatTexts = {
  number,
  expected: (value) => `se esperaba ${value}`,
  explains: (n) => `explica ${count(n, 'incidencia', 'incidencias')}`,
  explainedBy: (n) =>
    `No se ${n === 1 ? 'muestra' : 'muestran'} ${count(n, 'incidencia', 'incidencias')}: ${n === 1 ? 'la' : 'las'} explica una causa u otra incidencia.`,
  leftOut: (n, most) =>
    `${n === 1 ? 'Queda' : 'Quedan'} fuera ${count(n, 'incidencia', 'incidencias')}: se admiten ${number(most)} por ejecución, y las peores van primero.`,
  suppressed: (reason, owner, until) => `${reason} (${owner}, hasta el ${until})`,
  causes: 'Causas',
  advice: (text) => `Qué hacer: ${text}`,
  unreadable: (channel) => `No se ha podido leer ${channel}; no se sabe nada de ese canal.`,
  rule: {
    what: 'Qué detecta',
    why: 'Por qué importa',
    quietWhen: 'Cuándo no dice nada',
    fix: 'Qué hacer',
    example: 'Ejemplo',
  },
  junit: {
    suite: 'omniparity',
    more: (n) => `y ${number(n)} más`,
    findings: (n) => count(n, 'incidencia', 'incidencias'),
    unknown: (n, reason) =>
      `${n === 1 ? 'No se ha podido decidir' : 'No se han podido decidir'} ${count(n, 'comprobación', 'comprobaciones')}: ${reason}`,
    nothing: 'nada que comprobar',
  },
  github: {
    more: (n) =>
      `${count(n, 'incidencia más no se anota', 'incidencias más no se anotan')}: GitHub muestra diez de cada tipo por paso. Los demás formatos las tienen todas.`,
  },
  markdown: {
    result: 'Resultado',
    severity: { error: 'Errores', warning: 'Avisos', info: 'Notas' },
    counts: { known: 'Conocidas', suppressed: 'Silenciadas', explained: 'Explicadas' },
    causes: 'Causas: empiece por aquí',
    explains: 'explica',
    cause: 'qué ocurre',
    advice: 'qué hacer',
    findings: 'Incidencias',
    columns: { item: 'artículo', what: 'qué está mal', expected: 'se esperaba', where: 'dónde' },
    more: (n) => `y ${number(n)} más`,
    notListed: 'Sin mostrar',
    unknown: 'Lo que no se ha podido decidir',
    unknownColumns: { reason: 'por qué', checks: 'comprobaciones', hint: 'qué ayuda' },
    noFindings: 'No hay incidencias nuevas.',
    quarantined: (n) =>
      `${count(n, 'registro no se ha podido leer y se ha dejado', 'registros no se han podido leer y se han dejado')} fuera.`,
    leftOut: (findings, rules, causes) =>
      `Este texto tiene un límite. Quedan fuera: ${[
        findings > 0 ? count(findings, 'incidencia', 'incidencias') : '',
        rules > 0 ? `entre ellas todas las de ${count(rules, 'regla', 'reglas')}` : '',
        causes > 0 ? count(causes, 'causa', 'causas') : '',
      ]
        .filter((part) => part !== '')
        .join(', ')}. Los demás formatos lo tienen todo.`,
    shortened: 'Este texto tiene un límite y le faltan secciones. Los demás formatos lo tienen todo.',
    stamp: (version, audit, instant) => `omniparity ${version} · auditoría ${audit} · datos a fecha de ${instant}`,
  },
}
