/** What `omniparity explain language` prints: how own rules are written. */
import type { Locale } from '../model/config.ts'
import type { FunctionSpec } from '../rules/expression/call.ts'
import { FUNCTIONS } from '../rules/expression/functions.ts'
import { ruleFieldNames, ruleFieldType } from '../rules/fields.ts'
import { QUERY_FUNCTIONS } from '../rules/query/functions.ts'
import { QUERY_TABLES, RESULT_COLUMNS } from '../rules/query/tables.ts'
import { RULE_KINDS } from '../rules/rule.ts'
import { KIND_KEYS } from '../rules/schema.ts'

interface Words {
  readonly title: string
  readonly sections: readonly (readonly [title: string, text: string])[]
  readonly kinds: string
  readonly needs: string
  readonly may: string
  readonly functions: string
  readonly fields: string
  readonly query: readonly [title: string, text: string]
  readonly tables: string
}

const WORDS: Readonly<Record<Locale, Words>> = {
  en: {
    title: 'The language of rules',
    sections: [
      [
        'A rule',
        `A rule is a YAML file below the folder that rules_dir names; its path is its id: price/too-round.yaml is price/too-round. It has
title, severity, kind, on, message or codes, docs and since, texts in English (en) and Spanish (es), and the keys of its kind.
on says which rows are judged; where keeps those for which it is true; group puts the sides of an article together. A rule with
the id of one of the package takes its place, unless a pack locks that. A rule of the project is off until rules names it.
rules/LANGUAGE.md of the package is the whole of the language, with an example of each kind.`,
      ],
      [
        'Expressions',
        `Values      12.5  3% (0.03)  15m 24h 7d  'text' (a quote in it is doubled)  true false null  $param
            a field: price.regular, attributes['Talla EU'], attributes[$k], field[$k]
Comparing   =  <>  <  <=  >  >=   x in ('a', 'b')   x not in $list   x is null   x is not null
Joining     not, and, or, in this order; parentheses
Computing   +  -  *  /  on numbers and durations; an instant minus an instant is a duration
Sides       any(…) all(…) none(…) count(…) min(…) max(…) sum(…) over the sides of a group, in rules with group
An instant is compared with '2026-11-20' or '2026-11-20T08:00:00+01:00'. Named arguments are written name=value.`,
      ],
      [
        'Exact, and never a guess',
        `Numbers are decimals with 12 digits before and 6 behind the point, never floats; what is divided or rounded goes away from
zero at a half. What does not fit, and a division by zero, is unknown. Logic has three values: false and unknown is false,
true or unknown is true, not unknown is unknown, and any other operation on unknown is unknown. where keeps only what is true;
a condition that ends unknown gives the outcome unknown, never a finding and never a pass. A field that no source has is
absent: rules say what they need under needs, and are unknown without it.`,
      ],
      [
        'Cases',
        `omniparity rules test runs the cases in fixtures/<family>/<rule>/valid.yaml and invalid.yaml of the folder. Each audits real
small files. invalid.yaml has cases with findings of the rule and shows every code; valid.yaml has cases without any. Every
parameter needs a case whose outcome changes one step away from its default.

    - name: eleven is round
      given: {listing: [{channel: web, sku: SOFA, price.regular: 11}]}
      expect: [{message: {en: "SOFA: web €11.00 is round", es: "SOFA: web 11,00 € es redondo"}}]`,
      ],
    ],
    kinds: 'Kinds, with the keys that they need and may have',
    needs: 'needs',
    may: 'may have',
    functions: 'Functions',
    fields: 'Fields',
    query: [
      'Queries (kind: sql)',
      `query is one SELECT of DuckDB over the tables below. It gives the columns ${RESULT_COLUMNS.join(', ')}: key, which it has to give, is the
SKU, the channel's id or the GTIN of a listing that is wrong; side is its channel, all channels without it; value is shown
on the side, message fills {message}. $name is a parameter, as_of() the moment of the audit, norm(text) the text as rules
compare it. Names with a dot stand in double quotes: "price.regular". The query runs in a store of its own that holds
copies of the columns it asks for: it reaches no file, network or setting, is not recursive, and has 10 seconds, 512 MB
and 100,000 rows. A query that asks for a field that no channel has is unknown; needs says which fields matter. A row without a
key is unknown; a side that is no channel is refused, and so is whatever differs from run to run.`,
    ],
    tables: 'Tables of queries',
  },
  es: {
    title: 'El lenguaje de las reglas',
    sections: [
      [
        'Una regla',
        `Una regla es un fichero YAML de la carpeta que indica rules_dir; su ruta es su id: price/too-round.yaml es price/too-round. Tiene
title, severity, kind, on, message o codes, docs y since, con textos en inglés (en) y español (es), y las claves de su tipo.
on dice qué filas se juzgan; where deja aquellas en que se cumple; group reúne los lados de un artículo. Una regla con el id
de una del programa la sustituye, salvo que un paquete la bloquee. Las reglas del proyecto están apagadas hasta que rules las
nombra. rules/LANGUAGE.md, en el programa, explica el lenguaje entero, con un ejemplo de cada tipo.`,
      ],
      [
        'Expresiones',
        `Valores     12.5  3% (0.03)  15m 24h 7d  'texto' (una comilla dentro se dobla)  true false null  $param
            un campo: price.regular, attributes['Talla EU'], attributes[$k], field[$k]
Comparar    =  <>  <  <=  >  >=   x in ('a', 'b')   x not in $lista   x is null   x is not null
Unir        not, and, or, por este orden; paréntesis
Calcular    +  -  *  /  con números y duraciones; un instante menos otro es una duración
Lados       any(…) all(…) none(…) count(…) min(…) max(…) sum(…) sobre los lados de un grupo, en reglas con group
Un instante se compara con '2026-11-20' o '2026-11-20T08:00:00+01:00'. Los argumentos con nombre se escriben nombre=valor.`,
      ],
      [
        'Exacto y sin suponer nada',
        `Los números son decimales con 12 cifras antes y 6 después del punto, nunca en coma flotante; al dividir o redondear, las mitades
van hacia fuera. Lo que no cabe y la división por cero son desconocidos. La lógica tiene tres valores: false and desconocido
es false, true or desconocido es true, not desconocido es desconocido, y cualquier otra operación con desconocido es
desconocida. where deja solo lo que es cierto; una condición que queda desconocida da el resultado desconocido, nunca una
incidencia ni un acierto. Un campo que ninguna fuente tiene está ausente: las reglas dicen lo que necesitan en needs.`,
      ],
      [
        'Casos',
        `omniparity rules test ejecuta los casos de fixtures/<familia>/<regla>/valid.yaml e invalid.yaml de la carpeta. Cada uno audita
ficheros reales y pequeños. invalid.yaml tiene casos con incidencias de la regla y muestra todos los códigos; valid.yaml,
casos sin ninguno. Todo parámetro necesita un caso cuyo resultado cambie a un paso de su valor por defecto.

    - name: once es redondo
      given: {listing: [{channel: web, sku: SOFA, price.regular: 11}]}
      expect: [{message: {en: "SOFA: web €11.00 is round", es: "SOFA: web 11,00 € es redondo"}}]`,
      ],
    ],
    kinds: 'Tipos, con las claves que necesitan y pueden tener',
    needs: 'necesita',
    may: 'puede tener',
    functions: 'Funciones',
    fields: 'Campos',
    query: [
      'Consultas (kind: sql)',
      `query es un solo SELECT de DuckDB sobre las tablas de abajo. Da las columnas ${RESULT_COLUMNS.join(', ')}: key, que es obligatoria, es el
SKU, el id del canal o el GTIN de una publicación que está mal; side es su canal, o todos si falta; value se muestra en el
lado y message rellena {message}. $nombre es un parámetro, as_of() el momento de la auditoría y norm(texto) el texto como lo
comparan las reglas. Los nombres con punto van entre comillas dobles: "price.regular". La consulta se ejecuta aparte, sobre
copias de las columnas que pide: no llega a ficheros, red ni ajustes, no es recursiva y dispone de 10 segundos, 512 MB y
100 000 filas. Si pide un campo que ningún canal tiene, queda desconocida; needs dice qué campos importan. Una fila sin key es
desconocida; un side que no es ningún canal se rechaza, igual que todo lo que cambia de una ejecución a otra.`,
    ],
    tables: 'Tablas de las consultas',
  },
}

