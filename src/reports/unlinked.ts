import type { ReportHead } from '../model/report.ts'

/** Channels that list articles, none of which is known to be an article of another channel: nothing of them was compared. */
export function unlinkedChannels({ channels }: Pick<ReportHead, 'channels'>): readonly string[] {
  const listing = channels.filter(({ listings }) => listings > 0)
  return listing.length < 2 ? [] : listing.filter(({ linked }) => linked === 0).map(({ id }) => id)
}
