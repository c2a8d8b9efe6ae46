/** From the file as written to the configuration that every stage reads: defaults, units, one shape per thing. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { parseDuration } from '../base/clock.ts'
import {
  type Assortment,
  type ChannelConfig,
  type ChannelKind,
  type Config,
  type FieldAuthority,
  type MappedColumn,
  type PackUse,
  type PlanConfig,
  type PricePolicy,
  type RuleOverride,
  type RuleSetting,
  type Severity,
  type SourceConfig,
  type SourceContract,
  type SqlSource,
  type Strategy,
  type Survivorship,
  UNKNOWN_CURRENCY,
  UNKNOWN_MARKET,
} from '../model/config.ts'
import { INPUT_NAMES } from '../model/input.ts'
import type { ConfigDocument, Path } from './document.ts'
import { grainField, listOf } from './references.ts'
import type { RawChannel, RawConfig, RawRule, RawSource } from './schema.ts'

const DEFAULT_SYNC_LAG_MS = 15 * 60_000

type Words = Readonly<Record<string, string>>

/** Words of a source are looked up without case. */
function folded(words: Readonly<Record<string, string | boolean>>): Words {
  return Object.fromEntries(
    Object.entries(words).map(([word, meaning]) => [word.normalize('NFC').trim().toLowerCase(), String(meaning)]),
  )
}

/** `8%` is `0.08`, by moving the point in the text: no floats. */
export function fraction(percent: string): string {
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?%$/.exec(percent) ?? []
  const digits = whole.padStart(3, '0') + decimals
  const point = Math.max(whole.length, 3) - 2
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  const rest = digits.slice(point).replace(/0+$/, '')
  return `${sign}${integer}${rest === '' ? '' : `.${rest}`}`
}

function mapped(column: string | NonNullable<RawSource['map']>[string]): MappedColumn {
  if (typeof column === 'string') return { column, value: null, vocabulary: null }
  const { vocabulary } = column
  return {
    column: column.column,
    value: column.value ?? null,
    vocabulary: vocabulary === undefined ? null : folded(vocabulary),
  }
}

type Place = SourceConfig['where']

function placeOf(document: ConfigDocument | null, path: Path, key?: string): Place {
  const where = key === undefined ? document?.place(path) : document?.keyPlace(path, key)
  if (where === undefined || !('file' in where)) return null
  return { file: where.file, line: where.line ?? 1, column: where.column ?? 1 }
}

function sourceConfig(raw: RawSource, where: Place): SourceConfig {
  return {
    platform: raw.platform,
    paths: listOf(raw.path),
    encoding: raw.encoding ?? null,
    decimal: raw.decimal ?? null,
    grain: raw.grain?.map((field) => grainField(field) ?? field) ?? null,
    dataAsOf: raw.data_as_of ?? null,
    maxAgeMs: parseDuration(raw.max_age ?? ''),
    contract: contractOf(raw.contract),
    map: Object.fromEntries(Object.entries(raw.map ?? {}).map(([field, column]) => [field, mapped(column)])),
    ...(raw.url === undefined ? {} : { sql: sqlSource(raw) }),
    where,
  }
}

function sqlSource({ url = '', query = {}, write = {}, statement_timeout: timeout = '' }: RawSource): SqlSource {
  const rules = Object.entries(write).flatMap(([entity, rule]) => {
    if (rule === undefined) return []
    const table = typeof rule.table === 'string' ? rule.table.split('.') : rule.table
    return [[entity, { ...rule, table }]]
  })
  return {
    url: typeof url === 'string' ? { text: url } : url,
    queries: Object.fromEntries(Object.entries(query).filter(([, text]) => text !== undefined)),
    write: Object.fromEntries(rules),
    statementTimeoutMs: parseDuration(timeout),
  }
}

function contractOf(raw: RawSource['contract']): SourceContract | null {
  if (raw === undefined) return null
  const columns = Object.entries(raw.columns).map(([header, column]) =>
    typeof column === 'string'
      ? { header, type: column, required: true }
      : { header, type: column.type ?? ('text' as const), required: column.required ?? true },
  )
  return { columns, key: raw.key ?? [], closed: raw.closed ?? true }
}

function pricePolicy(raw: RawChannel['price_policy']): PricePolicy {
  if (raw === undefined || raw === 'same') return { kind: 'same', declared: raw !== undefined }
  if (raw === 'free') return { kind: raw }
  if ('zone' in raw) return { kind: 'zone', zone: raw.zone }
  const bound = (value: string | 0): string => (value === 0 ? '0' : fraction(value))
  return { kind: 'markup', min: bound(raw.markup.min), max: bound(raw.markup.max) }
}

function assortment(raw: RawChannel['assortment']): Assortment | null {
  if (raw === undefined) return null
  return typeof raw === 'string' ? { kind: raw } : { kind: 'list', file: raw.list }
}

