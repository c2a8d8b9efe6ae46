/** A whole category or brand of what channels sell that the catalog authority lacks. */
import { ident, literal } from '../../engine/engine.ts'
import { FAIL } from '../../rules/check.ts'
import type { Detector, Found } from './detector.ts'
import { slicesOf } from './missing-slice.ts'
import type { Scene } from './scene.ts'
import { SLICE_MESSAGES } from './slice-texts.ts'
import { MIN_SUPPORT } from './thresholds.ts'

const ORPHAN_RULE = 'identity/orphan-listing'

export const missingInCatalog: Detector = {
  kind: 'missing-slice',
  rules: [ORPHAN_RULE],
  isPossible: (scene) => scene.authority('catalog') !== null,
  find,
  texts: {
    en: (words) => ({
      message: SLICE_MESSAGES.en(words),
      advice: `add that part of the range to ${words.fault}, or export its file again if it was left out; take it off ${words.rest} if it is no longer sold`,
    }),
    es: (words) => ({
      message: SLICE_MESSAGES.es(words),
      advice: `dé de alta esa parte del surtido en ${words.fault}, o vuelva a exportar su fichero si quedó fuera; retírela de ${words.rest} si ya no se vende`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const { engine, config } = scene
  const catalog = scene.authority('catalog')
  const judged = scene.columns(ORPHAN_RULE).find(({ table }) => table === 'verdict')
  // With a catalog for each market, what one of them lacks is no matter of the others.
  if (catalog === null || judged === undefined || Object.keys(config.authority.catalog.markets).length > 0) return []
  const { column, check } = judged
  const unmatched = FAIL + check.effective.rule.codes.findIndex(({ code }) => code === 'unmatched')
  // Articles that only the catalog has count as there: under other keys they may be the ones that seem to be lacking.
  const expected = `(${column} <> 0 OR ((channels >> ${catalog}) & 1) = 1)`
  const [row] = await engine.rows(
    `SELECT count(*) FILTER (${expected}) AS e, count(*) FILTER (${column} = ${unmatched}) AS m FROM verdict`,
  )
  const lack = { channel: catalog, expected: Number(row?.['e'] ?? 0) + scene.agreed, missing: Number(row?.['m'] ?? 0) }
  const found = await slicesOf(scene, ['category', 'brand'], {
    channels: [lack],
    expected,
    told: null,
    missing: () => `(${column} = ${unmatched})`,
    isMissing: (draft, rows) =>
      draft.effective.rule.id === ORPHAN_RULE && draft.code === 'unmatched' && rows.every(({ ch }) => ch !== catalog),
  })
  const sure: Found[] = []
  for (const one of found) if (!(await mayBeThere(scene, catalog, one))) sure.push(one)
  return sure
}

/** Whether the catalog has articles that no channel sells and that may be those, under keys that link nothing. */
async function mayBeThere({ engine, store }: Scene, catalog: number, { detail }: Found): Promise<boolean> {
  const by = detail['by'] === 'brand' ? 'brand' : 'category'
  const fold = (text: string): string => `lower(strip_accents(trim(${text})))`
  const value = `s.${ident(by)}`
  const isTold = store.sources.some(({ channel, fields }) => channel === catalog && fields.has(by))
  const like = isTold ? `(${value} IS NULL OR ${fold(value)} = ${fold(literal(detail['value'] ?? ''))})` : 'TRUE'
  const [row] = await engine.rows<{ n: number }>(
    `SELECT count(DISTINCT s.item) AS n FROM side s JOIN verdict v ON v.item = s.item AND v.market = s.market
     WHERE s.ch = ${catalog} AND v.channels = (1::BIGINT << ${catalog}) AND s.live IS NOT FALSE AND ${like}`,
  )
  return Number(row?.n ?? 0) >= MIN_SUPPORT
}
