import { entry } from './entry.ts'

/** What can be wrong with the folder of a demo. */
export const demoDiagnostics = {
  'demo/not-empty': entry({
    en: (p: { dir: string }) => ({
      message: `'${p.dir}' holds files that are not a demo`,
      help: 'name an empty or new folder: omniparity demo demo',
    }),
    es: (p) => ({
      message: `«${p.dir}» contiene ficheros que no son de una demo`,
      help: 'indique una carpeta vacía o nueva: omniparity demo demo',
    }),
    docs: {
      en: 'The demo writes into an empty folder or over an earlier demo, which it knows by its faults.json. It never touches other files.',
      es: 'La demo se escribe en una carpeta vacía o sobre una demo anterior, que reconoce por su faults.json. Nunca toca otros ficheros.',
    },
  }),
}
