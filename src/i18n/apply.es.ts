/** Textos de `omniparity apply` y `omniparity undo`, en español. */
import type { ApplyTexts } from './apply.en.ts'

const format = new Intl.NumberFormat('es', { useGrouping: 'always' })
const number = (value: number): string => format.format(value)
const changes = (n: number): string => `${number(n)} ${n === 1 ? 'cambio' : 'cambios'}`
const findings = (n: number): string => `${number(n)} ${n === 1 ? 'incidencia' : 'incidencias'}`

export const applyTexts: ApplyTexts = {
  help: {
    apply: 'ejecuta un plan: antes mira cada valor, y solo escribe donde sigue como lo vio el plan',
    plan: 'plan.json o la carpeta en la que está',
    channel: 'ejecuta solo los cambios de este canal, se puede repetir',
    allow: (need) => `escribe los cambios que lo requieren: ${need}`,
    canary: 'escribe los cambios de N filas, las audita de nuevo y solo sigue si sus incidencias han desaparecido',
    dryRun: 'lo mira todo y dice qué se escribiría; no escribe nada',
    rate: 'cambios por segundo como máximo',
    maxFailures: 'se detiene al llegar a este número de fallos (por defecto: 1)',
    undo: 'crea el plan que deshace lo que escribió una ejecución; `omniparity apply` lo ejecuta',
    run: 'la ejecución como la nombró `apply`, el comienzo de su nombre, o last',
    output: 'carpeta en la que se escribe el plan (por defecto: en la carpeta de estado)',
  },
  resumed: (run, done) =>
    `se continúa la ejecución ${run}: ${changes(done)} ya ${done === 1 ? 'resuelto' : 'resueltos'}`,
  nothingLeft: (run) => `la ejecución ${run} ya llevó a cabo este plan; no queda nada por hacer`,
  settled: (n) => `${changes(n)} sin respuesta: se ha comprobado qué quedó escrito`,
  canaryPassed: (n) => `prueba previa: ${findings(n)} menos, se continúa`,
  title: { run: 'Ejecución', dry: 'Simulación: no se ha escrito nada' },
  status: {
    complete: 'Todo está como se planificó',
    partial: 'Aplicado en parte',
    stopped: 'Detenida',
    interrupted: 'Interrumpida; la misma orden continúa',
  },
  dry: { whole: 'Todo sigue como lo vio el plan', partial: 'No todo sigue como lo vio el plan' },
  stop: {
    failures: 'demasiados fallos (--max-failures)',
    not_kept: 'el canal no conserva nada de lo que se le escribe',
    canary: 'la prueba previa no eliminó sus incidencias; no se escribió nada más',
    channel: 'no se puede acceder al canal',
  },
  outcome: {
    written: (n) => (n === 1 ? 'escrito' : 'escritos'),
    already: (n) => (n === 1 ? 'ya estaba así' : 'ya estaban así'),
    moved: (n) => (n === 1 ? 'cambió entretanto, no se toca' : 'cambiaron entretanto, no se tocan'),
    gone: () => 'la fila ya no existe',
    many: (n) => `varias filas con esa clave, no se ${n === 1 ? 'toca' : 'tocan'}`,
    refused: (n) => `${n === 1 ? 'rechazado' : 'rechazados'} por el canal`,
    altered: (n) => (n === 1 ? 'escrito, pero ahora se lee otra cosa' : 'escritos, pero ahora se lee otra cosa'),
    unclear: (n) =>
      n === 1
        ? 'enviado sin respuesta, ahora tiene un tercer valor'
        : 'enviados sin respuesta, ahora tienen un tercer valor',
  },
  wouldWrite: (n) => (n === 1 ? 'se escribiría' : 'se escribirían'),
  left: 'sin llegar a ellos',
  listed: 'No han quedado como se planificó',
  more: (n) => `y ${number(n)} más, todos en el diario`,
  was: 'el plan vio',
  wanted: 'planificado',
  is: 'es',
  nothing: 'nada',
  audit: 'Auditado de nuevo',
  gone: (n) => `${findings(n)} menos`,
  quiet: 'nada nuevo sobre los artículos cambiados',
  remaining: (n) => `${findings(n)} ${n === 1 ? 'todavía presente' : 'todavía presentes'}`,
  unknown: (n) => `${findings(n)} que no se ${n === 1 ? 'ha podido' : 'han podido'} juzgar`,
  appeared: (n) => `${findings(n)} ${n === 1 ? 'nuevo' : 'nuevos'} sobre los artículos cambiados`,
  undo: (run) => `para deshacerla: omniparity undo ${run}`,
  planned: (n, run, folder) =>
    `${changes(n)} ${n === 1 ? 'deshace' : 'deshacen'} lo que escribió la ejecución ${run}\nrevise: ${folder}\ndespués: omniparity apply ${folder}`,
  unsure: (n) => `${number(n)} de ellos quizá no llegaron a escribirse; solo se deshace lo que se escribió`,
  planTitle: (run) => `Plan para deshacer la ejecución ${run}`,
}
