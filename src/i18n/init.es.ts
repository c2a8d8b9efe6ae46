/** Texts of `init` and `doctor`, in Spanish. */
import type { InitTexts } from './init.en.ts'

const format = new Intl.NumberFormat('es')
const number = (value: number): string => format.format(value)

export const initTexts: InitTexts = {
  help: 'mirar las exportaciones de una carpeta, escribir una configuración para ellas y auditar',
  helpDir: 'carpeta con las exportaciones (por defecto: esta)',
  helpYes: 'no preguntar nada: lo que solo usted sabe queda abierto en la configuración',
  helpForce: 'sobrescribir la configuración que haya',
  doctorHelp: 'comprobar configuración, entorno, cada fuente, la carpeta de estado y el disco, y decir qué hacer',
  scanning: 'mirando los ficheros',
  found: (files, known) => `Se entienden ${number(known)} de ${number(files)} ficheros:`,
  records: (n) => `${number(n)} ${n === 1 ? 'registro' : 'registros'}`,
  unknownFile: 'no se entiende',
  copyOf: (file) => `se deja fuera, porque es idéntico byte a byte a ${file}`,
  written: (file) => `Escrito: ${file}`,
  open: 'Lo que solo usted sabe está marcado con «?».',
  wizard: {
    files: 'Se han encontrado estos ficheros',
    sample: (channel) => `Los primeros registros de ${channel}, tal como se han entendido`,
    sampleHint: '← → el siguiente canal',
    project: '¿Cómo se llama el proyecto? Aparece en todos los informes.',
    market: '¿En qué país venden los canales? (dos letras, como ES; vacío: no se dice)',
    currency: '¿En qué moneda están los precios? (tres letras, como EUR; vacío: no se dice)',
    timezone: '¿En qué huso horario están las fechas que no lo dicen?',
    kind: (channel) => `¿Qué es ${channel}?`,
    tax: (channel) => `¿Los precios de ${channel} llevan el IVA incluido?`,
    assigned: (file) => `¿A qué canal pertenece ${file}?`,
    authority: {
      catalog: '¿Quién manda en los artículos (nombres, códigos, estados)?',
      price: '¿Quién manda en los precios?',
      stock: '¿Quién manda en las existencias?',
      promotion: '¿Quién manda en las promociones?',
    },
    nobody: 'nadie, o aún no está decidido',
    tellsTax: { true: 'sí', false: 'no', unknown: 'no lo sé' },
    write: (file) => `Escribir ${file} y auditar`,
    hint: 'Intro siguiente · Esc atrás · Ctrl-C salir sin escribir',
    chooseHint: '↑ ↓ elegir · Intro siguiente · Esc atrás · Ctrl-C salir sin escribir',
    bad: {
      market: 'dos letras: ES, PT, MX, …',
      currency: 'tres letras: EUR, USD, MXN, …',
      timezone: 'un nombre como Europe/Madrid',
      project: 'un nombre',
    },
    left: 'No se ha escrito nada.',
  },
  kinds: {
    store: 'tienda física (TPV)',
    web: 'tienda web',
    app: 'aplicación',
    marketplace: 'marketplace',
    feed: 'feed',
    erp: 'ERP',
  },
  fields: { sku: 'SKU', gtin: 'GTIN', title: 'Nombre', price: 'Precio', stock: 'Existencias', status: 'Estado' },
  config: {
    head: 'Escrito por omniparity init. Las líneas con «?» son lo que solo usted sabe: complételas y quite la #.',
    market: '? el país: decide los tipos de IVA y las reglas legales',
    currency: '? la moneda de los precios',
    currencyOfSome: '? la moneda de los precios: unos ficheros dicen esta y otros no dicen ninguna',
    timezone: '? el huso de las fechas que no lo dicen',
    packs: 'reglas: recommended es un buen comienzo; `omniparity rules` las enumera todas',
    kind: 'deducido de la plataforma y de los nombres de los ficheros: store, web, app, marketplace, feed o erp',
    tax: '? si los precios llevan IVA; sin esto, las diferencias que parecen IVA quedan sin decidir',
    stockPool: '? los canales con la misma bolsa venden las mismas unidades',
    assortment: '? full: todo artículo del catálogo debería estar aquí; open: no hace falta',
    notAssigned: '? ficheros de un canal que nadie ha indicado: llévelos a él',
    notUnderstood: 'ficheros que no se han entendido:',
    authority: '? quién manda: sin esto hay incidencias, pero no correcciones',
  },
  doctor: {
    ok: 'bien',
    warning: 'ojo',
    failed: 'mal',
    config: (file) => `configuración ${file}`,
    noConfig: 'no hay omniparity.yaml aquí ni más arriba: `omniparity init` escribe uno',
    node: (version) => `Node.js ${version}`,
    engine: (version) => `motor ${version}`,
    file: (channel, path) => `${channel}: ${path}`,
    files: (n, bytes, age) =>
      `${number(n)} ${n === 1 ? 'fichero' : 'ficheros'}, ${bytes}, el más reciente de hace ${age}`,
    database: (channel) => `${channel}: base de datos`,
    databaseOk: (server) => `${server}, se pueden hacer todas las consultas`,
    state: (folder) => `carpeta de estado ${folder}`,
    stateNew: 'la crea la primera auditoría',
    stateHas: (audits) => `${number(audits)} ${audits === 1 ? 'auditoría' : 'auditorías'}`,
    disk: 'disco libre',
    diskFree: (bytes) => `${bytes} libres`,
    diskLow: 'una auditoría necesita unas tres veces lo que lee: haga sitio',
    temp: (folder) => `carpeta temporal ${folder}`,
    writable: 'se puede escribir',
    notWritable: (reason) =>
      `no se puede escribir (${reason}): cambie los permisos o indique otra con --state o TMPDIR`,
    silences: 'silencios y línea base',
    rules: 'reglas',
    rulesCount: (n) => `${number(n)} en vigor`,
    summary: (failed, warnings) =>
      failed === 0
        ? warnings === 0
          ? 'Todo está en orden.'
          : `${number(warnings)} ${warnings === 1 ? 'cosa que mirar' : 'cosas que mirar'}.`
        : `${number(failed)} ${failed === 1 ? 'cosa impide' : 'cosas impiden'} auditar.`,
  },
}
