/** The same listings in two files of one glob: an export that was copied or cut twice. */
import { fingerprint } from '../base/hash.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { CauseDraft } from './cause.ts'
import type { FindingContext } from './finding.ts'

const RULE = 'identity/duplicate-sku'

export async function repeatedFiles(
  context: FindingContext,
  rules: readonly EffectiveRule[],
): Promise<readonly CauseDraft[]> {
  const { engine, store } = context
  const rule = rules.find((one) => one.rule.id === RULE)
  if (rule === undefined || rule.severity === 'off' || !store.fields.has('sku')) return []
  const { severity } = rule
  const pairs = await engine.rows<{ ch: number; a: number; b: number; n: number }>(
    `SELECT ch, a, b, count(*) AS n FROM (
       SELECT ch, sku, min(src) AS a, max(src) AS b FROM side WHERE sku_hash IN (SELECT s FROM sku_group WHERE bit_count(channels) < n)
       GROUP BY ch, sku HAVING min(src) <> max(src)) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  )
  if (pairs.length === 0) return []
  const totals = await engine.rows<{ ch: number; total: number }>(
    'SELECT ch, count(DISTINCT sku_hash) AS total FROM listing_all GROUP BY ch',
  )
  return pairs.flatMap(({ ch, a, b, n }): readonly CauseDraft[] => {
    const [first, second] = [store.sources[a], store.sources[b]]
    if (first === undefined || second === undefined || first.entry !== second.entry) return []
    const total = totals.find((one) => one.ch === ch)?.total
    const paths = [first.file.path, second.file.path]
    return [
      {
        id: fingerprint('identity-collision', store.channels[ch]?.id ?? '', ...paths),
        kind: 'identity-collision',
        rule: RULE,
        channels: [ch],
        field: 'sku',
        detail: { key: 'sku' },
        share: Math.round((Number(n) / Math.max(1, Number(total ?? 0))) * 10_000) / 10_000,
        paths,
        explains: (draft) =>
          draft.effective.rule.id === RULE &&
          paths.every((path) => draft.sides.some((side) => side.source?.path === path)),
        findings: 0,
        severity,
      },
    ]
  })
}
