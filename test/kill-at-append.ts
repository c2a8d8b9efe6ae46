/**
 * Kills the process that loads it at a boundary of its journal, the way a power cut or `kill -9` would. Journals alone are
 * written and synced through a handle.
 */
import { open } from 'node:fs/promises'

/** What is done at the n-th append: nothing of it is written, half of it, all without a sync, or it is on the disk. */
export type Moment = 'before' | 'torn' | 'unsynced' | 'synced'

export interface Death {
  /** From 1; 0 for never. */
  readonly append: number
  readonly moment: Moment
}

const { append, moment } = JSON.parse(process.env['OMNIPARITY_TEST_DEATH'] ?? '{"append":0}') as Death

/** How many appends there were so far. */
export const counted = { appends: 0 }

function die(): never {
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
file.write = async function (data, offset, length, position) {
  counted.appends++
  if (counted.appends !== append) return write.call(this, data, offset, length, position)
  if (moment === 'before') die()
  if (moment === 'torn') {
    await write.call(this, data, offset, Math.ceil(length / 2), position)
    die()
  }
  return write.call(this, data, offset, length, position)
}
file.datasync = async function () {
  if (counted.appends === append && moment === 'unsynced') die()
  await datasync.call(this)
  if (counted.appends === append && moment === 'synced') die()
}
