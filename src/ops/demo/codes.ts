/** Article codes of the demo: GTINs that are valid by construction, and wrong ones that are surely wrong. */

/** Check digit by GS1 General Specifications 7.9: weights 3 and 1 from the right. */
export function checkDigit(digits: string): number {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48
    sum += at % 2 === 0 ? digit * 3 : digit
  }
  return (10 - (sum % 10)) % 10
}

export function withCheckDigit(digits: string): string {
  return `${digits}${checkDigit(digits)}`
}

export function isValid(code: string): boolean {
  return checkDigit(code.slice(0, -1)) === Number(code.at(-1))
}

/** The 14-digit form that keys of items use. */
export function gtin14(code: string): string {
  return code.padStart(14, '0')
}

/** The code with a check digit that is off by `by`, 1 to 9. */
export function withWrongCheckDigit(code: string, by: number): string {
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + by) % 10}`
}

/** Eleven digits of the code that no reading makes valid: neither a lost zero nor another length. */
export function cutShort(code: string): string {
  const cut = code.slice(0, 11)
  return isValid(cut) ? withWrongCheckDigit(cut, 1) : cut
}

/** How a Spanish spreadsheet shows a code that it took for a number. */
export function asScientific(code: string): string {
  return `${code[0]},${code.slice(1, 6)}E+${code.length - 1}`
}
