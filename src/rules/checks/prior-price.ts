/** The lowest price before a reduction, from what earlier audits saw; the tables are those of the ledger and `history_now`. */
import { literal } from '../../engine/engine.ts'
import { type ChannelConfig, UNKNOWN_MARKET } from '../../model/config.ts'
import { type CompileInput, FAIL, failCode, NOT_APPLICABLE, PASS, unknown, type World } from '../check.ts'
import { type PriorPriceLaw, priorPriceLaw } from '../prior-price-law.ts'
import { durationOf } from './history.ts'

/** Longer than any campaign. */
const ENDLESS = 4_000_000_000_000
/** After all that is in the ledger. */
const LAST_SEQ = 2_147_483_647

const DAY = 86_400_000
/** Milliseconds: of longer windows the whole ledger is read. Sixty days, of which one may have 25 hours. */
export const KEPT_WINDOW = 60 * DAY + 3_600_000

interface Own {
  readonly channel: ChannelConfig
  readonly index: number
  readonly law: PriorPriceLaw
}

/**
 * SELECT of `rid, article, outcome, times, expected, started` (milliseconds), `shown_field`: one row per article that fails, and for
 * each other outcome one without `rid` that says how many `times`. Null where no channel sells to consumers under such a law.
 *
 * @param isFirst - Nothing earlier is known: then only what this audit sees can be judged, which takes no looking back.
 * @param shared - The listings among which two of a channel may have one name; no other has the name of one of these.
 * @param each - Of what is not at fault, too, one row for each article.
 */
