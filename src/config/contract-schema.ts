/** The schema of `sources[].contract`: what the files of a source promise to look like. */
import { z } from 'zod'
import { COLUMN_TYPES } from '../model/config.ts'

const COLUMN = `${COLUMN_TYPES.join(' | ')} | {type, required}`
const flag = z.boolean({ error: 'true | false' })

export const contract = z
  .strictObject(
    {
      columns: z
        .record(
          z.string(),
          z.union(
            [
              z.enum(COLUMN_TYPES),
              z.strictObject({
                type: z
                  .enum(COLUMN_TYPES, { error: COLUMN_TYPES.join(' | ') })
                  .optional()
                  .describe('What the cells are: text by default.'),
                required: flag.optional().describe('Whether it has to be there: true by default.'),
              }),
            ],
            { error: COLUMN },
          ),
          { error: `{Column: ${COLUMN}}` },
        )
        .describe('The columns by their headers.'),
      key: z
        .array(z.string({ error: 'Column' }).min(1, { error: 'Column' }), { error: '[Column]' })
        .min(1, { error: '[Column]' })
        .optional()
        .describe('Columns that no two records share all of.'),
      closed: flag.optional().describe('Whether other columns are reported: true by default.'),
    },
    { error: '{columns, key, closed}' },
  )
  .describe('What the file has to look like; feed/schema-drift holds it to that.')
