/** Reads the engine's tree of a query: what it asks for, and what in it no query may do. */
import { meant } from '../../config/check.ts'
import type { Problem } from '../../diagnostics/rules.ts'
import { JOINING, MOST_JOINED, QUERY_FUNCTIONS, REPLACING } from './functions.ts'
import { QUERY_TABLES } from './tables.ts'

export interface QueryProblem {
  readonly problem: Problem
  readonly hint: Problem | null
  /** Byte of the query, from 0. */
  readonly offset: number
}

export interface QueryParts {
  /** Tables with the columns that are asked for, `attributes.…` included. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /** Columns that the query names; what a star stands for is in `tables` only. */
  readonly asked: readonly string[]
  readonly params: readonly string[]
  readonly problems: readonly QueryProblem[]
}

type Node = Readonly<Record<string, unknown>>

const TABLE_TYPES: ReadonlySet<unknown> = new Set([
  'EMPTY',
  'BASE_TABLE',
  'SUBQUERY',
  'JOIN',
  'EXPRESSION_LIST',
  'TABLE_FUNCTION',
])
const NODE_TYPES: ReadonlySet<unknown> = new Set(['SELECT_NODE', 'SET_OPERATION_NODE', 'CTE_NODE'])
const CLASSES: ReadonlySet<unknown> = new Set([
  'COLUMN_REF',
  'CONSTANT',
  'FUNCTION',
  'COMPARISON',
  'CONJUNCTION',
  'OPERATOR',
  'CASE',
  'CAST',
  'BETWEEN',
  'SUBQUERY',
  'WINDOW',
  'STAR',
  'PARAMETER',
  'LAMBDA',
  'LAMBDA_REF',
])

/** Words that stand for a value of the session where no column has their name. */
const SESSION: ReadonlySet<string> = new Set([
  'current_catalog',
  'current_date',
  'current_role',
  'current_schema',
  'current_time',
  'current_timestamp',
  'current_user',
  'localtime',
  'localtimestamp',
  'session_user',
  'user',
])
const AS_OF: Problem = { en: 'as_of() is the moment of the audit', es: 'as_of() es el momento de la auditoría' }

/** Calls that people try for the moment of now. */
const NOW: ReadonlySet<string> = new Set([
  'now',
  'today',
  'get_current_timestamp',
  'transaction_timestamp',
  'current_localtime',
  'current_localtimestamp',
  'current_date',
  'current_timestamp',
])

