/** Two channels that number different articles alike: everything that is compared between them contradicts. */
import { textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import { blamed, othersOf, type PairVote } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'identity/gtin-mismatch'
/** Two titles of one article are closer than this, also when a shop words them in its own way. */
const ALIKE = 0.75

export const identityCollision: Detector = {
  kind: 'identity-collision',
  rules: [RULE, 'identity/sku-collision'],
  isPossible: ({ store }) => store.fields.has('sku') && store.fields.has('gtin') && store.fields.has('title'),
  find,
  texts: {
    en: ({ fault, rest }) => ({
      message: `${fault} and ${rest} use the same SKUs for different articles`,
      advice: `link the two by GTIN or a crosswalk (identity.keys, identity.crosswalk): everything compared by SKU between them is about two articles`,
    }),
    es: ({ fault, rest }) => ({
      message: `${fault} y ${rest} usan los mismos SKU para artículos distintos`,
      advice: `enlace los dos por GTIN o con una tabla (identity.keys, identity.crosswalk): lo que se compara por SKU entre ellos son dos artículos`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const rows = await scene.engine.rows<{ a: number; b: number; n: number; total: number }>(
    `WITH s AS (SELECT item, ch, sku, gtin14, title FROM side WHERE sku IS NOT NULL AND gtin14 IS NOT NULL AND gtin_state IN ('ok', 'isbn10'))
     SELECT a.ch AS a, b.ch AS b, count(*) AS total,
       count(*) FILTER (a.gtin14 <> b.gtin14 AND jaro_winkler_similarity(lower(a.title), lower(b.title)) < ${ALIKE}) AS n
     FROM s a JOIN s b ON a.item = b.item AND a.sku = b.sku AND a.ch < b.ch GROUP BY 1, 2 HAVING n >= ${MIN_SUPPORT} ORDER BY 1, 2`,
  )
  const authority = scene.authority('catalog')
  const agreed = await scene.countAgreed('sku IS NOT NULL AND gtin14 IS NOT NULL')
  const votes = rows.flatMap(({ a, b, n, total }): readonly PairVote[] => {
    const share = Number(n) / (Number(total) + agreed)
    return share < MIN_SHARE ? [] : [{ a, b, n: Number(n), share }]
  })
  return blamed(votes, authority, ({ b }) => b).map((one) => {
    const others = othersOf(one)
    return {
      channels: [one.fault, ...others],
      field: 'sku',
      detail: { key: 'sku' },
      share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
      explains: ({ effective }, rows) => {
        const [family] = effective.rule.id.split('/')
        if (family === 'feed' || effective.rule.id === 'identity/invalid-gtin') return false
        const codes = (which: (ch: number) => boolean): readonly string[] =>
          rows.flatMap((row) => (which(row.ch) ? (textOf(row['gtin14']) ?? []) : []))
        const own = codes((ch) => ch === one.fault)
        return codes((ch) => others.includes(ch)).some((code) => own.length > 0 && !own.includes(code))
      },
    }
  })
}
