/** A column, a number, or the nothing of a field that no source has: what follows from it is settled before any row. */
const SIMPLE = /^(?:[\w.]+|"[^"]+"|NULL::\w+)$/

/** A lambda costs as much per row as ten sums: short arithmetic is cheaper repeated, the engine computes it once. */
function isCheap(argument: string): boolean {
  return SIMPLE.test(argument) || (argument.length <= 160 && !/regexp|list_|lambda|strip_accents|nfc_/.test(argument))
}

/**
 * SQL in which an argument stands once, however often the body needs it: what is repeated in place is computed again for
 * every row, and repeated inside repetitions it grows beyond what the engine can plan.
 *
 * Equal arguments give equal text, so that the engine and the board see that they are the same.
 *
 * @param name - Of the argument in the body; no argument contains a body of the same name around itself.
 */
export function once(name: string, argument: string, body: (name: string) => string): string {
  if (SIMPLE.test(argument)) return body(argument)
  return `list_transform([${argument}], lambda ${name}: ${body(name)})[1]`
}

/** The same for two arguments, of which either may be an aggregate. */
export function onceBoth(left: string, right: string, body: (left: string, right: string) => string): string {
  if (isCheap(left) && isCheap(right)) return body(left, right)
  return `list_transform([{'a': ${left}, 'b': ${right}}], lambda o: ${body('o.a', 'o.b')})[1]`
}
