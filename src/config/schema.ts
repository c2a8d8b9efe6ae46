/**
 * The schema of `omniparity.yaml`, as written: defaults and units are the business of `normalise.ts`.
 *
 * The `error` of a schema is not a sentence: it is the list of what is accepted, in the notation of the file itself,
 * and reads the same in every language.
 */
import { z } from 'zod'
import { isTimeZone, parseDuration, parseInstant } from '../base/clock.ts'
import { INPUT_NAMES, inputOf } from '../model/input.ts'
import { owner, plan } from './authority-schema.ts'
import { contract } from './contract-schema.ts'
import { sqlKeys } from './sql-schema.ts'

// Compiling a schema takes longer than reading one configuration, and a few small files, with it.
z.config({ jitless: true })

const words = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: values.join(' | ') })

const text = (accepted = 'text') => z.string({ error: accepted }).min(1, { error: accepted })

const matching = (pattern: RegExp, accepted: string) =>
  z.string({ error: accepted }).regex(pattern, { error: accepted })

const market = () => matching(/^[A-Z]{2}$/, 'ES | PT | MX | … (ISO 3166-1 alpha-2)')
const currency = () => matching(/^[A-Z]{3}$/, 'EUR | USD | MXN | … (ISO 4217)')
const timezone = () =>
  z.string({ error: 'Europe/Madrid | UTC | … (IANA)' }).refine(isTimeZone, { error: 'Europe/Madrid | UTC | … (IANA)' })
const duration = () =>
  z.string({ error: '15m | 24h | 7d' }).refine((value) => parseDuration(value) !== null, { error: '15m | 24h | 7d' })
const instant = () =>
  z
    .string({ error: '2026-11-20T08:00:00+01:00' })
    .refine((value) => parseInstant(value) !== null, { error: '2026-11-20T08:00:00+01:00' })
const percent = () => {
  const accepted = '2% | 0.5% | 0'
  return z.union([matching(/^-?\d{1,6}(\.\d{1,6})?%$/, accepted), z.literal(0, { error: accepted })], {
    error: accepted,
  })
}
const share = () => {
  const accepted = '2% | 0.5% | 0 … 100%'
  return z.union([matching(/^(100|\d{1,2}(\.\d{1,6})?)%$/, accepted), z.literal(0, { error: accepted })], {
    error: accepted,
  })
}

/** Message of the issue that a key of the format gets which this version cannot honour. */
export const NOT_BUILT = 'not built'

const notBuilt = (description: string) =>
  z
    .unknown()
    .refine((value) => value === undefined, { error: NOT_BUILT })
    .optional()
    .describe(description)
    .meta({ not: {} })

const mapped = z
  .union(
    [
      text('Column | {column, value, vocabulary}'),
      z.strictObject({
        column: text('Column').describe('Header of the column in the file.'),
        value: text('expression')
          .optional()
          .describe('Expression over the cell, for values that need more than reading.'),
        vocabulary: z
          .record(z.string(), z.union([text(), z.boolean()], { error: 'text | true | false' }), {
            error: '{word: meaning}',
          })
          .optional()
          .describe('Words of the column and what they mean: {A: active, B: discontinued}.'),
      }),
    ],
    { error: 'Column | {column, value, vocabulary}' },
  )
  .describe('The column that feeds the field.')

