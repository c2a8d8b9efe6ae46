/** What a JSON report says, without what differs from run to run: to be compared and read by people. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Report = z.object({
  channels: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      platform: z.string(),
      listings: z.number(),
      linked: z.number(),
      sources: z.array(z.object({ path: z.string(), rows: z.number(), quarantined: z.number() })),
    }),
  ),
  causes: z.array(z.object({ rule: z.string(), severity: z.string(), message: z.string() })),
  findings: z.array(z.object({ severity: z.string(), market: z.string().nullable(), message: z.string() })),
})

const Plan = z.object({
  format: z.literal('omniparity-plan/1'),
  changes: z.array(
    z.object({
      channel: z.string(),
      target: z.object({ listing: z.string().nullable() }),
      field: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      authority: z.string(),
      needs: z.array(z.string()),
    }),
  ),
  actions: z.array(z.object({ channel: z.string(), text: z.string() })),
  unresolved: z.array(z.object({ channel: z.string().nullable(), reason: z.string() })),
})

function planLines({ changes, actions, unresolved }: z.infer<typeof Plan>): readonly string[] {
  return [
    ...changes.map(
      ({ channel, target, field, before, after, authority, needs }) =>
        `${channel} ${target.listing} ${field}: ${before} to ${after}, right is ${authority}; needs ${needs.join(', ') || 'nothing'}`,
    ),
    ...actions.map(({ channel, text }) => `do in ${channel}: ${text}`),
    ...unresolved.map(({ channel, reason }) => `not ${channel ?? 'planned'}: ${reason}`),
  ]
}

/** Of a report or a plan. */
export function summaryOf(path: string): string {
  const plan = Plan.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (plan.success)
    return planLines(plan.data)
      .map((line) => `  ${line}\n`)
      .join('')
  const { channels, causes, findings } = Report.parse(JSON.parse(readFileSync(path, 'utf8')))
  const lines = [
    ...channels.map(({ id, kind, platform, listings, linked, sources }) => {
      const read = sources.map(({ path: file, rows, quarantined }) => `${file} ${rows} rows, ${quarantined} left out`)
      return `${id} ${kind} ${platform}: ${listings} listings, ${linked} linked; ${read.join('; ') || 'not read'}`
    }),
    ...causes.map(({ severity, rule, message }) => `${severity} cause ${rule}: ${message}`),
    ...findings.map(({ severity, market, message }) => `${severity} ${market ?? '-'}: ${JSON.stringify(message)}`),
  ]
  return lines.map((line) => `  ${line}\n`).join('')
}
