import { applyTexts } from './apply.es.ts'
import type { Texts } from './en.ts'
import { planTexts } from './plan.es.ts'

export const es: Texts = {
  apply: applyTexts,
  plan: planTexts,
  help: {
    program:
      'Encuentra contradicciones entre los canales de un comercio: catálogo, precios, existencias y promociones.',
    usage: 'Uso:',
    arguments: 'Argumentos:',
    options: 'Opciones:',
    commands: 'Órdenes:',
    help: 'muestra esta ayuda',
    version: 'muestra la versión',
    audit: 'compara los canales e informa de lo que se contradice',
    auditFiles: 'ficheros que comparar, cada uno un canal; sin ficheros, lo que diga la configuración',
    baseline: 'admitir la deuda conocida, que desde entonces solo puede menguar',
    history: 'muestra las auditorías realizadas, compara dos o incorpora precios anteriores',
    historyAction:
      'diff [A] [B]: qué es nuevo, está resuelto o ha empeorado de la auditoría A a la B (un número, el comienzo de un identificador, first, previous, last); import FICHERO: precios anteriores en CSV con channel, sku, at, regular y, si se conocen, sale y currency',
    plan: 'convertir las incidencias en cambios para revisar, con ficheros que corrigen cada canal y otros que los deshacen',
    report: 'volver a redactar el informe de una auditoría anterior, en cualquier formato e idioma',
    reportAudit:
      'un número de `history`, el comienzo de un identificador, first, previous o latest (por defecto latest)',
    historyFailOn:
      'gravedad desde la que las novedades de `diff` hacen fallar la ejecución: error, warning, info o never (por defecto, error)',
    historyUntil:
      'hasta cuándo el fichero de `import` recoge todos los precios (por defecto, su último momento, por canal)',
    baselineAction:
      'update crea la línea base y después quita lo resuelto y ajusta lo que ha mejorado; prune solo quita',
    demo: 'crea un pequeño comercio con errores sembrados y lo audita',
    demoDir: 'carpeta en la que escribir',
    explain: 'da más detalles de una regla o del código de un mensaje',
    explainKey: 'SKU, GTIN o id de un artículo: qué rige para él y quién lo dijo',
    rulesFormat: 'pretty o json',
    explainCode:
      'id de una regla, de una incidencia o de una causa, o código de un mensaje, por ejemplo config/unknown-key',
    rules: 'enumera las reglas e indica si este proyecto tiene lo que necesitan',
    rulesTest: 'ejecutar los casos de las reglas propias del proyecto',
    rulesTestDir: 'carpeta de las reglas (por omisión, rules_dir de la configuración; si no, rules)',
    schema: 'muestra el JSON Schema de un formato, para editores',
    schemaName: 'qué formato',
    completion: 'muestra el script de autocompletado de un intérprete de órdenes',
    completionShell: 'bash, zsh o fish',
    status:
      'Estado de salida: 0 nada nuevo que alcance el umbral, 1 incidencias nuevas o peores, 2 uso o configuración incorrectos,\n3 no se pudo leer una fuente o se desconoce demasiado, 4 se rechazó un plan o se aplicó solo en parte, 70 un error de omniparity, 130 interrumpido.',
  },
  option: {
    config: 'configuración que usar (por defecto, el omniparity.yaml más cercano hacia arriba)',
    asOf: 'juzga en este instante, por ejemplo 2026-11-22T08:00:00Z; hace reproducible la ejecución',
    locale: 'idioma: en o es',
    format: 'formato del informe, se puede repetir; NOMBRE=FICHERO lo guarda en un fichero',
    output: 'escribe el resultado en este fichero en vez de en la salida estándar',
    state:
      'carpeta que guarda lo que han visto las auditorías (por defecto, .omniparity junto a la configuración); si se indica aquí, guarda además una copia completa',
    quiet: 'sin progreso ni notas',
    verbose: 'más notas, tiempos y el SQL de una auditoría y, si hay un error interno, su traza',
    noColor: 'sin colores',
    memoryLimit: 'memoria que puede ocupar la ejecución, por ejemplo 4GB',
    threads: 'hilos para el motor',
    failOn: 'gravedad a partir de la cual fallan las incidencias nuevas: error, warning, info o never',
    maxUnknown: 'proporción de comprobaciones que puede quedar sin resolver, por ejemplo 2%',
    only: 'ejecuta solo esta regla, se puede repetir',
    skip: 'omite esta regla, se puede repetir',
    allRules: 'ejecuta todas las reglas, digan lo que digan los paquetes',
    baseline: 'fichero de deuda conocida (por defecto baseline.json junto a la configuración, si existe)',
    acceptNew: 'admitir también lo nuevo o peor; requiere --reason',
    reason: 'por qué se admite',
    channel: 'audita solo este canal, se puede repetir',
    maxFindings: 'incidencias que se listan por regla; el resto se cuenta',
    seed: 'semilla de los datos generados; la misma semilla da los mismos bytes',
    articles: 'número de artículos',
  },
  progress: {
    read: 'leyendo',
    link: 'vinculando',
    check: 'comprobando',
    report: 'redactando el informe',
    plan: 'planificando',
    apply: 'escribiendo en los canales',
  },
  progressRate: (rate) => `${rate} registros/s`,
  progressLeft: (seconds) => `quedan unos ${seconds} s`,
  interrupted: 'interrumpido; nada queda a medio escribir y la misma orden continúa o empieza de nuevo',
  bug: (message) => `esto es un error de omniparity: ${message}`,
  bugHelp: 'comuníquelo junto con la orden y su salida',
  bugVerbose: 'repita la orden con --verbose para ver la traza',
  baseline: {
    done: (file, added, removed, tightened, kept, left) =>
      `${file}: ${added} admitidas, ${removed} resueltas, ${tightened} mejores, ${kept} se mantienen${left === 0 ? '' : `; ${left} nuevas o peores sin admitir (--accept-new --reason TEXTO)`}`,
    locked: (n) =>
      n === 1
        ? '1 incidencia de una regla bloqueada no se admite nunca: corrija lo que señala'
        : `${n} incidencias de reglas bloqueadas no se admiten nunca: corrija lo que señalan`,
  },
  ruleTest: {
    pass: 'bien',
    fail: 'FALLA',
    form: 'los casos están completos',
    noFixture: (folder) => `no hay casos: escriba valid.yaml e invalid.yaml en ${folder}`,
    forms: {
      repeated: 'casos con el mismo nombre',
      no_finding: 'casos de invalid.yaml que no esperan ninguna incidencia de la regla',
      finding: 'casos de valid.yaml que esperan una incidencia de la regla',
      unshown: 'códigos que ningún caso muestra',
    },
    notices: (change) => `algún caso nota ${change}`,
    unnoticed: 'ninguno lo nota: añada un caso o quite el parámetro',
    expected: '- se espera',
    found: '+ se encuentra',
    spanish: 'el mensaje en español no es correcto:',
    summary: (passed, failed) => `${passed} bien, ${failed} mal`,
  },
  rules: {
    needs: 'necesita',
    locked: 'bloqueada',
    overrides: (n) => (n === 1 ? '1 excepción' : `${n} excepciones`),
    mapField: (field) => `asigne una columna a ${field} en alguna fuente de un canal`,
    addInput: (input, columns) => `inputs: {${input}: FICHERO} con las columnas ${columns}`,
    switchOn: (rule, severity, packs) =>
      packs === ''
        ? `rules: {${rule}: ${severity}} la activa`
        : `extends: [${packs}] o rules: {${rule}: ${severity}} la activa`,
    summary: (all, on, lacking) =>
      `${all} reglas, ${on} activas${lacking === 0 ? '' : `, ${lacking} de ellas sin lo que necesitan`}`,
  },
  effective: {
    unset: 'sin fijar',
    sides: 'Anuncios',
    settings: 'Vigente para este artículo',
    locked: (pack) => `bloqueada por el paquete ${pack}`,
    applies: 'se aplica',
    elsewhere: 'no se aplica',
    any: 'algún lado',
    all: 'todos los lados',
    always: 'en todas partes',
    channel: (channel) => `en ${channel}`,
    by: { rule: 'regla', config: 'configuración', pack: (pack) => `paquete ${pack}` },
  },
  explain: {
    severity: 'gravedad',
    packs: 'paquetes',
    status: (status) => `Una ejecución que termina por esta causa tiene estado de salida ${status}.`,
    what: 'Qué',
    why: 'Por qué',
    quietWhen: 'Calla cuando',
    example: 'Ejemplo',
    fix: 'Arreglo',
    needs: 'Necesita',
    parameters: 'Parámetros',
    codes: 'Códigos',
    sources: 'Fuentes',
    sourceKinds: {
      publisher: 'página del editor',
      secondary: 'fuente secundaria',
      thread: 'incidencia pública',
      code: 'programa o su documentación',
      memory: 'conocimiento general, sin verificar',
    },
  },
}
