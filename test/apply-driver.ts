/** A run in a process of its own that is killed at a boundary of its journal, the way a power cut or `kill -9` would. */
import { open } from 'node:fs/promises'
import { applyChanges, priceChanges } from './apply-target.ts'

/** What is done at the n-th append: nothing of it is written, half of it, all without a sync, or it is on the disk. */
export const MOMENTS = ['before', 'torn', 'unsynced', 'synced'] as const
export type Moment = (typeof MOMENTS)[number]

export interface Order {
  readonly state: string
  readonly url: string
  readonly count: number
  readonly append: number
  readonly moment: Moment
}

const { state, url, count, append, moment } = JSON.parse(process.argv[2] ?? '{}') as Order
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  // The signal comes before the next statement that waits.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

const some = await open(process.execPath, 'r')
const file = Object.getPrototypeOf(some) as {
  write: (data: Buffer, offset: number, length: number, position: number) => Promise<{ bytesWritten: number }>
  datasync: () => Promise<void>
}
await some.close()
const { write, datasync } = file
let appends = 0
file.write = async function (data, offset, length, position) {
  appends++
  if (appends !== append) return write.call(this, data, offset, length, position)
  if (moment === 'before') die()
  if (moment === 'torn') {
    await write.call(this, data, offset, Math.ceil(length / 2), position)
    die()
  }
  return write.call(this, data, offset, length, position)
}
file.datasync = async function () {
  if (appends === append && moment === 'unsynced') die()
  await datasync.call(this)
  if (appends === append && moment === 'synced') die()
}

const { stop } = await applyChanges({ state, url, changes: priceChanges(count) })
process.stdout.write(JSON.stringify({ appends, stop }))
