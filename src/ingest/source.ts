/** Loads one table of one file: recognise, vote, project, count what could not be read. */

import { type Engine, ident } from '../engine/engine.ts'
import { type ChannelConfig, type SourceConfig, UNKNOWN_CURRENCY } from '../model/config.ts'
import { type FieldName, isFieldName } from '../model/field.ts'
import type { TableFile } from '../model/table-file.ts'
import type { FileKind, Output } from '../platforms/platform.ts'
import { type Assumption, Assumptions } from './assumptions.ts'
import { bind, inOneCurrency } from './bind.ts'
import { damageOf, mixedDecimals } from './damage.ts'
import { emptyFields } from './empty-columns.ts'
import { grainArticle, repeatedIds, splitByGrain } from './grain.ts'
import { leaveHeadings } from './headings.ts'
import type { DecimalMark } from './normalise.ts'
import { LANGUAGE, languageColumn, splitByPrice } from './price-rows.ts'
import { leavePrintedLines, printedLine } from './printed-lines.ts'
import { type ProjectedField, type Projection, project, readsDates, type Votes, withGtinState } from './project.ts'
import { joinedTexts } from './read/notes.ts'
import type { Binding, NamedPlatform } from './recognise.ts'
import { refuseRepeated } from './repeated-columns.ts'
import type { Arm, Damage, Source, UnknownWord, UnreadCells } from './tables.ts'
import { type AssumedOrder, dateOrder, voteDecimal } from './votes.ts'
import { leaveZeroOffers } from './zero-offers.ts'

export interface SourceContext {
  readonly engine: Engine
  readonly index: number
  /** What is loaded already. */
  readonly earlier: readonly Source[]
  readonly channelIndex: number
  readonly entry: number
  readonly channel: ChannelConfig
  readonly config: SourceConfig
  readonly platforms: readonly NamedPlatform[]
  readonly locale: 'en' | 'es'
}

export interface LoadedSource {
  readonly source: Source
  readonly arms: readonly Arm[]
  readonly unknownWords: readonly UnknownWord[]
  readonly unread: readonly UnreadCells[]
  readonly damage: readonly Damage[]
}

/**
 * Loads a file's table into canonical tables.
 *
 * @throws DiagnosticError `ingest/not-recognised` when no platform fits the header, with the nearest one.
 */
export async function loadSource(file: TableFile, context: SourceContext): Promise<LoadedSource> {
  const { binding, chosen } = inOneCurrency(bind(file, context), context.channel.currency)
  refuseRepeated(file, binding)
  const loader = new SourceLoader(file, binding, context)
  if (chosen !== null) loader.assume({ kind: 'one-currency', ...chosen })
  const twin = context.earlier.find(
    ({ file: one }) => file.sha256 !== '' && one.sha256 === file.sha256 && one.path !== file.path,
  )
  if (twin !== undefined) loader.assume({ kind: 'twin', path: twin.file.path })
  return loader.load()
}

class SourceLoader {
  readonly #file: TableFile
  readonly #binding: Binding
  readonly #context: SourceContext
  readonly #assumptions: Assumptions
  readonly #decimals = new Map<number, DecimalMark>()
  readonly #dates: AssumedOrder
  #raw: string | null = null

  constructor(file: TableFile, binding: Binding, context: SourceContext) {
    this.#file = file
    this.#binding = binding
    this.#context = context
    this.#assumptions = new Assumptions(context.locale)
    this.#dates = this.#voteDates()
  }

  assume(assumption: Assumption): void {
    this.#assumptions.add(assumption)
  }

