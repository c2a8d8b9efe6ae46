/** Keys of a source that is a database. */
import { z } from 'zod'

const text = (accepted: string) => z.string({ error: accepted }).min(1, { error: accepted })

const URL_OF = '{env: NAME} | {file: FILE} | sqlite:FILE'

const writeRule = z
  .strictObject(
    {
      table: z
        .union([text('table'), z.array(text('table'), { error: '[schema, table]' }).min(1).max(2)], {
          error: 'table | [schema, table]',
        })
        .describe('Table that holds the values.'),
      key: z
        .record(z.string(), text('column'), { error: '{sku: column}' })
        .describe('Field to column that names a row.'),
      columns: z
        .record(z.string(), text('column'), { error: '{price.regular: column}' })
        .describe('Field to column that holds it.'),
    },
    { error: '{table, key, columns}' },
  )
  .describe('Table, key and columns that corrections are written to.')

const select = (description: string) => text('SELECT …').optional().describe(description)

const url = z
  .union(
    [
      z.strictObject({ env: text('NAME').describe('Environment variable that holds it.') }),
      z.strictObject({ file: text('FILE').describe('File that holds it, relative to this configuration.') }),
      text(URL_OF),
    ],
    { error: URL_OF },
  )
  .optional()
  .describe('Database of a sql source: postgres:// mysql:// mariadb:// sqlserver:// or sqlite:FILE.')

const query = z
  .strictObject(
    {
      listing: select('Articles, and prices and stock in the same rows.'),
      price: select('Prices by price list, apart from the articles.'),
      stock: select('Stock by location, apart from the articles.'),
      promotion: select('Promotions.'),
      location: select('Locations.'),
    },
    { error: '{listing: SELECT …}' },
  )
  .optional()
  .describe('Queries of a sql source, by what their rows are; columns are named like canonical fields.')

const write = z
  .strictObject(
    { listing: writeRule.optional(), price: writeRule.optional(), stock: writeRule.optional() },
    { error: '{listing: {table, key, columns}}' },
  )
  .optional()
  .describe('Where corrections of a sql source are written, for queries that are no plain list of columns.')

export function sqlKeys<Duration extends z.ZodType>(duration: () => Duration) {
  return {
    url,
    query,
    write,
    statement_timeout: duration().optional().describe('Longest time of one statement of a sql source: 5m by default.'),
  }
}
