/** A channel whose long codes a spreadsheet turned into rounded numbers: 8.41234E+12, 8412340000000. */
import type { Detector, Found } from './detector.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'identity/invalid-gtin'
/** Five zeros at the end of a long code are chance once in a hundred thousand. */
const ROUNDED = `regexp_full_match(code, '[0-9]([.,][0-9]+)?[eE][+]?[0-9]+|[1-9][0-9]{3,9}0{5,}')`
/** Six digits and zeros, as a spreadsheet writes 8.13232E+11 out again: so many articles with one such code are a range of codes that became one. */
const REPEATED = `regexp_full_match(code, '[1-9][0-9]{4,5}0{5,}')`
const MIN_REPEATED = 10
const CODE_RULES: ReadonlySet<string> = new Set([
  RULE,
  'identity/gtin-mismatch',
  'identity/duplicate-gtin',
  'identity/duplicate-sku',
  'identity/restricted-gtin',
])
const LOOKS_ROUNDED = /^(\d([.,]\d+)?[eE]\+?\d+|[1-9]\d{3,9}0{5,})$/

export const roundedCodes: Detector = {
  kind: 'rounded-codes',
  rules: [RULE, 'feed/encoding-damage', 'identity/duplicate-sku', 'identity/duplicate-gtin'],
  // A damaged column is one finding, whatever the number of its cells.
  least: 1,
  find,
  texts: {
    en: ({ fault, names: [field] }) => ({
      message: `a spreadsheet rounded the codes of ${fault} (${field}); their last digits are lost`,
      advice: `export ${fault} again as text from its system: the digits cannot be restored from this file`,
    }),
    es: ({ fault, names: [field] }) => ({
      message: `una hoja de cálculo redondeó los códigos de ${fault} (${field}); las últimas cifras se han perdido`,
      advice: `exporte de nuevo ${fault} como texto desde su sistema: de este fichero las cifras no se recuperan`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const field of ['gtin', 'sku'] as const) {
    if (!scene.store.fields.has(field)) continue
    const rows = await scene.engine.rows<{ ch: number; n: number; same: number; total: number }>(
      `SELECT ch, sum(n) FILTER (${ROUNDED})::BIGINT AS n, max(n) FILTER (${REPEATED}) AS same, sum(n)::BIGINT AS total FROM (
         SELECT ch, trim(${field}) AS code, count(*) AS n FROM side GROUP BY 1, 2) WHERE length(code) >= 7 GROUP BY ch ORDER BY ch`,
    )
    for (const { ch, n, same, total } of rows) {
      const isRepeated = Number(same ?? 0) >= MIN_REPEATED
      if (!isRepeated && Number(n ?? 0) < MIN_SUPPORT) continue
      const share = Number(n) / (Number(total) + (await scene.countAgreed(`ch = ${ch} AND length(${field}) >= 7`)))
      if (isRepeated || share >= MIN_SHARE) found.push(causeOf(scene, ch, field, share))
    }
  }
  return found
}

function causeOf(scene: Scene, ch: number, field: 'gtin' | 'sku', share: number): Found {
  const name = scene.channelId(ch)
  return {
    channels: [ch],
    field,
    detail: {},
    names: [field],
    share: roundShare(share),
    explains: ({ effective, code, sides, owner }) => {
      const { id } = effective.rule
      if (id === 'feed/encoding-damage') return code === 'spreadsheet' && owner === name
      return (
        CODE_RULES.has(id) &&
        sides.some((side) => side.channel === name && LOOKS_ROUNDED.test(side.raw ?? side.value ?? ''))
      )
    },
  }
}
