/** Data that are known to be too far apart in time are not compared. */
import { type Aggregates, type CompileInput, unknown } from '../check.ts'

/** Only times that a configuration or a file states count: the time stamp of a file says when it was copied. */
export function skewGuard(
  input: CompileInput,
  use: Aggregates,
  filter: string,
  entity: 'price' | 'stock',
): readonly string[] {
  const { maxSkew } = input.rule.guard
  const { knownTime } = input.world
  if (maxSkew === null || knownTime === null) return []
  const param = typeof maxSkew === 'number' ? null : input.params[maxSkew.param]
  const limit = typeof maxSkew === 'number' ? maxSkew : param?.type === 'duration' ? param.value : null
  if (limit === null) return []
  const time = knownTime(`coalesce("src:${entity}", src)`)
  const first = use.use(`min(${time}) FILTER (WHERE ${filter})`)
  const last = use.use(`max(${time}) FILTER (WHERE ${filter})`)
  return [`WHEN ${last} - ${first} > ${limit} THEN ${unknown('skew')}`]
}
