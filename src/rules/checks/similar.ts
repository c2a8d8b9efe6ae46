/** Texts and pictures that should show the same article: `similar`. The scan only suspects; pairs of suspects are judged exactly. */
import { literal } from '../../engine/engine.ts'
import {
  type Aggregates,
  type CompileInput,
  decimalParam,
  FAIL,
  failCode,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  unknown,
  valueSql,
  whereSql,
} from '../check.ts'
import { normSql } from '../norm.ts'
import { units } from '../reference-data.ts'
import type { SimilarRule } from '../rule.ts'
import { speaksOf } from './speaks.ts'

/** What is written beside numbers without being a unit of content: `128 gb` is `128gb`. */
const BESIDE = 'gb|tb|mb|kw|w|v|mah|hz|mhz|ghz|mp|mpx|rpm|dpi|btu|lm'

/** What UTF-8 looks like that somebody has read as a Western code page. */
const DAMAGED = '[ÃÂ][\\x{a0}-\\x{bf}\\x{2010}-\\x{2044}€™Œœžšƒˆ˜]|â€|\\x{fffd}'

/** Small words that tell the language of a title. */
const LANGUAGES = {
  es: ['de', 'con', 'para', 'y', 'sin', 'del', 'el', 'la'],
  en: ['with', 'for', 'and', 'of', 'the', 'without'],
}

export function compileSimilar(
  rule: SimilarRule,
  input: CompileInput,
  use: Aggregates,
): { outcomes: readonly Outcome[]; refine: string | null } {
  if (!speaksOf(input)) return { outcomes: [{ member: null, sql: String(unknown('no_input')) }], refine: null }
  const where = whereSql(input)
  const value = valueSql(rule.value, input).sql
  const [low, high, count] = ['min', 'max', 'count'].map((name) => use.use(`${name}(${value}) FILTER (WHERE ${where})`))
  // The name of the shop behind a title, or a till's cut, makes no other article, and needs no closer look.
  const suffix = `substr(${high}, length(${low}) + 1)`
  const same =
    rule.alike === 'titles' ? `starts_with(${high}, ${low}) AND NOT regexp_matches(${suffix}, '[0-9]')` : 'FALSE'
  const sql = `CASE WHEN ${count} < 2 THEN ${NOT_APPLICABLE} WHEN ${low} = ${high} OR (${same}) THEN ${PASS} ELSE ${FAIL} END`
  const sides = `SELECT * FROM side WHERE ${where} AND (${value}) IS NOT NULL AND item IN (%candidates%)`
  const judged = rule.alike === 'titles' ? titles(rule, input, sides) : pictures(rule, input, sides)
  return {
    outcomes: [{ member: null, sql }],
    // A failing pair counts before one that nobody can judge.
    refine: `SELECT item, market, coalesce(min(o) FILTER (WHERE o >= ${FAIL}), max(o)) AS outcome FROM (${judged}) GROUP BY item, market`,
  }
}

/** Numbers, sizes and model codes that contradict each other; else hardly a word in common. */
function titles(rule: SimilarRule, input: CompileInput, sides: string): string {
  const language = input.world.speaks('attributes.language') ? `lower("attributes.language")` : 'NULL::VARCHAR'
  const least = decimalParam(input, 'min_similarity', '0.15')
  const short = decimalParam(input, 'short_title', '25')
  // Channels that say the same are read once: reading is what takes the time.
  const plain = `SELECT item, market, min(rid) AS rid, said, regexp_matches(title, '${DAMAGED}') AS damaged, ${normSql('title')} AS t
    FROM (SELECT item, market, rid, ${language} AS said, title FROM (${sides})) GROUP BY item, market, said, title`
  const read = `SELECT *, list_distinct(list_filter(string_split_regex(t, '[^\\p{L}\\p{N}]+'), lambda w: length(w) > 1)) AS words,
      ${keyedNumbers()} AS numbers FROM (${joinedNumbers(plain)})`
  const told = `SELECT *, coalesce(said, ${spoken()}) AS language, list_distinct(list_transform(numbers, lambda n: split_part(n, '=', 1))) AS keys FROM (${read})`
  const conflict = `len(list_filter(list_intersect(a.keys, b.keys), lambda k: NOT list_has_any(
      list_filter(a.numbers, lambda n: split_part(n, '=', 1) = k), b.numbers))) > 0`
  const common = 'len(list_intersect(a.words, b.words))'
  const all = `nullif(len(list_distinct(list_concat(a.words, b.words))), 0)`
  // Words say something only in titles of one language that nobody cut.
  const isComparable = `least(length(a.t), length(b.t)) > ${short} AND coalesce(a.language = b.language, TRUE)`
  return `WITH told AS (${told}) SELECT a.item, a.market, CASE
      WHEN starts_with(a.t, b.t) OR starts_with(b.t, a.t) THEN ${PASS}
      WHEN ${conflict} THEN ${failCode(rule, 'numbers')}
      WHEN ${isComparable} AND ${common} < ${least} * ${all} AND (a.damaged OR b.damaged) THEN ${unknown('vocabulary')}
      WHEN ${isComparable} AND ${common} < ${least} * ${all} THEN ${failCode(rule, 'wording')} ELSE ${PASS} END AS o
    FROM told a JOIN told b ON a.item = b.item AND a.market = b.market AND a.rid < b.rid`
}

