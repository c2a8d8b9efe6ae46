/** The schema of `authority`: who is right about a field, or how that is decided; and of `plan`: how far a plan may go. */
import { z } from 'zod'
import { parseDuration } from '../base/clock.ts'
import { STRATEGIES } from '../model/config.ts'

const STRATEGY = STRATEGIES.join(' | ')
const CHOICE = `channel | {strategy: ${STRATEGY}}`
const channel = z.string({ error: 'channel' }).min(1, { error: 'channel' })

const strategy = {
  strategy: z
    .enum(STRATEGIES, { error: STRATEGY })
    .optional()
    .describe(
      'How the right value is chosen where no channel is right: authority (the default channel), most_recent, majority, min, max, order, manual.',
    ),
  order: z
    .array(channel, { error: '[channel, channel]' })
    .min(1, { error: '[channel, channel]' })
    .optional()
    .describe('Channels for the strategy order: the first that has a value is right.'),
}

function isWhole({
  strategy: name,
  order,
}: {
  strategy?: string | undefined
  order?: readonly string[] | undefined
}): boolean {
  return (name === 'order') === (order !== undefined)
}

export const owner = z
  .union(
    [
      channel,
      z
        .strictObject({
          default: channel.optional().describe('Channel that is right in all other markets.'),
          ...strategy,
          markets: z
            .record(
              z.string(),
              z.union(
                [channel, z.strictObject(strategy).refine(isWhole, { error: '{strategy: order, order: [channel]}' })],
                { error: CHOICE },
              ),
              { error: '{PT: channel}' },
            )
            .optional()
            .describe('Market to the channel that is right there, or to how the right value is chosen there.'),
        })
        .refine(isWhole, { error: '{strategy: order, order: [channel, channel]}' })
        .refine(({ default: own, strategy: name = 'authority' }) => own === undefined || name === 'authority', {
          error: '{default: channel} | {strategy}',
        })
        .refine(({ default: own, strategy: name }) => name !== 'authority' || own !== undefined, {
          error: '{strategy: authority, default: channel}',
        }),
    ],
    { error: 'channel | {default: channel, markets: {PT: channel}} | {strategy, order}' },
  )
  .describe('The channel that is right, or how the right value is chosen.')

const SHARE = '30% | 5% | 0 … 100%'
const SUM = '1000 | "1000.50"'

const percent = (): z.ZodType<string | 0, string | 0> =>
  z.union([z.string().regex(/^(100|\d{1,2}(\.\d{1,6})?)%$/, { error: SHARE }), z.literal(0)], { error: SHARE })

export const plan = z
  .strictObject(
    {
      max_price_change: percent()
        .optional()
        .describe('Share by which a price may move without a flag: 30% by default.'),
      max_rows: percent()
        .optional()
        .describe("Share of a channel's listings that may change without a flag: 5% by default."),
      max_sum: z
        .union([z.number({ error: SUM }), z.string({ error: SUM })], { error: SUM })
        .refine((value) => /^\d{1,12}(\.\d{1,6})?$/.test(String(value)), { error: SUM })
        .optional()
        .describe('Sum of all price moves of a plan, in each currency: no limit by default.'),
      expires: z
        .string({ error: '1h | 24h | 7d' })
        .refine((value) => parseDuration(value) !== null, { error: '1h | 24h | 7d' })
        .optional()
        .describe('How long a plan may be carried out: 1h with prices or stock in it, else 24h.'),
    },
    { error: '{max_price_change, max_rows, max_sum, expires}' },
  )
  .describe('How far a plan may go without a flag.')
