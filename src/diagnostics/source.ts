import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

const RERUN = {
  en: 'export the file again and run the same command',
  es: 'exporte de nuevo el fichero y repita el mismo comando',
}

/** What a file turned out to be, by its English name. */
const SPANISH_KINDS: Readonly<Record<string, string>> = {
  'an old Excel workbook (.xls)': 'un libro de Excel antiguo (.xls)',
  'a PDF': 'un PDF',
  'a RAR archive': 'un archivo RAR',
  'a 7z archive': 'un archivo 7z',
  'a Zstandard archive': 'un archivo Zstandard',
  'a bzip2 archive': 'un archivo bzip2',
  'an xz archive': 'un archivo xz',
  'an SQLite database': 'una base de datos SQLite',
  'an image': 'una imagen',
  'a program': 'un programa',
  'a web page': 'una página web',
  'a device or pipe': 'un dispositivo o una tubería',
  'an archive without a table': 'un archivo comprimido sin ninguna tabla',
}

/** A source could not be read. */
export const sourceDiagnostics = {
  'source/archive-refused': entry({
    status: 3,
    en: (p: { why: string }) => ({
      message: `the archive is not unpacked: ${p.why}`,
      help: 'unpack it yourself and name the files in it',
    }),
    es: (p) => ({
      message: `el archivo comprimido no se descomprime: ${p.why}`,
      help: 'descomprímalo usted e indique los ficheros que contiene',
    }),
    docs: {
      en: 'An archive is refused when a member has a path that leads elsewhere, is encrypted, expands over 200 times or beyond the limit, is nested too deep, or is damaged.',
      es: 'Un archivo comprimido se rechaza cuando un miembro tiene una ruta que sale de él, está cifrado, se expande más de 200 veces o por encima del límite, está demasiado anidado o está dañado.',
    },
  }),
  'source/changed': entry({
    status: 3,
    en: (p: { before: number; after: number }) => ({
      message: `the file changed while it was read (${p.before} bytes before, ${p.after} after)`,
      help: 'wait until the export has finished, then run the same command',
    }),
    es: (p) => ({
      message: `el fichero cambió durante la lectura (${p.before} bytes antes, ${p.after} después)`,
      help: 'espere a que termine la exportación y repita el mismo comando',
    }),
    docs: {
      en: 'Size and time of a file are compared before and after it is read. A file that is still being written would be audited in part.',
      es: 'El tamaño y la hora de un fichero se comparan antes y después de leerlo. Un fichero que aún se está escribiendo se auditaría a medias.',
    },
  }),
  'source/cut-short': entry({
    status: 3,
    en: () => ({
      message: 'the compressed file ends too early, or is none: it seems to be cut short',
      help: 'download or export it again and run the same command',
    }),
    es: () => ({
      message: 'el fichero comprimido acaba antes de tiempo o no lo es: parece que está incompleto',
      help: 'descárguelo o expórtelo de nuevo y ejecute la misma orden',
    }),
    docs: {
      en: 'The end of a .gz, .zip or .xlsx file is missing, as after a download that was broken off. Nothing of it is read: what is there cannot be told from what should be.',
      es: 'Falta el final de un fichero .gz, .zip o .xlsx, como tras una descarga interrumpida. No se lee nada de él: no se puede saber qué falta.',
    },
  }),
  'source/directory': entry({
    status: 2,
    en: (p: { path: string }) => ({
      message: `'${p.path}' is a folder, not a file`,
      help: `name the files in it: '${p.path}/*.csv'`,
    }),
    es: (p) => ({
      message: `«${p.path}» es una carpeta, no un fichero`,
      help: `indique sus ficheros: «${p.path}/*.csv»`,
    }),
    docs: {
      en: 'A source is a file or a pattern of files. A folder may hold anything, so it is not read as a whole.',
      es: 'Una fuente es un fichero o un patrón de ficheros. Una carpeta puede contener cualquier cosa y por eso no se lee entera.',
    },
  }),
  'source/empty': entry({
    status: 3,
    en: () => ({
      message: 'the file is empty: no header and no records',
      help: RERUN.en,
    }),
    es: () => ({
      message: 'el fichero está vacío: ni cabecera ni registros',
      help: RERUN.es,
    }),
    docs: {
      en: 'The file has no bytes or nothing but blanks. A header without records is read as a file of 0 records.',
      es: 'El fichero no tiene contenido o solo blancos. Una cabecera sin registros se lee como un fichero de 0 registros.',
    },
  }),
  'source/no-sheet': entry({
    status: 3,
    en: (p: { sheet: string; sheets: readonly string[] }) => ({
      message:
        p.sheets.length === 0
          ? `the file is no workbook and has no sheet '${p.sheet}'`
          : `the workbook has no sheet '${p.sheet}'`,
      help:
        p.sheets.length === 0
          ? "name the file without '#' and what follows"
          : `its sheets are: ${p.sheets.map((one) => `'${one}'`).join(', ')}`,
    }),
    es: (p) => ({
      message:
        p.sheets.length === 0
          ? `el fichero no es un libro de cálculo y no tiene ninguna hoja «${p.sheet}»`
          : `el libro no tiene ninguna hoja «${p.sheet}»`,
      help:
        p.sheets.length === 0
          ? 'indique el fichero sin «#» ni lo que le sigue'
          : `sus hojas son: ${p.sheets.map((one) => `«${one}»`).join(', ')}`,
    }),
    docs: {
      en: 'A path such as `prices.xlsx#Sheet1` means one sheet of a workbook, and the workbook has none of that name.',
      es: 'Una ruta como `precios.xlsx#Hoja1` se refiere a una hoja de un libro, y el libro no tiene ninguna con ese nombre.',
    },
  }),
  'source/not-found': entry({
    status: 3,
    en: (p: { path: string }) => ({
      message: `no file matches '${p.path}'`,
      help: 'check the path: it starts from the folder of the configuration, or from the current one where files are named on the command line',
    }),
    es: (p) => ({
      message: `ningún fichero coincide con «${p.path}»`,
      help: 'revise la ruta: parte de la carpeta de la configuración, o de la actual si los ficheros se indican en la orden',
    }),
    docs: {
      en: 'A path or glob of a source matched nothing. A channel without its files cannot be checked, so the run ends with status 3.',
      es: 'Una ruta o patrón de una fuente no encontró nada. Un canal sin sus ficheros no se puede comprobar, así que la ejecución termina con estado 3.',
    },
  }),

  'source/not-permitted': entry({
    status: 3,
    en: (p: { reason: string }) => ({
      message: `the file cannot be opened: ${systemReason(p.reason).en}`,
      help: p.reason === 'ELOOP' ? 'name the file itself' : 'give the user who runs omniparity the right to read it',
    }),
    es: (p) => ({
      message: `no se puede abrir el fichero: ${systemReason(p.reason).es}`,
      help:
        p.reason === 'ELOOP' ? 'indique el fichero mismo' : 'dé permiso de lectura al usuario que ejecuta omniparity',
    }),
    docs: {
      en: 'The operating system refused to open the file.',
      es: 'El sistema operativo no permitió abrir el fichero.',
    },
  }),
  'source/syntax': entry({
    status: 3,
    en: (p: { format: string; reason: string }) => ({
      message: `this is not valid ${p.format}: ${p.reason}`,
      help: RERUN.en,
    }),
    es: (p) => ({
      message: `no es ${p.format} válido: ${p.reason}`,
      help: RERUN.es,
    }),
    docs: {
      en: 'A JSON or XML file breaks the rules of its format at the place shown. Nothing of it is read, because what follows cannot be trusted.',
      es: 'Un fichero JSON o XML incumple las reglas de su formato en el lugar indicado. No se lee nada de él, porque lo que sigue no es fiable.',
    },
  }),
  'source/too-large': entry({
    status: 3,
    en: (p: { what: string; limit: string }) => ({
      message: `${p.what}; the limit is ${p.limit}`,
      help: 'export it as CSV or split it',
    }),
    es: (p) => ({
      message: `${p.what}; el límite es ${p.limit}`,
      help: 'expórtelo como CSV o divídalo',
    }),
    docs: {
      en: 'A limit that keeps memory bounded was passed. CSV files are read in any size.',
      es: 'Se superó un límite que mantiene acotada la memoria. Los ficheros CSV se leen de cualquier tamaño.',
    },
  }),
  'source/too-many-bad-records': entry({
    status: 3,
    en: (p: { bad: number; records: number; record: number; reason: string }) => ({
      message: `${p.bad} of ${p.records} records cannot be read; the first is record ${p.record}: ${p.reason}`,
      help: 'look at that line; if delimiter or encoding were detected wrongly, state them in the source',
    }),
    es: (p) => ({
      message: `no se pueden leer ${p.bad} de ${p.records} registros; el primero es el registro ${p.record}: ${p.reason}`,
      help: 'mire esa línea; si el separador o la codificación se detectaron mal, indíquelos en la fuente',
    }),
    docs: {
      en: 'Single records that cannot be read are set aside and reported. Above a set share the reading itself is likely wrong, so the file is refused.',
      es: 'Los registros sueltos ilegibles se apartan y se informan. Por encima de cierta proporción lo probable es que falle la lectura misma, y el fichero se rechaza.',
    },
  }),
  'source/unclosed-quote': entry({
    status: 3,
    en: (p: { record: number; lines: number }) => ({
      message: `a quote opened in record ${p.record} is never closed and swallows ${p.lines} lines`,
      help: 'close the quote on that line, or double it if it stands for inches',
    }),
    es: (p) => ({
      message: `una comilla abierta en el registro ${p.record} no se cierra y se traga ${p.lines} líneas`,
      help: 'cierre la comilla en esa línea o duplíquela si indica pulgadas',
    }),
    docs: {
      en: 'Everything behind a quote that is never closed is one cell. If that is more than the allowed share of the file, the file is refused.',
      es: 'Todo lo que sigue a una comilla sin cerrar es una sola celda. Si supera la proporción permitida del fichero, el fichero se rechaza.',
    },
  }),
  'source/unknown-encoding': entry({
    status: 2,
    en: (p: { encoding: string }) => ({
      message: `unknown encoding '${p.encoding}'`,
      help: 'known are utf-8, windows-1252, iso-8859-15, utf-16le, cp850 and the names of the WHATWG standard',
    }),
    es: (p) => ({
      message: `codificación desconocida «${p.encoding}»`,
      help: 'se conocen utf-8, windows-1252, iso-8859-15, utf-16le, cp850 y los nombres del estándar WHATWG',
    }),
    docs: {
      en: 'The `encoding` of a source is none that can be decoded.',
      es: 'La `encoding` de una fuente no es ninguna que se pueda descodificar.',
    },
  }),
  'source/unknown-format': entry({
    status: 3,
    en: (p: { looksLike: string | null }) => ({
      message:
        p.looksLike === null
          ? 'the file is binary and of no format that can be read'
          : `the file is ${p.looksLike}, which cannot be read`,
      help: 'save it as CSV, XLSX, JSON, XML or Parquet',
    }),
    es: (p) => ({
      message:
        p.looksLike === null
          ? 'el fichero es binario y no tiene un formato legible'
          : `el fichero es ${SPANISH_KINDS[p.looksLike] ?? p.looksLike}, un formato que no se lee`,
      help: 'guárdelo como CSV, XLSX, JSON, XML o Parquet',
    }),
    docs: {
      en: 'The first bytes say what a file is, whatever its name. Read are delimited text, XLSX, JSON, NDJSON, XML and Parquet, and `.gz` and `.zip` around them.',
      es: 'Los primeros bytes dicen qué es un fichero, se llame como se llame. Se leen texto delimitado, XLSX, JSON, NDJSON, XML y Parquet, y `.gz` y `.zip` que los contengan.',
    },
  }),
}
