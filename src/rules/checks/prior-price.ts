/** The lowest price before a reduction, from what earlier audits saw; the tables are those of the ledger and `history_now`. */
import { literal } from '../../engine/engine.ts'
import { type ChannelConfig, UNKNOWN_MARKET } from '../../model/config.ts'
import { type CompileInput, failCode, NOT_APPLICABLE, PASS, unknown } from '../check.ts'
import { type PriorPriceLaw, priorPriceLaw } from '../prior-price-law.ts'
import { durationOf } from './history.ts'

/** Longer than any campaign. */
const ENDLESS = 4_000_000_000_000

interface Own {
  readonly channel: ChannelConfig
  readonly index: number
  readonly law: PriorPriceLaw
}

/**
 * SELECT of one row per article that announces a reduction: `rid, article, outcome, expected, started` (milliseconds), `shown_field`.
 * Null where no channel sells to consumers under such a law.
 *
 * @param isFirst - Nothing earlier is known: then only what this audit sees can be judged, which takes no looking back.
 */
export function priorPriceSql(input: CompileInput, isFirst: boolean): string | null {
  const own = lawfulChannels(input)
  if (own.length === 0) return null
  const { rule } = input
  const unclear = own.filter(({ channel }) => channel.market === UNKNOWN_MARKET).map(({ index }) => index)
  const exempt = own.filter(({ law }) => law.exemptsFirstSale).map(({ index }) => index)
  const window = durationOf(input, 'window')
  const isIn = (list: readonly number[]): string => (list.length === 0 ? 'FALSE' : `c.ch IN (${list.join(', ')})`)
  if (isFirst) {
    return `WITH ${candidates(input, own)}
      SELECT c.rid, c.article, NULL::DECIMAL(18,6) AS expected, NULL::BIGINT AS started, c.shown_field, CASE
        WHEN ${isIn(unclear)} THEN ${unknown('no_input')} WHEN c.twice THEN ${unknown('history')}
        WHEN c.shown IS NULL THEN ${failCode(rule, 'missing')} ELSE ${unknown('history')} END AS outcome, 1 AS times FROM cand c`
  }
  return `WITH ${candidates(input, own)}, ${steps()}, ${reductions(own)}, ${coverage(input)},
    judged AS (SELECT c.rid, c.article, c.k, c.ch, c.effective, c.shown, c.shown_field, c.currency, c.twice, r.started,
        (SELECT min(st.effective) FROM step st WHERE st.k IN (SELECT m.mk FROM mate m WHERE m.k = c.k) AND NOT st.gone
           AND st.ms < r.started AND st.until_ms > r.started - ${window}) AS prior,
        (SELECT count(DISTINCT st.currency) FROM step st WHERE st.k = c.k AND st.until_ms > r.started - ${window}) AS currencies,
        r.first_seen
      FROM cand c JOIN reduction r ON r.k = c.k),
    covered AS (SELECT j.k, bool_and(EXISTS (SELECT 1 FROM span s WHERE s.k = m.mk
        AND (s.a <= j.started - ${window} OR (s.own AND s.a < m.first_seen AND m.first_seen > j.started - ${window})) AND s.b >= m.now_ms)) AS whole
      FROM judged j JOIN mate m ON m.k = j.k GROUP BY j.k)
    SELECT c.rid, c.article, c.prior AS expected, c.started, c.shown_field, CASE
      WHEN ${isIn(unclear)} THEN ${unknown('no_input')}
      WHEN c.twice THEN ${unknown('history')}
      WHEN c.currencies > 1 THEN ${unknown('currency')}
      WHEN c.effective >= c.prior THEN ${failCode(rule, 'fake')}
      WHEN c.shown IS NULL THEN ${failCode(rule, 'missing')}
      WHEN c.shown >= c.prior + ${halfMinorUnit()} THEN ${failCode(rule, 'too_high')}
      WHEN NOT coalesce(v.whole, FALSE) THEN ${unknown('history')}
      WHEN c.prior IS NULL THEN CASE WHEN ${isIn(exempt)} THEN ${NOT_APPLICABLE} ELSE ${unknown('history')} END
      ELSE ${PASS} END AS outcome, 1 AS times
    FROM judged c LEFT JOIN covered v ON v.k = c.k`
}

/** Channels that sell to consumers where an earlier price has to be shown, or where nobody said which country it is. */
function lawfulChannels({ world, params }: CompileInput): readonly Own[] {
  const forced = params['progressive']
  return world.channels.flatMap((channel, index) => {
    if (channel.kind === 'erp' || channel.audience !== 'consumer') return []
    const unclear = { progressiveMs: 0, exemptsFirstSale: false }
    const law = channel.market === UNKNOWN_MARKET ? unclear : priorPriceLaw(channel.market, world.asOf.slice(0, 10))
    if (law === null) return []
    const progressiveMs =
      forced?.value === 'yes' ? Number.POSITIVE_INFINITY : forced?.value === 'no' ? 0 : law.progressiveMs
    return [{ channel, index, law: { ...law, progressiveMs } }]
  })
}

