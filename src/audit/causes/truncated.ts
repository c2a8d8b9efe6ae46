/** A channel that cuts titles at a number of characters. */
import { textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'catalog/title-mismatch'
/** A cut inside or behind a blank leaves a character or two less. */
const SLACK = 2
/** Shorter titles are no titles that were cut. */
const SHORTEST = 8

/** Titles beyond this part of them were added later; where titles are cut, the longest are all as long. */
const MOST = 0.98
/** Nearly as long as the longest are, where nothing is cut, fewer titles than this. */
const PILED = 0.05

/** The expression is slow, and few titles end in dots. */
const OWN = `CASE WHEN contains(title, '…') OR contains(title, '...') THEN regexp_replace(title, '\\s*(…|\\.\\.\\.)\\s*$', '') ELSE title END`

export const truncated: Detector = {
  kind: 'truncated',
  rules: [RULE],
  // That a title is the beginning of another is no finding, so there need not be one.
  least: 0,
  isPossible: ({ store }) => store.fields.has('title'),
  find,
  texts: {
    en: ({ fault, rest, detail }) => ({
      message: `${fault} cuts titles at ${detail['length']} characters; ${rest} has them whole`,
      advice: `lengthen the title field of ${fault} or of its connector, and send the titles again`,
    }),
    es: ({ fault, rest, detail }) => ({
      message: `${fault} corta los títulos a ${detail['length']} caracteres; ${rest} los tiene enteros`,
      advice: `amplíe el campo del título en ${fault} o en su conector y envíe los títulos de nuevo`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const piled = await scene.engine.rows<{ ch: number; cut: number }>(
    `SELECT ch, cut FROM (SELECT ch, quantile_disc(length(title), ${MOST}) AS cut FROM side WHERE title IS NOT NULL GROUP BY ch) JOIN side s USING (ch)
     WHERE cut >= ${SHORTEST} GROUP BY ch, cut HAVING count(*) FILTER (length(s.title) BETWEEN cut - ${SLACK} AND cut) >= greatest(${MIN_SUPPORT}, ${PILED} * count(s.title)) ORDER BY ch`,
  )
  if (piled.length === 0) return []
  await scene.engine.run(
    `CREATE TABLE cause_title AS SELECT DISTINCT item, ch, title, length(title) AS whole, lower(${OWN}) AS t FROM side WHERE title IS NOT NULL`,
  )
  const pairs = `FROM cause_title a JOIN cause_title b ON a.item = b.item AND a.ch <> b.ch`
  const found: Found[] = []
  for (const { ch, cut: length } of piled) {
    const cut = Number(length)
    const isCut = `starts_with(b.t, a.t) AND length(a.t) < length(b.t) AND a.whole BETWEEN ${cut - SLACK} AND ${cut}`
    const rows = await scene.engine.rows<{ other: number; n: number; total: number }>(
      `SELECT b.ch AS other, count(*) FILTER (${isCut}) AS n, count(*) AS total ${pairs}
       WHERE a.ch = ${ch} AND length(b.t) > ${cut} GROUP BY 1 HAVING n >= ${MIN_SUPPORT} ORDER BY 1`,
    )
    // Articles that agree only lower a share: they are counted where it is high enough without them.
    if (rows.every(({ n, total }) => Number(n) / Number(total) < MIN_SHARE)) continue
    const agreed = await scene.countAgreed(`ch = ${ch} AND length(title) > ${cut}`)
    const strong = rows.filter(({ n, total }) => Number(n) / (Number(total) + agreed) >= MIN_SHARE)
    if (strong.length === 0) continue
    found.push({
      channels: [ch, ...strong.map(({ other }) => Number(other))],
      field: 'title',
      detail: { length: String(cut) },
      stands: true,
      share: roundShare(Math.max(...strong.map(({ n, total }) => Number(n) / (Number(total) + agreed)))),
      explains: ({ effective }, own) =>
        effective.rule.id === RULE &&
        own.some((row) => {
          const { length: whole } = [...(textOf(row['title']) ?? '')]
          return row.ch === ch && whole <= cut && whole >= cut - SLACK
        }),
    })
  }
  return found
}
