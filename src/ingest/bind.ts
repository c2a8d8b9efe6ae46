/** Which columns of a table feed which fields: by the configuration, by what the table says it is, or by its header. */
import { foldHeader } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { SourceConfig } from '../model/config.ts'
import { nameOf, type TableFile } from '../model/table-file.ts'
import { mapped } from './mapped.ts'
import { type Binding, type NamedPlatform, recognise } from './recognise.ts'

export interface Bindable {
  readonly config: SourceConfig
  readonly platforms: readonly NamedPlatform[]
}

/** @throws DiagnosticError `ingest/not-recognised`, `ingest/column-missing`. */
export function bind(file: TableFile, context: Bindable): Binding {
  const own = context.platforms.filter(({ id }) => id === context.config.platform).map((one) => declaredKind(file, one))
  const platforms = context.config.platform === 'auto' ? context.platforms : own
  const config = file.declared === undefined ? context.config : mappedHere(file, context.config)
  if (Object.keys(config.map).length > 0) return mapped(file, config, platforms)
  const found = recognise(file.columns, platforms)
  if ('binding' in found) return withoutFlags(found.binding, file.sample)
  const elsewhere = recognise(file.columns, context.platforms)
  throw fail(
    'ingest/not-recognised',
    {
      platform: context.config.platform,
      columns: file.columns,
      nearest: found.nearMiss,
      fits: 'binding' in elsewhere ? elsewhere.binding.platform : null,
    },
    { file: nameOf(file) },
  )
}

/** Of a source with several queries, a column that is mapped stands in one of them. */
function mappedHere(file: TableFile, config: SourceConfig): SourceConfig {
  const own = new Set(file.columns.map(foldHeader))
  const map = Object.entries(config.map).filter(([, { column }]) => own.has(foldHeader(column)))
  return { ...config, map: Object.fromEntries(map) }
}

/** The platform with the one kind that the table itself says it is. */
function declaredKind(file: TableFile, { id, platform }: NamedPlatform): NamedPlatform {
  const kind = file.declared?.kind
  if (kind === undefined) return { id, platform }
  const { queried: _, ...rest } = platform
  return { id, platform: { ...rest, files: platform.files.filter(({ name }) => name === kind) } }
}

/** The same binding without the columns that turn out to say yes or no where a figure was looked for. */
function withoutFlags(binding: Binding, sample: TableFile['sample']): Binding {
  const isFlag = ([name, { instead, unless }]: [string, { instead: string; unless: string }]): boolean => {
    const position = binding.columns.get(name)
    if (position === undefined || !binding.columns.has(instead)) return false
    const numbers = sample
      .map((record) => (record[position] ?? '').trim())
      .filter((text) => /^[-+]?[\d.,]+$/.test(text))
    return numbers.length === 0 || (!binding.columns.has(unless) && numbers.every((text) => /^[01]$/.test(text)))
  }
  const flags = new Set(
    Object.entries(binding.kind.orFlags ?? {})
      .filter(isFlag)
      .map(([name]) => name),
  )
  if (flags.size === 0) return binding
  return { ...binding, columns: new Map([...binding.columns].filter(([name]) => !flags.has(name))) }
}

/** The same binding with one of the columns that give one price in several currencies. */
export interface OneCurrency {
  readonly binding: Binding
  /** Which was taken though nobody said so, and the others; null where there was nothing to choose. */
  readonly chosen: { readonly currency: string; readonly others: readonly string[] } | null
}

export function inOneCurrency(binding: Binding, own: string): OneCurrency {
  const offered = Object.entries(binding.kind.byCurrency ?? {}).filter(([name]) => binding.columns.has(name))
  const [first] = offered
  if (first === undefined || offered.length === 1) return { binding, chosen: null }
  const [kept, currency] = offered.find(([, one]) => one === own) ?? first
  const left = new Set(offered.map(([name]) => name).filter((name) => name !== kept))
  const columns = new Map([...binding.columns].filter(([name]) => !left.has(name)))
  const others = offered.map(([, one]) => one).filter((one) => one !== currency)
  return { binding: { ...binding, columns }, chosen: currency === own ? null : { currency, others } }
}