/** One decimal mark, and numbers together with what they count. */
function joinedNumbers(plain: string): string {
  return `SELECT * REPLACE (regexp_replace(regexp_replace(t, '([0-9]),([0-9])', '\\1.\\2', 'g'), '([0-9]) (${BESIDE})\\b', '\\1\\2', 'g') AS t) FROM (${plain})`
}

/**
 * The numbers of a title as `what=how many`: amounts by what they measure, codes by their letters, other numbers by the
 * word in front of them and how many digits they have, so that a size is not held against a year.
 */
function keyedNumbers(): string {
  const known = [...units()].map(([word, found]) => [word.normalize('NFD').replace(/\p{M}/gu, ''), found] as const)
  const any = known
    .map(([word]) => word)
    .sort((a, b) => b.length - a.length)
    .join('|')
  const amount = `([0-9]+(?:[.][0-9]+)?) ?(${any})(?:[^\\p{L}\\p{N}]|$)`
  const words = known.map(([word]) => literal(word)).join(', ')
  const pick = (values: readonly string[], unit: string): string =>
    `[${values.join(', ')}][list_position([${words}], ${unit})]`
  const unit = `regexp_extract(m, ${literal(amount)}, 2)`
  const number = `regexp_extract(m, ${literal(amount)}, 1)`
  const kind = pick(
    known.map(([, found]) => literal(found.kind)),
    unit,
  )
  const factor = pick(
    known.map(([, found]) => `${found.factor}::DOUBLE`),
    unit,
  )
  const measured = (digits: string): string => `${kind} || '=' || round(TRY_CAST(${digits} AS DOUBLE) * ${factor}, 2)`
  const all = `regexp_extract_all(t, ${literal(amount)})`
  const rest = `regexp_replace(t, ${literal(amount)}, ' ', 'g')`
  const codes = `regexp_extract_all(regexp_replace(${rest}, '[-./]', '', 'g'), '[a-z0-9]*(?:[a-z][0-9]|[0-9][a-z])[a-z0-9]*')`
  const numbers = `regexp_extract_all(${rest}, '\\b[a-z]+ [0-9]+\\b')`
  return `list_concat(
    list_transform(${all}, lambda m: ${measured(number)}),
    list_transform(list_filter(${all}, lambda m: regexp_full_match(${number}, '[1-9][0-9]{0,2}[.][0-9]{3}')), lambda m: ${measured(`replace(${number}, '.', '')`)}),
    list_transform(${codes}, lambda m: regexp_replace(m, '[0-9]', '', 'g') || '#=' || regexp_replace(m, '[a-z]+', '.', 'g')),
    list_transform(${numbers}, lambda m: split_part(m, ' ', 1) || length(split_part(m, ' ', 2)) || '=' || split_part(m, ' ', 2)))`
}

function spoken(): string {
  const has = (words: readonly string[]): string =>
    `list_has_any(string_split(t, ' '), [${words.map(literal).join(', ')}])`
  const [es, en] = [has(LANGUAGES.es), has(LANGUAGES.en)]
  return `CASE WHEN ${es} AND NOT ${en} THEN 'es' WHEN ${en} AND NOT ${es} THEN 'en' END`
}

/** Perceptual hashes of 64 bits where both sides have one, else the ids of one library of pictures. */
function pictures(rule: SimilarRule, input: CompileInput, sides: string): string {
  const text = (name: 'image_hash' | 'image_asset'): string =>
    input.world.speaks(`attributes.${name}`) ? `"attributes.${name}"` : 'NULL::VARCHAR'
  const hash = text('image_hash')
  const shown = `SELECT item, market, rid, ${text('image_asset')} AS asset, ${hash} AS hash,
      CASE WHEN regexp_full_match(${hash}, '[0-9A-Fa-f]{16}') THEN TRY_CAST('0x' || ${hash} AS UBIGINT) END AS bits FROM (${sides})`
  const distance = 'bit_count(xor(a.bits, b.bits))'
  return `WITH shown AS (${shown}) SELECT a.item, a.market, CASE
      WHEN a.asset = b.asset THEN ${PASS}
      WHEN ${distance} > ${decimalParam(input, 'distance', '0.35')} * 64 THEN ${failCode(rule, 'picture')}
      WHEN ${distance} IS NOT NULL THEN ${PASS}
      WHEN a.hash IS NOT NULL AND b.hash IS NOT NULL THEN ${unknown('vocabulary')}
      WHEN a.asset <> b.asset THEN ${failCode(rule, 'asset')}
      ELSE ${unknown('no_input')} END AS o
    FROM shown a JOIN shown b ON a.item = b.item AND a.market = b.market AND a.rid < b.rid`
}
