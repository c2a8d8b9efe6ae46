/** The same listings in two files of one glob: an export that was copied or cut twice. */
import type { Detector, Found } from './detector.ts'
import type { Scene } from './scene.ts'
import { roundShare } from './thresholds.ts'

const RULE = 'identity/duplicate-sku'

export const repeatedFiles: Detector = {
  kind: 'identity-collision',
  rules: [RULE],
  // One article in two files is a copy too: no other reading of it is likelier.
  least: 0,
  isPossible: ({ store }) => store.fields.has('sku'),
  find,
  texts: {
    en: ({ fault, names }) => ({
      message: `the files ${names.join(' and ')} of ${fault} bring the same articles`,
      advice: `leave one of the files in the path of the source, or export the channel once`,
    }),
    es: ({ fault, names }) => ({
      message: `los ficheros ${names.join(' y ')} de ${fault} traen los mismos artículos`,
      advice: `deje uno solo de los ficheros en la ruta de la fuente, o exporte el canal una sola vez`,
    }),
  },
}

async function find({ engine, store }: Scene): Promise<readonly Found[]> {
  const pairs = await engine.rows<{ ch: number; a: number; b: number; n: number }>(
    `SELECT ch, a, b, count(*) AS n FROM (
       SELECT ch, sku, min(src) AS a, max(src) AS b FROM side WHERE sku_hash IN (SELECT s FROM sku_group WHERE bit_count(channels) < n)
       GROUP BY ch, sku HAVING min(src) <> max(src)) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  )
  if (pairs.length === 0) return []
  const totals = await engine.rows<{ ch: number; total: number }>(
    'SELECT ch, count(DISTINCT sku_hash) AS total FROM listing_all GROUP BY ch',
  )
  return pairs.flatMap(({ ch, a, b, n }): readonly Found[] => {
    const [first, second] = [store.sources[a], store.sources[b]]
    if (first === undefined || second === undefined || first.entry !== second.entry) return []
    const total = totals.find((one) => one.ch === ch)?.total
    const paths = [first.file.path, second.file.path]
    return [
      {
        channels: [ch],
        field: 'sku',
        detail: { key: 'sku' },
        share: roundShare(Number(n) / Math.max(1, Number(total ?? 0))),
        names: paths,
        explains: ({ effective, sides }) =>
          effective.rule.id === RULE && paths.every((path) => sides.some((side) => side.source?.path === path)),
      },
    ]
  })
}
