/** One run of a plan, from its first batch to what is told of it. */
import { hostname } from 'node:os'
import { chooseCanary } from '../apply/canary.ts'
import { CarryOut, type Stop } from '../apply/carry-out.ts'
import type { Journal } from '../apply/journal.ts'
import { runChangeOf } from '../apply/run-change.ts'
import { RunLog } from '../apply/run-log.ts'
import type { RunState } from '../apply/run-state.ts'
import { countAll, type Summary, summarise } from '../apply/summary.ts'
import { instantText, now } from '../base/clock.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import type { ApplyTexts } from '../i18n/apply.en.ts'
import { t } from '../i18n/texts.ts'
import type { Severity } from '../model/config.ts'
import type { Change } from '../model/plan.ts'
import {
  type ChangeResult,
  RUN_FORMAT,
  type RunAuditResult,
  type RunChange,
  type RunReport,
  type RunStatus,
} from '../model/run.ts'
import { runPage } from '../reports/apply.ts'
import { pageOf } from '../reports/pretty/page.ts'
import type { Facts } from './apply-facts.ts'
import { judgeFindings, listingKey, nothingJudged } from './judge-findings.ts'

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

const NEW_FINDINGS = 1
const PARTIAL = 4
const UNREADABLE = 3
const INTERRUPTED = 130

/** Results of single changes that are kept for the report. */
const MOST_NOTES = 10_000

export interface Begun {
  /** Null of a run that writes nothing. */
  readonly run: string | null
  readonly journal: Journal | null
  readonly state: RunState
  /** Whether an earlier process began it. */
  readonly resumed: boolean
}

export class ApplyRun {
  readonly #facts: Facts
  readonly #begun: Begun
  readonly #log: RunLog
  readonly #carry: CarryOut
  readonly #startedAt = now()
  readonly #notes = new Map<string, ChangeResult>()
  #done = 0
  #canary: RunReport['canary'] = null

  constructor(facts: Facts, begun: Begun) {
    const { io, pool, request, survey } = facts
    this.#facts = facts
    this.#begun = begun
    this.#log = new RunLog(begun.state, begun.journal)
    this.#carry = new CarryOut({
      pool,
      log: this.#log,
      pace: request,
      signal: io.signal,
      note: (results) => {
        for (const result of results) this.#note(result)
        io.progress({ stage: 'apply', done: this.#done, total: survey.changes })
      },
    })
  }

