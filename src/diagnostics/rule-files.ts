/** What is wrong with the folder of own rules and its files, before anything in a rule is looked at. */
import { entry } from './entry.ts'
import type { Problem } from './rules.ts'
import { systemReason } from './system-reason.ts'

function join(key: string, problem: string): string {
  return key === '' ? problem : `${key}: ${problem}`
}

export const ruleFileDiagnostics = {
  'rules/bad-fixture': entry({
    en: (p: { key: string; problem: Problem }) => ({ message: join(p.key, p.problem.en), help: null }),
    es: (p) => ({ message: join(p.key, p.problem.es), help: null }),
    docs: {
      en: 'A fixture of a rule has a key that no case has, or a value of the wrong type. A fixture is a list of cases: name, given or files, and what is expected.',
      es: 'Un caso de prueba de una regla tiene una clave que ningún caso tiene o un valor de otro tipo. El fichero es una lista de casos: name, given o files, y lo que se espera.',
    },
  }),

  'rules/bad-name': entry({
    en: (p: { path: string }) => ({
      message: `${p.path} is no place of a rule file`,
      help: 'a rule is <family>/<rule>.yaml: small letters, digits and hyphens',
    }),
    es: (p) => ({
      message: `${p.path} no es el lugar de un fichero de regla`,
      help: 'una regla es <familia>/<regla>.yaml: minúsculas, cifras y guiones',
    }),
    docs: {
      en: 'A YAML file in the folder of the own rules has a name or a place that no rule has, so it would never run. The path is the id of the rule: price/my-rule.yaml is price/my-rule. Cases stand in the folder fixtures.',
      es: 'Un fichero YAML de la carpeta de reglas propias tiene un nombre o un lugar que no es de ninguna regla, así que no se ejecutaría nunca. La ruta es el id de la regla: price/mi-regla.yaml es price/mi-regla. Los casos están en la carpeta fixtures.',
    },
  }),

  'rules/former-id-taken': entry({
    en: (p: { rule: string; id: string; other: string }) => ({
      message:
        p.id === p.other
          ? `the rule ${p.rule} cannot have been ${p.id} formerly: a rule has that id now`
          : `the rules ${p.rule} and ${p.other} both say that they were ${p.id} formerly`,
      help: "take it out of 'formerly'",
    }),
    es: (p) => ({
      message:
        p.id === p.other
          ? `la regla ${p.rule} no puede haberse llamado ${p.id}: ese id es de una regla que existe`
          : `las reglas ${p.rule} y ${p.other} dicen las dos que antes se llamaban ${p.id}`,
      help: 'quítelo de «formerly»',
    }),
    docs: {
      en: 'The `formerly` of a rule names an id that another rule has, or had. Settings and suppressions under that id could mean either of them.',
      es: 'El `formerly` de una regla nombra un id que otra regla tiene o tuvo. Los ajustes y silencios con ese id podrían referirse a cualquiera de las dos.',
    },
  }),

  'rules/locked-file': entry({
    en: (p: { rule: string; pack: string }) => ({
      message: `the pack ${p.pack} locks the rule ${p.rule}: no file of the project can take its place`,
      help: 'give the file another name; the path is the id of the rule',
    }),
    es: (p) => ({
      message: `el paquete ${p.pack} bloquea la regla ${p.rule}: ningún fichero del proyecto puede sustituirla`,
      help: 'dé otro nombre al fichero; la ruta es el id de la regla',
    }),
    docs: {
      en: 'A file below `rules_dir` with the id of a rule of the package takes its place. Not so where a pack locks the rule: whatever can be replaced can be silenced.',
      es: 'Un fichero de `rules_dir` con el id de una regla del programa la sustituye. No así cuando un paquete la bloquea: lo que se puede sustituir se puede callar.',
    },
  }),

  'rules/none-found': entry({
    en: (p: { folder: string }) => ({
      message: `there are no rule files in ${p.folder}`,
      help: 'a rule is <family>/<rule>.yaml in that folder',
    }),
    es: (p) => ({
      message: `no hay ficheros de reglas en ${p.folder}`,
      help: 'una regla es <familia>/<regla>.yaml en esa carpeta',
    }),
    docs: {
      en: 'The folder of the own rules is missing or holds no rule files.',
      es: 'La carpeta de las reglas propias no existe o no contiene ficheros de reglas.',
    },
  }),

  'rules/not-a-folder': entry({
    en: (p: { path: string }) => ({
      message: `${p.path} is a file, not a folder of rules`,
      help: 'name the folder in which <family>/<rule>.yaml stands',
    }),
    es: (p) => ({
      message: `${p.path} es un fichero, no una carpeta de reglas`,
      help: 'indique la carpeta que contiene <familia>/<regla>.yaml',
    }),
    docs: {
      en: '`rules_dir` and `rules test` take the folder of the own rules, never a single file.',
      es: '`rules_dir` y `rules test` toman la carpeta de las reglas propias, nunca un solo fichero.',
    },
  }),

  'rules/not-a-rule': entry({
    en: (p: { found: 'empty' | 'other' }) => ({
      message: p.found === 'empty' ? 'the rule file is empty' : 'the rule file is not a mapping of keys to values',
      help: 'start with `title:`, `severity:` and `kind:`; `omniparity explain language` says more',
    }),
    es: (p) => ({
      message:
        p.found === 'empty'
          ? 'el fichero de la regla está vacío'
          : 'el fichero de la regla no es una serie de claves con sus valores',
      help: 'empiece por `title:`, `severity:` y `kind:`; `omniparity explain language` dice más',
    }),
    docs: {
      en: 'A rule file holds one rule: a mapping with title, severity, kind, on, message or codes, docs and since.',
      es: 'Un fichero de regla contiene una sola regla: una serie de claves con title, severity, kind, on, message o codes, docs y since.',
    },
  }),

  'rules/not-yaml': entry({
    en: (p: { reason: string }) => ({ message: `the file is not valid YAML: ${p.reason}`, help: null }),
    es: (p) => ({ message: `el fichero no es YAML válido: ${p.reason}`, help: null }),
    docs: {
      en: 'A rule file or pack could not be read as YAML 1.2.',
      es: 'Un fichero de regla o un paquete no se pudo leer como YAML 1.2.',
    },
  }),

  'rules/stray-cases': entry({
    en: (p: { file: string; nearest: string | null }) => ({
      message: `fixtures/${p.file} has cases of no rule of this folder`,
      help:
        p.nearest === null
          ? 'cases stand in fixtures/<family>/<rule>/valid.yaml and invalid.yaml'
          : `did you mean 'fixtures/${p.nearest}'?`,
    }),
    es: (p) => ({
      message: `fixtures/${p.file} no tiene casos de ninguna regla de esta carpeta`,
      help:
        p.nearest === null
          ? 'los casos están en fixtures/<familia>/<regla>/valid.yaml e invalid.yaml'
          : `¿quería decir «fixtures/${p.nearest}»?`,
    }),
    docs: {
      en: 'A YAML file below `fixtures` is named after no rule of the folder, or is neither valid.yaml nor invalid.yaml, so its cases would never run.',
      es: 'Un fichero YAML de `fixtures` no lleva el nombre de ninguna regla de la carpeta, o no es ni valid.yaml ni invalid.yaml, así que sus casos no se ejecutarían nunca.',
    },
  }),

  'rules/two-files': entry({
    en: (p: { rule: string; other: string }) => ({
      message: `the rule ${p.rule} has two files, this one and ${p.other}`,
      help: 'remove one of them',
    }),
    es: (p) => ({
      message: `la regla ${p.rule} tiene dos ficheros, este y ${p.other}`,
      help: 'quite uno de los dos',
    }),
    docs: {
      en: 'Two files of the folder of the own rules differ only in .yaml and .yml: both would be the same rule.',
      es: 'Dos ficheros de la carpeta de reglas propias solo se distinguen por .yaml y .yml: los dos serían la misma regla.',
    },
  }),

  'rules/unreadable': entry({
    en: (p: { reason: string }) => ({
      message: `the file cannot be read: ${systemReason(p.reason).en}`,
      help: p.reason === 'UTF-8' ? 'save it as UTF-8' : 'check the path, and the permissions of the file',
    }),
    es: (p) => ({
      message: `no se puede leer el fichero: ${systemReason(p.reason).es}`,
      help: p.reason === 'UTF-8' ? 'guárdelo como UTF-8' : 'revise la ruta y los permisos del fichero',
    }),
    docs: {
      en: 'A rule file, or the cases of a rule, cannot be read: the file does not exist, may not be read by this user, or is not UTF-8 text.',
      es: 'Un fichero de regla, o los casos de una regla, no se puede leer: el fichero no existe, este usuario no puede leerlo o no es texto UTF-8.',
    },
  }),
}
