/** `omniparity baseline`: takes the debt of a project in once, and from then on only lets it shrink. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { isWorse } from '../audit/silences.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { t } from '../i18n/texts.ts'
import { cutOff } from '../ingest/lost-keys.ts'
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import { BASELINE_FORMAT, type Baseline, baselineText, type KnownFinding } from '../model/silence.ts'
import { type Audited, audit } from './audit.ts'
import { findBaseline } from './silence.ts'

export interface BaselineRequest {
  /** `update` tightens what is known too; `prune` only removes what is gone. */
  readonly action: 'update' | 'prune'
  readonly acceptNew: boolean
  readonly reason: string | null
  readonly audit: AuditRequest
}

/** How many entries came, went, got better, and were found worse or new and left as they are. */
export interface BaselineChange {
  readonly added: number
  readonly removed: number
  readonly tightened: number
  readonly left: number
  readonly kept: number
}

/** @returns The exit status. */
export async function runBaseline(request: BaselineRequest, io: RunIo): Promise<number> {
  if (request.acceptNew && request.reason === null) throw fail('silence/no-reason', {})
  return audit(request.audit, io, (audited) => write(request, audited, io))
}

async function write(request: BaselineRequest, audited: Audited, io: RunIo): Promise<number> {
  const { config, asOf, silences, judged } = audited
  const file = await findBaseline(config, request.audit)
  if (file === null) throw fail('config/not-found', { dir: request.audit.cwd })
  // What cannot be seen is not fixed.
  const unseen = [...audited.unreadable, ...cutOff(audited.store)]
  if (unseen.length > 0) throw fail('silence/partial', { channels: unseen })
  if (file.content === null && request.action === 'prune') throw fail('silence/no-baseline', { file: file.shown })
  const unsure = await audited.unsure(lost(file.content, silences.worst, judged))
  const kept = new Set([...unsure, ...silences.hushed])
  const { content, change } = renewed(file.content, silences.worst, judged, kept, {
    action: request.action,
    accepts: file.content === null || request.acceptNew,
    on: asOf.slice(0, 10),
    reason: request.reason,
  })
  const text = baselineText(content)
  if (file.content === null || text !== baselineText(file.content)) await writeWhole(file.path, file.shown, text)
  const { added, removed, tightened, left } = change
  const texts = t(config.locale).baseline
  await io.stdout(`${texts.done(file.shown, added, removed, tightened, change.kept, left)}\n`)
  if (silences.beyond > 0) await io.stdout(`${texts.locked(silences.beyond)}\n`)
  return 0
}

type Found = ReadonlyMap<string, ReadonlyMap<string, KnownFinding>>

interface Renewal {
  readonly action: 'update' | 'prune'
  /** Whether what is new or worse is taken in. */
  readonly accepts: boolean
  readonly on: string
  readonly reason: string | null
}

/** Entries of rules that were evaluated, which were not found again. */
function lost(before: Baseline | null, found: Found, judged: ReadonlySet<string>): Map<string, Set<string>> {
  const ids = Object.entries(before?.findings ?? {}).flatMap(([rule, own]) => {
    const gone = Object.keys(own).filter((id) => found.get(rule)?.has(id) !== true)
    return judged.has(rule) && gone.length > 0 ? [[rule, new Set(gone)] as const] : []
  })
  return new Map(ids)
}

/**
 * The baseline after an audit.
 *
 * @param judged - Rules that were evaluated: of the others nobody knows whether their findings are gone.
 * @param unsure - Entries that are unknown now, or suppressed, and so not gone.
 */
export function renewed(
  before: Baseline | null,
  found: Found,
  judged: ReadonlySet<string>,
  unsure: ReadonlySet<string>,
  { action, accepts, on, reason }: Renewal,
): { readonly content: Baseline; readonly change: BaselineChange } {
  const count = { added: 0, removed: 0, tightened: 0, left: 0, kept: 0 }
  const findings: Record<string, Record<string, KnownFinding>> = {}
  const keep = (rule: string, id: string, known: KnownFinding): void => {
    const own = findings[rule] ?? {}
    findings[rule] = own
    own[id] = known
  }
  for (const [rule, ids] of Object.entries(before?.findings ?? {})) {
    for (const [id, old] of Object.entries(ids)) {
      const now = found.get(rule)?.get(id)
      if (now === undefined && judged.has(rule) && !unsure.has(id)) count.removed++
      else if (now === undefined || action === 'prune') keep(rule, id, old)
      else if (isWorse(now, old)) {
        keep(rule, id, accepts ? now : old)
        count[accepts ? 'added' : 'left']++
      } else {
        const least = tighter(now, old)
        keep(rule, id, least)
        if (least !== old) count.tightened++
      }
    }
  }
  for (const [rule, ids] of found) {
    for (const [id, now] of ids) {
      if (before?.findings[rule]?.[id] !== undefined) continue
      if (accepts && action === 'update') {
        keep(rule, id, now)
        count.added++
      } else count.left++
    }
  }
  const kept = Object.values(findings).reduce((sum, ids) => sum + Object.keys(ids).length, 0) - count.added
  const taken = accepts && action === 'update' && (before === null || count.added > 0)
  const accepted = [...(before?.accepted ?? []), ...(taken ? [{ on, findings: count.added, reason }] : [])]
  return { content: { format: BASELINE_FORMAT, accepted, findings }, change: { ...count, kept } }
}

/** The better of what is and what was; the old entry itself where nothing got better. */
function tighter(now: KnownFinding, old: KnownFinding): KnownFinding {
  const severity = isWorse({ ...old, gap: null }, { ...now, gap: null }) ? now.severity : old.severity
  const shrunk = now.gap !== null && old.gap !== null && Number(now.gap) < Number(old.gap)
  const gap = shrunk || old.gap === null ? now.gap : old.gap
  return severity === old.severity && gap === old.gap ? old : { severity, gap }
}

async function writeWhole(path: string, shown: string, text: string): Promise<void> {
  const partial = `${path}.partial-${process.pid}`
  try {
    await writeFile(partial, text)
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
      throw fail('silence/unwritable', { file: shown, reason: cause.code }, null, cause)
    }
    throw cause
  }
}
