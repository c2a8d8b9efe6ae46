import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

/** What is to say about suppressions and baselines. */
export const silenceDiagnostics = {
  'silence/bad-baseline': entry({
    en: (p: { file: string; problem: string }) => ({
      message: `'${p.file}' is no baseline: ${p.problem}`,
      help: 'restore it from version control, or delete it and run `omniparity baseline update`',
    }),
    es: (p) => ({
      message: `«${p.file}» no es una línea base: ${p.problem}`,
      help: 'recupérelo del control de versiones, o bórrelo y ejecute `omniparity baseline update`',
    }),
    docs: {
      en: 'A baseline is written by `omniparity baseline update`. What `omniparity schema baseline` describes is the whole format; a file with anything else in it is not used.',
      es: 'La línea base la escribe `omniparity baseline update`. El formato completo es el que describe `omniparity schema baseline`; un fichero con cualquier otra cosa no se usa.',
    },
  }),

  'silence/expired': entry({
    en: (p: { rule: string; owner: string; expires: string }) => ({
      message: `the suppression of ${p.rule} by ${p.owner} has expired on ${p.expires}: what it covered is reported again`,
      help: 'fix the contradiction, or decide again and write a new date',
    }),
    es: (p) => ({
      message: `la supresión de ${p.rule} de ${p.owner} caducó el ${p.expires}: lo que cubría se vuelve a notificar`,
      help: 'corrija la contradicción, o decida de nuevo y escriba otra fecha',
    }),
    docs: {
      en: 'A suppression holds through the day in `expires`. After it the findings count as before.',
      es: 'Una supresión vale hasta el día de `expires`, inclusive. Después las incidencias cuentan como antes.',
    },
  }),

  'silence/locked': entry({
    en: (p: { rule: string }) => ({
      message: `the rule ${p.rule} is locked: the suppression has no effect`,
      help: 'fix what it finds and remove the entry',
    }),
    es: (p) => ({
      message: `la regla ${p.rule} está bloqueada: la supresión no tiene efecto`,
      help: 'corrija lo que señala y quite la entrada',
    }),
    docs: {
      en: 'Findings of a locked rule are neither suppressed nor taken into a baseline.',
      es: 'Las incidencias de una regla bloqueada ni se suprimen ni entran en una línea base.',
    },
  }),

  'silence/no-reason': entry({
    en: () => ({
      message: '--accept-new takes debt into the baseline and needs --reason',
      help: "--accept-new --reason 'prices of the new shop are corrected in January'",
    }),
    es: () => ({
      message: '--accept-new admite deuda en la línea base y necesita --reason',
      help: "--accept-new --reason 'los precios de la tienda nueva se corrigen en enero'",
    }),
    docs: {
      en: 'A baseline only shrinks by itself. What is added later is a decision, and the file keeps why it was taken.',
      es: 'Por sí sola la línea base solo mengua. Lo que se añade después es una decisión, y el fichero guarda por qué se tomó.',
    },
  }),

  'silence/no-baseline': entry({
    en: (p: { file: string }) => ({
      message: `there is no baseline '${p.file}'`,
      help: 'create it with `omniparity baseline update`',
    }),
    es: (p) => ({
      message: `no existe la línea base «${p.file}»`,
      help: 'créela con `omniparity baseline update`',
    }),
    docs: {
      en: 'The file that --baseline names, or that is to be pruned, does not exist.',
      es: 'El fichero que indica --baseline, o que se quiere podar, no existe.',
    },
  }),

  'silence/partial': entry({
    status: 3,
    en: (p: { channels: readonly string[] }) => ({
      message: `${p.channels.join(', ')} could not be read: the baseline is left as it is`,
      help: 'nobody knows what is fixed there; read everything and run it again',
    }),
    es: (p) => ({
      message: `no se pudo leer ${p.channels.join(', ')}: la línea base queda como está`,
      help: 'no se sabe qué está corregido ahí; lea todo y ejecútelo de nuevo',
    }),
    docs: {
      en: 'A finding that is missing because its channel could not be read is not fixed, so nothing is removed from the baseline.',
      es: 'Una incidencia que falta porque no se pudo leer su canal no está corregida, así que no se quita nada de la línea base.',
    },
  }),

  'silence/too-long': entry({
    en: (p: { expires: string; most: number }) => ({
      message: `the suppression expires on ${p.expires}, more than ${p.most} days ahead`,
      help: 'choose an earlier day; what is meant for good belongs in `rules` or `overrides`',
    }),
    es: (p) => ({
      message: `la supresión caduca el ${p.expires}, dentro de más de ${p.most} días`,
      help: 'elija un día anterior; lo que es para siempre va en `rules` o en `overrides`',
    }),
    docs: {
      en: 'A suppression is for one known contradiction and a time that somebody can answer for.',
      es: 'Una supresión es para una contradicción conocida y por un tiempo del que alguien pueda responder.',
    },
  }),

  'silence/unreadable': entry({
    en: (p: { file: string; reason: string }) => ({
      message: `'${p.file}' cannot be read: ${systemReason(p.reason).en}`,
      help: null,
    }),
    es: (p) => ({ message: `no se puede leer «${p.file}»: ${systemReason(p.reason).es}`, help: null }),
    docs: {
      en: 'The file of suppressions or the baseline that the configuration or a flag names cannot be read.',
      es: 'No se puede leer el fichero de supresiones o la línea base que indica la configuración o una opción.',
    },
  }),

  'silence/unused': entry({
    en: (p: { rule: string; owner: string }) => ({
      message: `the suppression of ${p.rule} by ${p.owner} covers nothing`,
      help: 'the contradiction is gone, or its values have moved; remove the entry',
    }),
    es: (p) => ({
      message: `la supresión de ${p.rule} de ${p.owner} no cubre nada`,
      help: 'la contradicción ya no existe o sus valores han cambiado; quite la entrada',
    }),
    docs: {
      en: 'No finding of this audit is covered by the entry. Entries that stay behind would hide the next contradiction of the same article.',
      es: 'Ninguna incidencia de esta auditoría está cubierta por la entrada. Las que se quedan olvidadas taparían la siguiente contradicción del mismo artículo.',
    },
  }),

  'silence/unwritable': entry({
    en: (p: { file: string; reason: string }) => ({
      message: `'${p.file}' cannot be written: ${systemReason(p.reason).en}`,
      help: null,
    }),
    es: (p) => ({ message: `no se puede escribir «${p.file}»: ${systemReason(p.reason).es}`, help: null }),
    docs: {
      en: 'The baseline is written beside its old version and takes its place as a whole. The folder has to be writable.',
      es: 'La línea base se escribe junto a la versión anterior y la sustituye entera. La carpeta debe admitir escritura.',
    },
  }),
}
