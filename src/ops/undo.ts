/** `omniparity undo`: makes of a run's journal the plan that takes it back. */
import { writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { latestSnapshot } from '../apply/check-plan.ts'
import { takeLock } from '../apply/locks.ts'
import { type RunRecord, Runs } from '../apply/runs.ts'
import { readWritten, type Written } from '../apply/undo.ts'
import { type LedgerEntry, LedgerFolder } from '../audit/ledger-folder.ts'
import { instantText, now } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { printable } from '../base/text.ts'
import { authorityHash } from '../config/authority-hash.ts'
import { loadConfig } from '../config/load.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { t } from '../i18n/texts.ts'
import type { RunIo } from '../model/audit-run.ts'
import type { Config, Locale } from '../model/config.ts'
import { type Change, PLAN_FORMAT, type PlanHead } from '../model/plan.ts'
import { openWholeFolder, refuseTaken, unwritable } from '../plan/folder.ts'
import { writePlanFile } from '../plan/plan-file.ts'
import { plainMarkdown } from '../plan/readable.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { packNames } from '../rules/pack-files.ts'
import { stateFolder } from './project-ledger.ts'

export interface UndoRequest {
  /** A run, the beginning of its name, or `last`. */
  readonly run: string
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  /** What a flag asks for; null for the language of the project. */
  readonly locale: Locale | null
  readonly format: 'pretty' | 'json'
  /** Folder to write; null for one in the state folder. */
  readonly output: string | null
}

const HOUR_MS = 3_600_000
/** Changes shown to a reader; all of them stand in the plan. */
const MOST_SHOWN = 200

/** @returns The exit status. */
export async function runUndo(request: UndoRequest, io: RunIo): Promise<number> {
  const { configFile, cwd } = request
  const config = await loadConfig({ file: configFile, cwd, platform: loadPlatform, packs: packNames })
  io.speak?.(request.locale ?? config.locale)
  const state = stateFolder(config, request)
  if (state === null) throw fail('config/not-found', { dir: cwd })
  const record = await new Runs(state).named(request.run)
  // A run that goes on would write more than its undo knows of.
  const lock = await takeLock(join(state, 'locks'), `plan ${record.begin.plan.sha256}`, record.run)
  try {
    const written = await readWritten(record.journal)
    if (written.changes === 0) throw fail('apply/nothing-to-undo', { run: record.run })
    const target = targetOf(request, state, record)
    await refuseTaken(target.path, target.shown)
    await writePlan(target, config, record, written, await new LedgerFolder(state).entries())
    await say(request, io, config, record, written, target.shown)
    return 0
  } finally {
    await lock.release()
  }
}

interface Target {
  readonly path: string
  readonly shown: string
}

function targetOf({ output, cwd }: UndoRequest, state: string, { run }: RunRecord): Target {
  if (output !== null) return { path: resolve(cwd, output), shown: output }
  const stamp = instantText(now()).replaceAll(/[-:]/g, '')
  const path = join(state, 'plans', `${stamp}-undo-${run.slice(-8)}`)
  const shown = relative(cwd, path)
  return { path, shown: shown.startsWith('..') ? path : shown }
}

async function writePlan(
  target: Target,
  config: Config,
  record: RunRecord,
  written: Written,
  entries: readonly LedgerEntry[],
): Promise<void> {
  const head = headOf(config, record, written, entries)
  const folder = await openWholeFolder(target.path, target.shown)
  try {
    await unwritable(target.shown, async () => {
      const content = { head, changes: written.inverse(), actions: [], unresolved: nothing() }
      await writePlanFile(join(folder.path, 'plan.json'), content)
      const page = await readable(config, record, written, head)
      await writeFile(join(folder.path, 'plan.md'), page, { flag: 'wx', mode: 0o600 })
    })
    await folder.finish()
  } finally {
    await folder.discard()
  }
}

/** The plan is made from the journal; that no audit has looked at the channels since is asked of it as of any plan. */
function headOf(
  config: Config,
  { run, begin }: RunRecord,
  { channels }: Written,
  entries: readonly LedgerEntry[],
): PlanHead {
  const created = now()
  const last = entries.findLast(({ kind }) => kind === 'audit')
  const basis = [...channels].sort().map((channel) => {
    const snapshot = latestSnapshot(entries, channel) ?? ''
    const database = begin.plan.databases?.[channel]
    const known = { snapshot, sha256: sha256(`${run} ${channel}`) }
    return [channel, database === undefined ? known : { ...known, database }] as const
  })
  return {
    format: PLAN_FORMAT,
    created_at: instantText(created),
    expires_at: instantText(new Date(created.getTime() + (config.plan?.expiresMs ?? HOUR_MS))),
    audit: last?.id ?? begin.plan.audit,
    as_of: last?.as_of ?? instantText(created),
    config_sha256: config.sha256,
    authority_sha256: authorityHash(config),
    undoes: run,
    basis: Object.fromEntries(basis),
    limits: { price_change: config.plan?.maxPriceChange ?? '0.3', rows: config.plan?.maxRows ?? '0.05', sum: null },
    allowed: [],
  }
}

async function* nothing(): AsyncGenerator<never> {}

async function readable(
  { locale }: Config,
  { run }: RunRecord,
  { changes, inverse }: Written,
  head: PlanHead,
): Promise<string> {
  const { apply, plan } = t(locale)
  const { columns } = plan
  const lines: string[] = []
  for await (const some of inverse()) {
    lines.push(...some.slice(0, MOST_SHOWN - lines.length).map(line))
    if (lines.length >= MOST_SHOWN) break
  }
  const more = changes > lines.length ? `\n${plan.more(changes - lines.length)}\n` : ''
  return [
    `# ${plainMarkdown(apply.planTitle(run))}\n\n${plan.made(head.created_at, head.expires_at)}\n\n`,
    `| ${columns.article} | ${columns.field} | ${columns.before} | ${columns.after} |\n|---|---|---|---|\n`,
    `${lines.join('')}${more}`,
  ].join('')
}

function line({ channel, target, field, before, after, unit }: Change): string {
  const value = (text: string | null): string => plainMarkdown(text === null ? '–' : `${text} ${unit ?? ''}`.trim())
  const name = [target.sku ?? target.listing ?? target.external_id ?? '', channel].map(plainMarkdown).join(' · ')
  return `| ${name} | ${plainMarkdown(field)} | ${value(before)} | ${value(after)} |\n`
}

async function say(
  { format, locale, cwd }: UndoRequest,
  io: RunIo,
  config: Config,
  { run }: RunRecord,
  { changes, unsure }: Written,
  shown: string,
): Promise<void> {
  const texts = t(locale ?? config.locale).apply
  if (format === 'json') {
    const plan = relative(cwd, resolve(cwd, shown, 'plan.json'))
    await io.stdout(`${JSON.stringify({ run, plan, changes, unsure }, null, 2)}\n`)
    return
  }
  const lines = [texts.planned(changes, run, printable(shown)), ...(unsure === 0 ? [] : [texts.unsure(unsure)])]
  await io.stdout(`${lines.join('\n')}\n`)
}
