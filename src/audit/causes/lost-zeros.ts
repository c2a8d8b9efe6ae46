/** A channel whose codes have lost their leading zeros, as spreadsheets do with anything that looks like a number. */
import { textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import { MISSING_RULE } from './lacking.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const GTIN_RULE = 'identity/invalid-gtin'
const UNLINKED: ReadonlySet<string> = new Set([MISSING_RULE, 'identity/orphan-listing'])

export const lostZeros: Detector = {
  kind: 'lost-zeros',
  rules: [GTIN_RULE, MISSING_RULE, 'identity/orphan-listing'],
  find: async (scene) => [...(await inGtins(scene)), ...(await inSkus(scene))],
  texts: {
    en: ({ fault, names: [field] }) => ({
      message: `the leading zeros of the ${field === 'sku' ? 'SKUs' : 'GTINs'} of ${fault} are lost`,
      advice: `export ${fault} again with that column as text, and do not save it from a spreadsheet in between`,
    }),
    es: ({ fault, names: [field] }) => ({
      message: `los ${field === 'sku' ? 'SKU' : 'GTIN'} de ${fault} han perdido los ceros iniciales`,
      advice: `exporte de nuevo ${fault} con esa columna como texto, sin guardarla de por medio desde una hoja de cálculo`,
    }),
  },
}

/** Of the GTINs of a channel that begin with a zero, nearly all are without it. */
async function inGtins(scene: Scene): Promise<readonly Found[]> {
  if (!scene.store.fields.has('gtin') || scene.failing(GTIN_RULE) < MIN_SUPPORT) return []
  const rows = await scene.engine.rows<{ ch: number; lost: number; kept: number }>(
    `SELECT ch, count(*) FILTER (gtin_state = 'lost_zero') AS lost, count(*) FILTER (gtin_state = 'ok' AND gtin LIKE '0%') AS kept
     FROM side GROUP BY ch HAVING lost >= ${MIN_SUPPORT} ORDER BY ch`,
  )
  const found: Found[] = []
  for (const { ch, lost, kept } of rows) {
    const agreed = await scene.countAgreed(`ch = ${ch} AND gtin_state = 'ok' AND gtin LIKE '0%'`)
    const share = Number(lost) / (Number(lost) + Number(kept) + agreed)
    if (share < MIN_SHARE) continue
    const name = scene.channelId(ch)
    found.push({
      channels: [ch],
      field: 'gtin',
      detail: {},
      names: ['gtin'],
      share: roundShare(share),
      explains: ({ effective, code, sides }) =>
        effective.rule.id === GTIN_RULE && code === 'lost_zero' && sides.some(({ channel }) => channel === name),
    })
  }
  return found
}

/** SKUs that link nothing in one channel are those of another without its zeros. */
async function inSkus(scene: Scene): Promise<readonly Found[]> {
  if (!scene.store.fields.has('sku')) return []
  const rows = await scene.engine.rows<{ ch: number; other: number; n: number; zeros: number }>(
    `WITH named AS (SELECT s.ch AS ch, s.sku AS sku, v.channels AS channels FROM side s JOIN verdict v ON v.item = s.item AND v.market = s.market WHERE s.sku IS NOT NULL),
       zeroed AS (SELECT ch, channels, ltrim(sku, '0') AS sku FROM named WHERE regexp_full_match(sku, '0+[1-9][0-9]*')),
       alone AS (SELECT ch, sku FROM named WHERE bit_count(channels) = 1 AND NOT starts_with(sku, '0'))
     SELECT a.ch AS ch, z.ch AS other, count(*) AS n,
       (SELECT count(*) FROM zeroed t WHERE t.ch = z.ch AND ((t.channels >> a.ch) & 1) = 0) AS zeros
     FROM alone a JOIN zeroed z ON z.sku = a.sku AND ((z.channels >> a.ch) & 1) = 0 GROUP BY 1, 2 HAVING count(*) >= ${MIN_SUPPORT} ORDER BY n DESC, 1, 2`,
  )
  const found: Found[] = []
  for (const { ch, n, zeros } of rows) {
    const share = Number(n) / (Number(zeros) + (await scene.countAgreed(`sku LIKE '0%'`)))
    if (share < MIN_SHARE || found.some(({ channels }) => channels[0] === ch)) continue
    found.push({
      channels: [ch, ...rows.filter((row) => row.ch === ch).map(({ other }) => other)],
      field: 'sku',
      detail: {},
      names: ['sku'],
      rule: MISSING_RULE,
      share: roundShare(share),
      explains: ({ effective }, own) =>
        UNLINKED.has(effective.rule.id) &&
        own.length > 0 &&
        own.every((row) =>
          row.ch === ch ? /^[1-9]\d*$/.test(textOf(row['sku']) ?? '') : /^0\d+$/.test(textOf(row['sku']) ?? ''),
        ),
    })
  }
  return found
}