const source = z
  .strictObject(
    {
      platform: text('csv | …').describe(
        'System that wrote the files; csv for any CSV, TSV, XLSX, JSON, NDJSON or Parquet.',
      ),
      path: z
        .union(
          [text('path | [path, …]'), z.array(text('path'), { error: 'path | [path, …]' }).min(1, { error: 'path' })],
          {
            error: 'path | [path, …]',
          },
        )
        .optional()
        .describe(
          'File or glob, relative to this configuration; a list reads several. `prices.xlsx#Sheet1` is one sheet of a workbook.',
        ),
      encoding: text('utf-8 | windows-1252 | …').optional().describe('Encoding of the files; detected by default.'),
      decimal: words([',', '.']).optional().describe('Decimal mark; voted per column by default.'),
      grain: z
        .array(text('field'), { error: '[sku, location]' })
        .min(1, { error: '[sku, location]' })
        .optional()
        .describe('Fields that make a record unique; what the platform says by default.'),
      data_as_of: instant().optional().describe('When the data was true; the time of the file by default.'),
      max_age: duration().optional().describe('How old the data may be; what feed/stale-source says by default.'),
      contract: contract.optional(),
      map: z
        .record(z.string(), mapped, { error: '{field: Column}' })
        .optional()
        .describe('Canonical field to column, for columns that are not recognised or mean something else.'),
      api: notBuilt('Access to the platform instead of files.'),
      ...sqlKeys(duration),
    },
    { error: '{platform, path, …}' },
  )
  .describe('Where the data of the channel comes from.')

const PRICE_POLICY = 'same | free | {markup: {min: 0%, max: 8%}} | {zone: NAME}'
const ASSORTMENT = 'full | open | {list: FILE}'

const channel = z
  .strictObject(
    {
      kind: words(['store', 'web', 'app', 'marketplace', 'feed', 'erp']).describe(
        'What the channel is. An erp sells nothing itself.',
      ),
      includes_tax: z
        .union([z.boolean(), z.literal('unknown')], { error: 'true | false | unknown' })
        .optional()
        .describe('Whether the prices of the channel include tax; unknown by default.'),
      stock_pool: text('pool').optional().describe('Channels with the same pool sell the same units.'),
      price_policy: z
        .union(
          [
            z.enum(['same', 'free']),
            z.strictObject({
              markup: z
                .strictObject(
                  {
                    min: percent().describe('Least markup.'),
                    max: percent().describe('Greatest markup.'),
                  },
                  { error: '{min: 0%, max: 8%}' },
                )
                .describe('How far above the other channels a price may lie.'),
            }),
            z.strictObject({ zone: text('NAME').describe('Channels with the same zone have the same prices.') }),
          ],
          { error: PRICE_POLICY },
        )
        .optional()
        .describe('How prices relate to those of the other channels: same by default.'),
      assortment: z
        .union(
          [z.enum(['full', 'open']), z.strictObject({ list: text('FILE').describe('File with one SKU a line.') })],
          { error: ASSORTMENT },
        )
        .optional()
        .describe('Which articles the channel should carry. Without it, missing articles are not judged.'),
      phase: words(['discovery', 'shadow', 'cutover', 'done'])
        .optional()
        .describe('How far a migration of the channel is: discovery by default.'),
      market: market().optional().describe("Country whose taxes and laws apply; the project's by default."),
      currency: currency().optional().describe("Currency of prices without one; the project's by default."),
      timezone: timezone().optional().describe("Zone of dates without one; the project's by default."),
      owner: words(['self', 'partner']).optional().describe('Who runs the channel: self by default.'),
      audience: words(['consumer', 'business']).optional().describe('Who buys there: consumer by default.'),
      sync_lag: duration().optional().describe('How long changes take to arrive: 15m by default.'),
      tax_country: market().optional().describe('Country of the tax rates; the market by default.'),
      status_map: z
        .record(z.string(), text('state'), { error: '{word: state}' })
        .optional()
        .describe('Words for states that the platform does not know: {A: active}.'),
      limits: z
        .record(z.string(), z.union([text(), z.number()], { error: 'text | number' }), { error: '{name: value}' })
        .optional()
        .describe('Limits of the channel by name, such as the length of a title.'),
      admin_url: text('https://…/{external_id}')
        .optional()
        .describe('Address of a listing in the back office, with {external_id}.'),
      sources: z
        .array(source, { error: '[{platform, path}]' })
        .min(1, { error: '[{platform, path}]' })
        .describe('Where the data comes from; of the same field in two sources, the first wins.'),
    },
    { error: '{kind, sources, …}' },
  )
  .describe('A place where the retailer sells, or its ERP.')

