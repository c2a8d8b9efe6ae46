/** `omniparity plan`: audits, and makes of what was found a change set that a person can read, carry out and undo. */
import { writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { instantText, now } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { nearest, printable } from '../base/text.ts'
import { authorityHash } from '../config/authority-hash.ts'
import { databaseHash } from '../database/connect.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { PlanTexts } from '../i18n/plan.en.ts'
import { t } from '../i18n/texts.ts'
import type { Store } from '../ingest/tables.ts'
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import type { Config } from '../model/config.ts'
import {
  type ChangeNeed,
  PLAN_FORMAT,
  type PlanAction,
  type PlanBasis,
  type PlanHead,
  type PlanLimits,
} from '../model/plan.ts'
import type { Cause } from '../model/report.ts'
import { ChangeSet, cells } from '../plan/change-set.ts'
import { planChanges, planUnresolved } from '../plan/changes.ts'
import type { FixFile } from '../plan/fix-file.ts'
import { writeFixFiles } from '../plan/fix-files.ts'
import { openWholeFolder, refuseTaken, unwritable } from '../plan/folder.ts'
import { needsOf } from '../plan/needs.ts'
import { placeText } from '../plan/place.ts'
import { writePlanFile } from '../plan/plan-file.ts'
import { readablePlan } from '../plan/readable.ts'
import type { Review } from '../plan/review.ts'
import { type Selection, selectsCause } from '../plan/selection.ts'
import { isValue } from '../plan/values.ts'
import { Wants } from '../plan/wants.ts'
import { type Audited, audit } from './audit.ts'
import { readMarks } from './marks.ts'
import { stateFolder } from './project-ledger.ts'

export interface PlanRequest {
  readonly audit: AuditRequest
  readonly selection: Selection
  /** Only findings that were marked in the explorer. */
  readonly marked?: boolean
  /** Folder to write; null for one in the state folder. */
  readonly output: string | null
  readonly allowed: readonly ChangeNeed[]
  /** Decimal text; null for what the configuration says. */
  readonly maxSum: string | null
  readonly expiresMs: number | null
  /** Asks a person about every change; null takes them all. */
  readonly review: Review | null
}

const HOUR_MS = 3_600_000
/** Prices and stock move; names and states hardly do. */
const EXPIRES = { moving: HOUR_MS, rest: 24 * HOUR_MS }

/** @returns The exit status: 4 when changes wait for a flag. */
export async function runPlan(request: PlanRequest, io: RunIo): Promise<number> {
  let maker: PlanMaker | null = null
  if (request.output !== null) await refuseTaken(resolve(request.audit.cwd, request.output), request.output)
  return audit(
    request.audit,
    io,
    async (audited) => {
      if (maker === null) throw new Error('the audit was settled before it began')
      return maker.write(audited)
    },
    async ({ config, asOf, engine, store, rules }) => {
      if (config.file === null) throw fail('config/not-found', { dir: request.audit.cwd })
      checkSelection(request.selection, config, new Set(rules.map(({ rule }) => rule.id)))
      const selection = await selectionOf(request, config)
      const set = await ChangeSet.create(engine)
      const wants = new Wants({
        ...{ store, config, asOf, rules, selection },
        want: (want) => set.want(want),
        open: (open) => set.open(open),
      })
      const titles = new Map(rules.map(({ rule }) => [rule.id, rule.title[config.locale]]))
      maker = new PlanMaker({ ...request, selection }, io, set, wants, (rule) => titles.get(rule) ?? rule)
      return wants
    },
  )
}

function checkSelection({ rules, channels }: Selection, config: Config, known: ReadonlySet<string>): void {
  const channel = channels.find((id) => !config.channelIds.includes(id))
  if (channel !== undefined)
    throw fail('usage/unknown-channel', {
      channel,
      nearest: nearest(channel, config.channelIds, 3),
      known: config.channelIds,
    })
  const rule = rules.find((id) => !known.has(id))
  if (rule !== undefined) throw fail('usage/bad-value', { option: '--rule', value: rule, accepted: 'omniparity rules' })
}

class PlanMaker {
  readonly #request: PlanRequest
  readonly #io: RunIo
  readonly #set: ChangeSet
  readonly #wants: Wants
  readonly #ruleTitle: (rule: string) => string

  constructor(request: PlanRequest, io: RunIo, set: ChangeSet, wants: Wants, ruleTitle: (rule: string) => string) {
    this.#request = request
    this.#io = io
    this.#set = set
    this.#wants = wants
    this.#ruleTitle = ruleTitle
  }

  async write(audited: Audited): Promise<number> {
    const { config, head, store, engine } = audited
    const texts = t(config.locale).plan
    const limits = this.#limits(config)
    this.#io.progress({ stage: 'plan' })
    await this.#set.settle({ limits, channels: head.channels, stale: this.#wants.stale, store })
    await this.#review(audited, limits, texts)
    const created = now()
    const target = this.#target(config, instantText(created), head.audit.id)
    const folder = await openWholeFolder(target.path, target.shown)
    try {
      const files = await unwritable(target.shown, () =>
        writeFixFiles({
          ...{ engine, store, folder: folder.path, dir: config.dir, allowed: this.#request.allowed },
          ...{ asOf: audited.asOf, signal: this.#io.signal },
        }),
      )
      const planHead = await this.#head(audited, created, limits)
      const actions = this.#actions(head.causes)
      const reason = (code: keyof PlanTexts['reasons'], detail: string | null): string => texts.reasons[code](detail)
      await unwritable(target.shown, () =>
        writePlanFile(join(folder.path, 'plan.json'), {
          head: planHead,
          changes: planChanges(engine, store.channels),
          actions,
          unresolved: planUnresolved(engine, store.channels, config.locale, reason),
        }),
      )
      await unwritable(target.shown, () => this.#readable(audited, folder.path, planHead, actions, files))
      this.#io.signal.throwIfAborted()
      await folder.finish()
      return await this.#say(audited, target.shown, files)
    } finally {
      await folder.discard()
    }
  }

  async #review({ engine, store, head }: Audited, limits: PlanLimits, texts: PlanTexts): Promise<void> {
    const { review } = this.#request
    if (review === null) return
    const changes = []
    for await (const batch of cells(engine)) {
      for (const row of batch) {
        const { field, before, after, unit, authority } = row
        changes.push({
          ...{ n: Number(row.n), field, before, after, unit, authority },
          channel: store.channels[row.ch]?.id ?? '',
          article: [row.listing ?? row.sku, row.title].filter((text) => text !== null).join(' · '),
          rules: row.rules.split(' '),
          needs: needsOf(row.needs),
          place: placeText(row, texts),
        })
      }
    }
    if (changes.length === 0) return
    // What shows the progress makes room.
    await this.#io.stdout('')
    await this.#set.decide(await review(changes, isValue, texts, this.#io.signal), store)
    await this.#set.judge(limits, head.channels, store)
  }

  #limits({ plan }: Config): PlanLimits {
    return {
      price_change: plan?.maxPriceChange ?? '0.3',
      rows: plan?.maxRows ?? '0.05',
      sum: this.#request.maxSum ?? plan?.maxSum ?? null,
    }
  }

  #target(config: Config, created: string, id: string): { readonly path: string; readonly shown: string } {
    const { output, audit: asked } = this.#request
    if (output !== null) return { path: resolve(asked.cwd, output), shown: output }
    const name = `${created.replaceAll(/[-:]/g, '')}-${id.slice(0, 8)}`
    const path = join(stateFolder(config, asked) ?? resolve(config.dir, '.omniparity'), 'plans', name)
    const shown = relative(asked.cwd, path)
    return { path, shown: shown.startsWith('..') ? path : shown }
  }

  async #head({ config, asOf, head, store, engine }: Audited, created: Date, limits: PlanLimits): Promise<PlanHead> {
    const touched = await engine.rows<{ ch: number }>(
      'SELECT ch FROM plan_cell UNION SELECT owner FROM plan_cell ORDER BY 1',
    )
    const [moving] = await engine.rows<{ n: number }>(
      `SELECT count(*) AS n FROM plan_cell WHERE entity IN ('price', 'stock') AND n NOT IN (SELECT n FROM plan_refusal)`,
    )
    const usual = Number(moving?.n ?? 0) > 0 ? EXPIRES.moving : EXPIRES.rest
    const lasts = this.#request.expiresMs ?? config.plan?.expiresMs ?? usual
    const basis: [string, PlanBasis][] = []
    for (const { ch } of touched) {
      const channel = store.channels[ch]
      if (channel === undefined) continue
      const database = await databaseHash(channel, config.dir)
      const known = { snapshot: head.audit.snapshot, sha256: filesHash(store, ch) }
      basis.push([channel.id, database === null ? known : { ...known, database }])
    }
    return {
      format: PLAN_FORMAT,
      created_at: instantText(created),
      expires_at: instantText(new Date(created.getTime() + lasts)),
      audit: head.audit.id,
      as_of: asOf,
      config_sha256: config.sha256,
      authority_sha256: authorityHash(config),
      basis: Object.fromEntries(basis),
      limits,
      allowed: this.#request.allowed,
    }
  }

  /** What is to be done once for each cause, by the channel that is at fault. */
  #actions(causes: readonly Cause[]): readonly PlanAction[] {
    const chosen = causes.filter(
      (cause) => cause.status !== 'suppressed' && selectsCause(this.#request.selection, cause),
    )
    return chosen.map(({ id, channels, advice }) => ({ cause: id, channel: channels[0] ?? '', text: advice }))
  }

  async #readable(
    { config, store, engine }: Audited,
    folder: string,
    head: PlanHead,
    actions: readonly PlanAction[],
    files: readonly FixFile[],
  ): Promise<void> {
    const { project, locale } = config
    const pieces: string[] = []
    const parts = readablePlan({
      ...{ engine, channels: store.channels, project, locale, texts: t(locale).plan, head, actions, files },
      ruleTitle: this.#ruleTitle,
    })
    for await (const piece of parts) pieces.push(piece)
    await writeFile(join(folder, 'plan.md'), `${pieces.join('').trimEnd()}\n`, { flag: 'wx', mode: 0o600 })
  }

  async #say({ config, engine, unreadable }: Audited, shown: string, files: readonly FixFile[]): Promise<number> {
    const texts = t(config.locale).plan
    const { allowed } = this.#request
    const rows = await engine.rows<{ ch: number; needs: string; n: number }>(
      'SELECT ch, needs, count(*) AS n FROM plan_cell WHERE n NOT IN (SELECT n FROM plan_refusal) GROUP BY 1, 2',
    )
    const total = rows.reduce((sum, { n }) => sum + Number(n), 0)
    const held = rows.filter(({ needs }) => needsOf(needs).some((need) => !allowed.includes(need)))
    const waiting = held.reduce((sum, { n }) => sum + Number(n), 0)
    const name = printable(shown)
    const lines = [
      total === 0 ? texts.nothing : texts.totals(total, new Set(rows.map(({ ch }) => ch)).size, waiting),
      ...files.map(({ fix, changes }) => `  ${fix} (${changes})`),
      texts.done(name),
      texts.next(name),
    ]
    await this.#io.stdout(`${lines.join('\n')}\n`)
    if (unreadable.length > 0) return 3
    return waiting > 0 ? 4 : 0
  }
}

/** Hash of the files of a channel together. */
function filesHash({ sources }: Store, ch: number): string {
  const hashes = sources.filter(({ channel }) => channel === ch).map(({ file }) => file.sha256)
  return sha256(hashes.sort().join('\n'))
}

/** @throws DiagnosticError `plan/nothing-marked`. */
async function selectionOf({ selection, marked, audit: run }: PlanRequest, config: Config): Promise<Selection> {
  if (marked !== true) return selection
  const state = stateFolder(config, run)
  const { findings } = state === null ? { findings: [] } : await readMarks(state)
  if (findings.length === 0) throw fail('plan/nothing-marked', {})
  return { ...selection, findings }
}
