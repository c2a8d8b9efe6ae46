/** Text in columns of a terminal: wide characters count two, combining ones none. */
import stringWidth from 'string-width'
import { printable } from '../base/text.ts'

const segmenter = new Intl.Segmenter()

/** Longer texts are no titles; measuring them would cost more than writing the page. */
const LONGEST = 2000

/** Text from outside made safe to print, runs of blanks folded: a title must not end a line or move the cursor. */
export function safe(whole: string): string {
  const text = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole
  return printable(text).replace(/\s+/gu, (blank) => (blank === '\u00a0' || blank === '\u202f' ? blank : ' '))
}

export function widthOf(text: string): number {
  return stringWidth(text)
}

function takeWhileFits(parts: readonly string[], width: number): number {
  let used = 0
  for (const [at, part] of parts.entries()) {
    used += widthOf(part)
    if (used > width) return at
  }
  return parts.length
}

function clusters(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** At most `width` columns; what is cut at the end shows as `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const parts = clusters(text)
  return `${parts
    .slice(0, takeWhileFits(parts, width - 1))
    .join('')
    .trimEnd()}…`
}

/** Like {@link cut}, but the end stays: of a path the file and the line matter. */
export function cutStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const parts = clusters(text).toReversed()
  return `…${parts
    .slice(0, takeWhileFits(parts, width - 1))
    .toReversed()
    .join('')}`
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

/** Left and right ends of one line; the left one gives way. */
export function ends(left: string, right: string, width: number): { readonly left: string; readonly right: string } {
  const room = width - widthOf(right) - 2
  return right === '' ? { left: cut(left, width), right } : { left: `${padEnd(cut(left, room), room)}  `, right }
}

/** Lines of at most `width` columns; `pieces` stay whole where they can, `separator` stands between two of one line. */
export function flow(pieces: readonly string[], separator: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    const longer = line === '' ? piece : line + separator + piece
    if (widthOf(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const broken = breakLong(piece, width)
    lines.push(...broken.slice(0, -1))
    line = broken.at(-1) ?? ''
  }
  if (line !== '') lines.push(line)
  return lines
}

function breakLong(piece: string, width: number): readonly string[] {
  const lines: string[] = []
  let rest = clusters(piece)
  while (rest.length > 0) {
    const fits = Math.max(1, takeWhileFits(rest, width))
    lines.push(rest.slice(0, fits).join(''))
    rest = rest.slice(fits)
  }
  return lines
}

/** Words in lines of at most `width` columns. */
export function wrap(text: string, width: number): readonly string[] {
  return flow(
    text.split(' ').filter((word) => word !== ''),
    ' ',
    width,
  )
}
