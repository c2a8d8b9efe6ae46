const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** Figures as bars, the highest as the full one; what was not judged is a dot, and none at all the lowest bar. */
export function sparkline(figures: readonly (number | null)[]): string {
  const most = Math.max(0, ...figures.map((figure) => figure ?? 0))
  return figures
    .map((figure) => {
      if (figure === null) return '·'
      return most === 0 ? BARS[0] : (BARS[Math.round((figure / most) * (BARS.length - 1))] ?? BARS[0])
    })
    .join('')
}
