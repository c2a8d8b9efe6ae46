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

export function summaryOf(path: string): string {
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