const RULE = 'error | warning | info | off | {severity, params}'

const rule = z
  .union(
    [
      z.enum(['error', 'warning', 'info', 'off']),
      z.literal(false),
      z.strictObject({
        severity: z
          .union([z.enum(['error', 'warning', 'info', 'off']), z.literal(false)], {
            error: 'error | warning | info | off',
          })
          .optional()
          .describe('Severity of the rule; off switches it off.'),
        params: z
          .record(z.string(), z.unknown(), { error: '{name: value}' })
          .optional()
          .describe('Parameters that differ from the rule file.'),
      }),
    ],
    { error: RULE },
  )
  .describe('Severity of the rule, or {severity, params}; off switches it off.')

const rules = () => z.record(z.string(), rule, { error: `{rule: ${RULE}}` })

const scope = (accepted: string) =>
  z
    .union([text(accepted), z.array(text(accepted), { error: accepted }).min(1, { error: accepted })], {
      error: `${accepted} | [${accepted}, …]`,
    })
    .optional()

const packUse = z.union(
  [
    text('pack'),
    z.record(
      z.string(),
      z
        .enum(['all', 'recommended', 'off'], { error: 'all | recommended | off' })
        .describe(
          'all: rules that the pack has off too; off: none of its rules, until they are switched on one by one.',
        ),
      { error: '{pack: all | recommended | off}' },
    ),
  ],
  { error: 'pack | {pack: all | recommended | off}' },
)

const override = z.strictObject(
  {
    when: z
      .strictObject(
        {
          channel: scope('channel').describe('Channels by id.'),
          channel_kind: scope('kind').describe('Kinds of channel.'),
          market: scope('ES').describe('Markets.'),
          brand: scope('brand').describe('Brands, with * as wildcard.'),
          category: scope('category').describe('Categories, with * as wildcard.'),
          sku: scope('sku').describe('SKUs, with * as wildcard.'),
          phase: scope('phase').describe('Phases of channels.'),
          location: scope('code').describe('Locations by code, with * as wildcard.'),
          source: scope('path').describe('Files by path, with * as wildcard.'),
          rule: scope('rule').describe('Rules by id, with * as wildcard.'),
          any_side: z
            .boolean({ error: 'true | false' })
            .optional()
            .describe('One side in the scope is enough: the default.'),
          all_sides: z
            .boolean({ error: 'true | false' })
            .optional()
            .describe('Every side of a finding has to be in the scope.'),
        },
        { error: '{channel | market | brand | category | sku | phase | location | source | rule: …}' },
      )
      .describe('Where the exception holds; all of its conditions have to.'),
    rules: rules().describe('What changes there.'),
  },
  { error: '{when, rules}' },
)

const MATCH = '{accept: 0.98, review: 0.60}'
const confidence = z
  .number({ error: '0 … 1' })
  .min(0, { error: '0 … 1' })
  .max(1, { error: '0 … 1' })
  .describe('Confidence from which two listings are linked, or proposed to a person.')

const location = z.strictObject(
  {
    pool: text('pool').optional().describe('Pool of units the location belongs to.'),
    kind: text('store | warehouse').optional().describe('What the location is.'),
  },
  { error: '{pool, kind}' },
)

const inputs = z.strictObject(
  Object.fromEntries(INPUT_NAMES.map((name) => [name, text('FILE').optional().describe(inputOf(name).doc.en)])),
  { error: '{sales: FILE, policy: FILE, …}' },
)

