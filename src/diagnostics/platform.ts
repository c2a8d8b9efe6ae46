import { entry } from './entry.ts'

export const platformDiagnostics = {
  'platform/not-built': entry({
    en: (p: { platform: string }) => ({
      message: `platform '${p.platform}' has no reader yet`,
      help: `export the data as CSV or XLSX and read it with 'platform: csv' and a 'map'`,
    }),
    es: (p) => ({
      message: `la plataforma «${p.platform}» aún no tiene lector`,
      help: 'exporte los datos a CSV o XLSX y léalos con «platform: csv» y un «map»',
    }),
    docs: {
      en: 'The name is reserved for a platform that this version cannot read. It is refused, because a channel that is left out in silence looks like a channel without faults.',
      es: 'El nombre está reservado para una plataforma que esta versión no sabe leer. Se rechaza, porque un canal omitido en silencio parece un canal sin fallos.',
    },
  }),
  'platform/unknown': entry({
    en: (p: { platform: string; nearest: string | null; known: readonly string[] }) => ({
      message: `there is no platform '${p.platform}'`,
      help: p.nearest === null ? `use one of: ${p.known.join(', ')}` : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `no existe la plataforma «${p.platform}»`,
      help: p.nearest === null ? `use una de estas: ${p.known.join(', ')}` : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'The `platform` of a source is not one that this version knows. Any table with a header row can be read as `csv`.',
      es: 'El valor de `platform` de una fuente no es ninguno de los que conoce esta versión. Cualquier tabla con fila de cabecera se puede leer como `csv`.',
    },
  }),
}
