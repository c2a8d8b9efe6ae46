import { entry } from './entry.ts'

/** What is wrong inside an expression, worded where it is found. */
export interface Problem {
  readonly en: string
  readonly es: string
}

interface Expression {
  readonly problem: Problem
  readonly hint: Problem | null
}

interface Unknown {
  readonly name: string
  readonly nearest: string | null
  readonly known: readonly string[]
}

function choice(p: Unknown): Problem {
  const { nearest } = p
  if (nearest !== null) return { en: `did you mean '${nearest}'?`, es: `¿quería decir «${nearest}»?` }
  if (p.known.length === 0) return { en: 'nothing can be named here', es: 'aquí no se puede nombrar nada' }
  const list = p.known.slice(0, 12).join(', ')
  const more = p.known.length > 12 ? ', …' : ''
  return { en: `known: ${list}${more}`, es: `se conocen: ${list}${more}` }
}

function shortList(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`
}

export const ruleDiagnostics = {
  'rules/bad-query': entry({
    en: (p: Expression) => ({ message: p.problem.en, help: p.hint?.en ?? null }),
    es: (p) => ({ message: p.problem.es, help: p.hint?.es ?? null }),
    docs: {
      en: 'The query of a rule of kind sql is wrong, does something that no query of a rule may do, or takes too much time or memory. A query is one SELECT over the tables listing, price, stock, promotion and channel that gives the columns key, side, value and message. It reaches no file, no network and no setting, is not recursive, and calls functions of a fixed list.',
      es: 'La consulta de una regla de tipo sql es errónea, hace algo que ninguna consulta de regla puede hacer o necesita demasiado tiempo o memoria. Una consulta es un solo SELECT sobre las tablas listing, price, stock, promotion y channel que da las columnas key, side, value y message. No llega a ficheros, red ni ajustes, no es recursiva y llama a funciones de una lista fija.',
    },
  }),

  'rules/bad-value': entry({
    en: (p: { key: string; expected: string; found: string }) => ({
      message: `'${p.key}' is ${p.found}`,
      help: `expected ${p.expected}`,
    }),
    es: (p) => ({
      message: `«${p.key}» es ${p.found}`,
      help: `se espera ${p.expected}`,
    }),
    docs: {
      en: 'A key of a rule file, a pack or a `rules:` entry has a value of the wrong type or outside the accepted ones.',
      es: 'Una clave de un fichero de regla, de un paquete o de `rules:` tiene un valor de otro tipo o fuera de los admitidos.',
    },
  }),

  'rules/expression-syntax': entry({
    en: (p: Expression) => ({ message: p.problem.en, help: p.hint?.en ?? null }),
    es: (p) => ({ message: p.problem.es, help: p.hint?.es ?? null }),
    docs: {
      en: 'An expression of a rule file cannot be read. Texts stand in single quotes, comparisons are = <> < <= > >=, conditions are joined with and, or, not, parameters begin with $.',
      es: 'Una expresión de un fichero de regla no se entiende. Los textos van entre comillas simples, las comparaciones son = <> < <= > >=, las condiciones se unen con and, or, not y los parámetros empiezan por $.',
    },
  }),

  'rules/expression-type': entry({
    en: (p: Expression) => ({ message: p.problem.en, help: p.hint?.en ?? null }),
    es: (p) => ({ message: p.problem.es, help: p.hint?.es ?? null }),
    docs: {
      en: 'An expression of a rule file can be read, but combines values that do not go together, such as a text and a number, or says something that the check cannot evaluate.',
      es: 'Una expresión de un fichero de regla se entiende, pero combina valores que no casan, como un texto y un número, o dice algo que la comprobación no puede evaluar.',
    },
  }),

  'rules/locked': entry({
    en: (p: { rule: string; pack: string; least: string }) => ({
      message: `the rule ${p.rule} is locked by the pack ${p.pack}: it cannot be lowered below ${p.least}`,
      help: 'it can be raised; fix what it finds',
    }),
    es: (p) => ({
      message: `el paquete ${p.pack} bloquea la regla ${p.rule}: no puede bajar de ${p.least}`,
      help: 'sí se puede subir; corrija lo que señala',
    }),
    docs: {
      en: 'Some rules are too grave to be silenced: a pack locks them. A locked rule can be raised, but not lowered, switched off, suppressed or put into a baseline.',
      es: 'Algunas reglas son demasiado graves para callarlas: un paquete las bloquea. Una regla bloqueada se puede subir, pero no bajar, apagar, silenciar ni incluir en una línea base.',
    },
  }),

  'rules/missing-key': entry({
    en: (p: { key: string; why: Problem }) => ({ message: `the key '${p.key}' is missing`, help: p.why.en }),
    es: (p) => ({ message: `falta la clave «${p.key}»`, help: p.why.es }),
    docs: {
      en: 'A rule file lacks a key that its kind of check needs, or a part of its texts: every rule has title, messages and docs in English and Spanish.',
      es: 'A un fichero de regla le falta una clave que su tipo de comprobación necesita, o parte de sus textos: toda regla tiene título, mensajes y documentación en inglés y en español.',
    },
  }),

  'rules/own-off': entry({
    en: (p: { rules: readonly string[]; severity: string }) => ({
      message: `${p.rules.length === 1 ? 'a rule of the project is off' : `${p.rules.length} rules of the project are off`}: ${shortList(p.rules)}`,
      help: `switch it on under 'rules:', such as ${p.rules[0]}: ${p.severity}`,
    }),
    es: (p) => ({
      message: `${p.rules.length === 1 ? 'una regla del proyecto está apagada' : `${p.rules.length} reglas del proyecto están apagadas`}: ${shortList(p.rules)}`,
      help: `actívela en «rules:», por ejemplo ${p.rules[0]}: ${p.severity}`,
    }),
    docs: {
      en: 'A rule below `rules_dir` is in no pack, so it is off until `rules:` gives it a severity. `false` or `off` there says that it is meant to be off.',
      es: 'Una regla de `rules_dir` no está en ningún paquete, así que está apagada hasta que `rules:` le da una severidad. `false` u `off` en ese lugar dice que ha de estarlo.',
    },
  }),

  'rules/pack-cycle': entry({
    en: (p: { path: readonly string[] }) => ({
      message: `packs extend each other in a circle: ${p.path.join(' -> ')}`,
      help: "remove one of the 'extends'",
    }),
    es: (p) => ({
      message: `los paquetes se extienden en círculo: ${p.path.join(' -> ')}`,
      help: 'quite uno de los «extends»',
    }),
    docs: {
      en: 'A pack extends, directly or through others, itself.',
      es: 'Un paquete se extiende a sí mismo, directamente o a través de otros.',
    },
  }),

  'rules/pack-elsewhere': entry({
    en: (p: { pack: string; markets: readonly string[] }) => ({
      message: `the pack ${p.pack} is about other markets and changes nothing: no channel sells in ${p.markets.slice(0, 5).join(', ')}${p.markets.length > 5 ? ', …' : ''}`,
      help: "write the 'market' of the project or of its channels, or leave the pack out",
    }),
    es: (p) => ({
      message: `el paquete ${p.pack} trata de otros mercados y no cambia nada: ningún canal vende en ${p.markets.slice(0, 5).join(', ')}${p.markets.length > 5 ? ', …' : ''}`,
      help: 'escriba «market» en el proyecto o en sus canales, o quite el paquete',
    }),
    docs: {
      en: 'Packs about the law of a country judge the channels whose market it is, and no others.',
      es: 'Los paquetes sobre el derecho de un país juzgan los canales que venden en él, y ningún otro.',
    },
  }),

  'rules/param-scope': entry({
    en: (p: { rule: string; names: readonly string[] }) => ({
      message: `the rule ${p.rule} takes its parameters for the whole audit: ${p.names.join(', ')} cannot differ by scope`,
      help: "set it under 'rules'; the severity can differ by scope",
    }),
    es: (p) => ({
      message: `la regla ${p.rule} toma sus parámetros para toda la auditoría: ${p.names.join(', ')} no puede variar según el ámbito`,
      help: 'fíjelo en «rules»; la severidad sí puede variar según el ámbito',
    }),
    docs: {
      en: 'An entry of `overrides` sets a parameter of a rule that judges keys, files or promotions as a whole, so that no side has a value of its own.',
      es: 'Una entrada de `overrides` fija un parámetro de una regla que juzga claves, ficheros o promociones en conjunto, de modo que ningún lado tiene un valor propio.',
    },
  }),

  'rules/renamed': entry({
    en: (p: { formerly: string; rule: string }) => ({
      message: `the rule ${p.formerly} is called ${p.rule} now`,
      help: `write ${p.rule}; the old name still works`,
    }),
    es: (p) => ({
      message: `la regla ${p.formerly} ahora se llama ${p.rule}`,
      help: `escriba ${p.rule}; el nombre antiguo sigue valiendo`,
    }),
    docs: {
      en: 'A configuration names a rule by an id that it had in an earlier version.',
      es: 'Una configuración nombra una regla por un id que tenía en una versión anterior.',
    },
  }),

  'rules/set-twice': entry({
    en: (p: { formerly: string; rule: string }) => ({
      message: `the rule ${p.formerly} is called ${p.rule} now, and is set under both names`,
      help: 'remove this entry',
    }),
    es: (p) => ({
      message: `la regla ${p.formerly} ahora se llama ${p.rule}, y está ajustada con los dos nombres`,
      help: 'quite esta entrada',
    }),
    docs: {
      en: 'Under `rules:` a rule stands under the id that it has now and under one that it had before. Only one of them could count.',
      es: 'En `rules:` una regla figura con su id actual y con uno anterior. Solo uno de los dos podría contar.',
    },
  }),

  'rules/unknown-field': entry({
    en: (p: Unknown) => ({ message: `unknown field '${p.name}'`, help: choice(p).en }),
    es: (p) => ({ message: `campo desconocido «${p.name}»`, help: choice(p).es }),
    docs: {
      en: 'An expression of a rule file names a field that the checked table does not have. The canonical fields are listed in the documentation of `map`.',
      es: 'Una expresión de un fichero de regla nombra un campo que la tabla comprobada no tiene. Los campos canónicos se enumeran en la documentación de `map`.',
    },
  }),

  'rules/unknown-function': entry({
    en: (p: Unknown) => ({ message: `unknown function '${p.name}'`, help: choice(p).en }),
    es: (p) => ({ message: `función desconocida «${p.name}»`, help: choice(p).es }),
    docs: {
      en: 'Expressions of rule files may call only the functions of a fixed list.',
      es: 'Las expresiones de los ficheros de regla solo pueden llamar a las funciones de una lista fija.',
    },
  }),

  'rules/unknown-key': entry({
    en: (p: Unknown) => ({ message: `unknown key '${p.name}'`, help: choice(p).en }),
    es: (p) => ({ message: `clave desconocida «${p.name}»`, help: choice(p).es }),
    docs: {
      en: 'A rule file or pack has a key that means nothing at that place.',
      es: 'Un fichero de regla o un paquete tiene una clave que en ese lugar no significa nada.',
    },
  }),

  'rules/unknown-param': entry({
    en: (p: Unknown & { rule: string }) => ({
      message: `the rule ${p.rule} has no parameter '${p.name}'`,
      help: choice(p).en,
    }),
    es: (p) => ({ message: `la regla ${p.rule} no tiene el parámetro «${p.name}»`, help: choice(p).es }),
    docs: {
      en: 'An expression or a setting names a parameter that the rule does not declare under `params`.',
      es: 'Una expresión o un ajuste nombra un parámetro que la regla no declara en `params`.',
    },
  }),

  'rules/unknown-placeholder': entry({
    en: (p: Unknown) => ({ message: `the message uses '{${p.name}}', which no check provides`, help: choice(p).en }),
    es: (p) => ({ message: `el mensaje usa «{${p.name}}», que ninguna comprobación da`, help: choice(p).es }),
    docs: {
      en: 'A message of a rule file has a placeholder that nothing fills.',
      es: 'Un mensaje de un fichero de regla tiene un marcador que nada rellena.',
    },
  }),

  'rules/unused-key': entry({
    en: (p: { key: string; why: Problem }) => ({ message: `'${p.key}' does nothing in this rule`, help: p.why.en }),
    es: (p) => ({ message: `«${p.key}» no hace nada en esta regla`, help: p.why.es }),
    docs: {
      en: 'A rule file has a key that its check does not read in this form: another kind of check, another table or a rule without groups would. A rule would look as if it did something that it does not do.',
      es: 'Un fichero de regla tiene una clave que su comprobación no lee así escrita: la leería otro tipo de comprobación, otra tabla o una regla sin grupos. La regla aparentaría hacer algo que no hace.',
    },
  }),
}
