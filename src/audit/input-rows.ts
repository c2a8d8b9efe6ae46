/** The rows of inputs as rules see them: with their channel, and with what other tables say about them. */
import { ident, literal } from '../engine/engine.ts'
import type { ChannelConfig } from '../model/config.ts'
import { INPUTS, type InputName } from '../model/input.ts'
import type { ParamValue } from '../rules/expression/scope.ts'
import { isInputTable } from '../rules/input-fields.ts'
import { normSql } from '../rules/norm.ts'
import type { Rule } from '../rules/rule.ts'
import type { FindingContext } from './finding.ts'
import { Persons } from './input-persons.ts'

/** Members of the European Union. */
const EU = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ')
const DAY_MS = 86_400_000
const METRES_PER_DEGREE = 111_320

type Params = Readonly<Record<string, ParamValue>>

export class InputRows {
  readonly #context: FindingContext
  readonly #persons: Persons

  constructor(context: FindingContext) {
    this.#context = context
    this.#persons = new Persons(context.engine)
  }

  /** SQL to use after FROM; its columns are named like the fields of rules, without the table's own name. */
  async of(rule: Rule, params: Params): Promise<string> {
    if (!isInputTable(rule.on)) throw new Error(`${rule.id}: '${rule.on}' is no input`)
    switch (rule.on) {
      case 'policy':
        return this.#policy(rule)
      case 'location':
        return this.#location(params)
      case 'order':
        return this.#order(rule)
      case 'customer':
        return this.#withChannel(await this.#customer(rule, params))
      case 'consent':
        return this.#withChannel(await this.#consent(params))
    }
  }