  /** Whether an earlier process left nothing to do. */
  async isDone(): Promise<boolean> {
    const { state } = this.#begun
    if (state.ended === null || state.uncertain.size + state.unverified.size > 0) return false
    if (state.canary !== null && state.canary.passed !== true) return false
    for await (const changes of this.#changes()) if (changes.some(({ id }) => !state.isFinal(id))) return false
    return true
  }

  async tellDone(): Promise<number> {
    const { run } = this.#begun
    this.#facts.io.warn(this.#texts.nothingLeft(run ?? ''))
    const summary = await this.#summarise()
    return this.#tell(summary, null, null)
  }

  /** Finds out what became of what an earlier process sent. */
  async settle(): Promise<Stop | null> {
    const { run, state } = this.#begun
    const { io } = this.#facts
    const done = Object.values(state.counts()).reduce((sum, count) => sum + count, 0)
    io.warn(this.#texts.resumed(run ?? '', done))
    const uncertain = [...state.uncertain.values()].reduce((sum, changes) => sum + changes.length, 0)
    await this.#open()
    const stop = await this.#carry.settle()
    if (uncertain > 0 && stop === null) io.warn(this.#texts.settled(uncertain))
    return stop
  }

  /** @param stopped - Why nothing may be done any more; null to do it. */
  async carryOut(stopped: Stop | null = null): Promise<number> {
    if (!this.#begun.resumed) await this.#open()
    const stop = stopped ?? (await this.#tryCanary()) ?? (await this.#carry.run(this.#changes()))
    const summary = await this.#summarise()
    const audit = await this.#auditAgain(summary, stop)
    return this.#tell(summary, stop, audit)
  }

  get #texts(): ApplyTexts {
    return t(this.#facts.request.locale ?? this.#facts.config.locale).apply
  }

  async #open(): Promise<void> {
    if (!this.#log.isDry) await this.#log.add({ type: 'open', pid: process.pid, host: hostname() })
  }

  #note(result: ChangeResult): void {
    this.#done++
    const isPlain = result.outcome === 'written' || result.outcome === 'already'
    if (!isPlain && this.#notes.size < MOST_NOTES) this.#notes.set(result.change.id, result)
  }

  async *#changes(ids: ReadonlySet<string> | null = null): AsyncGenerator<readonly RunChange[]> {
    const { plan, request } = this.#facts
    const isWanted = ({ id, channel }: Change): boolean =>
      (ids === null || ids.has(id)) && (request.channels.length === 0 || request.channels.includes(channel))
    for await (const changes of plan.changes()) {
      const wanted = changes.filter(isWanted).map(runChangeOf)
      if (wanted.length > 0) yield wanted
    }
  }

  #summarise(): Promise<Summary> {
    const { plan, request } = this.#facts
    return summarise(plan.changes(), this.#begun.state, this.#notes, request.channels)
  }

  /** Findings of which the plan itself says that something about them stays. */
  async #unended(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>()
    for await (const some of this.#facts.plan.unresolved()) for (const { finding } of some) ids.add(finding)
    return ids
  }

  async #tryCanary(): Promise<Stop | null> {
    const { state } = this.#begun
    const { canary: rows } = this.#facts.request
    const isDue = state.canary === null ? rows !== null && !this.#log.isDry : state.canary.passed !== true
    if (!isDue) return null
    if (state.canary === null && rows !== null) {
      const choice = await chooseCanary(() => this.#changes(), rows, await this.#unended())
      const changes = choice.changes.map(({ id }) => id)
      await this.#log.add({ type: 'canary', changes, findings: [...choice.findings] })
    }
    if (state.canary === null) return null
    const { changes, findings } = state.canary
    const stop = await this.#carry.run(this.#changes(changes))
    if (stop !== null) return stop
    const passed = await this.#judgeCanary(changes, new Set(findings))
    await this.#log.add({ type: 'canary-judged', passed })
    return passed ? null : { reason: 'canary', text: null }
  }

  async #judgeCanary(changes: ReadonlySet<string>, findings: ReadonlySet<string>): Promise<boolean> {
    const { ended } = await this.#summarise()
    const judged = new Set([...findings].filter((finding) => ended.has(finding)))
    const outcomes = [...changes].map((id) => this.#begun.state.outcome(id))
    const isKept = !outcomes.includes('altered') && outcomes.some((one) => one === 'written' || one === 'already')
    const result = isKept ? await this.#judge(judged) : nothingJudged(judged)
    // A plan that ends no finding, such as an undo, is judged by what was read back and by what is new.
    const isProven = findings.size === 0 || judged.size > 0
    const amiss = result.remaining.length + result.unknown.length + result.appeared.length
    const passed = isKept && isProven && amiss === 0
    this.#canary = { ...result, changes: changes.size, passed }
    if (passed) this.#facts.io.warn(this.#texts.canaryPassed(result.gone))
    return passed
  }

  async #auditAgain(summary: Summary, stop: Stop | null): Promise<RunAuditResult | null> {
    const wrote = countAll(summary.channels, 'written', 'altered') > 0
    if (this.#log.isDry || !wrote || stop?.reason === 'interrupted') return null
    // Nothing was written after a canary that failed, or that was all of the plan: it has been judged.
    if (this.#canary !== null && (stop?.reason === 'canary' || this.#canary.changes === this.#facts.survey.changes)) {
      const { gone, remaining, unknown, appeared } = this.#canary
      return { gone, remaining, unknown, appeared }
    }
    const unended = await this.#unended()
    return this.#judge(new Set([...summary.ended].filter((finding) => !unended.has(finding))))
  }

  /** An audit that cannot be made proves nothing, and takes nothing back. */
  async #judge(findings: ReadonlySet<string>): Promise<RunAuditResult> {
    const { request, io, config, state, plan } = this.#facts
    try {
      const listings = await this.#writtenListings()
      return await judgeFindings({ findings, listings, state, audit: plan.head.audit }, request, io)
    } catch (cause) {
      if (!(cause instanceof DiagnosticError) || io.signal.aborted) throw cause
      const { locale } = config
      for (const one of cause.diagnostics) io.error(renderDiagnostic(one, { locale, colour: io.errorColour }))
      return nothingJudged(findings)
    }
  }

  async #writtenListings(): Promise<ReadonlySet<string>> {
    const { state } = this.#begun
    const listings = new Set<string>()
    for await (const changes of this.#changes()) {
      for (const { id, channel, target } of changes) {
        const outcome = state.outcome(id)
        if (outcome === 'written' || outcome === 'altered') listings.add(listingKey(channel, target.listing))
      }
    }
    return listings
  }

  async #tell(summary: Summary, stop: Stop | null, audit: RunAuditResult | null): Promise<number> {
    const { request, plan } = this.#facts
    const { run, resumed } = this.#begun
    const status = statusOf(summary, stop)
    if (!this.#log.isDry) await this.#log.add({ type: 'end', status, reason: stop?.reason ?? null })
    const { channels, listed, omitted } = summary
    await this.#print({
      format: RUN_FORMAT,
      run,
      plan: { path: request.plan, sha256: plan.sha256 },
      dry_run: this.#log.isDry,
      resumed,
      status,
      stopped: stop === null || stop.reason === 'interrupted' ? null : { reason: stop.reason, text: stop.text },
      started_at: instantText(this.#startedAt),
      finished_at: instantText(now()),
      channels,
      listed,
      omitted,
      canary: this.#canary,
      audit,
    })
    if (status === 'interrupted') return INTERRUPTED
    if (audit !== null && audit.unknown.length > 0) return UNREADABLE
    if (status !== 'complete' || (audit?.remaining.length ?? 0) > 0) return PARTIAL
    return this.#isWorse(audit) ? NEW_FINDINGS : 0
  }

  /** Whether something is new that fails an audit of the project. */
  #isWorse(audit: RunAuditResult | null): boolean {
    const { failOn } = this.#facts.config.gate
    if (failOn === 'never') return false
    const failing = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1)
    return audit?.appeared.some(({ severity }) => failing.includes(severity)) ?? false
  }

  async #print(report: RunReport): Promise<void> {
    const { request, io, config } = this.#facts
    if (request.format === 'json') return io.stdout(`${JSON.stringify(report, null, 2)}\n`)
    const { width, colour } = io
    const locale = request.locale ?? config.locale
    const { timezone } = config
    const page = pageOf({ locale, timezone, width, colour, maxFindings: null, ruleTitle: (id) => id })
    return io.stdout(runPage(page, report))
  }
}

function statusOf({ channels, left }: Summary, stop: Stop | null): RunStatus {
  if (stop !== null) return stop.reason === 'interrupted' ? 'interrupted' : 'stopped'
  const amiss = countAll(channels, 'moved', 'gone', 'many', 'refused', 'altered', 'unclear')
  return amiss + left === 0 ? 'complete' : 'partial'
}
