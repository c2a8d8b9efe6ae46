import { entry } from './entry.ts'
import { systemReason } from './system-reason.ts'

/** What stands in the file where something else should; the text of a scalar as it is written. */
export interface Found {
  readonly kind: 'text' | 'number' | 'word' | 'mapping' | 'list' | 'empty'
  readonly text: string
}

const FOUND = {
  en: { text: 'the text', number: 'the number', word: '', mapping: 'a mapping', list: 'a list', empty: 'empty' },
  es: {
    text: 'el texto',
    number: 'el número',
    word: '',
    mapping: 'un bloque de claves',
    list: 'una lista',
    empty: 'un valor vacío',
  },
} as const

function found(language: 'en' | 'es', { kind, text }: Found): string {
  const name = FOUND[language][kind]
  if (kind === 'text') return language === 'en' ? `${name} '${text}'` : `${name} «${text}»`
  return text === '' ? name : `${name} ${text}`.trim()
}

const listed = (words: readonly string[]): string => words.join(', ')

/** What can be wrong with the configuration file. */
export const configDiagnostics = {
  'config/assortment-unreadable': entry({
    en: (p: { reason: string }) => ({
      message: `the list of a channel's range cannot be read: ${systemReason(p.reason).en}`,
      help: 'it is a CSV file with a column of SKUs or GTINs, relative to the folder of the configuration',
    }),
    es: (p) => ({
      message: `no se puede leer la lista del surtido de un canal: ${systemReason(p.reason).es}`,
      help: 'es un fichero CSV con una columna de SKU o GTIN, relativo a la carpeta de la configuración',
    }),
    docs: {
      en: '`assortment: {list: FILE}` names a file with the articles that the channel is meant to carry. Without it nobody knows which ones are missing.',
      es: '`assortment: {list: FICHERO}` nombra un fichero con los artículos que el canal debe llevar. Sin él no se sabe cuáles faltan.',
    },
  }),

  'config/bad-value': entry({
    en: (p: { key: string; found: Found; accepted: string }) => ({
      message: `'${p.key}' is ${found('en', p.found)}`,
      help: `accepted: ${p.accepted}`,
    }),
    es: (p) => ({ message: `«${p.key}» es ${found('es', p.found)}`, help: `se acepta: ${p.accepted}` }),
    docs: {
      en: 'The key exists, but its value has another type or is not one of the accepted words. `omniparity schema config` prints every key with what it accepts.',
      es: 'La clave existe, pero su valor es de otro tipo o no es una de las palabras admitidas. `omniparity schema config` muestra cada clave con lo que admite.',
    },
  }),

  'config/core-off': entry({
    en: () => ({
      message: "the pack 'core' cannot be switched off: every other rule relies on what it checks",
      help: 'its rules can be set one by one under `rules:`',
    }),
    es: () => ({
      message: 'el paquete «core» no se puede apagar: las demás reglas se apoyan en lo que comprueba',
      help: 'sus reglas se pueden ajustar una a una en `rules:`',
    }),
    docs: {
      en: 'The pack `core` is part of every audit, whatever `extends` says. Severities of its rules can be changed under `rules:`, those of locked ones only upwards.',
      es: 'El paquete `core` forma parte de toda auditoría, diga lo que diga `extends`. La severidad de sus reglas se puede cambiar en `rules:`; la de las bloqueadas, solo hacia arriba.',
    },
  }),

  'config/duplicate-channel': entry({
    en: (p: { channel: string; other: string }) => ({
      message: `channels '${p.other}' and '${p.channel}' differ only in upper and lower case`,
      help: 'give one of them another id; ids are used in reports, folders and on the command line',
    }),
    es: (p) => ({
      message: `los canales «${p.other}» y «${p.channel}» solo se distinguen por mayúsculas y minúsculas`,
      help: 'cambie el id de uno de ellos; los id se usan en informes, carpetas y en la línea de órdenes',
    }),
    docs: {
      en: 'Channel ids name folders and files, and some file systems do not tell upper from lower case. Two such ids would mix the data of two channels.',
      es: 'Los id de canal dan nombre a carpetas y ficheros, y algunos sistemas de ficheros no distinguen mayúsculas de minúsculas. Con dos id así se mezclarían los datos de dos canales.',
    },
  }),

  'config/duplicate-key': entry({
    en: (p: { key: string; line: number }) => ({
      message: `'${p.key}' is already set on line ${p.line}`,
      help: 'remove one of the two; YAML would keep only the last one without a word',
    }),
    es: (p) => ({
      message: `«${p.key}» ya aparece en la línea ${p.line}`,
      help: 'borre una de las dos; YAML se quedaría con la última sin avisar',
    }),
    docs: {
      en: 'The same key stands twice in one mapping, for instance two channels with one id. Only one of them could take effect, so neither is chosen.',
      es: 'La misma clave aparece dos veces en el mismo bloque, por ejemplo dos canales con el mismo id. Solo una podría tener efecto, así que no se elige ninguna.',
    },
  }),

  'config/empty': entry({
    en: () => ({ message: 'the configuration is empty', help: 'start with `version: 1` and `channels:`' }),
    es: () => ({ message: 'la configuración está vacía', help: 'empiece por `version: 1` y `channels:`' }),
    docs: {
      en: 'The file has no content apart from comments. A configuration has at least `version: 1` and one channel with a source.',
      es: 'El fichero no contiene nada aparte de comentarios. Una configuración tiene al menos `version: 1` y un canal con una fuente.',
    },
  }),

  'config/literal-secret': entry({
    en: (p: { key: string }) => ({
      message: `'${p.key}' holds a secret in plain text`,
      help: 'write {env: NAME} or {file: PATH}, and change the secret: it may already be in backups or version control',
    }),
    es: (p) => ({
      message: `«${p.key}» contiene un secreto en claro`,
      help: 'escriba {env: NOMBRE} o {file: RUTA}, y cambie el secreto: puede estar ya en copias o en el control de versiones',
    }),
    docs: {
      en: 'Tokens, passwords, keys and URLs with credentials never stand in the configuration. They are read from an environment variable, `{env: NAME}`, or from a file, `{file: PATH}`.',
      es: 'Los tokens, contraseñas, claves y URL con credenciales nunca van en la configuración. Se leen de una variable de entorno, `{env: NOMBRE}`, o de un fichero, `{file: RUTA}`.',
    },
  }),

  'config/missing-key': entry({
    en: (p: { key: string; parent: string | null; accepted: string }) => ({
      message: p.parent === null ? `'${p.key}' is missing` : `'${p.parent}' has no '${p.key}'`,
      help: `add \`${p.key}:\`; accepted: ${p.accepted}`,
    }),
    es: (p) => ({
      message: p.parent === null ? `falta «${p.key}»` : `a «${p.parent}» le falta «${p.key}»`,
      help: `añada \`${p.key}:\`; se acepta: ${p.accepted}`,
    }),
    docs: {
      en: 'A key that has no default is not there. The position is that of the block in which it belongs.',
      es: 'Falta una clave que no tiene valor por defecto. La posición es la del bloque al que pertenece.',
    },
  }),

  'config/not-a-mapping': entry({
    en: (p: { found: Found }) => ({
      message: `the configuration is ${found('en', p.found)}, not a mapping of keys to values`,
      help: 'start with `version: 1` and `channels:`',
    }),
    es: (p) => ({
      message: `la configuración es ${found('es', p.found)}, no una serie de claves con sus valores`,
      help: 'empiece por `version: 1` y `channels:`',
    }),
    docs: {
      en: 'At the top level a configuration is a mapping: `version:`, `channels:` and so on.',
      es: 'En su primer nivel, una configuración es una serie de claves: `version:`, `channels:`, etc.',
    },
  }),

  'config/not-built': entry({
    en: (p: { key: string }) => ({
      message: `'${p.key}' is not built in this version`,
      help: 'remove it; it would have no effect',
    }),
    es: (p) => ({
      message: `«${p.key}» aún no está disponible en esta versión`,
      help: 'quítelo; no tendría ningún efecto',
    }),
    docs: {
      en: 'The key is part of the configuration format, but this version cannot do what it asks for. It is refused because a setting that is silently ignored is worse than none.',
      es: 'La clave forma parte del formato de configuración, pero esta versión no sabe hacer lo que pide. Se rechaza porque un ajuste que se ignora en silencio es peor que ninguno.',
    },
  }),

  'config/not-found': entry({
    en: (p: { dir: string }) => ({
      message: `no omniparity.yaml in '${p.dir}' or any folder above it`,
      help: 'name the files to compare, `omniparity audit pos.csv web.csv`, or pass --config FILE',
    }),
    es: (p) => ({
      message: `no hay ningún omniparity.yaml en «${p.dir}» ni en las carpetas superiores`,
      help: 'indique los ficheros que quiere comparar, `omniparity audit tpv.csv web.csv`, o pase --config FICHERO',
    }),
    docs: {
      en: 'Without files on the command line the nearest omniparity.yaml, .yml or .json is used, in this folder or one above it.',
      es: 'Si no se indican ficheros, se usa el omniparity.yaml, .yml o .json más cercano, en esta carpeta o en una superior.',
    },
  }),

  'config/scope-unmatched': entry({
    en: (p: { key: string; word: string; nearest: string | null; known: readonly string[] }) => ({
      message: `'${p.key}' is '${p.word}', which fits nothing in this project`,
      help:
        p.nearest === null
          ? p.known.length === 0
            ? null
            : `known: ${listed(p.known)}`
          : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `«${p.key}» es «${p.word}», que no corresponde a nada de este proyecto`,
      help:
        p.nearest === null
          ? p.known.length === 0
            ? null
            : `se conocen: ${listed(p.known)}`
          : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'The `when` of an entry of `overrides` names a kind of channel, a phase, a market or a file that no channel has, so the exception would never hold.',
      es: 'El `when` de una entrada de `overrides` nombra un tipo de canal, una fase, un mercado o un fichero que ningún canal tiene, así que la excepción no se cumpliría nunca.',
    },
  }),

  'config/syntax': entry({
    en: (p: { detail: { readonly en: string; readonly es: string } }) => ({
      message: `the file is not valid YAML: ${p.detail.en}`,
      help: 'check indentation, quotes and brackets at this place',
    }),
    es: (p) => ({
      message: `el fichero no es YAML válido: ${p.detail.es}`,
      help: 'revise la sangría, las comillas y los corchetes en ese punto',
    }),
    docs: {
      en: 'The configuration is YAML 1.2, or the same in JSON, in UTF-8. A text with `: `, ` #`, or a leading `*`, `&`, `!`, `%`, `@` needs quotes.',
      es: 'La configuración es YAML 1.2, o lo mismo en JSON, en UTF-8. Un texto con `: ` o ` #`, o que empiece por `*`, `&`, `!`, `%` o `@`, va entre comillas.',
    },
  }),

  'config/too-large': entry({
    en: (p: { reason: string }) => ({
      message: `the configuration is larger than a configuration can be: ${p.reason}`,
      help: 'write the repeated parts out, or shorten them; data does not belong in the configuration',
    }),
    es: (p) => ({
      message: `la configuración es más grande de lo que puede ser una configuración: ${p.reason}`,
      help: 'escriba las partes repetidas o acórtelas; los datos no van en la configuración',
    }),
    docs: {
      en: 'A configuration of megabytes, or one whose YAML aliases multiply into one, is refused before it can use up the memory.',
      es: 'Una configuración de varios megas, o cuyos alias de YAML se multiplican hasta serlo, se rechaza antes de que agote la memoria.',
    },
  }),

  'config/unknown-channel': entry({
    en: (p: { key: string; channel: string; nearest: string | null; known: readonly string[] }) => ({
      message: `'${p.key}' names channel '${p.channel}', which is not configured`,
      help: p.nearest === null ? `channels: ${listed(p.known)}` : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `«${p.key}» menciona el canal «${p.channel}», que no está configurado`,
      help: p.nearest === null ? `canales: ${listed(p.known)}` : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'Authority, overrides and SKU templates name channels by the ids under `channels:`.',
      es: 'La autoridad, las excepciones y las plantillas de SKU nombran los canales por los id que figuran en `channels:`.',
    },
  }),

  'config/unknown-field': entry({
    en: (p: { key: string; field: string; nearest: string | null }) => ({
      message: `'${p.key}' names '${p.field}', which is no canonical field`,
      help:
        p.nearest === null
          ? 'use a field such as sku, gtin, title, status, price.regular, stock.available or attributes.<name>'
          : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `«${p.key}» menciona «${p.field}», que no es un campo canónico`,
      help:
        p.nearest === null
          ? 'use un campo como sku, gtin, title, status, price.regular, stock.available o attributes.<nombre>'
          : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: '`map` and `grain` use the canonical fields: on the left the field, on the right the column of the file. Anything without a field of its own is `attributes.<name>`.',
      es: '`map` y `grain` usan los campos canónicos: a la izquierda el campo y a la derecha la columna del fichero. Lo que no tenga campo propio es `attributes.<nombre>`.',
    },
  }),

  'config/unknown-key': entry({
    en: (p: { key: string; nearest: string | null; known: readonly string[] }) => ({
      message: `unknown key '${p.key}'`,
      help: p.nearest === null ? `known here: ${listed(p.known)}` : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `clave desconocida «${p.key}»`,
      help: p.nearest === null ? `aquí se admiten: ${listed(p.known)}` : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: 'A misspelt key would be a setting without effect, so every key must be known. `omniparity schema config` prints them all; editors read it to complete and check the file.',
      es: 'Una clave mal escrita sería un ajuste sin efecto, así que todas deben ser conocidas. `omniparity schema config` las muestra todas; los editores lo leen para completar y comprobar el fichero.',
    },
  }),

  'config/unknown-pack': entry({
    en: (p: { pack: string; nearest: string | null; known: readonly string[] }) => ({
      message: `there is no pack '${p.pack}' in this version`,
      help: p.nearest === null ? `packs: ${listed(p.known)}` : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `no hay ningún paquete «${p.pack}» en esta versión`,
      help: p.nearest === null ? `paquetes: ${listed(p.known)}` : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: '`extends` names packs of rules; later ones change what earlier ones say. A pack that does not exist would check nothing.',
      es: '`extends` enumera paquetes de reglas; los posteriores modifican lo que dicen los anteriores. Un paquete que no existe no comprobaría nada.',
    },
  }),

  'config/unknown-rule': entry({
    en: (p: { rule: string; nearest: string | null }) => ({
      message: `there is no rule '${p.rule}'`,
      help: p.nearest === null ? '`omniparity rules` lists them' : `did you mean '${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `no existe la regla «${p.rule}»`,
      help: p.nearest === null ? '`omniparity rules` las enumera' : `¿quería decir «${p.nearest}»?`,
    }),
    docs: {
      en: '`rules:` and `overrides:` change rules by their ids, such as price/differs-across-channels.',
      es: '`rules:` y `overrides:` modifican reglas por su id, por ejemplo price/differs-across-channels.',
    },
  }),

  'config/unquoted-identifier': entry({
    en: (p: { key: string; written: string; readAs: Found }) => ({
      message: `'${p.key}' has ${p.written} without quotes, which YAML reads as ${found('en', p.readAs)}`,
      help: `write "${p.written}": an identifier is text, and as a number it loses zeros and digits`,
    }),
    es: (p) => ({
      message: `«${p.key}» tiene ${p.written} sin comillas, y YAML lo lee como ${found('es', p.readAs)}`,
      help: `escriba "${p.written}": un identificador es texto, y como número pierde ceros y cifras`,
    }),
    docs: {
      en: 'Codes, column names and words of a vocabulary are text. Without quotes YAML makes a number of 0123456789012 and drops its zero, and a boolean of true.',
      es: 'Los códigos, los nombres de columna y las palabras de un vocabulario son texto. Sin comillas, YAML convierte 0123456789012 en un número y le quita el cero, y true en un booleano.',
    },
  }),

  'config/unreadable': entry({
    en: (p: { reason: string }) => ({
      message: `the configuration cannot be read: ${p.reason}`,
      help: 'check the path after --config, and the permissions of the file',
    }),
    es: (p) => ({
      message: `no se puede leer la configuración: ${p.reason}`,
      help: 'revise la ruta indicada en --config y los permisos del fichero',
    }),
    docs: {
      en: 'The file does not exist, is a folder, may not be read by this user, or is not UTF-8 text.',
      es: 'El fichero no existe, es una carpeta, este usuario no puede leerlo o no es texto en UTF-8.',
    },
  }),
}
