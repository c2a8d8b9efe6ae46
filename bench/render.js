/** Renders a made-up audit: `node bench/render.js FORMAT FILE FINDINGS`. What it costs is the format's own. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const built = (/** @type {string} */ path) => import(new URL(`../dist/${path}`, import.meta.url).href)
const { readAsset } = await built('ops/asset.js')
const { loadReporter } = await built('reports/registry.js')

const [format = 'json', file = 'report', count = '100000'] = process.argv.slice(2)
const RULES = [
  'price/differs-across-channels',
  'stock/availability-contradiction',
  'catalog/missing-in-channel',
  'price/outlier',
]
const CHANNELS = ['store', 'web', 'market']

/** @param {number} at */
function finding(at) {
  const sku = `SOL-${String(at).padStart(8, '0')}`
  const title = `Zapato de piel modelo ${at} talla ${35 + (at % 12)}`
  const rule = RULES[at % RULES.length] ?? ''
  const sides = CHANNELS.map((channel, index) => ({
    channel,
    listing: sku,
    field: 'price.regular',
    value: `${20 + (at % 80)}.${index}0`,
    unit: 'EUR',
    raw: `${20 + (at % 80)},${index}0 €`,
    source: { path: `${channel}.csv`, row: at + 1, line: at + 2 },
    authority: index === 0,
  }))
  const message = `${sku} «${title}» cuesta distinto: ${sides.map(({ channel, raw }) => `${channel} ${raw}`).join(', ')}`
  return {
    id: at.toString(16).padStart(20, '0'),
    rule,
    code: at % 2 === 0 ? 'regular' : null,
    severity: at % 3 === 0 ? 'error' : 'warning',
    status: 'new',
    market: 'ES',
    owner: CHANNELS[at % 3] ?? null,
    item: { id: sku, sku, gtin: '08412345678905', title },
    message,
    translations: { en: message.replace('cuesta distinto', 'costs different amounts') },
    sides,
    expected: `${20 + (at % 80)}.00`,
    impact: at % 5 === 0 ? { amount: '12.50', currency: 'EUR', basis: 'modelled' } : null,
    explained_by: null,
    fixable: true,
  }
}

async function* findings() {
  for (let at = 0; at < Number(count); at++) yield finding(at)
}

const report = {
  head: {
    format: 'omniparity-report/1',
    tool: { name: 'omniparity', version: '0.0.0' },
    audit: {
      id: 'bench',
      as_of: '2026-11-22T08:00:00Z',
      started_at: '',
      finished_at: '',
      snapshot: '',
      config_sha256: '',
    },
    channels: CHANNELS.map((id) => ({
      id,
      kind: 'web',
      platform: 'csv',
      listings: Number(count),
      linked: Number(count),
      sources: [],
    })),
    coverage: RULES.map((rule) => ({
      rule,
      checked: Number(count),
      pass: 0,
      fail: Number(count),
      not_applicable: 0,
      unknown: {},
    })),
    totals: { error: Number(count), warning: 0, info: 0, known: 0, suppressed: 0, explained: 0 },
    causes: [],
    omitted: {},
  },
  project: 'Bench',
  locale: 'es',
  quarantine: [],
  findings,
}

const reporter = await loadReporter(format)
if (reporter === null) throw new Error(`no format ${format}`)
const options = {
  width: null,
  colour: false,
  locale: 'es',
  maxFindings: null,
  asset: readAsset,
  timezone: 'Europe/Madrid',
  ruleTitle: (/** @type {string} */ id) => id,
}
await pipeline(Readable.from(reporter.render(report, options), { objectMode: true }), createWriteStream(file))
