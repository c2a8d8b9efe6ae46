/** Somebody else who changes prices while a run writes them: a process of its own that goes on until it is told to stop. */
import { DatabaseSync } from '@photostructure/sqlite'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { codeOf } from './apply-target.ts'

const [url = '', count = '0'] = process.argv.slice(2)
const total = Number(count)

async function open(): Promise<(code: string) => Promise<unknown>> {
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 20_000 })
    database.exec('PRAGMA synchronous = OFF')
    return async (code) => database.prepare('UPDATE item SET pvp = pvp + 1000 WHERE code = ?').run(code)
  }
  if (url.startsWith('postgres:')) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return (code) => client.query('UPDATE item SET pvp = pvp + 1000 WHERE code = $1', [code])
  }
  const connection = await mysql.createConnection(url.replace('mariadb:', 'mysql:'))
  return (code) => connection.execute('UPDATE item SET pvp = pvp + 1000 WHERE code = ?', [code])
}

let isStopped = false
process.on('SIGTERM', () => {
  isStopped = true
})
const move = await open()
process.stdout.write('ready\n')
// Each article at most once, spread over all of them: the step has no divisor in common with their number.
const step = 7919
for (let n = 1; n < total && !isStopped; n++) {
  await move(codeOf((n * step) % total))
  // Others get their turn.
  await new Promise((resolve) => setTimeout(resolve, 1))
}
process.exit(0)
