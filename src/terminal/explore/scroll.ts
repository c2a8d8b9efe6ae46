/** The first line that is shown, so that the cursor is among `height` lines and as little moves as possible. */
export function scrolledTo(cursor: number, height: number, top: number, length: number): number {
  const last = Math.max(0, length - height)
  if (cursor < top) return cursor
  if (cursor >= top + height) return Math.min(last, cursor - height + 1)
  return Math.min(top, last)
}
