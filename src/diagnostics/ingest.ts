import { entry } from './entry.ts'

const shown = (columns: readonly string[]): string =>
  columns.slice(0, 12).join(', ') + (columns.length > 12 ? `, … (${columns.length})` : '')

interface Near {
  readonly platform: string
  readonly kind: string
  readonly missing: readonly string[]
}

/** What can go wrong between a readable table and the canonical tables. */
export const ingestDiagnostics = {
  'ingest/column-missing': entry({
    status: 3,
    en: (p: { file: string; column: string; nearest: string | null; columns: readonly string[] }) => ({
      message: `${p.file} has no column '${p.column}'`,
      help: p.nearest === null ? `its columns are: ${shown(p.columns)}` : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `${p.file} no tiene la columna «${p.column}»`,
      help: p.nearest === null ? `sus columnas son: ${shown(p.columns)}` : `¿quiso decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'A `map:` of the configuration names a column that the header of the file does not have. The export may have changed, or the header stands in another row.',
      es: 'Un `map:` de la configuración nombra una columna que no está en la cabecera del fichero. Puede que la exportación haya cambiado o que la cabecera esté en otra fila.',
    },
  }),

  'ingest/no-listings': entry({
    status: 3,
    en: (p: { channel: string }) => ({
      message: `channel '${p.channel}' has no file that lists articles`,
      help: 'add the product export of the channel to its sources',
    }),
    es: (p) => ({
      message: `el canal «${p.channel}» no tiene ningún fichero con artículos`,
      help: 'añada la exportación de productos del canal a sus fuentes',
    }),
    docs: {
      en: 'The sources of the channel were read, but they hold only stock, prices or promotions, and none of them can stand for the list of articles.',
      es: 'Las fuentes del canal se leyeron, pero solo traen existencias, precios o promociones, y ninguna sirve como lista de artículos.',
    },
  }),

  'ingest/no-records': entry({
    status: 3,
    en: (p: { channel: string }) => ({
      message: `the file has a header and no records, so nothing is known about channel '${p.channel}'`,
      help: 'export it again; a filter or a wrong date may have left everything out',
    }),
    es: (p) => ({
      message: `el fichero tiene cabecera y ningún registro, así que no se sabe nada del canal «${p.channel}»`,
      help: 'expórtelo de nuevo; quizá un filtro o una fecha lo dejó todo fuera',
    }),
    docs: {
      en: 'None of the files of the channel has a single record. An empty channel would look like one that agrees with everything, so it counts as one that could not be read.',
      es: 'Ninguno de los ficheros del canal tiene un solo registro. Un canal vacío parecería estar de acuerdo en todo, así que cuenta como uno que no se pudo leer.',
    },
  }),

  'ingest/repeated-column': entry({
    status: 3,
    en: (p: { header: string; columns: readonly number[] }) => ({
      message: `columns ${p.columns.join(' and ')} are both called '${p.header}' and say different things`,
      help: 'rename one of them, or export the file without it',
    }),
    es: (p) => ({
      message: `las columnas ${p.columns.join(' y ')} se llaman «${p.header}» y dicen cosas distintas`,
      help: 'cambie el nombre de una o exporte el fichero sin ella',
    }),
    docs: {
      en: 'A column that is read stands twice in the header, with different content. Which one is meant would be a guess.',
      es: 'Una columna que se lee aparece dos veces en la cabecera con contenido distinto. Elegir una sería adivinar.',
    },
  }),

  'ingest/no-sheet': entry({
    status: 3,
    en: (p: { sheets: readonly { readonly name: string; readonly columns: readonly string[] }[]; file: string }) => ({
      message: `no reader recognises a sheet of this workbook; it has ${p.sheets.map(({ name, columns }) => `'${name}' (${shown(columns)})`).join(', ')}`,
      help: `say with 'map:' in omniparity.yaml which column is which field, and with 'path: "${p.file}#${p.sheets[0]?.name ?? ''}"' which sheet is meant`,
    }),
    es: (p) => ({
      message: `ningún lector reconoce una hoja de este libro; tiene ${p.sheets.map(({ name, columns }) => `«${name}» (${shown(columns)})`).join(', ')}`,
      help: `diga con «map:» en omniparity.yaml qué columna es cada campo, y con «path: "${p.file}#${p.sheets[0]?.name ?? ''}"» a qué hoja se refiere`,
    }),
    docs: {
      en: 'Of a workbook, the sheets whose header is recognised are read and the others left out, which the report says. Here no sheet is left. The message names each with the texts that were taken for its header.',
      es: 'De un libro se leen las hojas cuya cabecera se reconoce y se dejan fuera las demás, y el informe lo dice. Aquí no queda ninguna. El mensaje nombra cada una con los textos que se tomaron por su cabecera.',
    },
  }),

  'ingest/not-recognised': entry({
    status: 3,
    en: (p: { platform: string; columns: readonly string[]; nearest: Near | null; fits: string | null }) => ({
      message: `no reader recognises this file; its columns are: ${shown(p.columns)}`,
      help: [
        p.fits === null ? null : `it looks like an export of '${p.fits}': change 'platform:'`,
        p.nearest === null
          ? null
          : `nearest: ${p.nearest.platform} ${p.nearest.kind}, which also needs ${p.nearest.missing.map((one) => `'${one}'`).join(', ')}`,
        "say with 'map:' in omniparity.yaml which column is which field",
      ]
        .filter((line) => line !== null)
        .join('; '),
    }),
    es: (p) => ({
      message: `ningún lector reconoce este fichero; sus columnas son: ${shown(p.columns)}`,
      help: [
        p.fits === null ? null : `parece una exportación de «${p.fits}»: cambie «platform:»`,
        p.nearest === null
          ? null
          : `lo más parecido: ${p.nearest.platform} ${p.nearest.kind}, que además necesita ${p.nearest.missing.map((one) => `«${one}»`).join(', ')}`,
        'diga con «map:» en omniparity.yaml qué columna es cada campo',
      ]
        .filter((line) => line !== null)
        .join('; '),
    }),
    docs: {
      en: 'The kind of an export is recognised from its header. None of the known headers fits. A `map:` in the source says which column feeds which field, for any file.',
      es: 'El tipo de una exportación se reconoce por su cabecera, y ninguna de las conocidas encaja. Un `map:` en la fuente dice qué columna alimenta cada campo, para cualquier fichero.',
    },
  }),
}