  async load(): Promise<LoadedSource> {
    const { kind } = this.#binding
    const plans = kind.outputs.flatMap((output) =>
      project(this.#binding, output, this.#file.columns, this.#votes(kind)).map((projection) => ({
        output,
        projection,
      })),
    )
    const { assumed } = this.#dates
    if (assumed !== null && readsDates(plans)) this.assume({ kind: assumed })
    const arms: Arm[] = []
    const silent = new Set<ProjectedField>()
    const words: UnknownWord[] = []
    const unread: UnreadCells[] = []
    for (const [index, { output, projection }] of plans.entries()) {
      const table = `t${this.#context.channelIndex}_${this.#context.index}_${index}`
      const article = grainArticle(output, projection, this.#context.config.grain)
      const direct = plans.length === 1 && !projection.ordered && article === null
      const printed = kind.printed === true && projection.where !== null ? printedLine(this.#file, projection) : null
      await this.#create(table, projection, direct, printed)
      const lines = printed === null ? null : await leavePrintedLines(this.#context.engine, table, projection, direct)
      if (lines !== null) this.#assumptions.add({ kind: 'printed', ...lines, first: lines.firstOrdinal + 1 })
      let unvalued = await this.#unvalued(table, projection.fields)
      const headings =
        unvalued.length === 0 ? null : await leaveHeadings(this.#context.engine, table, projection, direct)
      if (headings !== null) {
        this.#assumptions.add({ kind: 'headings', rows: headings.rows, first: headings.firstOrdinal + 1 })
        unvalued = await this.#unvalued(table, projection.fields)
      }
      const own = direct && projection.where !== null ? '_in' : null
      for (const field of await this.#silent(table, projection.fields, own)) silent.add(field)
      if (kind.zeroSale === 'none') {
        const offers = await leaveZeroOffers(this.#context.engine, table, projection.fields, own)
        if (offers !== null) this.#assumptions.add({ kind: 'zero-offers', ...offers })
      }
      const cells = await this.#check(table, unvalued, direct)
      await this.#undeclared(table, projection.fields, own)
      unread.push(...cells)
      words.push(...(await this.#words(table, unvalued, direct)))
      const arm = this.#arm(table, output, projection, direct)
      const split = await this.#split(arm, output, article)
      const repeated = split[0] === arm ? await repeatedIds(this.#context.engine, arm) : null
      if (repeated !== null) this.#assumptions.add({ kind: 'repeated-ids', ...repeated })
      arms.push(...split)
    }
    if (this.#raw !== null) await this.#context.engine.run(`DROP TABLE ${this.#raw}`)
    for (const cells of unread)
      this.#assumptions.add({
        kind: 'unread',
        header: this.#headerOf(plans, cells.field),
        rows: cells.rows,
        example: cells.example,
      })
    const projected = plans.flatMap(({ projection }) => projection.fields)
    const empty = await emptyFields(this.#context.engine, this.#file, arms, projected)
    if (empty.size > 0) this.assume({ kind: 'empty-columns', headers: [...empty.values()], rows: this.#file.records })
    const fields = new Set(projected.map(({ field }) => field).filter((field) => !empty.has(field)))
    const codes = new Set(projected.flatMap(({ field, reads }) => (field === 'gtin' ? reads : [])))
    const damage = [...damageOf(this.#file, this.#context.index, codes)]
    for (const [position, mark] of this.#decimals) {
      const header = this.#file.columns[position] ?? ''
      if (mark === 'mixed') damage.push(mixedDecimals(this.#file, this.#context.index, position))
      if (mark === 'open') this.#assumptions.add({ kind: 'open-decimal', header })
      if (mark === 'mixed') this.#assumptions.add({ kind: 'mixed-decimal', header })
    }
    return { source: this.#source(fields, plans, silent), arms, unknownWords: words, unread, damage }
  }

  /** Records that are finer than an article, as the configuration declares them or as they show themselves. */
  async #split(arm: Arm, output: Output, article: FieldName | null): Promise<readonly Arm[]> {
    const { engine, channel, config } = this.#context
    if (article !== null) return splitByGrain(engine, arm, article, this.#assumptions)
    if (output.entity !== 'listing' || output.role !== undefined || output.fallback === true) return [arm]
    return (await splitByPrice(engine, arm, channel, config.grain, this.#assumptions)) ?? [arm]
  }

  #votes(kind: FileKind): Votes {
    const { config, channel } = this.#context
    const constants: Partial<Record<FieldName, string>> = {}
    for (const [name, column] of Object.entries(config.map)) {
      if (column.value !== null && isFieldName(name)) constants[name] = column.value
    }
    return {
      decimal: (position) => this.#decimal(position),
      dates: this.#dates.order,
      zone: channel.timezone,
      onlySpaces: this.#file.onlySpaces === true,
      vocabulary: (field) => {
        const own: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = kind.vocabulary ?? {}
        const configured = config.map[field]?.vocabulary ?? null
        const base = configured ?? own[field] ?? {}
        return field === 'status' ? { ...base, ...channel.statusMap } : base
      },
      constants,
    }
  }

  #decimal(position: number): DecimalMark {
    const known = this.#decimals.get(position)
    if (known !== undefined) return known
    const declared = this.#file.declared?.numeric.has(position) === true ? '.' : null
    const fixed = declared ?? this.#context.config.decimal ?? this.#binding.kind.decimal ?? null
    const mark = fixed ?? voteDecimal(this.#file.sample.map((record) => record[position] ?? null))
    this.#decimals.set(position, mark)
    return mark
  }

  #voteDates(): AssumedOrder {
    const { dates } = this.#binding.kind
    return dates === undefined
      ? dateOrder(this.#file.sample, this.#file.columns.length)
      : { order: dates, assumed: null }
  }

  async #create(table: string, projection: Projection, direct: boolean, printed: string | null): Promise<void> {
    const { engine } = this.#context
    const has = (field: FieldName): boolean => projection.fields.some((one) => one.field === field)
    let select: string
    const position = has('price.regular') ? languageColumn(this.#file.columns) : -1
    const languages = position === -1 ? '' : `, op_text(c${position}) AS ${ident(LANGUAGE)}`
    const extra = printed === null ? languages : `${languages}, ${printed} AS _printed`
    if (direct) {
      const flag = projection.where === null ? '' : `, coalesce(${projection.where}, false) AS _in`
      select = `SELECT ${projection.select}${extra}${flag} FROM ${projection.from(this.#file.relation)}`
    } else {
      await this.#materialise()
      const filter = projection.where === null ? '' : ` WHERE ${projection.where}`
      select = `SELECT _row AS ord, ${projection.select}${extra} FROM ${projection.from(`(SELECT rowid AS _row, * FROM ${this.#raw})`)}${filter}`
    }
    if (has('gtin')) select = withGtinState(select, projection.plainGtin)
    if (has('sku')) select = `SELECT *, CASE WHEN sku IS NOT NULL THEN hash(sku) END AS sku_hash FROM (${select})`
    await engine.createInOrder(table, select)
  }

  async #materialise(): Promise<void> {
    if (this.#raw !== null) return
    this.#raw = `raw${this.#context.channelIndex}_${this.#context.index}`
    await this.#context.engine.createInOrder(this.#raw, `SELECT * FROM ${this.#file.relation}`)
  }

  /** Fields whose column has content, of which nothing is of the kind that the field takes: "5" where a word is read. */
  async #silent(
    table: string,
    fields: readonly ProjectedField[],
    filter: string | null,
  ): Promise<readonly ProjectedField[]> {
    const asked = fields.filter(({ conditional, header }) => conditional && header !== null)
    if (asked.length === 0) return []
    // A figure or a word that could not be read is told as such.
    const counts = asked.map(({ field, raw, type }, index) => {
      const text = raw && type !== 'BOOLEAN' ? ` + count(${ident(`raw:${field}`)})` : ''
      return `count(${ident(field)})${text} AS n${index}`
    })
    const [totals] = await this.#context.engine.rows(
      `SELECT ${counts.join(', ')} FROM ${table}${filter === null ? '' : ` WHERE ${filter}`}`,
    )
    const hasContent = ({ reads }: ProjectedField): boolean =>
      this.#file.sample.some((record) => reads.some((position) => (record[position] ?? '') !== ''))
    return asked.filter((field, index) => Number(totals?.[`n${index}`] ?? 0) === 0 && hasContent(field))
  }

  /** Fields with a cell that has text and gives no value. What they are is looked up for these alone. */
  async #unvalued(table: string, fields: readonly ProjectedField[]): Promise<readonly ProjectedField[]> {
    const kept = fields.filter((field) => field.raw && field.type !== 'BOOLEAN')
    if (kept.length === 0) return []
    const counts = kept.map(
      ({ field }, index) =>
        `count(*) FILTER (${ident(`raw:${field}`)} IS NOT NULL AND ${ident(field)} IS NULL) AS n${index}`,
    )
    const [totals] = await this.#context.engine.rows(`SELECT ${counts.join(', ')} FROM ${table}`)
    return kept.filter((_, index) => Number(totals?.[`n${index}`] ?? 0) > 0)
  }

  /** Counts cells with text but without a value in numeric and date columns. */
  async #check(table: string, fields: readonly ProjectedField[], direct: boolean): Promise<UnreadCells[]> {
    const found: UnreadCells[] = []
    for (const { field } of fields.filter(({ coded }) => !coded)) {
      const raw = ident(`raw:${field}`)
      const [bad] = await this.#context.engine.rows<{ n: number; text: string | null; ord: number | null }>(
        `SELECT count(*) AS n, arg_min(${raw}, ${direct ? 'rowid' : 'ord'}) AS text, min(${direct ? 'rowid' : 'ord'}) AS ord FROM ${table}
         WHERE ${raw} IS NOT NULL AND ${ident(field)} IS NULL AND trim(${raw}) <> ''`,
      )
      const rows = Number(bad?.n ?? 0)
      if (rows === 0) continue
      const { index: source } = this.#context
      found.push({ source, field, rows, example: String(bad?.text ?? ''), firstOrdinal: Number(bad?.ord ?? 0) })
    }
    return found
  }

  /** What is taken for granted about prices that neither the file nor the configuration explains. */
  async #undeclared(table: string, fields: readonly ProjectedField[], filter: string | null): Promise<void> {
    const { channel, engine } = this.#context
    const has = (name: FieldName): boolean => fields.some(({ field }) => field === name)
    if (!has('price.regular')) return
    if (channel.includesTax === null && this.#binding.includesTax === null && !has('price.includes_tax')) {
      this.#assumptions.add({ kind: 'no-tax-basis' })
    }
    if (channel.currency !== UNKNOWN_CURRENCY) return
    const open = has('price.currency')
      ? '"price.regular" IS NOT NULL AND "price.currency" IS NULL'
      : '"price.regular" IS NOT NULL'
    const [counted] = await engine.rows<{ n: number }>(
      `SELECT count(*) FILTER (${open}) AS n FROM ${table}${filter === null ? '' : ` WHERE ${filter}`}`,
    )
    const rows = Number(counted?.n ?? 0)
    if (rows > 0) this.#assumptions.add({ kind: 'no-currency', rows })
  }

  async #words(table: string, fields: readonly ProjectedField[], direct: boolean): Promise<UnknownWord[]> {
    const found: UnknownWord[] = []
    for (const field of fields.filter(({ coded }) => coded)) {
      const raw = ident(`raw:${field.field}`)
      const rows = await this.#context.engine.rows<{ word: string; n: number; ord: number }>(
        `SELECT trim(${raw}) AS word, count(*) AS n, min(${direct ? 'rowid' : 'ord'}) AS ord FROM ${table}
         WHERE ${raw} IS NOT NULL AND trim(${raw}) <> '' AND ${ident(field.field)} IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200`,
      )
      for (const { word, n, ord } of rows) {
        found.push({
          source: this.#context.index,
          field: field.field,
          word,
          rows: Number(n),
          firstOrdinal: Number(ord),
        })
      }
    }
    return found
  }

  #arm(table: string, output: Output, projection: Projection, direct: boolean): Arm {
    const columns = new Map<string, string>()
    for (const field of projection.fields) {
      columns.set(field.field, field.type)
      if (field.raw) columns.set(`raw:${field.field}`, 'VARCHAR')
    }
    if (columns.has('gtin')) {
      columns.set('gtin14', 'BIGINT')
      columns.set('gtin_state', 'VARCHAR')
    }
    if (columns.has('sku')) columns.set('sku_hash', 'UBIGINT')
    if (columns.has('price.regular') && languageColumn(this.#file.columns) !== -1) columns.set(LANGUAGE, 'VARCHAR')
    if (output.priceDelta !== undefined) columns.set('price_delta', 'DECIMAL(18,6)')
    return {
      entity: output.entity,
      table,
      source: this.#context.index,
      entry: this.#context.entry,
      channel: this.#context.channelIndex,
      ordinal: direct ? 'rowid' : 'ord',
      filter: direct && projection.where !== null ? '_in' : null,
      columns,
      fields: projection.fields.map(({ field }) => field),
      role: output.role ?? 'listing',
      fallback: output.fallback ?? false,
      keys: projection.keys,
    }
  }

  /** Headers of the columns that nothing was read from. */
  #unused(plans: readonly { projection: Projection }[], silent: ReadonlySet<ProjectedField>): readonly string[] {
    const used = new Set(
      plans.flatMap(({ projection: { fields, reads } }) => [
        ...reads,
        ...fields.flatMap((field) => (silent.has(field) ? [] : field.reads)),
      ]),
    )
    used.add(languageColumn(this.#file.columns))
    return this.#file.columns.filter((text, position) => !used.has(position) && text !== '')
  }

  #source(
    fields: ReadonlySet<FieldName>,
    plans: readonly { projection: Projection }[],
    silent: ReadonlySet<ProjectedField>,
  ): Source {
    const { config, index, channelIndex, entry } = this.#context
    const columns: Record<string, string> = {}
    const mappedBy: Record<string, 'alias' | 'config'> = {}
    for (const field of plans.flatMap(({ projection }) => projection.fields)) {
      if (field.header === null || columns[field.field] !== undefined || silent.has(field)) continue
      columns[field.field] = field.header
      mappedBy[field.field] = config.map[field.field] === undefined ? 'alias' : 'config'
    }
    const marks = [...new Set([...this.#decimals.values()].filter((mark) => mark !== 'none'))].sort()
    return {
      index,
      channel: channelIndex,
      entry,
      platform: this.#binding.platform,
      kind: this.#binding.kind.name,
      file: this.#file,
      understood: {
        encoding: this.#file.reading.encoding,
        delimiter: this.#file.reading.delimiter,
        decimal: marks.length === 0 ? null : marks.join(' '),
        ...(this.#dates.order === 'ymd' || !readsDates(plans) ? {} : { date_order: this.#dates.order }),
        columns: sorted(columns),
        mapped_by: sorted(mappedBy),
        unused: this.#unused(plans, silent),
        ...joinedTexts(this.#file.reading, this.#assumptions.texts()),
      },
      fields,
      dataAsOf: config.dataAsOf ?? this.#file.modifiedAt,
      dataAsOfKnown: config.dataAsOf !== null || this.#file.declared !== undefined,
      includesTax: this.#binding.includesTax,
    }
  }

  #headerOf(plans: readonly { projection: Projection }[], field: FieldName): string {
    return plans.flatMap(({ projection }) => projection.fields).find((one) => one.field === field)?.header ?? field
  }
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
