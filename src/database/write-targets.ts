/** Where each field of a SQL source is written: by `write:` of the configuration, else by a query that says it itself. */
import { foldHeader } from '../base/text.ts'
import type { SourceConfig } from '../model/config.ts'
import { ENTITIES, type Entity, FIELDS, type FieldName, isFieldName } from '../model/field.ts'
import type { Database, WriteColumn } from './database.ts'
import { type SqlName, simpleSelect } from './simple-select.ts'

export interface Texts {
  readonly en: string
  readonly es: string
}

/** The cells of one entity: a table of the database, which exists. */
export interface WriteTarget {
  readonly entity: Entity
  readonly table: readonly string[]
  /** Fields that name a row, in order. */
  readonly key: readonly (readonly [field: FieldName, column: WriteColumn])[]
  readonly columns: ReadonlyMap<FieldName, WriteColumn>
}

export const isRefused = (one: WriteTarget | Texts): one is Texts => 'en' in one

/** By entity: its target, or why there is none. */
export async function writeTargets(
  source: SourceConfig,
  database: Database,
): Promise<ReadonlyMap<Entity, WriteTarget | Texts>> {
  const targets = new Map<Entity, WriteTarget | Texts>()
  const { sql } = source
  if (sql === undefined) return targets
  for (const entity of ENTITIES) {
    const rule = sql.write[entity]
    const query = sql.queries[entity]
    if (rule !== undefined) {
      const named = (names: Readonly<Record<string, string>>) =>
        Object.entries(names).map(([field, text]): [string, SqlName] => [field, { text, isQuoted: true }])
      const table = rule.table.map((text) => ({ text, isQuoted: true }))
      const key = Object.keys(rule.key).filter(isFieldName)
      targets.set(entity, await resolve(entity, table, [...named(rule.key), ...named(rule.columns)], key, database))
    } else if (query !== undefined) {
      targets.set(entity, await byQuery(entity, query, source, database))
    }
  }
  return targets
}

async function byQuery(
  entity: Entity,
  query: string,
  source: SourceConfig,
  database: Database,
): Promise<WriteTarget | Texts> {
  const select = simpleSelect(query)
  if (select === null) {
    return {
      en: `the query of ${entity} is more than columns of one table: say with 'write:' where its values are kept`,
      es: `la consulta de ${entity} es más que columnas de una tabla: indique con «write:» dónde se guardan sus valores`,
    }
  }
  const fields: [string, SqlName][] = []
  for (const [name, column] of select.columns) {
    if (column === null) continue
    for (const field of fieldsOf(name, source)) fields.push([field, column])
  }
  const names = new Set(fields.map(([field]) => field))
  const article = (['listing_id', 'sku', 'gtin'] as const).find((field) => names.has(field))
  const parts = (['stock.location', 'price.price_list', 'price.customer_group'] as const).filter((field) =>
    names.has(field),
  )
  return resolve(entity, select.table, fields, article === undefined ? [] : [article, ...parts], database)
}

/** Fields that a column of the result feeds: by `map:`, else by its name. */
function fieldsOf(name: string, source: SourceConfig): readonly string[] {
  const folded = foldHeader(name)
  const byMap = Object.entries(source.map).filter(
    ([, { column, value }]) => value === null && foldHeader(column) === folded,
  )
  const mappedFields = byMap.map(([field]) => field)
  const own = [...Object.keys(FIELDS), ...(/^attributes\./i.test(name) ? [name] : [])].find(
    (field) => foldHeader(field) === folded && source.map[field] === undefined,
  )
  return own === undefined ? mappedFields : [...mappedFields, own]
}

async function resolve(
  entity: Entity,
  name: readonly SqlName[],
  fields: readonly (readonly [field: string, column: SqlName])[],
  keyFields: readonly FieldName[],
  database: Database,
): Promise<WriteTarget | Texts> {
  const isFolded = database.dialect === 'postgresql'
  const table = name.map(({ text, isQuoted }) => (isFolded && !isQuoted ? text.toLowerCase() : text))
  const columns = await database.columns(table)
  if (columns.length === 0) {
    return { en: `there is no table ${table.join('.')}`, es: `no existe la tabla ${table.join('.')}` }
  }
  const found = new Map<FieldName, WriteColumn>()
  for (const [field, wanted] of fields) {
    if (!isFieldName(field)) continue
    const column = find(columns, wanted)
    if (column === undefined) {
      return {
        en: `table ${table.join('.')} has no column '${wanted.text}'`,
        es: `la tabla ${table.join('.')} no tiene la columna «${wanted.text}»`,
      }
    }
    found.set(field, column)
  }
  const key = keyFields.flatMap((field): [FieldName, WriteColumn][] => {
    const column = found.get(field)
    return column === undefined ? [] : [[field, column]]
  })
  if (key.length === 0) {
    return {
      en: `nothing names a row of ${table.join('.')}: the query of ${entity} has neither listing_id, sku nor gtin`,
      es: `nada identifica una fila de ${table.join('.')}: la consulta de ${entity} no tiene listing_id, sku ni gtin`,
    }
  }
  return { entity, table, key, columns: found }
}

/** A name without quotes means the column whatever its case, where that is only one. */
function find(columns: readonly WriteColumn[], { text, isQuoted }: SqlName): WriteColumn | undefined {
  const exact = columns.find(({ name }) => name === text)
  if (exact !== undefined || isQuoted) return exact
  const [first, ...others] = columns.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  return others.length === 0 ? first : undefined
}
