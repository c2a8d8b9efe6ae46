/** What keeps a finding from being an error: data that are too old to compare, and channels whose migration has only begun. */
import type { ChannelConfig } from '../model/config.ts'
import type { Side } from '../model/report.ts'
import type { Domain } from '../rules/check.ts'
import { familyOf } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import type { FindingContext } from './finding.ts'
import { staleSources } from './fresh-rules.ts'

/** The pack with which the phases of channels weigh. */
const MIGRATION = 'migration'

export class Caps {
  readonly #channels: ReadonlyMap<string, ChannelConfig>
  /** Files that are too old, by kind of data. */
  readonly #stale: ReadonlyMap<Domain, ReadonlySet<string>>

  constructor(context: FindingContext) {
    const { store } = context
    this.#channels = new Map(store.channels.map((channel) => [channel.id, channel]))
    const stale = staleSources(context)
    this.#stale = new Map(
      [...stale].map(([domain, sources]) => [
        domain,
        new Set(sources.map(({ channel, file }) => placeKey(store.channels[channel]?.id ?? '', file.path))),
      ]),
    )
  }

  /** Makes an error a warning where its data are too old or its channels too early; a fix needs data of today. */
  settle(draft: Draft): void {
    draft.isStale = this.#isStale(draft)
    if (draft.severity !== 'error' || draft.effective.locked !== null) return
    if (draft.isStale || this.#isEarly(draft)) draft.severity = 'warning'
  }

  #isStale({ effective, sides }: Draft): boolean {
    const family = familyOf(effective.rule)
    const stale =
      family === 'price' || family === 'stock' || family === 'promotion' ? this.#stale.get(family) : undefined
    if (stale === undefined) return false
    return sides.some(({ channel, source }) => source !== null && stale.has(placeKey(channel, source.path)))
  }

  /**
   * In discovery channels are only looked at. Where all channels of a finding are in it, or where those that are further
   * do not contradict each other, the finding is no error yet. A severity that the configuration states is kept.
   */
  #isEarly({ effective, sides, owner }: Draft): boolean {
    if (!effective.packs.includes(MIGRATION) || effective.severityOrigin.by === 'config') return false
    const isFurther = (id: string): boolean => (this.#channels.get(id)?.phase ?? 'discovery') !== 'discovery'
    if (sides.length === 0) return owner !== null && !isFurther(owner)
    const settled = sides.filter(({ channel }) => isFurther(channel))
    if (settled.length === 0 || settled.length === sides.length) return settled.length === 0
    return effective.rule.group !== null && !contradict(settled)
  }
}

function contradict(sides: readonly Side[]): boolean {
  const first = new Map<string, string | null>()
  return sides.some(({ field, value }) => {
    const key = field ?? ''
    const known = first.get(key)
    if (known === undefined) first.set(key, value)
    return known !== undefined && known !== value
  })
}

function placeKey(channel: string, path: string): string {
  return `${channel}\n${path}`
}