interface Defaults {
  readonly market: string
  readonly currency: string
  readonly timezone: string
}

function channelConfig(
  id: string,
  raw: RawChannel,
  defaults: Defaults,
  sources: readonly SourceConfig[],
): ChannelConfig {
  const market = raw.market ?? defaults.market
  return {
    id,
    kind: raw.kind,
    owner: raw.owner ?? 'self',
    audience: raw.audience ?? 'consumer',
    market,
    currency: raw.currency ?? defaults.currency,
    timezone: raw.timezone ?? defaults.timezone,
    includesTax: typeof raw.includes_tax === 'boolean' ? raw.includes_tax : null,
    stockPool: raw.stock_pool ?? null,
    pricePolicy: pricePolicy(raw.price_policy),
    assortment: assortment(raw.assortment),
    phase: raw.phase ?? 'discovery',
    syncLagMs: parseDuration(raw.sync_lag ?? '') ?? DEFAULT_SYNC_LAG_MS,
    taxCountry: raw.tax_country ?? market,
    statusMap: folded(raw.status_map ?? {}),
    limits: raw.limits ?? {},
    adminUrl: raw.admin_url ?? null,
    sources,
  }
}

function authority(raw: NonNullable<RawConfig['authority']>['catalog']): FieldAuthority {
  if (raw === undefined || typeof raw === 'string') return { default: raw ?? null, markets: {} }
  const markets = Object.entries(raw.markets ?? {})
  const own = survivorship(raw)
  const chosen = markets.flatMap(([market, one]) => {
    const found = typeof one === 'string' ? null : survivorship(one)
    return found === null ? [] : [[market, found] as const]
  })
  return {
    default: raw.default ?? null,
    markets: Object.fromEntries(markets.flatMap(([market, one]) => (typeof one === 'string' ? [[market, one]] : []))),
    ...(own === null ? {} : { survivorship: own }),
    ...(chosen.length === 0 ? {} : { marketSurvivorship: Object.fromEntries(chosen) }),
  }
}

function survivorship({ strategy, order }: RawSurvivorship): Survivorship | null {
  return strategy === undefined || strategy === 'authority' ? null : { strategy, order: order ?? [] }
}

interface RawSurvivorship {
  readonly strategy?: Strategy | undefined
  readonly order?: readonly string[] | undefined
}

/** Nothing where the configuration says nothing, so that its hash stays what it was. */
function planConfig(raw: RawConfig['plan']): Pick<Config, 'plan'> {
  if (raw === undefined) return {}
  const share = (value: string | 0): string => (value === 0 ? '0' : fraction(value))
  const plan: PlanConfig = {
    ...(raw.max_price_change === undefined ? {} : { maxPriceChange: share(raw.max_price_change) }),
    ...(raw.max_rows === undefined ? {} : { maxRows: share(raw.max_rows) }),
    ...(raw.max_sum === undefined ? {} : { maxSum: String(raw.max_sum) }),
    ...(raw.expires === undefined ? {} : { expiresMs: parseDuration(raw.expires) ?? 0 }),
  }
  return { plan }
}

function ruleSetting(raw: RawRule, where: Place, placeOfParam: (name: string) => Place): RuleSetting {
  const severityOf = (value: Severity | 'off' | false): Severity | 'off' => (value === false ? 'off' : value)
  if (typeof raw !== 'object') return { severity: severityOf(raw), where }
  return {
    ...(raw.severity === undefined ? {} : { severity: severityOf(raw.severity) }),
    ...(raw.params === undefined ? {} : { params: raw.params }),
    where,
    ...(raw.params === undefined
      ? {}
      : { paramPlaces: Object.fromEntries(Object.keys(raw.params).map((name) => [name, placeOfParam(name)])) }),
  }
}

function ruleSettings(
  raw: Readonly<Record<string, RawRule>>,
  document: ConfigDocument | null,
  path: Path,
): Config['rules'] {
  return Object.fromEntries(
    Object.entries(raw).map(([id, rule]) => [
      id,
      ruleSetting(rule, placeOf(document, path, id), (name) => placeOf(document, [...path, id, 'params'], name)),
    ]),
  )
}

