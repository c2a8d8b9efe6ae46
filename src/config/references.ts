/** What the schema cannot see: names that have to exist elsewhere. */
import { type Diagnostic, DiagnosticError, diagnose } from '../diagnostics/diagnostic.ts'
import { FIELDS, type FieldName, isFieldName, STATES } from '../model/field.ts'
import { meant } from './check.ts'
import { type ConfigDocument, type Path, pathText } from './document.ts'
import { queryProblems } from './queries.ts'
import type { RawConfig } from './schema.ts'

/** What exists besides the configuration; each is asked only when the file is right otherwise. */
export interface Known {
  /** Throws a DiagnosticError for a platform that cannot be read. */
  readonly platform?: (id: string) => unknown
  readonly packs?: () => readonly string[] | Promise<readonly string[]>
}

/** Always loaded: what it checks every other rule relies on. */
export const CORE_PACK = 'core'

const CHANNEL_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

function channelIds(raw: RawConfig, document: ConfigDocument): readonly Diagnostic[] {
  const ids = Object.keys(raw.channels)
  if (ids.length === 0) {
    const accepted = '{id: {kind, sources}}'
    return [
      diagnose(
        'config/bad-value',
        { key: 'channels', found: { kind: 'empty', text: '' }, accepted },
        document.place(['channels']),
      ),
    ]
  }
  const first = new Map<string, string>()
  return ids.flatMap((id): readonly Diagnostic[] => {
    const where = document.keyPlace(['channels'], id)
    const other = first.get(id.toLowerCase())
    first.set(id.toLowerCase(), other ?? id)
    if (other !== undefined) return [diagnose('config/duplicate-channel', { channel: id, other }, where)]
    if (CHANNEL_ID.test(id)) return []
    return [
      diagnose(
        'config/bad-value',
        { key: 'channels', found: { kind: 'text', text: id }, accepted: 'A-Z a-z 0-9 _ -' },
        where,
      ),
    ]
  })
}