/** @param params - Names of the rule's parameters. */
export function readQuery(tree: unknown, params: readonly string[]): QueryParts {
  const reader = new Reader(params)
  const statements = isNode(tree) && Array.isArray(tree['statements']) ? tree['statements'] : []
  if (statements.length !== 1) {
    reader.refuse(null, { en: 'a query is one SELECT', es: 'una consulta es un solo SELECT' })
  }
  reader.prepare(statements[0])
  reader.visit(statements[0])
  return reader.parts()
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

class Reader {
  readonly #params: readonly string[]
  readonly #problems: QueryProblem[] = []
  readonly #used = new Set<string>()
  readonly #tables = new Set<string>()
  /** Names of subqueries in WITH. */
  readonly #named = new Set<string>()
  readonly #texts = new Set<string>()
  #all = false
  #joined = 0

  constructor(params: readonly string[]) {
    this.#params = params
  }

  /** Collects the names of WITH, and every text: a column that is asked for is one of them. */
  prepare(value: unknown): void {
    if (typeof value === 'string') this.#texts.add(value)
    if (Array.isArray(value)) for (const one of value) this.prepare(one)
    if (!isNode(value)) return
    const map = isNode(value['cte_map']) ? value['cte_map']['map'] : null
    for (const entry of Array.isArray(map) ? map : []) {
      if (isNode(entry) && typeof entry['key'] === 'string') this.#named.add(entry['key'].toLowerCase())
    }
    for (const one of Object.values(value)) this.prepare(one)
  }

  visit(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.visit(one)
    if (!isNode(value)) return
    if (isNode(value['sample'])) {
      this.refuse(value, {
        en: 'a query cannot take a sample: the same data must give the same rows',
        es: 'una consulta no puede tomar una muestra: los mismos datos han de dar las mismas filas',
      })
    }
    const { class: kind, type } = value
    if (typeof kind === 'string') this.#expression(value, kind)
    else if (typeof type === 'string' && ('query_location' in value || /_NODE$|_REF$|^[A-Z_]+$/.test(type))) {
      this.#table(value, type)
    }
    for (const [key, one] of Object.entries(value)) {
      // Only where a table function stands its own name is told apart from that of a value.
      if (type !== 'TABLE_FUNCTION' || key !== 'function') this.visit(one)
      else if (isNode(one)) this.visit(one['children'])
    }
  }

  refuse(node: Node | null, problem: Problem, hint: Problem | null = null): void {
    const at = node?.['query_location']
    this.#problems.push({ problem, hint, offset: typeof at === 'number' ? at : 0 })
  }

  parts(): QueryParts {
    const tables = [...this.#tables].map((name) => {
      const known = (QUERY_TABLES[name] ?? []).map((column) => column.name)
      const asked = this.#all ? known : known.filter((column) => this.#texts.has(column))
      const own = name === 'listing' ? [...this.#texts].filter((text) => text.startsWith('attributes.')) : []
      return [name, [...asked, ...own.sort()]] as const
    })
    const asked = [...new Set(tables.flatMap(([, columns]) => columns))].filter((column) => this.#texts.has(column))
    return { tables: new Map(tables), asked, params: [...this.#used], problems: this.#problems }
  }

  #expression(node: Node, kind: string): void {
    if (!CLASSES.has(kind)) {
      const what = String(node['type'] ?? kind).toLowerCase()
      this.refuse(node, { en: `a query cannot use ${what}`, es: `una consulta no puede usar ${what}` })
      return
    }
    if (kind === 'STAR') this.#all = true
    if (kind === 'PARAMETER') this.#parameter(node)
    if (kind === 'FUNCTION' || kind === 'WINDOW') this.#function(node)
    if (kind === 'COLUMN_REF') this.#column(node)
  }

  #parameter(node: Node): void {
    const name = String(node['identifier'] ?? '')
    this.#used.add(name)
    if (this.#params.includes(name)) return
    const near = meant(name, this.#params)
    this.refuse(
      node,
      { en: `the rule has no parameter '${name}'`, es: `la regla no tiene el parámetro «${name}»` },
      near === null ? null : { en: `did you mean '$${near}'?`, es: `¿quería decir «$${near}»?` },
    )
  }

  #function(node: Node): void {
    const name = String(node['function_name'] ?? '').toLowerCase()
    const children = Array.isArray(node['children']) ? node['children'] : []
    const foreign = typeof node['schema'] === 'string' && node['schema'] !== 'main'
    if (name !== '' && (!QUERY_FUNCTIONS.has(name) || foreign)) {
      const near = meant(name, QUERY_FUNCTIONS)
      const other = near === null ? null : { en: `did you mean '${near}'?`, es: `¿quería decir «${near}»?` }
      const hint = NOW.has(name) ? AS_OF : other
      this.refuse(node, { en: `a query cannot call '${name}'`, es: `una consulta no puede llamar a «${name}»` }, hint)
      return
    }
    if (JOINING.has(name)) {
      this.#joined += children.length - 1
      if (this.#joined > MOST_JOINED) {
        this.#joined = Number.NEGATIVE_INFINITY
        this.refuse(node, {
          en: `a query joins at most ${MOST_JOINED} texts`,
          es: `una consulta une como mucho ${MOST_JOINED} textos`,
        })
      }
    }
    if (REPLACING.has(name) && !isShort(children[2])) {
      this.refuse(node, {
        en: `${name}() replaces by a constant of at most one character`,
        es: `${name}() sustituye por una constante de un carácter como mucho`,
      })
    }
  }

  #column(node: Node): void {
    const names = Array.isArray(node['column_names']) ? node['column_names'].map(String) : []
    const [word = ''] = names
    if (names.length === 1 && SESSION.has(word.toLowerCase())) {
      const name = word.toLowerCase()
      this.refuse(
        node,
        {
          en: `'${name}' differs from run to run`,
          es: `«${name}» cambia de una ejecución a otra`,
        },
        /time|date/.test(name) ? AS_OF : null,
      )
      return
    }
    const whole = names.slice(-2).join('.')
    const isSplit =
      names.length > 1 && Object.values(QUERY_TABLES).some((table) => table.some((one) => one.name === whole))
    if (!isSplit) return
    this.refuse(
      node,
      { en: `'${whole}' is one name: it needs quotes`, es: `«${whole}» es un solo nombre: necesita comillas` },
      { en: `write "${whole}"`, es: `escriba "${whole}"` },
    )
  }

  #table(node: Node, type: string): void {
    if (type === 'RECURSIVE_CTE_NODE') {
      this.refuse(node, { en: 'a query cannot be recursive', es: 'una consulta no puede ser recursiva' })
      return
    }
    if (/_NODE$/.test(type) && !NODE_TYPES.has(type)) {
      this.refuse(node, { en: 'a query is one SELECT', es: 'una consulta es un solo SELECT' })
      return
    }
    const isRef = /_REF$|^PIVOT$|^COLUMN_DATA$/.test(type) || TABLE_TYPES.has(type)
    if (!isRef) return
    if (!TABLE_TYPES.has(type)) {
      this.refuse(node, { en: 'a query reads tables', es: 'una consulta lee tablas' })
      return
    }
    if (type === 'TABLE_FUNCTION') this.#tableFunction(node)
    if (type === 'BASE_TABLE') this.#baseTable(node)
    if (type === 'JOIN' && node['ref_type'] === 'NATURAL') this.#all = true
  }

  #tableFunction(node: Node): void {
    const name = isNode(node['function']) ? String(node['function']['function_name']).toLowerCase() : ''
    if (name === 'unnest') return
    this.refuse(node, {
      en: `a query cannot read from '${name}()'`,
      es: `una consulta no puede leer de «${name}()»`,
    })
  }

  #baseTable(node: Node): void {
    const name = String(node['table_name'] ?? '').toLowerCase()
    const schema = node['schema_name'] ?? node['catalog_name'] ?? null
    if (schema === null && this.#named.has(name)) return
    if (schema === null && Object.hasOwn(QUERY_TABLES, name)) {
      this.#tables.add(name)
      return
    }
    const known = Object.keys(QUERY_TABLES)
    const near = meant(name, known)
    const list = known.join(', ')
    this.refuse(
      node,
      { en: `there is no table '${name}' for queries`, es: `no hay tabla «${name}» para consultas` },
      near === null
        ? { en: `known: ${list}`, es: `se conocen: ${list}` }
        : { en: `did you mean '${near}'?`, es: `¿quería decir «${near}»?` },
    )
  }
}

function isShort(node: unknown): boolean {
  const value = isNode(node) && isNode(node['value']) ? node['value']['value'] : null
  return typeof value === 'string' && [...value].length <= 1 && value !== '\\'
}