/** JSON with sorted keys, without positions: the same for a file reformatted. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'where' && key !== 'paramPlaces')
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, meaning(inner)]))
}

function sealed(config: Omit<Config, 'sha256'>): Config {
  const { file: _file, dir: _dir, ...rest } = config
  return {
    ...config,
    sha256: createHash('sha256')
      .update(JSON.stringify(meaning(rest)))
      .digest('hex'),
  }
}

function packUses(raw: NonNullable<RawConfig['extends']>[number]): readonly PackUse[] {
  return typeof raw === 'string' ? [raw] : Object.entries(raw).map(([pack, use]) => ({ pack, use }))
}

function scopeOf({
  any_side: anySide,
  all_sides: allSides,
  ...when
}: NonNullable<RawConfig['overrides']>[number]['when']): Pick<RuleOverride, 'when' | 'allSides'> {
  const scope = Object.fromEntries(Object.entries(when).map(([key, values]) => [key, listOf(values)]))
  return { when: scope, ...(allSides === true || anySide === false ? { allSides: true } : {}) }
}

export function normalise(raw: RawConfig, file: string, dir: string, document: ConfigDocument): Config {
  const defaults = {
    market: raw.market ?? UNKNOWN_MARKET,
    currency: raw.currency ?? UNKNOWN_CURRENCY,
    timezone: raw.timezone ?? 'UTC',
  }
  const channels = Object.entries(raw.channels).map(([id, channel]) => {
    const sources = channel.sources.map((source, index) =>
      sourceConfig(source, placeOf(document, ['channels', id, 'sources', index])),
    )
    const timezoneDeclared = (channel.timezone ?? raw.timezone) !== undefined
    const syncLagDeclared = channel.sync_lag !== undefined
    return { ...channelConfig(id, channel, defaults, sources), timezoneDeclared, syncLagDeclared }
  })
  return sealed({
    file,
    dir,
    project: raw.project ?? basename(dir),
    locale: raw.locale ?? 'en',
    ...defaults,
    extends: (raw.extends ?? ['recommended']).flatMap(packUses),
    channels,
    identity: {
      crosswalk: raw.identity?.crosswalk ?? null,
      keys: raw.identity?.keys ?? ['gtin', 'sku', 'brand+mpn'],
      skuTemplate: raw.identity?.sku_template ?? {},
      wantsMatch: typeof raw.identity?.match === 'object',
    },
    authority: {
      catalog: authority(raw.authority?.catalog),
      price: authority(raw.authority?.price),
      stock: authority(raw.authority?.stock),
      promotion: authority(raw.authority?.promotion),
    },
    locations: Object.fromEntries(
      Object.entries(raw.locations ?? {}).map(([code, { pool, kind }]) => [
        code,
        { pool: pool ?? null, kind: kind ?? null },
      ]),
    ),
    inputs: inputFiles(raw.inputs),
    channelIds: Object.keys(raw.channels),
    rules: ruleSettings(raw.rules ?? {}, document, ['rules']),
    overrides: (raw.overrides ?? []).map(({ when, rules }, index) => ({
      ...scopeOf(when),
      rules: ruleSettings(rules, document, ['overrides', index, 'rules']),
    })),
    rulesDir: raw.rules_dir ?? null,
    suppressions: raw.suppressions ?? null,
    gate: {
      failOn: raw.gate?.fail_on ?? 'error',
      maxNew: raw.gate?.max_new ?? 0,
      maxUnknown: maxUnknown(raw.gate?.max_unknown),
    },
    ...planConfig(raw.plan),
  })
}

function inputFiles(raw: RawConfig['inputs']): Config['inputs'] {
  return INPUT_NAMES.flatMap((name) => {
    const path = raw?.[name]
    return path === undefined ? [] : [{ name, path }]
  })
}

function maxUnknown(raw: string | 0 | undefined): number | null {
  if (raw === undefined) return null
  return raw === 0 ? 0 : Number(fraction(raw))
}

/** A channel of an audit without a configuration. */
export interface DefaultChannel {
  readonly id: string
  readonly kind: ChannelKind
  readonly sources: readonly { readonly platform: string; readonly paths: readonly string[] }[]
}

/**
 * The configuration of an audit that was started on files alone: everything at its default, nothing declared.
 *
 * @param dir - Folder that the paths start from.
 */
export function defaultConfig(dir: string, channels: readonly DefaultChannel[]): Config {
  const defaults = { market: UNKNOWN_MARKET, currency: UNKNOWN_CURRENCY, timezone: 'UTC' }
  const nobody: FieldAuthority = { default: null, markets: {} }
  return sealed({
    file: null,
    dir,
    project: basename(dir),
    locale: 'en',
    ...defaults,
    extends: ['recommended'],
    channels: channels.map(({ id, kind, sources }) =>
      channelConfig(
        id,
        { kind, sources: [] },
        defaults,
        sources.map(({ platform, paths }) => sourceConfig({ platform, path: [...paths] }, null)),
      ),
    ),
    identity: { crosswalk: null, keys: ['gtin', 'sku', 'brand+mpn'], skuTemplate: {}, wantsMatch: false },
    authority: { catalog: nobody, price: nobody, stock: nobody, promotion: nobody },
    locations: {},
    inputs: [],
    channelIds: channels.map(({ id }) => id),
    rules: {},
    overrides: [],
    rulesDir: null,
    suppressions: null,
    gate: { failOn: 'error', maxNew: 0, maxUnknown: null },
  })
}
