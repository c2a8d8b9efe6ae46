import type { Problem } from '../../diagnostics/rules.ts'

const MAX_PATTERN = 200
/** RE2 refuses patterns whose repetitions multiply to more. */
const MAX_REPEAT = 1000

/** What RE2 would refuse of a pattern, so that it is said when the rule is loaded; null when nothing is wrong. */
export function checkRegex(pattern: string): Problem | null {
  if (pattern.length > MAX_PATTERN) {
    return {
      en: `the pattern is longer than ${MAX_PATTERN} characters`,
      es: `el patrón tiene más de ${MAX_PATTERN} caracteres`,
    }
  }
  if (/\(\?<?[=!]|\(\?>|\\[1-9]|\\k</.test(pattern)) {
    return {
      en: 'the pattern uses look-around or back-references, which RE2 does not have',
      es: 'el patrón usa miradas al contexto o referencias hacia atrás, que RE2 no tiene',
    }
  }
  const bounds = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, low, high]) => Number(high || low))
  if (bounds.reduce((product, bound) => product * Math.max(bound, 1), 1) > MAX_REPEAT) {
    return {
      en: `the repetitions of the pattern exceed ${MAX_REPEAT}`,
      es: `las repeticiones del patrón pasan de ${MAX_REPEAT}`,
    }
  }
  return syntaxProblem(pattern)
}

function syntaxProblem(pattern: string): Problem | null {
  try {
    // The u flag refuses escapes that mean nothing, as RE2 does; inline flags are RE2's own.
    new RegExp(pattern.replace(/^\(\?[ims]+\)/, ''), 'u')
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /, '').toLowerCase() : 'not readable'
    return { en: `the pattern cannot be read: ${reason}`, es: `el patrón no se entiende: ${reason}` }
  }
}
