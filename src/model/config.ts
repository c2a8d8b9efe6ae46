/** The configuration after defaults: what every stage reads. The file's own schema is `config/schema.ts`. */
import type { Entity } from './field.ts'
import type { InputName } from './input.ts'

/** Market where nothing declares one: ISO 3166-1 keeps the code for users, no country has it, no tax rate is known. */
export const UNKNOWN_MARKET = 'ZZ'

/** Currency where nothing declares one: the ISO 4217 code for "no currency". */
export const UNKNOWN_CURRENCY = 'XXX'

export type Locale = 'en' | 'es'

/** The language that something is not said in. */
export const OTHER_LOCALE: Readonly<Record<Locale, Locale>> = { en: 'es', es: 'en' }
export type Severity = 'error' | 'warning' | 'info'
export type ChannelKind = 'store' | 'web' | 'app' | 'marketplace' | 'feed' | 'erp'

/** `markup` bounds are fractions as decimal text: 8 % is `"0.08"`. */
export type PricePolicy =
  /** `declared` false: the configuration says nothing. */
  | { readonly kind: 'same'; readonly declared: boolean }
  | { readonly kind: 'free' }
  | { readonly kind: 'markup'; readonly min: string; readonly max: string }
  | { readonly kind: 'zone'; readonly zone: string }

export type Assortment =
  | { readonly kind: 'full' }
  | { readonly kind: 'open' }
  | { readonly kind: 'list'; readonly file: string }

export interface MappedColumn {
  readonly column: string
  readonly value: string | null
  /** Source word, case folded, to canonical word. */
  readonly vocabulary: Readonly<Record<string, string>> | null
}

export const COLUMN_TYPES = ['text', 'number', 'date'] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]

/** What a source promises to look like. */
export interface SourceContract {
  readonly columns: readonly { readonly header: string; readonly type: ColumnType; readonly required: boolean }[]
  /** Headers; empty without a key. */
  readonly key: readonly string[]
  /** Whether other columns are reported. */
  readonly closed: boolean
}

/** A secret is never in the configuration itself, only where it is found. */
export type SecretText = { readonly env: string } | { readonly file: string } | { readonly text: string }

/** Where cells of an entity are written: as the configuration says, or as a simple query shows by itself. */
export interface WriteRule {
  /** Parts of the name: schema and table, or the table alone. */
  readonly table: readonly string[]
  /** Canonical field to the column that names a row. */
  readonly key: Readonly<Record<string, string>>
  /** Canonical field to its column. */
  readonly columns: Readonly<Record<string, string>>
}

export interface SqlSource {
  readonly url: SecretText
  /** One SELECT for each entity. */
  readonly queries: Readonly<Partial<Record<Entity, string>>>
  readonly write: Readonly<Partial<Record<Entity, WriteRule>>>
  /** Milliseconds; null for the default. */
  readonly statementTimeoutMs: number | null
}

export interface SourceConfig {
  readonly platform: string
  /** Globs or paths as written, relative to the config's folder; empty for API and SQL sources. */
  readonly paths: readonly string[]
  readonly encoding: string | null
  readonly decimal: ',' | '.' | null
  readonly grain: readonly string[] | null
  /** ISO 8601 with offset. */
  readonly dataAsOf: string | null
  readonly maxAgeMs: number | null
  readonly contract: SourceContract | null
  readonly map: Readonly<Record<string, MappedColumn>>
  /** A database instead of files. */
  readonly sql?: SqlSource
  /** Where the source stands in the config file, for diagnostics. */
  readonly where: { readonly file: string; readonly line: number; readonly column: number } | null
}

export interface ChannelConfig {
  readonly id: string
  readonly kind: ChannelKind
  readonly owner: 'self' | 'partner'
  readonly audience: 'consumer' | 'business'
  /** ISO 3166-1 alpha-2. */
  readonly market: string
  readonly currency: string
  /** IANA name. */
  readonly timezone: string
  /** Whether the configuration says it; UTC is taken without. */
  readonly timezoneDeclared?: boolean
  /** Null when the config says `unknown` or nothing. */
  readonly includesTax: boolean | null
  readonly stockPool: string | null
  readonly pricePolicy: PricePolicy
  readonly assortment: Assortment | null
  readonly phase: 'discovery' | 'shadow' | 'cutover' | 'done'
  readonly syncLagMs: number
  /** Whether the configuration says it. */
  readonly syncLagDeclared?: boolean
  readonly taxCountry: string
  /** Source word, case folded, to canonical state. */
  readonly statusMap: Readonly<Record<string, string>>
  readonly limits: Readonly<Record<string, string | number>>
  readonly adminUrl: string | null
  readonly sources: readonly SourceConfig[]
}

