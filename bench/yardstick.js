/**
 * What a good analyst would write by hand for one pair of questions: reads the same three files and full-joins price,
 * status, title and stock by SKU, writing the rows that differ. No identity, rules, lines, raw text or outcomes.
 * `node bench/yardstick.js FOLDER OUTPUT`
 */
import { DuckDBInstance } from '@duckdb/node-api'
import { CHANNELS } from './generate.js'

const [folder, output] = process.argv.slice(2)
if (folder === undefined || output === undefined) throw new Error('usage: node bench/yardstick.js FOLDER OUTPUT')

/** @param {string} text */
const quote = (text) => `'${text.replaceAll("'", "''")}'`

const COLUMNS = `{sku: 'VARCHAR', ean: 'VARCHAR', title: 'VARCHAR', brand: 'VARCHAR', category: 'VARCHAR',
  price: 'DECIMAL(18,6)', "sale price": 'DECIMAL(18,6)', stock: 'DECIMAL(18,6)', status: 'VARCHAR'}`

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
for (const channel of CHANNELS) {
  await connection.run(
    `CREATE TABLE ${channel} AS SELECT sku, price, status, title, stock
     FROM read_csv(${quote(`${folder}/${channel}.csv`)}, header = true, delim = ',', columns = ${COLUMNS})`,
  )
}
const [first, second, third] = CHANNELS
const FIELDS = ['price', 'status', 'title', 'stock']
/** @param {string} left @param {string} right */
const differs = (left, right) =>
  FIELDS.map((field) => `${left}.${field} IS DISTINCT FROM ${right}.${field}`).join(' OR ')
const cells = CHANNELS.flatMap((channel) => FIELDS.map((field) => `${channel}.${field} AS ${channel}_${field}`))
await connection.run(
  `COPY (
     SELECT coalesce(${CHANNELS.map((channel) => `${channel}.sku`).join(', ')}) AS sku, ${cells.join(', ')}
     FROM ${first}
     FULL JOIN ${second} ON ${second}.sku = ${first}.sku
     FULL JOIN ${third} ON ${third}.sku = coalesce(${first}.sku, ${second}.sku)
     WHERE ${differs(String(first), String(second))} OR ${differs(String(first), String(third))}
   ) TO ${quote(output)} (FORMAT json)`,
)
connection.closeSync()
instance.closeSync()
