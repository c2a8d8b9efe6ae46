/** `omniparity apply`: carries a plan out, guarded, noted, to be gone on with. */
import { dirname, join, relative, resolve } from 'node:path'
import { refusalOf, surveyPlan } from '../apply/check-plan.ts'
import type { Journal } from '../apply/journal.ts'
import { type Lock, takeLock } from '../apply/locks.ts'
import { isWritable, openTarget } from '../apply/open-target.ts'
import { RunState } from '../apply/run-state.ts'
import { Runs, resumeRun } from '../apply/runs.ts'
import { TargetPool } from '../apply/target-pool.ts'
import { LedgerFolder } from '../audit/ledger-folder.ts'
import { now } from '../base/clock.ts'
import { nearest } from '../base/text.ts'
import { loadConfig } from '../config/load.ts'
import { databaseHash } from '../database/connect.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { RunIo } from '../model/audit-run.ts'
import type { Config } from '../model/config.ts'
import { openPlan } from '../plan/plan-file.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { packNames } from '../rules/pack-files.ts'
import type { ApplyRequest, Facts } from './apply-facts.ts'
import { ApplyRun } from './apply-run.ts'
import { stateFolder } from './project-ledger.ts'

/** @returns The exit status. */
export async function runApply(request: ApplyRequest, io: RunIo): Promise<number> {
  const { configFile, cwd } = request
  const config = await loadConfig({ file: configFile, cwd, platform: loadPlatform, packs: packNames })
  io.speak?.(request.locale ?? config.locale)
  const state = stateFolder(config, request)
  if (state === null) throw fail('config/not-found', { dir: cwd })
  checkChannels(config, request)
  const plan = await openPlan(resolve(cwd, request.plan))
  const pool = new TargetPool((channel) => openTarget(config, channel), io.signal)
  try {
    const survey = await surveyPlan(plan.changes(), request.channels)
    const facts: Facts = { request, io, config, state, plan, pool, survey }
    return request.dryRun ? await tryOut(facts) : await locked(facts, () => carryOut(facts))
  } finally {
    await pool.close()
    await plan.close()
  }
}

function checkChannels({ channelIds: known }: Config, { channels }: ApplyRequest): void {
  const unknown = channels.find((id) => !known.includes(id))
  if (unknown === undefined) return
  throw fail('usage/unknown-channel', { channel: unknown, nearest: nearest(unknown, known, 3), known })
}

/** The plan first: of two runs of one plan the second says so, whatever channels they are about. */
async function locked(facts: Facts, work: () => Promise<number>): Promise<number> {
  const folder = join(facts.state, 'locks')
  const locks: Lock[] = []
  try {
    locks.push(await takeLock(folder, `plan ${facts.plan.sha256}`, facts.request.plan))
    for (const channel of [...facts.survey.channels].sort())
      locks.push(await takeLock(folder, `channel ${channel}`, channel))
    return await work()
  } finally {
    for (const lock of locks) await lock.release()
  }
}

async function tryOut(facts: Facts): Promise<number> {
  await refuse(facts)
  return new ApplyRun(facts, { run: null, journal: null, state: new RunState(), resumed: false }).carryOut()
}

async function carryOut(facts: Facts): Promise<number> {
  const { plan, request, state } = facts
  const runs = new Runs(state)
  const known = await runs.ofPlan(plan.sha256)
  if (known === null) {
    await refuse(facts)
    const { audit, undoes = null } = plan.head
    const path = relative(request.cwd, plan.path) || plan.path
    const databases = Object.fromEntries(
      Object.entries(plan.head.basis).flatMap(([channel, { database }]) =>
        database === undefined ? [] : [[channel, database]],
      ),
    )
    const begun = await runs.create({ path, sha256: plan.sha256, audit, undoes, databases })
    return closing(begun.journal, () => new ApplyRun(facts, { ...begun, resumed: false }).carryOut())
  }
  const begun = await resumeRun(known)
  return closing(begun.journal, async () => {
    const run = new ApplyRun(facts, { ...begun, run: known.run, resumed: true })
    if (await run.isDone()) return run.tellDone()
    // What was sent and not answered is found out about even where the plan has expired by now.
    const stop = await run.settle()
    if (stop === null) await refuse(facts)
    return run.carryOut(stop)
  })
}

async function closing(journal: Journal, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } finally {
    await journal.close()
  }
}

/** Refuses what must not be written, and opens every channel before the first one is written to. */
async function refuse({ request, config, state, plan, pool, survey }: Facts): Promise<void> {
  const entries = await new LedgerFolder(state).entries()
  const file = request.plan
  const allow = new Set(request.allow)
  const base = plan.path.endsWith('.json') ? dirname(plan.path) : plan.path
  const byHand = (channel: string): string | null => {
    if (isWritable(config, channel)) return null
    const folder = join(base, 'fix', channel)
    return relative(request.cwd, folder) || folder
  }
  const refusal = refusalOf({ file, head: plan.head, config, now: now(), entries, allow, byHand }, survey)
  if (refusal !== null) throw refusal
  for (const channel of config.channels.filter(({ id }) => survey.channels.has(id))) {
    const planned = plan.head.basis[channel.id]?.database
    if (planned !== undefined && planned !== (await databaseHash(channel, config.dir)))
      throw fail('apply/other-database', { file, channel: channel.id })
  }
  for (const channel of survey.channels) await pool.get(channel)
}