export const configSchema = z
  .strictObject({
    version: z.literal(1, { error: '1' }).describe('Version of this format.'),
    project: text().optional().describe('Name shown in reports.'),
    locale: words(['en', 'es']).optional().describe('Language of reports: en by default.'),
    market: market().optional().describe('Default market of channels: decides tax rates and legal packs.'),
    currency: currency().optional().describe('Default currency of channels.'),
    timezone: timezone().optional().describe('Default time zone of channels: UTC by default.'),
    extends: z
      .array(packUse, { error: '[recommended, eu]' })
      .optional()
      .describe('Packs of rules; later ones change earlier ones. [recommended] by default.'),
    channels: z
      .record(z.string(), channel, { error: '{id: {kind, sources}}' })
      .describe('The channels by id; their order decides ties.'),
    identity: z
      .strictObject(
        {
          crosswalk: text('FILE')
            .optional()
            .describe('CSV with the columns channel,listing,item[,method,confidence,pack_quantity].'),
          keys: z
            .array(words(['gtin', 'sku', 'brand+mpn']), { error: '[gtin, sku, brand+mpn]' })
            .optional()
            .describe('What links listings, in this order: [gtin, sku, brand+mpn] by default.'),
          sku_template: z
            .record(z.string(), text('"{sku}-FBA"').includes('{sku}', { error: '"{sku}-FBA"' }), {
              error: '{channel: "{sku}-FBA"}',
            })
            .optional()
            .describe('How a channel decorates the SKU: {marketplace: "{sku}-FBA"}.'),
          match: z
            .union(
              [
                z.literal(false),
                z.strictObject({ accept: confidence.optional(), review: confidence.optional() }, { error: MATCH }),
              ],
              { error: `false | ${MATCH}` },
            )
            .optional()
            .describe('Linking of what no key links; false switches it off. Read, and without effect in this version.'),
        },
        { error: '{crosswalk, keys, sku_template}' },
      )
      .optional()
      .describe('How listings become articles.'),
    authority: z
      .strictObject(
        { catalog: owner.optional(), price: owner.optional(), stock: owner.optional(), promotion: owner.optional() },
        { error: '{catalog, price, stock, promotion}' },
      )
      .optional()
      .describe('Which channel is right. Without an owner there are findings, but no fixes.'),
    locations: z
      .record(z.string(), location, { error: '{code: {pool, kind}}' })
      .optional()
      .describe('Locations by the code the sources use.'),
    inputs: inputs.optional().describe('Files that some rules need, by the name of the input.'),
    rules: rules().optional().describe('Rules by id, with what differs from their pack.'),
    overrides: z
      .array(override, { error: '[{when, rules}]' })
      .optional()
      .describe('Exceptions, in order; the last that holds wins.'),
    rules_dir: text('DIR').optional().describe("Folder with the project's own rule files."),
    suppressions: text('FILE')
      .optional()
      .describe('File with accepted findings: who accepts what, why, and until when.'),
    gate: z
      .strictObject(
        {
          fail_on: words(['error', 'warning', 'info', 'never'])
            .optional()
            .describe('Severity from which new findings fail the run: error by default.'),
          max_new: z
            .number({ error: '0 | 1 | 2 | …' })
            .int({ error: '0 | 1 | 2 | …' })
            .min(0, { error: '0 | 1 | 2 | …' })
            .optional()
            .describe('New findings that are let through: 0 by default.'),
          max_unknown: share().optional().describe('Share of checks that may stay unknown: no limit by default.'),
        },
        { error: '{fail_on, max_new, max_unknown}' },
      )
      .optional()
      .describe('When a run fails.'),
    plan: plan.optional(),
  })
  .describe('Configuration of omniparity.')

export type RawConfig = z.input<typeof configSchema>
export type RawChannel = z.input<typeof channel>
export type RawSource = z.input<typeof source>
export type RawRule = z.input<typeof rule>

/** JSON Schema (draft 2020-12) of the configuration, for editors. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input' })
  return { $id: 'omniparity-config-1.schema.json', title: 'omniparity.yaml', ...schema }
}