export function explainLanguage(locale: Locale): string {
  const words = WORDS[locale]
  const sections = [
    ...words.sections,
    [words.kinds, kindLines(words)] as const,
    [words.functions, functionLines(locale)] as const,
    [words.fields, fieldLines()] as const,
    words.query,
    [words.tables, tableLines()] as const,
  ]
  const blocks = sections.map(([title, text]) => `${title}\n${text.replace(/^(?=.)/gm, '  ')}`)
  return `${[words.title, ...blocks].join('\n\n')}\n`
}

function kindLines({ needs, may }: Words): string {
  return RULE_KINDS.map((kind) => {
    const keys = KIND_KEYS[kind]
    const parts = [
      keys.needs.length === 0 ? null : `${needs} ${keys.needs.join(', ')}`,
      keys.may.length === 0 ? null : `${may} ${keys.may.join(', ')}`,
    ]
    return `${kind.padEnd(10)} ${parts.filter((part) => part !== null).join('; ')}`.trimEnd()
  }).join('\n')
}

function functionLines(locale: Locale): string {
  return [...FUNCTIONS]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, spec]) => `${name}(${parametersOf(spec)}): ${spec.doc[locale]}`)
    .join('\n')
}

function parametersOf({ parameters, variadic }: FunctionSpec): string {
  const names = parameters.map(({ name, optional }) => (optional ? `[${name}]` : name))
  return `${names.join(', ')}${variadic ? ', …' : ''}`
}

function fieldLines(): string {
  const names = ruleFieldNames().filter((name) => ruleFieldType(name) !== null)
  const width = Math.max(...names.map((name) => name.length))
  return [
    ...names.map((name) => `${name.padEnd(width)}  ${ruleFieldType(name)}`),
    'attributes.<name>'.padEnd(width).concat('  text'),
  ].join('\n')
}

function tableLines(): string {
  const tables = Object.entries(QUERY_TABLES).map(
    ([name, columns]) => `${name}: ${columns.map((column) => column.name).join(', ')}`,
  )
  const functions = [...QUERY_FUNCTIONS].filter((name) => /^[a-z]/.test(name)).sort()
  return [...tables, '', functions.join(' ')].join('\n')
}
