import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

/** What can be wrong when a project is set up. */
export const initDiagnostics = {
  'init/exists': entry({
    en: (p: { file: string }) => ({
      message: `'${p.file}' is there already`,
      help: 'edit it, run `omniparity audit`, or write over it with --force',
    }),
    es: (p) => ({
      message: `«${p.file}» ya existe`,
      help: 'edítelo, ejecute `omniparity audit` o sobrescríbalo con --force',
    }),
    docs: {
      en: 'A configuration holds what people decided. `omniparity init` replaces one only when it is told to.',
      es: 'Una configuración contiene lo que se ha decidido. `omniparity init` solo la sustituye si se le pide.',
    },
  }),

  'init/no-files': entry({
    en: (p: { folder: string }) => ({
      message: `no exports in '${p.folder}'`,
      help: 'put the files that your channels export there: CSV, TSV, XLSX, JSON, NDJSON, XML, Parquet, also as .gz or .zip',
    }),
    es: (p) => ({
      message: `no hay exportaciones en «${p.folder}»`,
      help: 'ponga ahí los ficheros que exportan sus canales: CSV, TSV, XLSX, JSON, NDJSON, XML, Parquet, también en .gz o .zip',
    }),
    docs: {
      en: '`omniparity init` looks for files with these endings in the folder and up to four folders below. Hidden folders and what the tool itself writes are left out.',
      es: '`omniparity init` busca ficheros con esas extensiones en la carpeta y hasta cuatro niveles más abajo. No mira carpetas ocultas ni lo que escribe la propia herramienta.',
    },
  }),

  'init/no-folder': entry({
    en: (p: { folder: string; reason: string }) => ({
      message: `the folder '${p.folder}' cannot be read: ${systemReason(p.reason).en}`,
      help: 'name a folder that is there',
    }),
    es: (p) => ({
      message: `no se puede leer la carpeta «${p.folder}»: ${systemReason(p.reason).es}`,
      help: 'indique una carpeta que exista',
    }),
    docs: {
      en: '`omniparity init` needs a folder with exports.',
      es: '`omniparity init` necesita una carpeta con exportaciones.',
    },
  }),

  'init/nothing-understood': entry({
    en: (p: { files: number; path: string; reason: string }) => ({
      message: `none of ${p.files} files lists articles that can be understood; '${p.path}': ${p.reason}`,
      help: 'write omniparity.yaml by hand and say under map: which column is what',
    }),
    es: (p) => ({
      message: `ninguno de los ${p.files} ficheros contiene artículos que se entiendan; «${p.path}»: ${p.reason}`,
      help: 'escriba omniparity.yaml a mano e indique en map: qué es cada columna',
    }),
    docs: {
      en: 'A file is recognised by its header. Where no platform fits, the configuration says which column feeds which field.',
      es: 'Un fichero se reconoce por su cabecera. Si no encaja con ninguna plataforma, la configuración dice qué columna es cada campo.',
    },
  }),

  'init/nothing-told': entry({
    en: (p: { files: number; path: string; platform: string; kind: string }) => ({
      message: `none of ${p.files} files is a list of articles with a price, a stock figure, a state or a GTIN; '${p.path}' was read as ${p.platform}, ${p.kind}`,
      help: 'add the export that has them, or write omniparity.yaml by hand and say under map: which column is what',
    }),
    es: (p) => ({
      message: `ninguno de los ${p.files} ficheros es una lista de artículos con precio, existencias, estado o GTIN; «${p.path}» se ha leído como ${p.platform}, ${p.kind}`,
      help: 'añada la exportación que los tenga, o escriba omniparity.yaml a mano e indique en map: qué es cada columna',
    }),
    docs: {
      en: 'The files could be read, but nothing in them can be compared: names alone, or stock by location without a list of articles.',
      es: 'Los ficheros se han podido leer, pero no tienen nada que comparar: solo nombres, o existencias por ubicación sin una lista de artículos.',
    },
  }),

  'init/too-many-files': entry({
    en: (p: { folder: string; most: number }) => ({
      message: `more than ${p.most} files in '${p.folder}'`,
      help: 'name a folder that has the exports only',
    }),
    es: (p) => ({
      message: `más de ${p.most} ficheros en «${p.folder}»`,
      help: 'indique una carpeta que solo tenga las exportaciones',
    }),
    docs: {
      en: '`omniparity init` reads every file that could be an export. In a folder with hundreds of them that would take long and mean little.',
      es: '`omniparity init` lee cada fichero que pueda ser una exportación. En una carpeta con cientos tardaría mucho y diría poco.',
    },
  }),

  'init/unwritable': entry({
    en: (p: { file: string; reason: string }) => ({
      message: `'${p.file}' cannot be written: ${systemReason(p.reason).en}`,
      help: 'check the permissions of the folder and the free disk',
    }),
    es: (p) => ({
      message: `no se puede escribir «${p.file}»: ${systemReason(p.reason).es}`,
      help: 'compruebe los permisos de la carpeta y el espacio libre',
    }),
    docs: {
      en: 'The configuration is written whole or not at all.',
      es: 'La configuración se escribe entera o no se escribe.',
    },
  }),
}
