/** What rules about sources start from: which kinds of data a channel's files hold, and a finding about files. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { Source, Store } from '../ingest/tables.ts'
import type { SourceConfig } from '../model/config.ts'
import type { Side } from '../model/report.ts'
import type { Domain } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { baseSeverity } from './source-scope.ts'

/** Kinds of data in the order in which findings name them. */
export const DOMAINS: readonly Domain[] = ['price', 'stock', 'promotion', 'catalog']

export function domainsOf(source: Source): readonly Domain[] {
  const own = new Set<Domain>()
  for (const field of source.fields) {
    const [entity = ''] = field.split('.')
    const isOwn = entity === 'price' || entity === 'stock' || entity === 'promotion'
    // Every file has keys; they alone make no catalog.
    if (isOwn) own.add(entity)
    else if (!KEYS.has(field) && entity !== 'location') own.add('catalog')
  }
  return DOMAINS.filter((domain) => own.has(domain))
}

const KEYS: ReadonlySet<string> = new Set(['listing_id', 'sku', 'gtin', 'mpn'])

/** Files of one channel that hold the same: one finding speaks of all of them, whatever they are called. */
export function sourceGroups(store: Store): readonly (readonly Source[])[] {
  return [...groupBy(store.sources, ({ channel, kind }) => `${channel} ${kind}`).values()]
}

export function configOf(store: Store, source: Source): SourceConfig | null {
  return store.channels[source.channel]?.sources[source.entry] ?? null
}

/** A side for a file. */
export function fileSide(store: Store, source: Source, field: string, value: string | null): Side {
  return {
    channel: store.channels[source.channel]?.id ?? '',
    listing: null,
    field,
    value,
    unit: null,
    raw: null,
    source: {
      path: source.file.path,
      row: null,
      line: null,
      ...(source.file.sheet === null ? {} : { sheet: source.file.sheet }),
    },
    authority: false,
  }
}

export interface SourceFinding {
  readonly code: string | null
  readonly market: string | null
  readonly owner: string | null
  /** Parts of the fingerprint: never names of files, nor values. */
  readonly keys: readonly string[]
  readonly sides: readonly Side[]
  readonly expected: string | null
  readonly words: Readonly<Record<string, string>>
}

export function sourceDraft(finding: SourceFinding, effective: EffectiveRule): readonly Draft[] {
  const { rule } = effective
  const { code, market, keys } = finding
  const severity = baseSeverity(effective, rule.codes.find((one) => one.code === code) ?? null)
  if (severity === 'off') return []
  const id = fingerprint(rule.id, code, market, ...keys)
  return [{ effective, severity, item: null, fixable: false, explainedBy: null, id, ...finding }]
}
