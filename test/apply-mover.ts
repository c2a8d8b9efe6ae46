/** Somebody else who changes prices while a run writes them: a process of its own that goes on until it is told to stop. */
import { DatabaseSync } from '@photostructure/sqlite'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { codeOf } from './apply-target.ts'

/** Address, number of articles, and how many are moved at once. */
export type MoverWords = readonly [url: string, count: string, size: string]

const [url = '', count = '0', group = '1'] = process.argv.slice(2)
const total = Number(count)
/** Articles that are moved at once: several locks, taken in another order than the run takes its own. */
const size = Number(group)

async function open(): Promise<(codes: readonly string[]) => Promise<unknown>> {
  // Now and then an article goes altogether.
  let turn = 0
  const sql = (codes: readonly string[]): string => {
    const verb = size === 1 && turn++ % 5 === 4 ? 'DELETE FROM item' : 'UPDATE item SET pvp = pvp + 1000'
    return `${verb} WHERE code IN (${codes.map((code) => `'${code}'`).join(', ')})`
  }
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 20_000 })
    database.exec('PRAGMA synchronous = OFF')
    return async (codes) => database.prepare(sql(codes)).run()
  }
  if (url.startsWith('postgres:')) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return (codes) => client.query(sql(codes)).catch(isDeadlock)
  }
  const connection = await mysql.createConnection(url.replace('mariadb:', 'mysql:'))
  return (codes) => connection.query(sql(codes)).catch(isDeadlock)
}

/** Of two that wait for each other the server ends one; here it may be either. */
function isDeadlock(error: unknown): void {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (!['40P01', 'ER_LOCK_DEADLOCK'].includes(code)) throw error
}

let isStopped = false
process.on('SIGTERM', () => {
  isStopped = true
})
const move = await open()
process.stdout.write('ready\n')
// Each article at most once, spread over all of them: the step has no divisor in common with their number.
const step = 7919
for (let n = 1; n + size <= total && !isStopped; n += size) {
  await move(Array.from({ length: size }, (_, at) => codeOf(((n + at) * step) % total)))
  // Others get their turn.
  await new Promise((resolve) => setTimeout(resolve, size))
}
process.exit(0)
