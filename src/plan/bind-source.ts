import { mapped } from '../ingest/mapped.ts'
import { recognise } from '../ingest/recognise.ts'
import type { Source } from '../ingest/tables.ts'
import type { ChannelConfig } from '../model/config.ts'
import type { Platform } from '../platforms/platform.ts'

/** Where the logical columns of a source stand in its file, as they were found when it was read. */
export function columnsOf(source: Source, channel: ChannelConfig, platform: Platform): ReadonlyMap<string, number> {
  const config = channel.sources[source.entry]
  const platforms = [{ id: source.platform, platform }]
  if (config !== undefined && Object.keys(config.map).length > 0) return mapped(source.file, config, platforms).columns
  const found = recognise(source.file.columns, platforms)
  return 'binding' in found ? found.binding.columns : new Map()
}