/** `cand`: what announces a reduction. `mate`: beside each its own key, and those of the trader's other channels where they count. */
function candidates(input: CompileInput, own: readonly Own[]): string {
  const { world, params } = input
  const list = params['exempt']?.type === 'list' ? params['exempt'].value : []
  const isExempt = list.map((word) => `starts_with(lower(coalesce(category, '')), ${literal(word.toLowerCase())})`)
  const speaks = world.speaks('price.prior_shown') ? `(${world.telling(['price.prior_shown'])})` : 'FALSE'
  const shown = `CASE WHEN ${speaks} THEN prior_shown ELSE regular END`
  const field = `CASE WHEN ${speaks} THEN 'price.prior_shown' ELSE 'price.regular' END`
  const now = 'SELECT *, hash(channel, item) AS k, epoch_ms(since) AS now_ms FROM history_now'
  const trader = params['scope']?.value === 'trader'
  const others = world.channels.flatMap(({ owner, kind }, index) => (owner === 'self' && kind !== 'erp' ? [index] : []))
  const mates = `SELECT a.k, b.k AS mk, b.channel AS m_channel, b.item AS m_item, b.now_ms, b.effective, b.announced, b.currency FROM cand a JOIN (${now}) b
      ON b.article = a.article AND b.market = a.market AND b.ch IN (${[...others, -1].join(', ')}) AND b.k <> a.k AND b.effective IS NOT NULL`
  return `cand AS (SELECT rid, ch, channel, item, k, since, now_ms, effective, announced, currency, article, market, ${shown} AS shown, ${field} AS shown_field,
        min(effective) OVER (PARTITION BY k) < max(effective) OVER (PARTITION BY k) AS twice
      FROM (${now}) WHERE announced AND effective IS NOT NULL AND ch IN (${own.map(({ index }) => index).join(', ')})
      ${isExempt.length === 0 ? '' : `AND NOT (${isExempt.join(' OR ')})`}
      QUALIFY row_number() OVER (PARTITION BY k ORDER BY rid) = 1),
    pair AS (SELECT k, k AS mk, channel AS m_channel, item AS m_item, now_ms, effective, announced, currency FROM cand ${trader ? `UNION ${mates}` : ''})`
}

/** `step`: by article, prices one after the other with nothing between them, the last one that of this audit. */
function steps(): string {
  return `known AS (SELECT DISTINCT mk, m_channel, m_item FROM pair),
    seen AS (SELECT n.mk AS k, epoch_ms(p.since) AS ms, p.effective, p.announced, p.gone, p.currency, 0 AS own
        FROM ledger_price p JOIN known n ON p.channel = n.m_channel AND p.item = n.m_item
      UNION ALL SELECT DISTINCT mk, now_ms, effective, announced, FALSE, currency, 1 FROM pair),
    moved AS (SELECT * FROM seen WINDOW w AS (PARTITION BY k ORDER BY ms, own)
      QUALIFY row(effective, announced, gone) IS DISTINCT FROM lag(row(effective, announced, gone)) OVER w),
    step AS (SELECT *, coalesce(lead(ms) OVER w, ${ENDLESS}) AS until_ms, lag(effective) OVER w AS before, lag(announced) OVER w AS was_announced,
        lag(gone) OVER w AS was_gone
      FROM moved WINDOW w AS (PARTITION BY k ORDER BY ms, own)),
    mate AS (SELECT p.*, (SELECT min(st.ms) FROM step st WHERE st.k = p.mk AND NOT st.gone) AS first_seen FROM pair p)`
}

/** `reduction`: when the one that is announced now began. A step that only goes further down belongs to the one before. */
function reductions(own: readonly Own[]): string {
  const limits = own.map(({ index, law }) => `WHEN ${index} THEN ${Math.min(law.progressiveMs, ENDLESS)}`)
  const grows = 'coalesce(was_announced AND NOT was_gone AND before > effective, FALSE)'
  return `chain AS (SELECT k, max(ms) AS last, max(ms) FILTER (WHERE NOT ${grows}) AS first, min(ms) FILTER (WHERE NOT gone) AS first_seen
      FROM step WHERE k IN (SELECT k FROM cand) GROUP BY k),
    reduction AS (SELECT h.k, h.first_seen,
        CASE WHEN c.now_ms - h.first <= CASE c.ch ${limits.join(' ')} END THEN h.first ELSE h.last END AS started
      FROM chain h JOIN cand c ON c.k = h.k)`
}

/** `span`: from when to when the prices of an article are known without a longer gap. */
function coverage(input: CompileInput): string {
  const gap = durationOf(input, 'max_gap')
  return `moment AS (SELECT channel, epoch_ms(as_of) AS ms FROM ledger_seen WHERE prices
      UNION SELECT m_channel, now_ms FROM pair),
    run AS (SELECT channel, ms, count(*) FILTER (WHERE late) OVER (PARTITION BY channel ORDER BY ms) AS g
      FROM (SELECT channel, ms, ms - lag(ms) OVER (PARTITION BY channel ORDER BY ms) > ${gap} AS late FROM moment)),
    audited AS (SELECT channel, min(ms) AS a, max(ms) AS b FROM run GROUP BY channel, g),
    imported AS (SELECT n.mk AS k, n.m_channel AS channel, epoch_ms(min(c.since)) AS a, epoch_ms(s.as_of) AS b
      FROM ledger_source s JOIN ledger_change c ON c.audit = s.audit AND c.channel = s.channel
      JOIN known n ON c.channel = n.m_channel AND c.item = n.m_item WHERE s.since IS NOT NULL GROUP BY ALL),
    span AS (SELECT n.mk AS k, u.a, u.b, TRUE AS own FROM audited u JOIN known n ON n.m_channel = u.channel
      UNION ALL SELECT k, a, b, FALSE FROM imported
      UNION ALL SELECT i.k, i.a, u.b, FALSE FROM imported i JOIN audited u ON u.channel = i.channel AND u.a <= i.b + ${gap} AND u.b >= i.b)`
}

function halfMinorUnit(): string {
  return `(CASE c.currency WHEN 'JPY' THEN 0.5 ELSE 0.005 END)::DECIMAL(9,6)`
}
