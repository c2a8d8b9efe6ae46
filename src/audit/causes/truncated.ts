/** A channel that cuts titles at a number of characters. */
import { textOf } from '../sides.ts'
import { type Detector, type Found, MIN_SHARE, MIN_SUPPORT, roundShare } from './detector.ts'
import type { Scene } from './scene.ts'

const RULE = 'catalog/title-mismatch'
/** A cut inside or behind a blank leaves a character or two less. */
const SLACK = 2
/** Shorter titles are no titles that were cut. */
const SHORTEST = 8

const OWN = `regexp_replace(title, '\\s*(…|\\.\\.\\.)\\s*$', '')`

export const truncated: Detector = {
  kind: 'truncated',
  rules: [RULE],
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
  await scene.engine.run(
    `CREATE TABLE cause_title AS SELECT DISTINCT item, ch, title, length(title) AS whole, lower(${OWN}) AS t FROM side WHERE title IS NOT NULL`,
  )
  const pairs = `FROM cause_title a JOIN cause_title b ON a.item = b.item AND a.ch <> b.ch`
  const modes = await scene.engine.rows<{ ch: number; cut: number; n: number }>(
    `SELECT a.ch AS ch, mode(a.whole) AS cut, count(*) AS n ${pairs} WHERE length(a.t) < length(b.t) AND starts_with(b.t, a.t)
       AND a.whole >= ${SHORTEST} GROUP BY a.ch HAVING n >= ${MIN_SUPPORT} ORDER BY a.ch`,
  )
  const found: Found[] = []
  for (const { ch, cut: length } of modes) {
    const cut = Number(length)
    const isCut = `starts_with(b.t, a.t) AND length(a.t) < length(b.t) AND a.whole BETWEEN ${cut - SLACK} AND ${cut}`
    const rows = await scene.engine.rows<{ other: number; n: number; total: number }>(
      `SELECT b.ch AS other, count(*) FILTER (${isCut}) AS n, count(*) AS total ${pairs}
       WHERE a.ch = ${ch} AND length(b.t) > ${cut} GROUP BY 1 HAVING n >= ${MIN_SUPPORT} ORDER BY 1`,
    )
    const agreed = await scene.countAgreed(`ch = ${ch} AND length(title) > ${cut}`)
    const strong = rows.filter(({ n, total }) => Number(n) / (Number(total) + agreed) >= MIN_SHARE)
    if (strong.length === 0) continue
    found.push({
      channels: [ch, ...strong.map(({ other }) => Number(other))],
      field: 'title',
      detail: { length: String(cut) },
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
