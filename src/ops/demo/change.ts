import type { Plain, Planting } from './planting.ts'
import type { ChannelId } from './world.ts'

interface Change {
  readonly note: string
  readonly code?: string
  readonly entails?: readonly string[]
  readonly fits?: (article: Plain) => boolean
  readonly make: (article: Plain, planting: Planting) => void
}

/** A way to plant a fault that concerns one plain article and is at fault in these channels. */
export function change(rule: string, channels: readonly [ChannelId, ...ChannelId[]], way: Change) {
  return (planting: Planting): boolean => {
    const article = planting.take(way.fits)
    if (article === null) return false
    way.make(article, planting)
    planting.record({
      rule,
      ...(way.code === undefined ? {} : { code: way.code }),
      items: [article.store.sku],
      channels,
      entails: way.entails ?? [],
      note: way.note,
    })
    return true
  }
}
