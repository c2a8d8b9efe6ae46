/** Compiles one output of a file kind to one SELECT over the file's raw columns. */
import { ident, literal } from '../engine/engine.ts'
import { type FieldName, fieldType } from '../model/field.ts'
import type { FieldSource, Output } from '../platforms/platform.ts'
import { liveSql } from './live.ts'
import { type DateOrder, type DecimalMark, isNormaliser, type Normaliser, normalise, sqlType } from './normalise.ts'
import type { Binding } from './recognise.ts'

/** What a field of the projection came from. */
export interface ProjectedField {
  readonly field: FieldName
  /** Header text of the column that stands for the field in reports; null for constants and formulas of none. */
  readonly header: string | null
  readonly type: string
  /** Whether `raw:<field>` stands beside it. */
  readonly raw: boolean
  /** Positions of the columns that its value can come from, with those that decide about it. */
  readonly reads: readonly number[]
  /** The column gives a value only under a condition: it may be read and give none. */
  readonly conditional: boolean
  /** Word lists apply: an unread raw text is an unknown word. */
  readonly coded: boolean
  readonly numeric: boolean
}

export interface Projection {
  /** Select list without `ord`; every field, its raw text, the `key0…`, `parent_key`, `price_delta` of the output. */
  readonly select: string
  /** The FROM part: the relation with its derived columns. Has `_row` only when {@link ordered}. */
  readonly from: (relation: string) => string
  /** SQL predicate of rows that belong, or null for all. */
  readonly where: string | null
  /** Uses `{_row}` or window functions: needs the raw table with row numbers first. */
  readonly ordered: boolean
  /** The select list has `_number` and `_plain`: whether the GTIN is a code in order as it stands, and what number it is. */
  readonly plainGtin: boolean
  readonly fields: readonly ProjectedField[]
  /** Positions of columns that tell records and keys, whatever field they feed. */
  readonly reads: readonly number[]
  readonly keys: number
}

/** Whether any field is a date: the order of day and month in other columns is nobody's business. */
export function readsDates(plans: readonly { readonly projection: Projection }[]): boolean {
  return plans.some(({ projection }) => projection.fields.some(({ field }) => fieldType(field) === 'instant'))
}

export interface Votes {
  decimal(column: number): DecimalMark
  readonly dates: DateOrder
  readonly zone: string
  /** Cells have no other blank than a space. */
  readonly onlySpaces: boolean
  vocabulary(field: FieldName): Readonly<Record<string, string>>
  /** Fields whose value the config sets, as a constant, whatever the file says. */
  readonly constants: Readonly<Partial<Record<FieldName, string>>>
}

const PLACEHOLDER = /\{([A-Za-z_][\w.]*)(?::(\w+))?\}/g
/** What a window is divided and ordered by says nothing about where the value comes from. */
const WINDOW = /\bOVER\s*\([^)]*\)/gi
/** A GTIN that is one column as it stands. */
const ONE_GTIN = /^\{([A-Za-z_][\w.]*):gtin\}$/
const PRESENCE = /\{([A-Za-z_][\w.]*)\?\}/g
/** Their value is the text itself; beside every other value stands what the file wrote. */
const AS_WRITTEN: ReadonlySet<Normaliser> = new Set(['text', 'key', 'gtin', 'currency', 'list'])

/** Only these have a decimal mark to vote on: a title that says "1,5 l" is no evidence. */
const AMOUNTS: ReadonlySet<Normaliser> = new Set(['money', 'quantity', 'integer', 'percent'])

/** One projection per output, or per capture of an unpivoted output; outputs of which the file has no field are left out. */
export function project(binding: Binding, output: Output, header: readonly string[], votes: Votes): Projection[] {
  if (output.each === undefined) {
    const one = new Projector(binding, output, header, votes, new Map(), null).projection()
    return one === null ? [] : [one]
  }
  return captures(output, header).flatMap(({ name, columns }) => {
    const one = new Projector(binding, output, header, votes, columns, name).projection()
    return one === null ? [] : [one]
  })
}

interface Capture {
  readonly name: string
  readonly columns: Map<string, number>
}

function captures(output: Output, header: readonly string[]): Capture[] {
  const found = new Map<string, Map<string, number>>()
  for (const [logical, pattern] of Object.entries(output.each?.columns ?? {})) {
    for (const [position, text] of header.entries()) {
      const name = text.match(pattern)?.[1]?.trim()
      if (name === undefined) continue
      const columns = found.get(name) ?? new Map<string, number>()
      if (!columns.has(logical)) columns.set(logical, position)
      found.set(name, columns)
    }
  }
  return [...found].map(([name, columns]) => ({ name, columns }))
}

class Projector {
  readonly #binding: Binding
  readonly #output: Output
  readonly #header: readonly string[]
  readonly #votes: Votes
  readonly #extra: ReadonlyMap<string, number>
  readonly #capture: string | null
  readonly #derived: ReadonlyMap<string, string>
  /** The text that is the GTIN, where it is one column's. */
  #gtin: string | null = null

