/** One word of a channel's states that is taken for another state than all other channels say. */
import { literal } from '../../engine/engine.ts'
import { textOf } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULES = [
  'catalog/status-mismatch',
  'catalog/discontinued-still-sold',
  'catalog/missing-in-channel',
  'stock/availability-contradiction',
  'stock/hidden-stock',
  'catalog/sold-before-launch',
] as const

/** Words that can mean nothing but their state, in any column: where they contradict the others, the article does. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  active: ['activo', 'activa'],
  archived: ['archivado', 'archivada'],
  deleted: ['eliminado', 'eliminada'],
  discontinued: ['descatalogado', 'descatalogada', 'discontinuado', 'discontinuada'],
  draft: ['borrador'],
  hidden: ['oculto', 'oculta'],
  paused: ['pausado', 'pausada'],
  scheduled: ['programado', 'programada'],
}

function isPlain({ word, status }: Pick<WordRow, 'word' | 'status'>): boolean {
  return word === status || PLAIN[status]?.includes(word) === true
}

/** States that channels tell apart in different depth. */
const GROUP = (status: string): string =>
  `CASE WHEN ${status} IN ('active', 'phase_out') THEN 'live' WHEN ${status} IN ('draft', 'scheduled') THEN 'not yet' WHEN ${status} IN ('discontinued', 'deleted') THEN 'gone' ELSE 'off' END`

/** A state as the channel wrote it. */
const WORD = `lower(trim(coalesce("raw:status", status)))`

type WordRow = {
  readonly ch: number
  readonly word: string
  readonly status: string
  readonly n: number
  readonly bad: number
  /** What the other channels mostly say. */
  readonly instead: string | null
}

export const vocabulary: Detector = {
  kind: 'vocabulary',
  rules: RULES,
  isPossible: ({ store }) => store.fields.has('status'),
  find,
  texts: {
    en: ({ fault, rest, detail: { word, read_as }, names: [instead] }) => ({
      message: `${fault} says '${word}', read as ${read_as}, where ${rest} says ${instead}`,
      advice: `say what '${word}' means in status_map: of ${fault} or in the vocabulary: of its status column`,
    }),
    es: ({ fault, rest, detail: { word, read_as }, names: [instead] }) => ({
      message: `${fault} dice «${word}», leído como ${read_as}, donde ${rest} dice ${instead}`,
      advice: `indique qué significa «${word}» en status_map: de ${fault} o en vocabulary: de su columna de estado`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const said = await scene.engine.rows<Pick<WordRow, 'ch' | 'word' | 'status'>>(
    `SELECT ch, ${WORD} AS word, status FROM side WHERE status IS NOT NULL GROUP BY ALL HAVING count(*) >= ${MIN_SUPPORT}`,
  )
  const unclear = said.filter((row) => !isPlain(row))
  if (unclear.length === 0) return []
  await scene.engine.run(
    `CREATE TABLE cause_state AS SELECT item, market, ch, min(${WORD}) AS word, min(status) AS status FROM side
     WHERE status IS NOT NULL GROUP BY item, market, ch HAVING min(status) = max(status)`,
  )
  const rows = await scene.engine.rows<WordRow>(
    `SELECT ch, word, status, count(*) AS n, count(*) FILTER (NOT agrees) AS bad, mode(other) FILTER (NOT agrees) AS instead FROM (
       SELECT a.item AS item, a.ch AS ch, any_value(a.word) AS word, any_value(a.status) AS status, bool_or(${GROUP('a.status')} = ${GROUP('b.status')}) AS agrees, mode(b.status) AS other
       FROM cause_state a JOIN cause_state b ON a.item = b.item AND a.market = b.market AND a.ch <> b.ch
       WHERE ${unclear.map(({ ch, word }) => `(a.ch = ${ch} AND a.word = ${literal(word)})`).join(' OR ')} GROUP BY a.item, a.ch)
     GROUP BY ch, word, status HAVING bad >= ${MIN_SUPPORT} ORDER BY ch, word, status`,
  )
  const strong: (WordRow & { share: number })[] = []
  for (const row of rows) {
    if (isPlain(row) || Number(row.bad) / Number(row.n) < MIN_SHARE) continue
    const agreed = await scene.countAgreed(`ch = ${row.ch} AND ${WORD} = ${literal(row.word)}`)
    const share = Number(row.bad) / (Number(row.n) + agreed)
    if (share >= MIN_SHARE) strong.push({ ...row, share })
  }
  return chosen(scene, strong).map((one) => causeOf(scene, one))
}

/** Where two channels' words contradict each other, the authority's is right, else the one that is the state's own name. */
function chosen(scene: Scene, rows: readonly (WordRow & { share: number })[]): typeof rows {
  const authority = scene.authority('catalog')
  const rank = ({ ch, word, status }: WordRow): number => (ch === authority ? 2 : word === status ? 1 : 0)
  const ordered = [...rows].sort((a, b) => rank(a) - rank(b) || b.ch - a.ch)
  const kept: (typeof ordered)[number][] = []
  for (const one of ordered) {
    const opposed = kept.some((other) => other.ch !== one.ch && other.instead === one.status)
    if (!opposed && one.ch !== authority) kept.push(one)
  }
  return kept.sort((a, b) => a.ch - b.ch || (a.word < b.word ? -1 : 1))
}

function causeOf(scene: Scene, { ch, word, status, instead, share }: WordRow & { share: number }): Found {
  return {
    channels: [ch, ...scene.store.channels.flatMap((_, index) => (index === ch ? [] : [index]))],
    field: 'status',
    detail: { word, read_as: status },
    names: [instead ?? ''],
    share: roundShare(share),
    explains: ({ effective }, rows) =>
      RULES.some((rule) => rule === effective.rule.id) &&
      rows.some((row) => {
        const raw = textOf(row['raw:status'])
        return row.ch === ch && textOf(row['status']) === status && (raw === null || raw.trim().toLowerCase() === word)
      }),
  }
}
