/** @jsxImportSource preact */
/** Charts as SVG: colours come from the style sheet, so they follow the appearance of the page. */
import { scaleLinear, scalePoint } from 'd3-scale'
import { area, line } from 'd3-shape'
import type { VNode } from 'preact'

export interface Bar {
  readonly label: string
  /** From 0 to 1; null where nothing was decided. */
  readonly share: number | null
  readonly text: string
  readonly title: string
  /** Findings in the audits so far, the oldest first; fewer than two show nothing. */
  readonly trend: readonly number[]
}

const BAR = { width: 420, row: 26, label: 150, value: 60, thick: 12, trend: 56 }

/** Shares as bars, each with its figure. */
export function Bars({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }): VNode {
  const x = scaleLinear([0, 1], [0, BAR.width - BAR.label - BAR.value - BAR.trend])
  const height = bars.length * BAR.row
  return (
    <svg class="bars" viewBox={`0 0 ${BAR.width} ${height}`} role="img" aria-label={label}>
      {bars.map(({ label: name, share, text, title, trend }, at) => {
        const middle = at * BAR.row + BAR.row / 2
        return (
          <g key={name}>
            <title>{title}</title>
            <text x={0} y={middle} dy="0.35em" class="label">
              {cut(name, 18)}
            </text>
            <rect x={BAR.label} y={middle - BAR.thick / 2} width={x(1)} height={BAR.thick} rx={3} class="rail" />
            {share !== null && share > 0 && (
              <rect
                x={BAR.label}
                y={middle - BAR.thick / 2}
                width={Math.max(x(share), 1)}
                height={BAR.thick}
                rx={3}
                class={share >= 0.99 ? 'good' : share >= 0.95 ? 'fair' : 'bad'}
              />
            )}
            <text x={BAR.width - BAR.trend} y={middle} dy="0.35em" text-anchor="end" class="figure">
              {text}
            </text>
            {trend.length > 1 && (
              <path class="spark" d={spark(trend, BAR.width - BAR.trend + 8, middle, BAR.trend - 10, BAR.thick)} />
            )}
          </g>
        )
      })}
    </svg>
  )
}

function spark(values: readonly number[], left: number, middle: number, width: number, height: number): string {
  const x = scaleLinear([0, values.length - 1], [left, left + width])
  const y = scaleLinear([0, Math.max(1, ...values)], [middle + height / 2, middle - height / 2])
  const shape = line<number>()
    .x((_, at) => x(at))
    .y((value) => y(value))
  return shape(values) ?? ''
}

const SPARK = { width: 120, height: 22 }

/** A course without axes; what was not judged leaves a gap. */
export function Spark({
  values,
  label,
}: {
  readonly values: readonly (number | null)[]
  readonly label: string
}): VNode {
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [3, SPARK.width - 3])
  const y = scaleLinear([0, Math.max(1, ...values.map((value) => value ?? 0))], [SPARK.height - 3, 3])
  const shape = line<number | null>()
    .digits(1)
    .defined((value) => value !== null)
    .x((_, at) => x(at))
    .y((value) => y(value ?? 0))
  const isGap = (at: number): boolean => (values[at] ?? null) === null
  // A figure between two gaps is no line.
  const dots = values.flatMap((value, at) =>
    value !== null && (at === values.length - 1 || (isGap(at - 1) && isGap(at + 1))) ? [{ value, at }] : [],
  )
  return (
    <svg class="course" viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <path class="spark" d={shape(values) ?? ''} />
      {dots.map(({ value, at }) => (
        <circle key={at} cx={x(at)} cy={y(value)} r={2.5} class="edge" />
      ))}
    </svg>
  )
}

export interface TrendPoint {
  readonly at: string
  readonly error: number
  readonly warning: number
}

const TREND = { width: 420, height: 150, left: 44, right: 10, top: 10, bottom: 22 }

/** Errors and warnings over the audits, the oldest first. */
export function Trend({
  points,
  label,
  number,
}: {
  readonly points: readonly TrendPoint[]
  readonly label: string
  readonly number: (value: number) => string
}): VNode {
  const most = Math.max(1, ...points.map(({ error, warning }) => error + warning))
  const places = points.map((_, at) => at)
  const x = scalePoint(places, [TREND.left, TREND.width - TREND.right])
  const y = scaleLinear([0, most], [TREND.height - TREND.bottom, TREND.top]).nice(4)
  const at = (index: number): number => x(index) ?? TREND.left
  const shape = area<TrendPoint>().x((_, index) => at(index))
  const outline = line<TrendPoint>().x((_, index) => at(index))
  const first = points[0]
  const last = points.at(-1)
  return (
    <svg class="trend" viewBox={`0 0 ${TREND.width} ${TREND.height}`} role="img" aria-label={label}>
      {y
        .ticks(4)
        .filter(Number.isInteger)
        .map((tick) => (
          <g key={tick}>
            <line x1={TREND.left} x2={TREND.width - TREND.right} y1={y(tick)} y2={y(tick)} class="grid" />
            <text x={TREND.left - 6} y={y(tick)} dy="0.35em" text-anchor="end" class="figure">
              {number(tick)}
            </text>
          </g>
        ))}
      <path
        class="warnings"
        d={shape.y0(({ error }) => y(error)).y1(({ error, warning }) => y(error + warning))(points) ?? ''}
      />
      <path class="errors" d={shape.y0(y(0)).y1(({ error }) => y(error))(points) ?? ''} />
      <path class="edge" d={outline.y(({ error, warning }) => y(error + warning))(points) ?? ''} />
      {points.map(({ at: when, error, warning }, index) => (
        <circle key={when} cx={at(index)} cy={y(error + warning)} r={3} class="edge">
          <title>{`${when}: ${number(error)} + ${number(warning)}`}</title>
        </circle>
      ))}
      <text x={TREND.left} y={TREND.height - 4} class="label">
        {first?.at.slice(0, 10)}
      </text>
      <text x={TREND.width - TREND.right} y={TREND.height - 4} text-anchor="end" class="label">
        {last?.at.slice(0, 10)}
      </text>
    </svg>
  )
}

function cut(text: string, most: number): string {
  const letters = [...text]
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`
}
