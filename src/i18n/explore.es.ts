/** Texts of the explorer, in Spanish. */
import type { ExploreTexts } from './explore.en.ts'

const format = new Intl.NumberFormat('es')
const number = (value: number): string => format.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`

export const exploreTexts: ExploreTexts = {
  help: 'recorrer en el terminal las incidencias de una auditoría: filtrar, comparar, aceptar, silenciar, marcar para el plan',
  helpAudit: 'un número de `history`, el comienzo de un identificador, first, previous o latest (por defecto: latest)',
  loading: 'leyendo las incidencias',
  title: (project, instant) => `${project} · a fecha de ${instant}`,
  counts: (error, warning, info) =>
    `${count(error, 'error', 'errores')}, ${count(warning, 'aviso', 'avisos')}, ${count(info, 'nota', 'notas')}`,
  causes: 'Causas y reglas',
  findings: 'Incidencias',
  finding: 'Incidencia',
  all: 'Todas las incidencias',
  number,
  explains: (n) => count(n, 'incidencia', 'incidencias'),
  shown: (n, all) => `${number(n)} de ${number(all)}`,
  filter: 'filtro:',
  none: 'Nada coincide.',
  severity: { error: 'error', warning: 'aviso', info: 'nota' },
  status: { new: '', worse: 'peor', known: 'conocida', suppressed: 'silenciada' },
  empty: '(vacío)',
  noItem: 'sin artículo',
  trusted: 'de referencia',
  expected: (value) => `Se espera: ${value}`,
  explainedBy: (text) => `Explicada por: ${text}`,
  fixable: 'Un plan puede cambiar esto.',
  notFixable: 'Esto tiene que decidirlo alguien.',
  row: (row) => `registro ${number(row)}`,
  line: (line) => `línea ${number(line)}`,
  rule: 'Regla',
  marked: (n) => `${count(n, 'marcada', 'marcadas')} para el plan`,
  markedHint: '`omniparity plan --marked` planifica solo estas.',
  forms: {
    accept: 'Aceptar esta incidencia: una decisión, por un tiempo',
    suppress: 'Silenciar esta incidencia',
    kind: 'tipo',
    kinds: { accepted: 'aceptada', 'false-positive': 'no es contradicción', 'waiting-fix': 'en reparación' },
    reason: 'motivo',
    owner: 'responde',
    expires: 'hasta',
    hint: 'Intro siguiente, ← → cambiar, Esc cancelar',
    needed: (field) => `${field}: hace falta`,
    day: 'un día como 2027-01-31, como mucho a 180 días',
  },
  done: (file) => `Escrito en ${file}. La próxima auditoría no la mostrará.`,
  noFile: 'Indique antes el fichero en omniparity.yaml: suppressions: suppressions.yaml',
  noProject: 'Hace falta un proyecto con configuración.',
  keys: {
    list: '↑↓ mover  Intro abrir  / filtrar  f todas  q salir',
    findings: '↑↓ mover  Intro abrir  / filtrar  a aceptar  s silenciar  p marcar  Esc atrás  q salir',
    one: '↑↓ desplazar  ←→ anterior, siguiente  a aceptar  s silenciar  p marcar  Esc atrás  q salir',
    filter: 'escriba para filtrar  Intro dejar  Esc quitar',
  },
  tooSmall: 'El terminal es demasiado pequeño: hacen falta 40 columnas y 10 líneas.',
}
