/** Textos de `omniparity plan`, en español. */
import type { PlanTexts } from './plan.en.ts'

const format = new Intl.NumberFormat('es', { useGrouping: 'always' })
const number = (value: number): string => format.format(value)
const percent = (share: string): string => `${format.format(Number(share) * 100)} %`
const count = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`

export const planTexts: PlanTexts = {
  help: {
    rule: 'planificar solo las incidencias de esta regla; se puede repetir',
    channel: 'cambiar solo este canal; se puede repetir',
    item: 'planificar solo este artículo (SKU, GTIN o id); se puede repetir',
    cause: 'solo lo que pide hacer esta causa (id o tipo); se puede repetir',
    marked: 'planificar solo las incidencias marcadas en `omniparity explore`',
    interactive: 'recorrer los cambios: aceptar, descartar o poner otro valor',
    maxSum: 'suma a la que pueden llegar sin opción todos los cambios de precio del plan, en cada moneda',
    expires:
      'cuánto tiempo se puede ejecutar el plan: 15m, 1h, 7d (por omisión: 1h si hay precios o existencias; si no, 24h)',
    output:
      'carpeta en la que escribir, que no debe existir (por omisión: una nueva en plans/ dentro de la carpeta de estado)',
    allow: (why) => `aceptar que ${why}`,
  },
  reasons: {
    no_fix: (detail) =>
      detail === 'effective'
        ? 'lo que se paga difiere y los precios normales coinciden: hay que corregir la promoción'
        : 'de ella no se deduce ningún valor: decide una persona',
    no_authority: (subject) => `no hay fuente de referencia declarada para ${subject}`,
    no_value: (field) => `la fuente de referencia no tiene un valor utilizable de ${field}`,
    manual: (subject) => `la configuración deja ${subject} en manos de una persona (strategy: manual)`,
    tie: (field) => `la estrategia declarada no decide entre los valores de ${field}`,
    conflict: (field) => `dos incidencias piden valores distintos de ${field}: decide una persona`,
    confidence: () => 'los artículos están enlazados con una confianza inferior a 1,0',
    tax_basis: () => 'no se ha declarado si los precios llevan impuestos (includes_tax)',
    tax_rate: () => 'no se conoce el tipo impositivo del artículo, así que su precio no se puede convertir',
    currency: () => 'las monedas difieren o no están declaradas; no se convierte nada',
    pack: () => 'solo se sabe de una parte cuántas unidades vende a la vez',
    price_policy: () => 'la política de precios del canal admite más de un precio',
    sale: () => 'el precio rebajado dejaría de estar por debajo del normal: hay que decidir los dos',
    stale: () => 'los datos del canal o de la fuente de referencia son demasiado antiguos',
    unreadable: () => 'el canal o la fuente de referencia no se han podido leer por completo',
    ambiguous: (field) =>
      field === null
        ? 'otro artículo del canal ya tiene ese código'
        : `varios registros de la fuente de referencia difieren en ${field}`,
    location: () => 'la cifra es la suma de varias ubicaciones y de ninguna se sabe que esté mal',
    absent: (field) => `el registro del canal no tiene columna propia para ${field}`,
    already: () => 'expresado como lo hace el canal, el valor ya es el que debe ser',
    rejected: () => 'descartado al crear el plan',
    file: (detail) =>
      detail === 'promotion'
        ? 'las promociones se corrigen en el propio canal: ningún fichero las lleva'
        : `sin fichero para ello: ${detail}`,
    formula: () => 'un texto empieza como una fórmula de hoja de cálculo',
  },
  needs: {
    large_price_change: 'un precio cambia más de lo permitido',
    many_rows: 'cambian más filas del canal de las permitidas',
    large_sum: 'la suma de los cambios de precio supera la permitida',
    stock_to_zero: 'las existencias pasan a cero',
    price_to_zero: 'un precio pasa a cero',
    status_to_inactive: 'un artículo deja de estar a la venta',
  },
  title: (project) => `Plan de ${project}`,
  made: (created, expires) => `Creado el ${created}; hay que ejecutarlo antes del ${expires}.`,
  basis: 'Se basa en los ficheros tal como se auditaron; un valor que haya cambiado desde entonces no se sobrescribe.',
  totals: (changes, channels, held) =>
    `${count(changes, 'cambio', 'cambios')} en ${count(channels, 'canal', 'canales')}` +
    (held === 0
      ? ''
      : `; ${count(held, 'espera una opción y no está en ningún fichero', 'esperan una opción y no están en ningún fichero')}`),
  nothing: 'No hay nada que cambiar.',
  limits: 'Límites',
  limitLines: (price, rows, sum) => [
    `un precio cambia como mucho un ${percent(price)}`,
    `cambia como mucho el ${percent(rows)} de los artículos de un canal`,
    sum === null
      ? 'sin límite para la suma de los cambios de precio'
      : `la suma de los cambios de precio es como mucho ${sum}, en cada moneda`,
  ],
  allowed: (flags) => `Aceptado mediante opciones: ${flags}.`,
  held: (n, why, flag) => `${count(n, 'cambio', 'cambios')}: ${why} (\`${flag}\`)`,
  heldTitle: 'Esperan una opción',
  changes: 'Cambios',
  columns: {
    article: 'artículo',
    field: 'campo',
    before: 'es',
    after: 'será',
    by: 'según',
    place: 'dónde',
    needs: 'requiere',
  },
  empty: '(vacío)',
  more: (n) => `y ${number(n)} más, en plan.json`,
  files: 'Ficheros',
  fileLine: (fix, undo, changes, source) =>
    `\`${fix}\` corrige ${source}: ${count(changes, 'cambio', 'cambios')}. Se deshace con \`${undo}\`.`,
  also: 'Otra forma de introducir los mismos cambios; use solo una.',
  noFiles: 'Ningún fichero: no hay nada aceptado que un fichero pueda llevar.',
  actions: 'Para hacer una vez',
  unresolved: 'Sin planificar',
  unresolvedLine: (n, why) => `${count(n, 'incidencia', 'incidencias')}: ${why}`,
  conflictTitle: 'Conflictos',
  conflictLine: (finding, channel, others) => `${finding} (${channel}) frente a ${others}`,
  row: (path, row) => `${path}, fila ${number(row)}`,
  done: (folder) => `Plan escrito en ${folder}`,
  next: (folder) => `Lea primero ${folder}/plan.md.`,
  review: {
    title: (at, all) => `Cambio ${number(at)} de ${number(all)}`,
    keys: 'a aceptar · r descartar · e editar · A aceptar los que quedan · R, q descartar los que quedan · b atrás',
    becomes: 'será',
    because: 'por',
    needs: 'requiere',
    edit: 'valor nuevo (Intro lo guarda, Esc lo deja)',
    bad: 'no es un valor de este campo',
    accepted: 'aceptado',
    rejected: 'descartado',
    edited: 'editado',
    by: 'fijado por una persona',
  },
}
