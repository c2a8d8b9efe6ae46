import { nearest } from '../../base/text.ts'
import { literal } from '../../engine/engine.ts'
import { normSql } from '../norm.ts'
import { isVocabulary, VOCABULARIES, type Vocabulary, vocabulary } from '../reference-data.ts'
import type { CallArgument, CallContext } from './functions.ts'

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

function cases(word: string, found: Vocabulary, pick: 'word' | 'system', otherwise: string): string {
  const words = [...found.words].map(([canonical, spellings]) => {
    const value = pick === 'word' ? canonical : found.system
    return { value, sql: `${word} IN (${spellings.map(literal).join(', ')})` }
  })
  const branches =
    pick === 'word'
      ? words.map(({ sql, value }) => `WHEN ${sql} THEN ${literal(value)}`)
      : [`WHEN ${word} IN (${[...found.words.values()].flat().map(literal).join(', ')}) THEN ${literal(found.system)}`]
  const patterns = found.patterns.map(({ match, to, system }) => {
    const value = pick === 'word' ? `regexp_replace(${word}, ${literal(match)}, ${literal(to)})` : literal(system)
    return `WHEN regexp_matches(${word}, ${literal(match)}) THEN ${value}`
  })
  return `CASE ${[...branches, ...patterns].join(' ')} ELSE ${otherwise} END`
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