  constructor(
    binding: Binding,
    output: Output,
    header: readonly string[],
    votes: Votes,
    extra: ReadonlyMap<string, number>,
    capture: string | null,
  ) {
    this.#binding = binding
    this.#output = output
    this.#header = header
    this.#votes = votes
    this.#extra = extra
    this.#capture = capture
    this.#derived = new Map(binding.kind.derive ?? [])
  }

  projection(): Projection | null {
    const items: string[] = []
    const fields: ProjectedField[] = []
    for (const [name, source] of Object.entries(this.#output.fields)) {
      if (source === undefined) continue
      // Keys of `fields` are FieldName by its type; Object.entries widens them.
      const field = name as FieldName
      const constant = this.#votes.constants[field]
      const spec = typeof source === 'string' ? { sql: source } : source
      const projected =
        constant === undefined ? this.#field(field, spec, items) : this.#constant(field, constant, items)
      if (projected !== null) fields.push(projected)
    }
    for (const [field, position] of this.#output.entity === 'listing' ? this.#binding.open : []) {
      items.push(`${this.#votes.onlySpaces ? 'op_spaced_text' : 'op_text'}(c${position}) AS ${ident(field)}`)
      fields.push(plain(field, this.#header[position] ?? null, [position]))
    }
    for (const field of Object.keys(this.#votes.constants) as FieldName[]) {
      if (field in this.#output.fields || this.#output.entity !== 'listing') continue
      fields.push(this.#constant(field, this.#votes.constants[field] ?? '', items))
    }
    if (!fields.some((field) => field.header !== null)) return null
    const keys = this.#output.keys ?? []
    for (const [index, key] of keys.entries()) items.push(`(${this.#sql(key, null)})::VARCHAR AS key${index}`)
    if (this.#output.parentKey !== undefined)
      items.push(`(${this.#sql(this.#output.parentKey, null)})::VARCHAR AS parent_key`)
    if (this.#output.priceDelta !== undefined) {
      items.push(`(${this.#sql(this.#output.priceDelta, 'price.regular')})::DECIMAL(18,6) AS price_delta`)
    }
    const where = this.#output.rows === undefined ? null : this.#sql(this.#output.rows, null)
    const derive = [...this.#derived].map(([name, sql]) => `${this.#sql(sql, null)} AS ${ident(`d:${name}`)}`)
    if (this.#gtin !== null) {
      items.push('_number', '_plain')
      // Step by step, because the engine would compute what two columns share once for each.
      derive.push(`try_cast(${this.#gtin} AS BIGINT) AS _number`, `op_ean(${this.#gtin}, _number) AS _plain`)
    }
    const text = [...items, ...derive, where ?? ''].join(' ')
    const ordered = /\b_row\b/.test(text) || /\bover\s*\(/i.test(text)
    return {
      select: items.join(',\n  '),
      from: (relation) => derive.reduce((inner, column) => `(SELECT *, ${column} FROM ${inner})`, relation),
      where,
      ordered,
      plainGtin: this.#gtin !== null,
      fields,
      reads: this.#reads([
        ...keys,
        this.#output.rows ?? '',
        this.#output.parentKey ?? '',
        this.#output.priceDelta ?? '',
      ]),
      keys: keys.length,
    }
  }

  #reads(templates: readonly string[]): readonly number[] {
    const names = templates.flatMap((template) => [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))
    return [...new Set(names.flatMap((name) => this.#positions(name)))]
  }

  /** A formula's parts that this file reaches. */
  #live(template: string): string {
    return liveSql(template.replaceAll(PRESENCE, (_, name: string) => (this.#isBound(name) ? 'TRUE' : 'FALSE')))
  }

  #field(field: FieldName, spec: FieldSource, items: string[]): ProjectedField | null {
    const short = spec.sql.match(/^\s*([\w.]+)\s*:\s*(\w+)\s*$/)
    const sql = short === null ? spec.sql : `{${short[1]}:${short[2]}}`
    const placeholders = [...sql.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '')
    const live = short === null ? this.#live(sql) : sql
    const alive = [...live.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '').filter((name) => this.#isBound(name))
    if (placeholders.length > 0 && alive.length === 0) return null
    const normalisers = [...sql.matchAll(PLACEHOLDER)].flatMap((match) =>
      match[2] !== undefined && isNormaliser(match[2]) ? [match[2]] : [],
    )
    const main = fieldNormaliser(field)
    const value = `(${this.#sql(sql, field)})::${sqlType(main)}`
    const code = field === 'gtin' ? sql.match(ONE_GTIN)?.[1] : undefined
    if (code !== undefined) this.#gtin = this.#text(code)
    // What is a code already is not looked at again.
    items.push(
      `${code === undefined ? value : `CASE WHEN _plain THEN ${this.#text(code)} ELSE ${value} END`} AS ${ident(field)}`,
    )
    const offered = typeof spec.raw === 'string' ? [spec.raw] : (spec.raw ?? placeholders)
    const rawName =
      offered.find((name) => alive.includes(name)) ??
      offered.find((name) => spec.raw !== undefined && this.#isBound(name))
    const raw = !AS_WRITTEN.has(main) && rawName !== undefined
    if (raw) {
      const text = spec.rawSql === undefined ? this.#text(rawName) : `(${this.#sql(spec.rawSql, field)})::VARCHAR`
      items.push(`${text} AS ${ident(`raw:${field}`)}`)
    }
    const position = rawName === undefined ? undefined : this.#positions(rawName)[0]
    return {
      field,
      header: position === undefined ? null : (this.#header[position] ?? null),
      type: sqlType(main),
      raw,
      reads: this.#reads([live]),
      conditional: short === null,
      coded: normalisers.some(
        (name) => name === 'state' || name === 'condition' || name === 'backorder' || name === 'kind',
      ),
      numeric: normalisers.some((name) => name === 'money' || name === 'quantity'),
    }
  }

  #constant(field: FieldName, value: string, items: string[]): ProjectedField {
    const main = fieldNormaliser(field)
    items.push(`CAST(${literal(value)} AS ${sqlType(main)}) AS ${ident(field)}`)
    return { ...plain(field, null, []), type: sqlType(main) }
  }

  /** Replaces placeholders; `field` decides the vocabulary. */
  #sql(template: string, field: FieldName | null): string {
    const known = template.replaceAll(PRESENCE, (_, name: string) => (this.#isBound(name) ? 'TRUE' : 'FALSE'))
    return known.replaceAll(PLACEHOLDER, (_, name: string, normaliser: string | undefined) => {
      const text = this.#text(name)
      if (normaliser === undefined) return text
      if (!isNormaliser(normaliser)) throw new Error(`unknown normaliser '${normaliser}' in: ${template}`)
      return normalise(normaliser, text, {
        decimal: AMOUNTS.has(normaliser) ? this.#decimal(name) : 'none',
        dates: this.#votes.dates,
        zone: this.#votes.zone,
        vocabulary: field === null ? {} : this.#votes.vocabulary(field),
        onlySpaces: this.#votes.onlySpaces,
      })
    })
  }

  #text(name: string): string {
    if (name === '_row') return '_row'
    if (name === this.#output.each?.as) return literal(this.#capture)
    if (this.#derived.has(name)) return ident(`d:${name}`)
    const position = this.#extra.get(name) ?? this.#binding.columns.get(name)
    return position === undefined ? 'CAST(NULL AS VARCHAR)' : `c${position}`
  }

  #isBound(name: string): boolean {
    return name === this.#output.each?.as || this.#positions(name).length > 0
  }

  /** Columns of the file that a name is made of, through derived columns. */
  #positions(name: string): readonly number[] {
    const sql = this.#derived.get(name)
    if (sql !== undefined)
      return [...sql.replaceAll(WINDOW, '').matchAll(PLACEHOLDER)].flatMap((match) =>
        match[1] === name ? [] : this.#positions(match[1] ?? ''),
      )
    const position = this.#extra.get(name) ?? this.#binding.columns.get(name)
    return position === undefined ? [] : [position]
  }

  #decimal(name: string): DecimalMark {
    const marks = new Set(this.#positions(name).map((position) => this.#votes.decimal(position)))
    marks.delete('none')
    if (marks.size === 0) return 'none'
    const [only] = marks
    return marks.size === 1 && only !== undefined ? only : 'mixed'
  }
}

function plain(field: FieldName, header: string | null, reads: readonly number[]): ProjectedField {
  return { field, header, type: 'VARCHAR', raw: false, reads, conditional: false, coded: false, numeric: false }
}

function fieldNormaliser(field: FieldName): Normaliser {
  return fieldType(field)
}

/**
 * A SELECT with `gtin` and with `gtin_state` and `gtin14` of it. Step by step, because the engine would compute what two
 * columns share once for each.
 *
 * @param plain - Of its {@link Projection}.
 */
export function withGtinState(select: string, plain: boolean): string {
  const steps = [
    ...(plain
      ? []
      : [
          'SELECT *, try_cast(gtin AS BIGINT) AS _number FROM (%)',
          'SELECT *, op_ean(gtin, _number) AS _plain FROM (%)',
        ]),
    'SELECT *, CASE WHEN _plain THEN NULL ELSE op_digits(gtin) END AS _digits FROM (%)',
    `SELECT *, CASE WHEN _plain THEN 'ok' ELSE op_gtin_state(gtin, _digits) END AS gtin_state FROM (%)`,
    `SELECT * EXCLUDE (_number, _plain, _digits),
       CASE WHEN _plain THEN _number ELSE op_gtin14(gtin, _digits, gtin_state) END AS gtin14 FROM (%)`,
  ]
  return steps.reduce((inner, step) => step.replace('(%)', () => `(${inner})`), select)
}