  #speaks(input: InputName, column: string | null = null): boolean {
    return this.#context.store.inputs.loaded.some(
      ({ name, columns }) => name === input && (column === null || columns.has(column)),
    )
  }

  /** One row per channel: position, id, kind, owner, market, and the number of own stores in the market. */
  #channels(): string {
    const { channels } = this.#context.store
    const stores = (market: string): number =>
      channels.filter((one) => one.kind === 'store' && one.owner === 'self' && one.market === market).length
    const rows = channels.map(
      ({ id, kind, owner, market }, index) =>
        `(${index}, ${[id, kind, owner, market].map(literal).join(', ')}, ${stores(market)}, ${EU.includes(market)})`,
    )
    const names = ['c', 'id', 'channel.kind', 'channel.owner', 'market', 'market.stores', 'market.eu']
    return `(VALUES ${rows.join(', ')}) AS info(${names.map(ident).join(', ')})`
  }

  #withChannel(rows: string): string {
    return `(SELECT * EXCLUDE (c, id) FROM ${rows} AS own JOIN ${this.#channels()} ON own.ch = info.c)`
  }

  /**
   * A row without a channel stands for the company in each market. What is said without a scope holds for every scope that
   * anybody names, and a row for a period goes before one without.
   */
  #policy(rule: Rule): string {
    const now = `TIMESTAMP ${literal(this.#context.asOf.slice(0, 19).replace('T', ' '))}`
    const active = `("from" IS NULL OR "from" <= ${now}) AND ("to" IS NULL OR "to" > ${now})`
    const told = `SELECT * REPLACE (regexp_replace(lower(service), '[ -]+', '_', 'g') AS service, lower(scope) AS scope),
        ("from" IS NOT NULL OR "to" IS NOT NULL) AS dated FROM input_policy WHERE ${active}`
    const companies = `(SELECT DISTINCT market, "market.stores", "market.eu" FROM ${this.#channels()})`
    const all = `SELECT t.*, i.* EXCLUDE (c, id) FROM told t JOIN ${this.#channels().replace('AS info(', 'AS i(')} ON t.ch = i.c
      UNION ALL BY NAME SELECT t.*, CAST(NULL AS VARCHAR) AS "channel.kind", 'self' AS "channel.owner", m.* FROM told t, ${companies} m WHERE t.channel IS NULL`
    const same = 'ch, service, scope, market'
    const holding = `SELECT * FROM (${all}) QUALIFY dated = bool_or(dated) OVER (PARTITION BY ${same})`
    const implied = `SELECT g.* REPLACE (s.scope AS scope) FROM holding g
      JOIN (SELECT DISTINCT service, scope, market FROM holding WHERE scope IS NOT NULL) s ON s.service = g.service AND s.market = g.market
      WHERE g.scope IS NULL AND NOT EXISTS (SELECT 1 FROM holding x WHERE x.ch IS NOT DISTINCT FROM g.ch AND x.service = g.service AND x.scope = s.scope AND x.market = g.market)`
    const kinds = this.#cases('scope', ({ kind }) => literal(kind))
    const open = this.#speaks('stores', 'open')
      ? '(SELECT bool_or(open) FROM input_stores AS st WHERE lower(st.code) = p.scope)'
      : 'CAST(NULL AS BOOLEAN)'
    const reading = `CASE WHEN "policy.number" IS NOT NULL THEN "policy.number"::VARCHAR WHEN "policy.yes" THEN 'yes' WHEN NOT "policy.yes" THEN 'no' ELSE ${normSql('value')} END`
    return `(WITH told AS (${told}), holding AS (${holding}), every AS (SELECT * FROM holding UNION ALL BY NAME (${implied})),
      readable AS (SELECT p.*, channel IS NULL AS "policy.company", op_bool(value) AS "policy.yes", ${NUMBER} AS "policy.number",
        ${kinds} AS "policy.scope_kind", ${open} AS "policy.scope_open", ${this.#minimum()} AS "policy.minimum", ${this.#lacking(rule)} AS "policy.lacking" FROM every p)
      SELECT *, ${reading} AS "policy.reading", CASE WHEN NOT "policy.company" AND "channel.kind" <> 'marketplace' THEN ${reading} END AS "policy.own" FROM readable)`
  }

  #cases(column: string, value: (channel: ChannelConfig) => string): string {
    const cases = this.#context.store.channels.map(
      (channel) => `WHEN ${literal(channel.id.toLowerCase())} THEN ${value(channel)}`,
    )
    return `(CASE ${column} ${cases.join(' ')} END)`
  }

  #minimum(): string {
    const cases = this.#context.store.channels.flatMap(({ limits }, index) =>
      Object.entries(limits)
        .filter(([, limit]) => /^-?\d+(\.\d+)?$/.test(String(limit)))
        .map(
          ([name, limit]) =>
            `WHEN ch = ${index} AND service = ${literal(name.toLowerCase())} THEN ${limit}::DECIMAL(18,6)`,
        ),
    )
    return cases.length === 0 ? 'CAST(NULL AS DECIMAL(18,6))' : `(CASE ${cases.join(' ')} END)`
  }

  /** Articles that the store of a row lacks and a web shop or app of its market has. */
  #lacking(rule: Rule): string {
    if (!JSON.stringify(rule).includes('policy.lacking')) return 'CAST(NULL AS BIGINT)'
    const { channels } = this.#context.store
    const online = channels.flatMap(({ kind }, index) => (kind === 'web' || kind === 'app' ? [index] : []))
    const known = (sql: string): string =>
      `CASE WHEN EXISTS (SELECT 1 FROM side k WHERE k.ch = p.ch AND k.availability IS NOT NULL) THEN ${sql} END`
    return known(`(SELECT count(DISTINCT a.item) FROM side a JOIN side b ON b.item = a.item AND b.market = a.market
      WHERE a.ch = p.ch AND a.availability = 'out' AND b.availability = 'in_stock' AND b.live IS NOT FALSE AND b.ch IN (${[-1, ...online].join(', ')}))`)
  }

  #location(params: Params): string {
    const { config, asOf } = this.#context
    const days = Math.max(1, Math.round(durationOf(params['horizon'], 14 * DAY_MS) / DAY_MS))
    const zone = literal(config.timezone)
    const today = `date_trunc('day', timezone(${zone}, timezone('UTC', TIMESTAMP ${literal(asOf.slice(0, 19).replace('T', ' '))})))`
    const day = `(SELECT op_at(${today} + to_days(n::INTEGER), ${zone}) AS day FROM range(${days}) t(n))`
    // Days are named in many ways; the times of opening and closing are compared.
    const times = `array_to_string(list_transform(regexp_extract_all(lower(hours), '[0-9]{1,2}([:.h][0-9]{2})?'), lambda x: regexp_replace(regexp_replace(x, '[.h]', ':'), '^([0-9]{1,2})$', '\\1:00')), ' ')`
    const told = `SELECT ch, code, day, arg_max(${times}, ("from" IS NOT NULL OR "to" IS NOT NULL)::INTEGER) AS hours
      FROM input_stores, ${day} WHERE hours IS NOT NULL AND ("from" IS NULL OR "from" < day + INTERVAL 1 DAY) AND ("to" IS NULL OR "to" > day) GROUP BY ch, code, day`
    const schedule = `SELECT ch AS sch, code AS scode, CASE WHEN count(*) = ${days} THEN string_agg(hours, ' | ' ORDER BY day) END AS "location.schedule" FROM (${told}) GROUP BY ch, code`
    const codes = Object.keys(config.locations).map(literal)
    const mapped =
      codes.length === 0
        ? 'CAST(NULL AS BOOLEAN)'
        : `(list_contains([${codes.join(', ')}], l.code) OR coalesce(list_contains([${codes.join(', ')}], l.parent), FALSE))`
    const digits = `nullif(right(regexp_replace(l.phone, '[^0-9]', '', 'g'), 9), '')`
    const rows = `(SELECT l.*, s."location.schedule", ${mapped} AS "location.mapped", ${digits} AS "location.digits",
      (l.latitude::DOUBLE * ${METRES_PER_DEGREE})::DECIMAL(18,6) AS "location.north",
      (l.longitude::DOUBLE * ${METRES_PER_DEGREE} * cos(radians(l.latitude::DOUBLE)))::DECIMAL(18,6) AS "location.east"
      FROM input_stores l LEFT JOIN (${schedule}) s ON s.sch = l.ch AND s.scode = l.code)`
    return this.#withChannel(rows)
  }

  #order(rule: Rule): string {
    const text = JSON.stringify(rule)
    const viewed = text.includes('order.viewer') && this.#speaks('order_index')
    const viewers = `(SELECT DISTINCT coalesce(channel, '*') AS viewer FROM input_order_index
      WHERE channel IS NOT NULL OR (SELECT count(channel) FROM input_order_index) = 0)`
    const found = viewed
      ? `, v.viewer AS "order.viewer", (w.o IS NOT NULL OR x.o IS NOT NULL) AS "order.found"`
      : `, CAST(NULL AS VARCHAR) AS "order.viewer", CAST(NULL AS BOOLEAN) AS "order.found"`
    const looked = viewed
      ? `JOIN ${viewers} v ON v.viewer <> o.channel
         LEFT JOIN (SELECT DISTINCT "order" AS o FROM input_order_index WHERE channel IS NULL) w ON w.o = o."order"
         LEFT JOIN (SELECT DISTINCT "order" AS o, channel AS c FROM input_order_index WHERE channel IS NOT NULL) x ON x.o = o."order" AND x.c = v.viewer`
      : ''
    const linked = this.#speaks('customers', 'master')
      ? [
          ', m.who IS NOT NULL AS "order.linked"',
          'LEFT JOIN (SELECT DISTINCT ch AS mch, customer AS who FROM input_customers WHERE master IS NOT NULL) m ON m.mch = o.ch AND m.who = o.customer',
        ]
      : [', CAST(NULL AS BOOLEAN) AS "order.linked"', '']
    const recorded = this.#speaks('purchase_history')
      ? [
          ', h.o IS NOT NULL AS "order.recorded"',
          'LEFT JOIN (SELECT DISTINCT ch AS hch, "order" AS o FROM input_purchase_history) h ON h.hch = o.ch AND h.o = o."order"',
        ]
      : [', CAST(NULL AS BOOLEAN) AS "order.recorded"', '']
    return this.#withChannel(
      `(SELECT o.*${found}${linked[0]}${recorded[0]} FROM input_orders o ${looked} ${linked[1]} ${recorded[1]})`,
    )
  }

  async #customer(rule: Rule, params: Params): Promise<string> {
    const table = await this.#persons.table(params)
    return JSON.stringify(rule.group).includes('customer.key') ? this.#persons.keyed(table, params) : table
  }

  async #consent(params: Params): Promise<string> {
    const table = this.#speaks('customers') ? await this.#persons.table(params) : null
    const own = `s.channel || ':' || s.customer`
    if (table === null) return `(SELECT s.*, ${own} AS "consent.linked" FROM input_consents s)`
    return `(SELECT s.*, coalesce(p."customer.linked", ${own}) AS "consent.linked" FROM input_consents s
      LEFT JOIN (SELECT ch AS pch, customer AS pc, any_value("customer.linked") AS "customer.linked" FROM ${table} GROUP BY 1, 2) p ON p.pch = s.ch AND p.pc = s.customer)`
  }
}

/** A number with its unit or currency, or a word for nothing to pay. */
const NUMBER = `CASE WHEN lower(op_text(value)) IN ('free', 'gratis', 'gratuito', 'gratuita', 'sin coste', 'sin costo') THEN 0
  ELSE coalesce(op_number_either(value), try_cast(replace(regexp_extract(lower(value), '^ *([0-9]+([.,][0-9]{1,2})?) *(days?|d[ií]as?|months?|mes|meses)$', 1), ',', '.') AS DECIMAL(18,6))) END`

function durationOf(param: ParamValue | undefined, otherwise: number): number {
  return param?.type === 'duration' ? param.value : otherwise
}

/** Columns of the input behind a table that may be shown: nothing that stands for a person. */
export function isShown(row: string, column: string): boolean {
  const found = Object.values(INPUTS).find((one) => one.row === row)
  if (found === undefined) return false
  const columns: Readonly<Record<string, { readonly type: string }>> = found.columns
  const type = columns[column]?.type
  return !('personal' in found) || (type !== 'key' && type !== 'hash' && type !== undefined)
}
