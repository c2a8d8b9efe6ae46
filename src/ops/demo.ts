/** `omniparity demo`: writes the demo retailer and audits it. */
import { join, relative, resolve } from 'node:path'
import { instantText } from '../base/clock.ts'
import type { RunDemo } from '../model/audit-run.ts'
import { runAudit } from './audit.ts'
import { writeDemo } from './demo/write.ts'

const SEED = 1
const ARTICLES = 1500
/** The demo's own moment: its promotions and sales run around it, so that every run says the same. */
const AS_OF = '2026-11-22T08:00:00Z'

export const runDemo: RunDemo = async (request, io) => {
  const dir = resolve(request.audit.cwd, request.dir ?? 'omniparity-demo')
  const asOf = request.audit.asOf === null ? AS_OF : instantText(new Date(request.audit.asOf))
  await writeDemo({ dir, seed: request.seed ?? SEED, articles: request.articles ?? ARTICLES, asOf })
  io.progress({ stage: 'read', source: relative(request.audit.cwd, dir) || dir, note: 'demo' })
  return runAudit({ ...request.audit, asOf, files: [], configFile: join(dir, 'omniparity.yaml') }, io)
}
