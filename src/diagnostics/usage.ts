import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

const HELP = {
  en: (command: string): string => `\`omniparity${command === '' ? '' : ` ${command}`} --help\` lists what is accepted`,
  es: (command: string): string =>
    `\`omniparity${command === '' ? '' : ` ${command}`} --help\` muestra lo que se admite`,
}

const meant = {
  en: (nearest: string | null, otherwise: string): string =>
    nearest === null ? otherwise : `did you mean '${nearest}'?`,
  es: (nearest: string | null, otherwise: string): string =>
    nearest === null ? otherwise : `¿quería decir «${nearest}»?`,
}

/** What can be wrong with the command line. */
export const usageDiagnostics = {
  'usage/bad-value': entry({
    en: (p: { option: string; value: string; accepted: string }) => ({
      message: `'${p.value}' is no value for ${p.option}`,
      help: `accepted: ${p.accepted}`,
    }),
    es: (p) => ({
      message: `«${p.value}» no es un valor válido para ${p.option}`,
      help: `se acepta: ${p.accepted}`,
    }),
    docs: {
      en: 'The option exists, but does not take this value.',
      es: 'La opción existe, pero no admite ese valor.',
    },
  }),

  'usage/excess-argument': entry({
    en: (p: { command: string; accepted: number }) => ({
      message: `too many arguments for '${p.command}', which takes ${p.accepted}`,
      help: HELP.en(p.command),
    }),
    es: (p) => ({
      message: `demasiados argumentos para «${p.command}», que admite ${p.accepted}`,
      help: HELP.es(p.command),
    }),
    docs: {
      en: 'The command takes fewer arguments. A path with blanks needs quotes.',
      es: 'La orden admite menos argumentos. Una ruta con espacios va entre comillas.',
    },
  }),

  'usage/file-needed': entry({
    en: (p: { format: string }) => ({
      message: `'${p.format}' is no text and needs a file`,
      help: `write --format ${p.format}=FILE`,
    }),
    es: (p) => ({
      message: `«${p.format}» no es texto y necesita un fichero`,
      help: `escriba --format ${p.format}=FICHERO`,
    }),
    docs: {
      en: 'A format such as a workbook is written to a file and never to the standard output, where a terminal would be filled with it.',
      es: 'Un formato como el de un libro de cálculo se escribe en un fichero y nunca en la salida estándar, donde llenaría la terminal.',
    },
  }),

  'usage/file-twice': entry({
    en: (p: { file: string }) => ({
      message: `'${p.file}' is given twice`,
      help: 'name each file once: every file is a channel of its own, and a file has nothing to tell against itself',
    }),
    es: (p) => ({
      message: `«${p.file}» está dos veces`,
      help: 'indique cada fichero una sola vez: cada uno es un canal, y un fichero no se contradice consigo mismo',
    }),
    docs: {
      en: 'Two of the paths lead to the same file, directly or through a link. A pattern of the shell that also matches a file named beside it does this.',
      es: 'Dos de las rutas llevan al mismo fichero, directamente o por un enlace. Ocurre cuando un patrón del intérprete incluye un fichero que también se indica aparte.',
    },
  }),

  'usage/format-of-diff': entry({
    en: (p: { format: string }) => ({
      message: `'${p.format}' shows findings, and a list of audits has none`,
      help: `\`omniparity history diff --format ${p.format}\` shows what two audits found differently; \`omniparity report --format ${p.format}\` shows one of them`,
    }),
    es: (p) => ({
      message: `«${p.format}» muestra incidencias, y una lista de auditorías no las tiene`,
      help: `\`omniparity history diff --format ${p.format}\` muestra en qué difieren dos auditorías; \`omniparity report --format ${p.format}\`, una de ellas`,
    }),
    docs: {
      en: 'SARIF, JUnit and the code quality report of GitLab hold findings with their places. `omniparity history` lists audits with their figures; `history diff` compares the findings of two.',
      es: 'SARIF, JUnit y el informe de calidad del código de GitLab contienen incidencias con su lugar. `omniparity history` muestra auditorías con sus cifras; `history diff` compara las incidencias de dos.',
    },
  }),

  'usage/missing-argument': entry({
    en: (p: { command: string; argument: string }) => ({
      message: `'${p.command}' needs ${p.argument}`,
      help: HELP.en(p.command),
    }),
    es: (p) => ({
      message: `a «${p.command}» le falta ${p.argument}`,
      help: HELP.es(p.command),
    }),
    docs: {
      en: 'The command cannot work without this argument.',
      es: 'La orden no puede funcionar sin ese argumento.',
    },
  }),

  'usage/missing-value': entry({
    en: (p: { option: string; command: string }) => ({
      message: `${p.option} needs a value`,
      help: HELP.en(p.command),
    }),
    es: (p) => ({
      message: `a ${p.option} le falta un valor`,
      help: HELP.es(p.command),
    }),
    docs: {
      en: 'The option stands at the end of the line, or its value begins with a dash; then write --option=VALUE.',
      es: 'La opción está al final de la línea, o su valor empieza por un guion; en ese caso escriba --opción=VALOR.',
    },
  }),

  'usage/no-terminal': entry({
    en: (p: { command: string; instead: string }) => ({
      message: `omniparity ${p.command} needs a terminal to draw on and to read keys from`,
      help: `run it in a terminal, without a pipe; without one there is ${p.instead}`,
    }),
    es: (p) => ({
      message: `omniparity ${p.command} necesita un terminal en el que dibujar y del que leer teclas`,
      help: `ejecútelo en un terminal, sin tuberías; sin terminal está ${p.instead}`,
    }),
    docs: {
      en: 'What fills the screen and waits for keys cannot work through a pipe or in a scheduled job. Neither the standard input nor the standard output may be redirected.',
      es: 'Lo que ocupa la pantalla y espera teclas no funciona a través de una tubería ni en una tarea programada. No se puede redirigir ni la entrada ni la salida estándar.',
    },
  }),

  'usage/not-built': entry({
    en: (p: { command: string; known: readonly string[] }) => ({
      message: `'${p.command}' is not built in this version`,
      help: `this version has ${p.known.join(', ')}`,
    }),
    es: (p) => ({
      message: `«${p.command}» aún no está disponible en esta versión`,
      help: `esta versión tiene ${p.known.join(', ')}`,
    }),
    docs: {
      en: 'The command is part of the design, but this version does not have it.',
      es: 'La orden forma parte del diseño, pero esta versión no la tiene.',
    },
  }),

  'usage/output-clash': entry({
    en: (p: { output: string }) => ({
      message:
        p.output === 'stdout'
          ? 'two results would go to the standard output'
          : `no result or more than one would go to '${p.output}'`,
      help: 'give each format a file of its own: --format json=report.json --format pretty',
    }),
    es: (p) => ({
      message:
        p.output === 'stdout'
          ? 'dos resultados irían a la salida estándar'
          : `a «${p.output}» no iría ningún resultado, o iría más de uno`,
      help: 'dé a cada formato un fichero propio: --format json=informe.json --format pretty',
    }),
    docs: {
      en: 'Each result needs a place of its own. `--output` names the file of the one format that has none; the standard output takes one result.',
      es: 'Cada resultado necesita su propio destino. `--output` nombra el fichero del único formato que no lo tiene; la salida estándar admite un resultado.',
    },
  }),

  'usage/output-is-input': entry({
    en: (p: { output: string }) => ({
      message: `'${p.output}' is one of the files that are read`,
      help: 'choose another name for the report',
    }),
    es: (p) => ({
      message: `«${p.output}» es uno de los ficheros que se leen`,
      help: 'elija otro nombre para el informe',
    }),
    docs: {
      en: 'The report would take the place of an export or of the configuration. Inputs are never written to.',
      es: 'El informe ocuparía el lugar de una exportación o de la configuración. En los ficheros de entrada no se escribe nunca.',
    },
  }),

  'usage/output-failed': entry({
    en: (p: { output: string; reason: string }) => ({
      message: `${p.output} cannot be written: ${systemReason(p.reason).en}`,
      help: 'check that the folder exists, that it may be written to, and that the disk is not full',
    }),
    es: (p) => ({
      message: `no se puede escribir en ${p.output}: ${systemReason(p.reason).es}`,
      help: 'compruebe que la carpeta existe, que se puede escribir en ella y que el disco no está lleno',
    }),
    docs: {
      en: 'The result could not be written where it was asked for. What was written so far is not complete.',
      es: 'No se pudo escribir el resultado donde se pidió. Lo que se haya escrito hasta entonces está incompleto.',
    },
  }),

  'usage/unknown-code': entry({
    en: (p: { code: string; nearest: string | null }) => ({
      message: `nothing is called '${p.code}'`,
      help: meant.en(p.nearest, '`omniparity rules` lists the rules; diagnostics print their code in brackets'),
    }),
    es: (p) => ({
      message: `nada se llama «${p.code}»`,
      help: meant.es(
        p.nearest,
        '`omniparity rules` enumera las reglas; los mensajes muestran su código entre corchetes',
      ),
    }),
    docs: {
      en: '`explain` takes the id of a rule or the code of a message.',
      es: '`explain` admite el id de una regla o el código de un mensaje.',
    },
  }),

  'usage/unknown-command': entry({
    en: (p: { command: string; nearest: string | null; known: readonly string[] }) => ({
      message: `there is no command '${p.command}'`,
      help: meant.en(p.nearest, `commands: ${p.known.join(', ')}`),
    }),
    es: (p) => ({
      message: `no existe la orden «${p.command}»`,
      help: meant.es(p.nearest, `órdenes: ${p.known.join(', ')}`),
    }),
    docs: {
      en: 'The first word after omniparity is the command. `omniparity --help` lists them.',
      es: 'La primera palabra después de omniparity es la orden. `omniparity --help` las enumera.',
    },
  }),

  'usage/unknown-channel': entry({
    en: (p: { channel: string; nearest: string | null; known: readonly string[] }) => ({
      message: `the configuration has no channel '${p.channel}'`,
      help: meant.en(p.nearest, `channels: ${p.known.join(', ')}`),
    }),
    es: (p) => ({
      message: `la configuración no tiene ningún canal «${p.channel}»`,
      help: meant.es(p.nearest, `canales: ${p.known.join(', ')}`),
    }),
    docs: {
      en: '`--channel` limits an audit to some channels of the configuration, by their ids.',
      es: '`--channel` limita la auditoría a algunos canales de la configuración, por su id.',
    },
  }),

  'usage/unknown-format': entry({
    en: (p: { format: string; nearest: string | null; known: readonly string[] }) => ({
      message: `there is no format '${p.format}' in this version`,
      help: meant.en(p.nearest, `formats: ${p.known.join(', ')}`),
    }),
    es: (p) => ({
      message: `no hay ningún formato «${p.format}» en esta versión`,
      help: meant.es(p.nearest, `formatos: ${p.known.join(', ')}`),
    }),
    docs: {
      en: '--format NAME prints a report on the standard output, --format NAME=FILE writes it to a file; the option can be repeated.',
      es: '--format NOMBRE escribe el informe en la salida estándar y --format NOMBRE=FICHERO lo guarda en un fichero; la opción se puede repetir.',
    },
  }),

  'usage/unknown-key': entry({
    en: (p: { key: string }) => ({
      message: `no channel has an article '${p.key}'`,
      help: 'give its SKU, its GTIN or its id, as the files write it',
    }),
    es: (p) => ({
      message: `ningún canal tiene un artículo «${p.key}»`,
      help: 'dé su SKU, su GTIN o su id, tal como lo escriben los ficheros',
    }),
    docs: {
      en: '`explain RULE --key SKU` looks for the article in the sources of the project, and none of them has it.',
      es: '`explain REGLA --key SKU` busca el artículo en las fuentes del proyecto, y ninguna lo tiene.',
    },
  }),

  'usage/unknown-option': entry({
    en: (p: { option: string; command: string; nearest: string | null }) => ({
      message: `unknown option ${p.option}`,
      help: meant.en(p.nearest, HELP.en(p.command)),
    }),
    es: (p) => ({
      message: `opción desconocida ${p.option}`,
      help: meant.es(p.nearest, HELP.es(p.command)),
    }),
    docs: {
      en: 'This command does not have the option. Options stand after the command they belong to.',
      es: 'Esta orden no tiene esa opción. Las opciones van después de la orden a la que pertenecen.',
    },
  }),
}