export function priorPriceSql(input: CompileInput, isFirst: boolean, shared: string, each = false): string | null {
  const own = lawfulChannels(input)
  if (own.length === 0) return null
  const { rule } = input
  const unclear = own.filter(({ channel }) => channel.market === UNKNOWN_MARKET).map(({ index }) => index)
  const exempt = own.filter(({ law }) => law.exemptsFirstSale).map(({ index }) => index)
  const isIn = (list: readonly number[]): string => (list.length === 0 ? 'FALSE' : `ch IN (${list.join(', ')})`)
  // Nearly every reduction is in order or without a history: only those at fault are looked at one by one.
  const summed = `SELECT rid, article, outcome, 1 AS times, prior AS expected, started, shown_field FROM judged WHERE outcome >= ${FAIL}
    UNION ALL SELECT NULL, ${each ? 'article' : 'NULL'}, outcome, count(*), NULL, NULL, NULL FROM judged WHERE outcome < ${FAIL} GROUP BY ALL`
  if (isFirst) {
    return `WITH ${candidates(input, own, shared)},
    judged AS (SELECT *, NULL::DECIMAL(18,6) AS prior, NULL::BIGINT AS started, CASE
      WHEN ${isIn(unclear)} THEN ${unknown('no_input')} WHEN twice THEN ${unknown('history')}
      WHEN shown IS NULL THEN ${unshown(input)} ELSE ${unknown('history')} END AS outcome FROM cand)
    ${summed}`
  }
  return `WITH ${candidates(input, own, shared)}, ${known(input)}, ${steps(input)}, ${reductions(input, own)}, ${figures(input)}, ${coverage(input)}, ${torn()},
    judged AS (SELECT c.*, f.prior, CASE
      WHEN ${isIn(unclear)} THEN ${unknown('no_input')}
      WHEN twice THEN ${unknown('history')}
      WHEN t.k IS NOT NULL THEN CASE WHEN shown IS NULL THEN ${unshown(input)} ELSE ${unknown('history')} END
      WHEN f.mixed THEN ${unknown('currency')}
      WHEN effective >= f.prior THEN ${failCode(rule, 'fake')}
      WHEN shown IS NULL THEN ${unshown(input)}
      WHEN shown >= f.prior + ${halfMinorUnit()} THEN ${failCode(rule, 'too_high')}
      WHEN NOT coalesce(whole, FALSE) THEN ${unknown('history')}
      WHEN f.prior IS NULL THEN CASE WHEN ${isIn(exempt)} THEN ${NOT_APPLICABLE} ELSE ${unknown('history')} END
      ELSE ${PASS} END AS outcome
    FROM covered c LEFT JOIN figure f ON f.k = c.k LEFT JOIN torn t ON t.k = c.k)
    ${summed}`
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

/** SQL over `ch`: the channel says itself which earlier price it shows. */
function speaksOfPrior(world: World): string {
  return world.speaks('price.prior_shown') ? `(${world.telling(['price.prior_shown'])})` : 'FALSE'
}

/** A channel whose export has neither price says nothing of what it shows. */
function unshown({ rule, world }: CompileInput): string {
  const tells = world.telling(['price.prior_shown', 'price.regular'])
  return `(CASE WHEN ${tells} THEN ${failCode(rule, 'missing')} ELSE ${unknown('no_input')} END)`
}

function isTrader({ params }: CompileInput): boolean {
  return params['scope']?.value === 'trader'
}

/** Only whether two are the same counts: rows of a fixed width are ordered faster. */
const CURRENCY = 'CASE WHEN currency IS NOT NULL THEN hash(currency) END'

/** What this audit sees, under the name `k` that an article of a channel has in all of history. */
const NOW = `SELECT * REPLACE (${CURRENCY} AS currency), coalesce(currency = 'JPY', FALSE) AS in_yen, hash(channel, item) AS k, epoch_ms(since) AS now_ms FROM history_now`

/** `cand`: what announces a reduction, each once. */
function candidates(input: CompileInput, own: readonly Own[], shared: string): string {
  const { world, params } = input
  const list = params['exempt']?.type === 'list' ? params['exempt'].value : []
  const isExempt = list.map((word) => `starts_with(lower(coalesce(category, '')), ${literal(word.toLowerCase())})`)
  const market = isTrader(input) ? ', market' : ''
  // The price that is struck through is an earlier price too, where no other is shown beside it.
  const prior = `${speaksOfPrior(world)} AND (prior_shown IS NOT NULL OR regular IS NULL OR regular <= effective)`
  return `raw AS (SELECT rid, ch, k, now_ms, effective, currency, in_yen, article${market}, CASE WHEN ${prior} THEN prior_shown ELSE regular END AS shown,
        CASE WHEN ${prior} THEN 'price.prior_shown' ELSE 'price.regular' END AS shown_field
      FROM (${NOW}) WHERE announced AND effective IS NOT NULL AND ch IN (${own.map(({ index }) => index).join(', ')})
      ${isExempt.length === 0 ? '' : `AND NOT (${isExempt.join(' OR ')})`}),
    dup AS (SELECT k, min(rid) AS rid, min(effective) < max(effective) AS twice FROM raw
      WHERE rid IN (SELECT rid FROM ${shared}) GROUP BY k HAVING count(*) > 1),
    cand AS (SELECT r.*, coalesce(d.twice, FALSE) AS twice FROM raw r LEFT JOIN dup d ON d.k = r.k WHERE d.k IS NULL OR d.rid = r.rid)`
}

/** `pair`: beside each of `cand` its own name as `mk`, and those of the trader's other channels where they count. */
function known(input: CompileInput): string {
  if (!isTrader(input)) return 'pair AS (SELECT k, k AS mk, ch AS m_ch, now_ms AS m_now FROM cand)'
  const { channels } = input.world
  const others = channels.flatMap(({ owner, kind }, index) => (owner === 'self' && kind !== 'erp' ? [index] : []))
  return `pair AS (SELECT k, k AS mk, ch AS m_ch, now_ms AS m_now, effective, TRUE AS announced, currency FROM cand
      UNION SELECT a.k, b.k, b.ch, b.now_ms, b.effective, b.announced, b.currency FROM cand a JOIN (${NOW}) b
        ON b.article = a.article AND b.market = a.market AND b.ch IN (${[...others, -1].join(', ')}) AND b.k <> a.k AND b.effective IS NOT NULL)`
}

/**
 * `step`: what was known before, one after the other. An article that is not listed for a time has no price then, and its
 * reduction goes on when it is back. What this audit sees itself is not among it where only the channel
 * counts: of an article that has not changed, a single row is left.
 */
function steps(input: CompileInput): string {
  const now = `UNION ALL SELECT DISTINCT mk, m_now, effective, announced, FALSE, currency, ${LAST_SEQ} FROM pair`
  // Of other channels more may count than is kept of each: the window is that of the reduction.
  const past = isTrader(input) || durationOf(input, 'window') > KEPT_WINDOW ? 'ledger_paid_all' : 'ledger_paid'
  const order = `ms, seq${isTrader(input) ? ', announced, effective' : ''}`
  return `past AS (SELECT * FROM ${past}),
    seen AS (SELECT * FROM past h SEMI JOIN pair p ON p.mk = h.k AND h.ms <= p.m_now ${isTrader(input) ? now : ''}),
    walk AS (SELECT *, lead(ms) OVER (PARTITION BY k ORDER BY ${order}) AS until_ms FROM seen),
    listed AS (SELECT *, lag(effective) OVER w AS before, lag(announced) OVER w AS was_announced, lead(ms) OVER w IS NULL AS is_last
      FROM walk WHERE NOT gone WINDOW w AS (PARTITION BY k ORDER BY ${order})),
    step AS (SELECT *, announced IS DISTINCT FROM was_announced OR effective IS DISTINCT FROM before AS moved,
        coalesce(was_announced AND before > effective, FALSE) AS grows FROM listed)`
}

/** `reduction`: when the one that is announced now began. A step that only goes further down belongs to the one before. */
function reductions(input: CompileInput, own: readonly Own[]): string {
  const limits = own.map(({ index, law }) => `WHEN ${index} THEN ${Math.min(law.progressiveMs, ENDLESS)}`)
  const last = (column: string): string => `any_value(${column}) FILTER (WHERE is_last) AS ${column}`
  return `chain AS (SELECT k, max(ms) FILTER (WHERE moved) AS last, max(ms) FILTER (WHERE moved AND NOT grows) AS first,
        min(ms) AS first_seen, ${last('effective')}, ${last('announced')} FROM step GROUP BY k),
    since AS (SELECT c.*, coalesce(h.first_seen, c.now_ms) AS first_seen, h.k IS NULL OR NOT h.announced OR h.effective IS DISTINCT FROM c.effective AS is_new,
        coalesce(h.announced AND h.effective > c.effective, FALSE) AS goes_on, h.last, h.first FROM cand c LEFT JOIN chain h ON h.k = c.k),
    began AS (SELECT * EXCLUDE (is_new, goes_on, last, first), CASE WHEN is_new AND NOT goes_on THEN now_ms
        WHEN now_ms - first <= CASE ch ${limits.join(' ')} END THEN first WHEN is_new THEN now_ms ELSE last END AS started FROM since),
    reduction AS (SELECT *, ${windowStart(input)} AS base FROM began)`
}

/** SQL over `started`, milliseconds: where the window begins. Whole days are days of the calendar, whatever their hours. */
function windowStart(input: CompileInput): string {
  const window = durationOf(input, 'window')
  if (window % DAY !== 0) return `started - ${window}`
  const zone = literal(input.world.timezone)
  const local = `timezone(${zone}, timezone('UTC', epoch_ms(started)))`
  return `epoch_ms(timezone(${zone}, ${local} - INTERVAL ${window / DAY} DAY))`
}

/** `figure`: the lowest price that held in the time before. Nothing came before the first price of an article. */
function figures(input: CompileInput): string {
  const until = `(s.until_ms IS NULL OR s.until_ms > r.base)`
  const lowest = 'min(s.effective) FILTER (WHERE NOT s.gone AND s.ms < r.started) AS prior'
  const mixed = (currency: string): string =>
    `least(min(${currency}), min(r.currency)) < greatest(max(${currency}), max(r.currency)) AS mixed`
  if (isTrader(input))
    return `figure AS (SELECT p.k, ${lowest}, ${mixed('CASE WHEN p.k = p.mk THEN s.currency END')}
      FROM reduction r JOIN (SELECT DISTINCT k, mk FROM pair) p ON p.k = r.k JOIN walk s ON s.k = p.mk WHERE ${until} GROUP BY p.k)`
  return `figure AS (SELECT s.k, ${lowest}, ${mixed('s.currency')} FROM walk s JOIN reduction r ON r.k = s.k WHERE r.started > r.first_seen AND ${until} GROUP BY s.k)`
}

/** `covered`: whether the prices of the time before, and of that since then, are known without a longer gap. */
function coverage(input: CompileInput): string {
  const gap = durationOf(input, 'max_gap')
  const isWhole = (first: string): string =>
    `coalesce(u.a <= r.base OR (u.a < ${first} AND ${first} > r.base), FALSE) OR coalesce(i.a <= r.base, FALSE)`
  const covered = isTrader(input)
    ? `whole AS (SELECT r.k, bool_and(${isWhole('coalesce(h.first_seen, p.m_now)')}) AS whole FROM reduction r JOIN pair p ON p.k = r.k LEFT JOIN chain h ON h.k = p.mk
          LEFT JOIN reach u ON u.ch = p.m_ch AND u.now_ms = p.m_now LEFT JOIN imported i ON i.k = p.mk AND i.now_ms = p.m_now GROUP BY r.k),
        covered AS (SELECT r.*, w.whole FROM reduction r LEFT JOIN whole w ON w.k = r.k)`
    : `covered AS (SELECT r.*, ${isWhole('r.first_seen')} AS whole FROM reduction r
        LEFT JOIN reach u ON u.ch = r.ch AND u.now_ms = r.now_ms LEFT JOIN imported i ON i.k = r.k AND i.now_ms = r.now_ms)`
  return `point AS (SELECT DISTINCT m_ch AS ch, m_now AS now_ms FROM pair),
    moment AS (SELECT ch, epoch_ms(as_of) AS ms FROM ledger_seen WHERE prices UNION SELECT ch, now_ms FROM point),
    run AS (SELECT ch, ms, count(*) FILTER (WHERE late) OVER (PARTITION BY ch ORDER BY ms) AS g
      FROM (SELECT ch, ms, ms - lag(ms) OVER (PARTITION BY ch ORDER BY ms) > ${gap} AS late FROM moment)),
    audited AS (SELECT ch, min(ms) AS a, max(ms) AS b FROM run GROUP BY ch, g),
    reach AS (SELECT p.ch, p.now_ms, min(u.a) AS a FROM point p JOIN audited u ON u.ch = p.ch AND u.b >= p.now_ms GROUP BY ALL),
    bridge AS (SELECT DISTINCT s.seq, s.ch, p.now_ms FROM ledger_source s JOIN point p ON p.ch = s.ch LEFT JOIN audited u ON u.ch = s.ch
      WHERE s.since IS NOT NULL AND (epoch_ms(s.as_of) >= p.now_ms
        OR (u.a <= epoch_ms(s.as_of) + ${gap} AND u.b >= epoch_ms(s.as_of) AND u.b >= p.now_ms))),
    imported AS (SELECT hash(c.channel, c.item) AS k, b.now_ms, epoch_ms(min(c.since)) AS a FROM ledger_imported c JOIN bridge b ON b.seq = c.seq AND b.ch = c.ch
      GROUP BY ALL),
    ${covered}`
}

/** `torn`: of whose time before nobody knows all, because what an audit wrote down of it is lost, and it was seen again too late. */
function torn(): string {
  return `sound AS (SELECT p.mk, min(s.ms) AS ms FROM (SELECT DISTINCT mk, m_ch FROM pair) p JOIN ledger_lost l ON l.ch = p.m_ch
      LEFT JOIN past s ON s.k = p.mk AND s.seq > l.seq GROUP BY p.mk),
    torn AS (SELECT DISTINCT r.k FROM reduction r JOIN (SELECT DISTINCT k, mk FROM pair) p ON p.k = r.k JOIN sound s ON s.mk = p.mk
      WHERE s.ms IS NULL OR s.ms > r.base)`
}

function halfMinorUnit(): string {
  return `(CASE WHEN in_yen THEN 0.5 ELSE 0.005 END)::DECIMAL(9,6)`
}
