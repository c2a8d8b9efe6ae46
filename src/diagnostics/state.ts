import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

/** What can be wrong with the folder that keeps what audits saw. */
export const stateDiagnostics = {
  'state/bad-history': entry({
    en: (p: { file: string; problem: { en: string; es: string } }) => ({
      message: `'${p.file}' is no price history: ${p.problem.en}`,
      help: 'needed are the columns channel, sku, at and regular, and if you have them sale and currency; at is an instant such as 2026-10-01T00:00:00Z, or a day',
    }),
    es: (p) => ({
      message: `«${p.file}» no es un historial de precios: ${p.problem.es}`,
      help: 'hacen falta las columnas channel, sku, at y regular, y si las tiene sale y currency; at es un instante como 2026-10-01T00:00:00Z, o un día',
    }),
    docs: {
      en: 'Earlier prices come as a CSV file with the columns channel, sku, at, regular and, where there are any, sale and currency. Each row says which price holds from that instant on, until the next row of the same article.',
      es: 'Los precios anteriores vienen en un fichero CSV con las columnas channel, sku, at, regular y, si las hay, sale y currency. Cada fila dice qué precio rige desde ese instante hasta la siguiente fila del mismo artículo.',
    },
  }),

  'state/ambiguous-audit': entry({
    en: (p: { audit: string; ids: readonly string[] }) => ({
      message: `'${p.audit}' is the beginning of several audits: ${p.ids.slice(0, 3).join(', ')}`,
      help: 'write more of the id, or the number that `omniparity history` shows',
    }),
    es: (p) => ({
      message: `«${p.audit}» es el comienzo de varias auditorías: ${p.ids.slice(0, 3).join(', ')}`,
      help: 'escriba más del identificador, o el número que muestra `omniparity history`',
    }),
    docs: {
      en: 'Four characters of an id are enough to name an audit as long as no other id begins with them.',
      es: 'Bastan cuatro caracteres del identificador para indicar una auditoría, siempre que ningún otro empiece igual.',
    },
  }),

  'state/damaged-entry': entry({
    en: (p: { folders: readonly string[] }) => ({
      message: `the ledger has entries that are damaged or incomplete: ${p.folders.map((one) => `'${one}'`).join(', ')}`,
      help: 'put the folder back from a copy; without one, delete it: what it held is unknown from then on, and the history goes on',
    }),
    es: (p) => ({
      message: `el historial tiene anotaciones dañadas o incompletas: ${p.folders.map((one) => `«${one}»`).join(', ')}`,
      help: 'recupere la carpeta de una copia; si no la hay, bórrela: lo que contenía queda como desconocido y el historial continúa',
    }),
    docs: {
      en: 'Every audit and every import leaves a folder in the ledger that never changes afterwards. When one of its files is missing or cut off, the others are read all the same. Earlier prices that it may have held are unknown: rules that depend on them say so until their time has been observed anew, and audits are not compared across it.',
      es: 'Cada auditoría y cada importación dejan en el historial una carpeta que después no cambia. Si falta uno de sus ficheros o está cortado, los demás se leen igualmente. Los precios anteriores que podía contener son desconocidos: las reglas que dependen de ellos lo dicen hasta que ese tiempo se haya observado de nuevo, y no se comparan auditorías a través de ella.',
    },
  }),

  'state/not-comparable': entry({
    en: (p: { from: number; to: number; lost: readonly number[] }) => ({
      message: `audits ${p.from} and ${p.to} cannot be compared: what became of findings in audit ${p.lost.join(', ')} is lost`,
      help: 'the next audit says again what is open: compare later ones, or put the folder in the ledger back from a copy',
    }),
    es: (p) => ({
      message: `las auditorías ${p.from} y ${p.to} no se pueden comparar: se ha perdido lo que pasó con las incidencias en la auditoría ${p.lost.join(', ')}`,
      help: 'la próxima auditoría vuelve a anotar lo que está abierto: compare las siguientes, o recupere de una copia su carpeta del historial',
    }),
    docs: {
      en: 'The ledger notes of each audit what came and what went. Where one of these notes is lost, nobody knows what was open, and saying "nothing is new" would be a guess.',
      es: 'El historial anota en cada auditoría qué aparece y qué se resuelve. Si falta una de esas anotaciones, nadie sabe qué estaba abierto, y decir «no hay nada nuevo» sería una suposición.',
    },
  }),

  'state/damaged-report': entry({
    en: (p: { folder: string }) => ({
      message: `the report kept in '${p.folder}' is damaged`,
      help: 'delete the folder and audit again, or name another audit',
    }),
    es: (p) => ({
      message: `el informe guardado en «${p.folder}» está dañado`,
      help: 'borre la carpeta y vuelva a auditar, o indique otra auditoría',
    }),
    docs: {
      en: 'An audit keeps its report whole or not at all. One that cannot be read was changed afterwards, or was written by another version.',
      es: 'Una auditoría guarda su informe entero o no lo guarda. Si no se puede leer, alguien lo ha cambiado después, o es de otra versión.',
    },
  }),

  'state/no-report': entry({
    en: (p: { audit: string; kept: number }) => ({
      message: `the report of audit '${p.audit}' is not kept`,
      help:
        p.kept === 0
          ? 'run `omniparity audit`: it keeps its report'
          : `the last ${p.kept} reports are there; \`omniparity history\` lists the audits`,
    }),
    es: (p) => ({
      message: `el informe de la auditoría «${p.audit}» no está guardado`,
      help:
        p.kept === 0
          ? 'ejecute `omniparity audit`: guarda su informe'
          : `se conservan los últimos ${p.kept} informes; \`omniparity history\` muestra las auditorías`,
    }),
    docs: {
      en: 'The state folder keeps the reports of the last 20 audits. What older audits found is in `omniparity history`, without the values.',
      es: 'La carpeta de estado conserva los informes de las últimas 20 auditorías. Lo que encontraron las anteriores está en `omniparity history`, sin los valores.',
    },
  }),

  'state/newer': entry({
    en: (p: { folder: string; found: string; known: string }) => ({
      message: `'${p.folder}' was written by another version: it has ${p.found}, this one reads ${p.known}`,
      help: 'use the version that wrote it, or another folder with --state',
    }),
    es: (p) => ({
      message: `«${p.folder}» es de otra versión: contiene ${p.found}, y esta lee ${p.known}`,
      help: 'use la versión que la escribió, u otra carpeta con --state',
    }),
    docs: {
      en: 'The state folder says in its file "version" how it is written. A program that would misread it leaves it alone.',
      es: 'La carpeta de estado dice en su fichero «version» cómo está escrita. Un programa que la leería mal no la toca.',
    },
  }),

  'state/no-history': entry({
    en: (p: { folder: string }) => ({
      message: `no audit has been kept in '${p.folder}'`,
      help: 'run `omniparity audit` with a configuration, or name the folder with --state',
    }),
    es: (p) => ({
      message: `en «${p.folder}» no hay ninguna auditoría`,
      help: 'ejecute `omniparity audit` con una configuración, o indique la carpeta con --state',
    }),
    docs: {
      en: 'Every audit of a project with a configuration is noted in the folder .omniparity beside it. An audit of plain files keeps nothing unless --state names a folder.',
      es: 'Cada auditoría de un proyecto con configuración queda anotada en la carpeta .omniparity que está junto a ella. Una auditoría de ficheros sueltos no guarda nada si --state no indica una carpeta.',
    },
  }),

  'state/unknown-audit': entry({
    en: (p: { audit: string; nearest: string | null }) => ({
      message: `there is no audit '${p.audit}'`,
      help: p.nearest === null ? '`omniparity history` lists the audits' : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `no existe la auditoría «${p.audit}»`,
      help: p.nearest === null ? '`omniparity history` muestra las auditorías' : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'An audit is named by its number in the list of `omniparity history`, by the beginning of its id, or as "latest", "previous" and "first".',
      es: 'Una auditoría se indica por su número en la lista de `omniparity history`, por el comienzo de su identificador, o como «latest», «previous» y «first».',
    },
  }),

  'state/unwritable': entry({
    en: (p: { folder: string; reason: string }) => ({
      message: `what this audit saw cannot be kept in '${p.folder}': ${systemReason(p.reason).en}`,
      help: 'make the folder writable, or name another one with --state',
    }),
    es: (p) => ({
      message: `lo que ha visto esta auditoría no se puede guardar en «${p.folder}»: ${systemReason(p.reason).es}`,
      help: 'dé permiso de escritura a la carpeta, o indique otra con --state',
    }),
    docs: {
      en: 'The state folder keeps the history of prices and findings. Without it, rules that look back stay unknown.',
      es: 'La carpeta de estado guarda el historial de precios e incidencias. Sin ella, las reglas que miran hacia atrás quedan sin decidir.',
    },
  }),
}
