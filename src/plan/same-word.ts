import { normText } from '../rules/norm.ts'
import { VOCABULARIES, vocabulary } from '../rules/reference-data.ts'

/** Whether two texts are one word for the rules: spelled alike but for case and accents, or the same in two languages. */
export function sameWord(left: string, right: string): boolean {
  const [one, other] = [normText(left), normText(right)]
  if (one === other) return true
  return VOCABULARIES.some((name) => {
    const canonical = (text: string): string | null =>
      [...vocabulary(name).words].find(([, spellings]) => spellings.includes(text))?.[0] ?? null
    const found = canonical(one)
    return found !== null && found === canonical(other)
  })
}
