/** @jsxImportSource preact */
/** Charts of several audits as SVG: colours come from the style sheet, every figure stands in a text too. */
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import type { VNode } from 'preact'

export interface SeriesPoint {
  /** Milliseconds. */
  readonly time: number
  readonly day: string
  /** What the point says in words. */
  readonly title: string
  readonly error: number
  readonly warning: number
  readonly info: number
}

export interface SeriesProps {
  /** The oldest first; at least two. */
  readonly points: readonly SeriesPoint[]
  readonly label: string
  readonly number: (value: number) => string
  readonly size: 'large' | 'small'
}

const SIZES = {
  large: { width: 720, height: 200, left: 72, right: 12, top: 14, bottom: 30, ticks: 4 },
  small: { width: 320, height: 110, left: 44, right: 10, top: 8, bottom: 22, ticks: 2 },
}
/** More dots than this are a line. */
const MOST_DOTS = 60

/** Errors, on them warnings, on them the rest, at the time of each audit. */
export function Series({ points, label, number, size }: SeriesProps): VNode {
  const { width, height, left, right, top, bottom, ticks } = SIZES[size]
  const times = points.map(({ time }) => time)
  const x = scaleLinear([Math.min(...times), Math.max(...times, Math.min(...times) + 1)], [left, width - right])
  const most = Math.max(1, ...points.map(sum))
  const y = scaleLinear([0, most], [height - bottom, top]).nice(ticks)
  const shape = area<SeriesPoint>()
    .digits(1)
    .x(({ time }) => x(time))
  const outline = line<SeriesPoint>()
    .digits(1)
    .x(({ time }) => x(time))
    .y((point) => y(sum(point)))
  const layers = [
    ['notes', shape.y0(({ error, warning }) => y(error + warning)).y1((point) => y(sum(point)))(points)],
    ['warnings', shape.y0(({ error }) => y(error)).y1(({ error, warning }) => y(error + warning))(points)],
    ['errors', shape.y0(y(0)).y1(({ error }) => y(error))(points)],
  ] as const
  return (
    <svg class={`series ${size}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {y
        .ticks(ticks)
        .filter(Number.isInteger)
        .map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} class="grid" />
            <text x={left - 6} y={y(tick)} dy="0.35em" text-anchor="end" class="figure">
              {number(tick)}
            </text>
          </g>
        ))}
      {layers.map(([name, path]) => (
        <path key={name} class={name} d={path ?? ''} />
      ))}
      <path class="edge" d={outline(points) ?? ''} />
      {points.length <= MOST_DOTS &&
        points.map((point) => (
          <circle key={point.time} cx={x(point.time).toFixed(1)} cy={y(sum(point)).toFixed(1)} r={2.5} class="edge">
            <title>{point.title}</title>
          </circle>
        ))}
      <text x={left} y={height - 5} class="label">
        {points[0]?.day}
      </text>
      <text x={width - right} y={height - 5} text-anchor="end" class="label">
        {points.at(-1)?.day}
      </text>
    </svg>
  )
}

function sum({ error, warning, info }: SeriesPoint): number {
  return error + warning + info
}

export interface BalanceRow {
  readonly label: string
  /** What came: to the right. */
  readonly came: number
  /** What went: to the left. */
  readonly went: number
  readonly title: string
}

const BALANCE = { width: 360, row: 28, label: 120, figure: 46, thick: 14 }

/** What came against what went, a line each. */
export function Balance({
  rows,
  label,
  number,
}: {
  readonly rows: readonly BalanceRow[]
  readonly label: string
  readonly number: (value: number) => string
}): VNode {
  const { width, row, thick } = BALANCE
  const middle = BALANCE.label + (width - BALANCE.label) / 2
  const half = (width - BALANCE.label) / 2 - BALANCE.figure
  const most = Math.max(1, ...rows.flatMap(({ came, went }) => [came, went]))
  const x = scaleLinear([0, most], [0, half])
  const bar = (n: number): number => (n === 0 ? 0 : Math.max(2, x(n)))
  return (
    <svg class="balance" viewBox={`0 0 ${width} ${rows.length * row}`} role="img" aria-label={label}>
      {rows.map(({ label: name, came, went, title }, at) => {
        const y = at * row + row / 2
        return (
          <g key={name}>
            <title>{title}</title>
            <text x={0} y={y} dy="0.35em" class="label">
              {short(name)}
            </text>
            <rect x={middle - bar(went)} y={y - thick / 2} width={bar(went)} height={thick} class="good" />
            <rect x={middle} y={y - thick / 2} width={bar(came)} height={thick} class="bad" />
            <text x={middle - bar(went) - 5} y={y} dy="0.35em" text-anchor="end" class="figure">
              {went === 0 ? '' : `−${number(went)}`}
            </text>
            <text x={middle + bar(came) + 5} y={y} dy="0.35em" class="figure">
              {came === 0 ? '' : `+${number(came)}`}
            </text>
          </g>
        )
      })}
      <line x1={middle} x2={middle} y1={0} y2={rows.length * row} class="axis" />
    </svg>
  )
}

const LONGEST = 16

function short(text: string): string {
  const letters = [...text]
  return letters.length <= LONGEST ? text : `${letters.slice(0, LONGEST - 1).join('')}…`
}
