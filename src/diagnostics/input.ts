import { entry } from './entry.ts'

const listed = (names: readonly string[]): string =>
  names.slice(0, 12).join(', ') + (names.length > 12 ? `, … (${names.length})` : '')

const EN: Readonly<Record<string, string>> = {
  decimal: 'a number',
  integer: 'a whole number',
  open: 'a number that can be read in one way only: the mark may separate decimals or thousands',
  boolean: 'yes or no',
  'open date': 'a date whose day and month are clear: write 2026-11-22',
  instant: 'a date or time',
  until: 'a date or time',
  hash: 'a keyed hash: 32 to 128 hexadecimal digits',
  channel: 'the id of a channel',
}
const ES: Readonly<Record<string, string>> = {
  decimal: 'un número',
  integer: 'un número entero',
  open: 'un número que se lea de una sola manera: el signo puede separar decimales o miles',
  boolean: 'sí o no',
  'open date': 'una fecha con el día y el mes claros: escriba 2026-11-22',
  instant: 'una fecha u hora',
  until: 'una fecha u hora',
  hash: 'un hash con clave: de 32 a 128 dígitos hexadecimales',
  channel: 'el identificador de un canal',
}

/** What can be wrong with a file under `inputs:`; the rules that need it stay unknown then. */
export const inputDiagnostics = {
  'ingest/input-cell': entry({
    status: 3,
    en: (p: {
      column: string
      type: string
      /** Null where the text must not be shown. */
      text: string | null
      empty: boolean
      rows: number
      row: number
    }) => ({
      message: p.empty
        ? `row ${p.row} has nothing in column '${p.column}'${p.rows > 1 ? `, nor have ${p.rows - 1} more` : ''}`
        : `row ${p.row}, column '${p.column}': ${p.text === null ? 'the text' : `'${p.text}'`} is not ${EN[p.type] ?? 'a text'}${p.rows > 1 ? ` (${p.rows} rows)` : ''}`,
      help: 'correct the file; the rules that need it are not checked until then',
    }),
    es: (p) => ({
      message: p.empty
        ? `la fila ${p.row} no tiene nada en la columna «${p.column}»${p.rows > 1 ? `, ni otras ${p.rows - 1}` : ''}`
        : `fila ${p.row}, columna «${p.column}»: ${p.text === null ? 'el texto' : `«${p.text}»`} no es ${ES[p.type] ?? 'un texto'}${p.rows > 1 ? ` (${p.rows} filas)` : ''}`,
      help: 'corrija el fichero; hasta entonces no se comprueban las reglas que lo necesitan',
    }),
    docs: {
      en: 'A cell of a file under `inputs:` cannot be read as what its column holds, or is empty where a value is needed. The file is left out as a whole: half of it would look like all of it.',
      es: 'Una celda de un fichero de `inputs:` no se puede leer como lo que contiene su columna, o está vacía donde hace falta un valor. El fichero se deja fuera entero: la mitad parecería el todo.',
    },
  }),

  'ingest/input-channel': entry({
    status: 3,
    en: (p: { channel: string; row: number; nearest: string | null; known: readonly string[] }) => ({
      message: `row ${p.row} names channel '${p.channel}', which is not configured`,
      help: p.nearest === null ? `channels: ${listed(p.known)}` : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `la fila ${p.row} menciona el canal «${p.channel}», que no está configurado`,
      help: p.nearest === null ? `canales: ${listed(p.known)}` : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'Files under `inputs:` name channels by the ids under `channels:`, in the same letters.',
      es: 'Los ficheros de `inputs:` nombran los canales por los id que figuran en `channels:`, con las mismas letras.',
    },
  }),

  'ingest/input-column': entry({
    status: 3,
    en: (p: { input: string; columns: readonly string[]; nearest: string | null; found: readonly string[] }) => ({
      message: `input '${p.input}' lacks ${p.columns.map((one) => `'${one}'`).join(', ')}`,
      help:
        p.nearest === null
          ? `its columns are: ${listed(p.found)}; 'omniparity schema inputs' says what it needs`
          : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `a la entrada «${p.input}» le falta ${p.columns.map((one) => `«${one}»`).join(', ')}`,
      help:
        p.nearest === null
          ? `sus columnas son: ${listed(p.found)}; «omniparity schema inputs» dice qué necesita`
          : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'A file under `inputs:` lacks a column that its rules cannot do without. Headers may be written in English or Spanish; `omniparity schema inputs` lists the spellings.',
      es: 'A un fichero de `inputs:` le falta una columna imprescindible para sus reglas. Las cabeceras pueden ir en inglés o en español; `omniparity schema inputs` enumera las formas admitidas.',
    },
  }),

  'ingest/input-empty': entry({
    status: 3,
    en: (p: { input: string }) => ({
      message: `input '${p.input}' has a header and no records`,
      help: "export it again, or take it out of 'inputs:'",
    }),
    es: (p) => ({
      message: `la entrada «${p.input}» tiene cabecera y ningún registro`,
      help: 'expórtela de nuevo o quítela de «inputs:»',
    }),
    docs: {
      en: 'A file under `inputs:` without a record says nothing, and a check on nothing would pass. The rules that need it stay unknown.',
      es: 'Un fichero de `inputs:` sin registros no dice nada, y una comprobación sobre nada saldría bien. Las reglas que lo necesitan quedan sin decidir.',
    },
  }),

  'ingest/input-personal-header': entry({
    status: 3,
    en: (p: { input: string; position: number; kind: 'email' | 'phone' }) => ({
      message: `input '${p.input}': the name of column ${p.position} is ${p.kind === 'email' ? 'an e-mail address' : 'a telephone number'} in clear text`,
      help: 'the file seems to have no header line: name its columns, and replace personal data with an HMAC made where the data is extracted; the file was not used',
    }),
    es: (p) => ({
      message: `entrada «${p.input}»: el nombre de la columna ${p.position} es ${p.kind === 'email' ? 'una dirección de correo' : 'un teléfono'} en claro`,
      help: 'parece que el fichero no tiene línea de cabecera: ponga nombre a sus columnas y sustituya los datos personales por un HMAC hecho donde se extraen; el fichero no se ha usado',
    }),
    docs: {
      en: 'A file of customers whose first line is a record would show personal data as names of columns. The file is refused and the text is not shown.',
      es: 'Un fichero de clientes cuya primera línea es un registro enseñaría datos personales como nombres de columna. El fichero se rechaza y el texto no se muestra.',
    },
  }),
  'ingest/input-personal': entry({
    status: 3,
    en: (p: { input: string; column: string; kind: 'email' | 'phone'; row: number; rows: number }) => ({
      message: `input '${p.input}': column '${p.column}' holds ${p.kind === 'email' ? 'an e-mail address' : 'a telephone number'} in clear text, first in row ${p.row} (${p.rows} in all)`,
      help: 'replace it with an HMAC made where the data is extracted, or leave the column out; the file was not used',
    }),
    es: (p) => ({
      message: `entrada «${p.input}»: la columna «${p.column}» contiene ${p.kind === 'email' ? 'una dirección de correo' : 'un teléfono'} en claro, por primera vez en la fila ${p.row} (${p.rows} en total)`,
      help: 'sustitúyalo por un HMAC hecho donde se extraen los datos, o quite la columna; el fichero no se ha usado',
    }),
    docs: {
      en: 'Files about customers and orders hold keyed hashes in place of addresses and numbers. One that holds them in clear text is refused before anything of it is stored, whether or not a rule would read the column. The key of the hashes comes from the environment of the extraction and never reaches this tool.',
      es: 'Los ficheros sobre clientes y pedidos contienen hashes con clave en lugar de direcciones y teléfonos. Uno que los contenga en claro se rechaza antes de guardar nada de él, lea o no una regla esa columna. La clave de los hashes procede del entorno de la extracción y nunca llega a esta herramienta.',
    },
  }),
}
