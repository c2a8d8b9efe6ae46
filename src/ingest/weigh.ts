/** How much there is to read, before anything is opened: what is small is audited faster by one thread. */
import { stat } from 'node:fs/promises'
import type { Config } from '../model/config.ts'
import { expandPaths } from './read/glob.ts'

/** Below this, threads of the engine wait for each other longer than they work. */
const SMALL_BYTES = 16_000_000

/** What a compressed file may hold, as a multiple of its size. */
const INFLATION = 10

/** Whether the files of a configuration are few and short. What a database holds is never known to be. */
export async function isSmall({ channels, inputs, dir }: Config): Promise<boolean> {
  const sources = channels.flatMap((channel) => channel.sources)
  if (sources.some(({ sql }) => sql !== undefined)) return false
  const patterns = [...sources.map(({ paths }) => paths), ...inputs.map(({ path }) => [path])]
  const sizes = await Promise.all(patterns.map((paths) => bytesOf(paths, dir)))
  return sizes.reduce((sum, size) => sum + size, 0) < SMALL_BYTES
}

/** Nothing for files that are not there: reading tells what is wrong with them. */
async function bytesOf(paths: readonly string[], dir: string): Promise<number> {
  const files = await expandPaths(paths, dir).catch(() => [])
  const sizes = files.map(async ({ absolute }) => {
    const size = (await stat(absolute).catch(() => null))?.size ?? 0
    return /\.(gz|zip|xlsx|ods)$/i.test(absolute) ? size * INFLATION : size
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
