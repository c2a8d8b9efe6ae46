import { nearest } from '../../base/text.ts'
import { literal } from '../../engine/engine.ts'
import { normSql } from '../norm.ts'
import { isVocabulary, VOCABULARIES, type Vocabulary, vocabulary } from '../reference-data.ts'
import type { CallArgument, CallContext } from './call.ts'

type Args = readonly CallArgument[]

/** Null where an iteration names an attribute that has no vocabulary: such words are compared as they are. */
function find(args: Args, context: CallContext): Vocabulary | null {
  const constant = args[0]?.constant
  const name = constant && typeof constant.value === 'string' ? constant.value : ''
  if (isVocabulary(name)) return vocabulary(name)
  if (args[0]?.node.kind === 'param') return null
  const near = nearest(name, VOCABULARIES, 3)
  const known = VOCABULARIES.join(', ')
  throw context.error(
    args[0] ?? null,
    { en: `unknown vocabulary '${name}'`, es: `vocabulario desconocido «${name}»` },
    near === null
      ? { en: `known: ${known}`, es: `se conocen: ${known}` }
      : { en: `did you mean '${near}'?`, es: `¿quería decir «${near}»?` },
  )
}

/** The word stands in it once for all spellings and once a pattern: what is nested in it, is printed as often. */
function cases(word: string, found: Vocabulary, pick: 'word' | 'system', otherwise: string): string {
  const spellings = [...found.words].flatMap(([canonical, all]) =>
    all.map((spelling) => [spelling, canonical] as const),
  )
  const list = `[${spellings.map(([spelling]) => literal(spelling)).join(', ')}]`
  const values = spellings.map(([, canonical]) => literal(pick === 'word' ? canonical : found.system))
  const known = `[${values.join(', ')}][nullif(list_position(${list}, ${word}), 0)]`
  const patterns = found.patterns.map(({ match, to, system }) => {
    const value = pick === 'word' ? `regexp_replace(${word}, ${literal(match)}, ${literal(to)})` : literal(system)
    return `CASE WHEN regexp_matches(${word}, ${literal(match)}) THEN ${value} END`
  })
  return `coalesce(${[known, ...patterns, otherwise].join(', ')})`
}

export function vocabularySql(args: Args, context: CallContext): string {
  const word = normSql(args[1]?.sql ?? 'NULL')
  const found = find(args, context)
  return found === null ? word : cases(word, found, 'word', word)
}

export function inVocabularySql(args: Args, context: CallContext): string {
  const text = args[1]?.sql ?? 'NULL'
  const found = find(args, context)
  if (found === null) return `CASE WHEN ${text} IS NOT NULL THEN TRUE END`
  return `CASE WHEN ${text} IS NOT NULL THEN ${cases(normSql(text), found, 'system', 'NULL')} IS NOT NULL END`
}

export function vocabularySystemSql(args: Args, context: CallContext): string {
  const text = args[1]?.sql ?? 'NULL'
  const found = find(args, context)
  if (found === null) return `CASE WHEN ${text} IS NOT NULL THEN '' END`
  return cases(normSql(text), found, 'system', 'NULL')
}