/** Every place that names a channel: its path, and the channel. */
function channelNames(raw: RawConfig): readonly { readonly path: Path; readonly channel: string }[] {
  const authority = Object.entries(raw.authority ?? {}).flatMap(([subject, owner]) => {
    const path = ['authority', subject]
    if (owner === undefined) return []
    if (typeof owner === 'string') return [{ path, channel: owner }]
    const inOrder = (order: readonly string[] | undefined, at: Path): readonly { path: Path; channel: string }[] =>
      (order ?? []).map((channel, index) => ({ path: [...at, 'order', index], channel }))
    const markets = Object.entries(owner.markets ?? {}).flatMap(([market, channel]) => {
      const at = [...path, 'markets', market]
      return typeof channel === 'string' ? [{ path: at, channel }] : inOrder(channel.order, at)
    })
    const own = owner.default === undefined ? [] : [{ path: [...path, 'default'], channel: owner.default }]
    return [...own, ...inOrder(owner.order, path), ...markets]
  })
  const overrides = (raw.overrides ?? []).flatMap(({ when }, index) =>
    listOf(when.channel).map((channel) => ({ path: ['overrides', index, 'when', 'channel'] as Path, channel })),
  )
  const templates = Object.keys(raw.identity?.sku_template ?? {}).map((channel) => ({
    path: ['identity', 'sku_template', channel] as Path,
    channel,
  }))
  return [...authority, ...overrides, ...templates]
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

function unknownChannels(raw: RawConfig, document: ConfigDocument): readonly Diagnostic[] {
  const known = Object.keys(raw.channels)
  return channelNames(raw)
    .filter(({ channel }) => !known.includes(channel))
    .map(({ path, channel }) =>
      diagnose(
        'config/unknown-channel',
        { key: pathText(path), channel, nearest: meant(channel, known), known },
        document.place(path),
      ),
    )
}

interface SourcePart {
  readonly path: Path
  readonly source: RawConfig['channels'][string]['sources'][number]
}

function sources(raw: RawConfig): readonly SourcePart[] {
  return Object.entries(raw.channels).flatMap(([id, channel]) =>
    channel.sources.map((source, index) => ({ path: ['channels', id, 'sources', index], source })),
  )
}

/** A grain may say `location` for `stock.location`: the last part of a name, where only one field ends with it. */
export function grainField(name: string): FieldName | null {
  if (isFieldName(name)) return name
  const [field, ...others] = Object.keys(FIELDS).filter((each) => each.endsWith(`.${name}`))
  return field !== undefined && others.length === 0 && isFieldName(field) ? field : null
}

function sourceProblems({ path, source }: SourcePart, document: ConfigDocument): readonly Diagnostic[] {
  const unknown = (field: string, at: Path, where = document.place(at)): Diagnostic =>
    diagnose('config/unknown-field', { key: pathText(at), field, nearest: meant(field, Object.keys(FIELDS)) }, where)
  const mapPath = [...path, 'map']
  const fields = Object.keys(source.map ?? {}).filter((field) => !isFieldName(field))
  const grain = (source.grain ?? []).flatMap((field, index) =>
    grainField(field) !== null ? [] : [unknown(field, [...path, 'grain', index])],
  )
  const isQueried = source.platform === 'sql' || source.url !== undefined || source.query !== undefined
  const missing =
    source.path === undefined && !isQueried
      ? [
          diagnose(
            'config/missing-key',
            { key: 'path', parent: pathText(path), accepted: 'path | [path, …]' },
            document.place(path),
          ),
        ]
      : []
  if (isQueried) missing.push(...queryProblems({ path, source }, document))
  return [...missing, ...grain, ...fields.map((field) => unknown(field, mapPath, document.keyPlace(mapPath, field)))]
}

/** Words for states have to be states. */
function stateProblems(raw: RawConfig, document: ConfigDocument): readonly Diagnostic[] {
  const maps = Object.entries(raw.channels).map(([id, channel]) => ({
    path: ['channels', id, 'status_map'] as Path,
    words: channel.status_map ?? {},
  }))
  const vocabularies = sources(raw).flatMap(({ path, source }) =>
    ['status', 'promotion.status'].flatMap((field) => {
      const column = source.map?.[field]
      const words = typeof column === 'object' ? (column.vocabulary ?? {}) : {}
      return [{ path: [...path, 'map', field, 'vocabulary'], words }]
    }),
  )
  return [...maps, ...vocabularies].flatMap(({ path, words }) =>
    Object.entries(words)
      .filter(([, state]) => !STATES.some((known) => known === state))
      .map(([word, state]) => {
        const found = { kind: 'text', text: String(state) } as const
        const at = [...path, word]
        return diagnose(
          'config/bad-value',
          { key: pathText(at), found, accepted: STATES.join(' | ') },
          document.place(at),
        )
      }),
  )
}

const CHANNEL_KINDS = ['store', 'web', 'app', 'marketplace', 'feed', 'erp']
const PHASES = ['discovery', 'shadow', 'cutover', 'done']

/** Words of scopes that can fit no channel: an exception that never holds is no exception. */
function scopeProblems(raw: RawConfig, document: ConfigDocument): readonly Diagnostic[] {
  const known = { channel_kind: CHANNEL_KINDS, phase: PHASES }
  const keys = ['channel_kind', 'phase'] as const
  return (raw.overrides ?? []).flatMap(({ when }, index) =>
    keys.flatMap((key) =>
      listOf(when[key])
        .filter((word) => !word.includes('*') && !known[key].some((one) => one.toLowerCase() === word.toLowerCase()))
        .map((word) => {
          const path = ['overrides', index, 'when', key]
          const params = { key: pathText(path), word, nearest: meant(word, known[key]), known: known[key] }
          return diagnose('config/scope-unmatched', params, document.place(path))
        }),
    ),
  )
}

async function platformProblems(
  raw: RawConfig,
  document: ConfigDocument,
  known: Known,
): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = []
  for (const { path, source } of sources(raw)) {
    try {
      await known.platform?.(source.platform)
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      problems.push({ ...error.diagnostic, where: document.place([...path, 'platform']) })
    }
  }
  return problems
}

async function packProblems(raw: RawConfig, document: ConfigDocument, known: Known): Promise<readonly Diagnostic[]> {
  if (known.packs === undefined || raw.extends === undefined) return []
  const packs = await known.packs()
  return raw.extends.flatMap((uses, index) =>
    Object.entries(typeof uses === 'string' ? { [uses]: 'recommended' } : uses).flatMap(([pack, use]) => {
      const where = document.place(['extends', index])
      if (!packs.includes(pack)) {
        return [diagnose('config/unknown-pack', { pack, nearest: meant(pack, packs), known: packs }, where)]
      }
      return pack === CORE_PACK && use === 'off' ? [diagnose('config/core-off', {}, where)] : []
    }),
  )
}

export async function checkReferences(
  raw: RawConfig,
  document: ConfigDocument,
  known: Known,
): Promise<readonly Diagnostic[]> {
  return [
    ...channelIds(raw, document),
    ...unknownChannels(raw, document),
    ...sources(raw).flatMap((part) => sourceProblems(part, document)),
    ...stateProblems(raw, document),
    ...scopeProblems(raw, document),
    ...(await platformProblems(raw, document, known)),
    ...(await packProblems(raw, document, known)),
  ]
}