/** How the right value of a field is chosen; `authority` is a channel that is right whatever the others say. */
export const STRATEGIES = ['authority', 'most_recent', 'majority', 'min', 'max', 'order', 'manual'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** What decides where no channel is right. */
export interface Survivorship {
  readonly strategy: Exclude<Strategy, 'authority'>
  /** Channels, of `order`; else empty. */
  readonly order: readonly string[]
}

export interface FieldAuthority {
  readonly default: string | null
  readonly markets: Readonly<Record<string, string>>
  /** Only where one is declared; then {@link default} is null. */
  readonly survivorship?: Survivorship
  /** By market, before {@link default} and {@link survivorship}. */
  readonly marketSurvivorship?: Readonly<Record<string, Survivorship>>
}

/** How far a plan may go without a flag. Fractions and amounts as decimal text. */
export interface PlanConfig {
  readonly maxPriceChange?: string
  readonly maxRows?: string
  readonly maxSum?: string
  readonly expiresMs?: number
}

export interface LocationConfig {
  readonly pool: string | null
  readonly kind: string | null
}

export interface InputFile {
  readonly name: InputName
  /** Path or pattern as written, relative to the config's folder. */
  readonly path: string
}

/** One entry of `rules:`; absent keys keep what the packs say. */
export interface RuleSetting {
  readonly severity?: Severity | 'off'
  readonly params?: Readonly<Record<string, unknown>>
  readonly where: { readonly file: string; readonly line: number; readonly column: number } | null
  /** Where each of `params` stands, by its key as written. */
  readonly paramPlaces?: Readonly<Record<string, RuleSetting['where']>>
}

/** A pack as `extends` names it: as it is meant, or whole, or for its parameters alone. */
export type PackUse = string | { readonly pack: string; readonly use: 'all' | 'recommended' | 'off' }

export interface RuleOverride {
  /** Scope key (`channel`, `channel_kind`, `market`, `brand`, `category`, `sku`, `phase`, …) to accepted values. */
  readonly when: Readonly<Record<string, readonly string[]>>
  /** Every side of a finding has to be in the scope; else one is enough. */
  readonly allSides?: boolean
  readonly rules: Readonly<Record<string, RuleSetting>>
}

export interface Config {
  /** Null when the audit was started on files without a config. */
  readonly file: string | null
  /** Folder that relative paths start from. */
  readonly dir: string
  readonly project: string
  readonly locale: Locale
  readonly market: string
  readonly currency: string
  readonly timezone: string
  readonly extends: readonly PackUse[]
  /** In config order: the order decides item keys of last resort. */
  readonly channels: readonly ChannelConfig[]
  readonly identity: {
    readonly crosswalk: string | null
    readonly keys: readonly ('gtin' | 'sku' | 'brand+mpn')[]
    readonly skuTemplate: Readonly<Record<string, string>>
    /** The configuration asks for links between listings that no key links. */
    readonly wantsMatch: boolean
  }
  readonly authority: Readonly<Record<'catalog' | 'price' | 'stock' | 'promotion', FieldAuthority>>
  readonly locations: Readonly<Record<string, LocationConfig>>
  readonly inputs: readonly InputFile[]
  /** Ids of all channels, those that a run leaves out too. */
  readonly channelIds: readonly string[]
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly overrides: readonly RuleOverride[]
  readonly rulesDir: string | null
  /** File of suppressions, as written; null without one. */
  readonly suppressions: string | null
  readonly gate: { readonly failOn: Severity | 'never'; readonly maxNew: number; readonly maxUnknown: number | null }
  /** Only where the configuration says something. */
  readonly plan?: PlanConfig
  /** Hash of the config's meaning: the same for a file reformatted. */
  readonly sha256: string
}
