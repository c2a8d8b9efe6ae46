/** The ledger of a project: where it lies, and what becomes of an audit when it cannot be written. */
import { resolve } from 'node:path'
import type { FindingStore } from '../audit/finding-store.ts'
import type { LedgerEntry } from '../audit/ledger-folder.ts'
import { Ledger, type Unsure } from '../audit/ledger-record.ts'
import { DiagnosticError, diagnose } from '../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import type { Engine } from '../engine/engine.ts'
import { cutOff } from '../ingest/lost-keys.ts'
import type { Store } from '../ingest/tables.ts'
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import type { Config, Locale } from '../model/config.ts'
import type { ReportHead } from '../model/report.ts'
import { keepReport } from './keep-report.ts'
import type { StoredHead } from './stored-report.ts'

/** Beside the configuration. */
const STATE_FOLDER = '.omniparity'

type Request = Pick<AuditRequest, 'stateDir' | 'cwd' | 'channels'>
type Io = Pick<RunIo, 'warn' | 'errorColour'>

/** Where the project keeps what its audits saw; null for an audit of plain files that names no folder. */
export function stateFolder(
  config: Pick<Config, 'file' | 'dir'>,
  { stateDir, cwd }: Pick<Request, 'stateDir' | 'cwd'>,
): string | null {
  if (stateDir !== null) return resolve(cwd, stateDir)
  return config.file === null ? null : resolve(config.dir, STATE_FOLDER)
}

/** Said by whoever reads the ledger. */
export function damageNote(folders: readonly string[], locale: Locale, colour: boolean): string {
  return renderDiagnostic(diagnose('state/damaged-entry', { folders }), { locale, colour, level: 'warning' })
}

export class ProjectLedger {
  readonly #config: Config
  readonly #request: Request
  readonly #io: Io
  #ledger: Ledger | null = null

  private constructor(config: Config, request: Request, io: Io) {
    this.#config = config
    this.#request = request
    this.#io = io
  }

  /** @throws DiagnosticError `state/newer`, and `state/unwritable` for a folder that was asked for. */
  static async open(engine: Engine, config: Config, request: Request, io: Io): Promise<ProjectLedger> {
    const own = new ProjectLedger(config, request, io)
    const folder = stateFolder(config, request)
    if (folder === null) return own
    await own.#forgiving(async () => {
      own.#ledger = await Ledger.open(engine, folder)
    })
    const folders = own.#ledger?.damaged ?? []
    if (folders.length > 0) io.warn(damageNote(folders, config.locale, io.errorColour))
    return own
  }

  get entries(): readonly LedgerEntry[] {
    return this.#ledger?.entries ?? []
  }

  /** Begins to write what was observed. Who does must {@link append} or {@link abandon}. */
  begin(store: Store, audit: Pick<ReportHead['audit'], 'id' | 'as_of'>): void {
    this.#ledger?.begin(store, { id: audit.id, as_of: audit.as_of, partial: this.#isPartial(store) })
  }

  /** Takes back what was begun and not appended. */
  async abandon(): Promise<void> {
    await this.#ledger?.abandon()
  }

  #isPartial(store: Store): boolean {
    return this.#request.channels.length > 0 || store.failed.size > 0 || cutOff(store).length > 0
  }

  async append(
    store: Store,
    { audit, channels, coverage, totals }: ReportHead,
    findings: FindingStore,
    unsure: Unsure,
  ): Promise<void> {
    const ledger = this.#ledger
    if (ledger === null) return
    const head = {
      ...audit,
      // A rule of which nothing could be decided resolves none of its findings.
      rules: coverage.filter(({ pass, fail }) => pass + fail > 0).map(({ rule }) => rule),
      channels: channels.map(({ id }) => id),
      partial: this.#isPartial(store),
      totals,
    }
    await this.#forgiving(() => ledger.append(store, head, findings.marks(), unsure))
  }

  /** Keeps the report, so that it can be rendered again. */
  async keep(report: Omit<StoredHead, 'format' | 'blocks'>, findings: FindingStore): Promise<void> {
    const ledger = this.#ledger
    if (ledger === null) return
    await this.#forgiving(() => keepReport(ledger.state, report, findings.lines()))
  }

  /** Nobody asked for the default folder by name: a project that lies on a read-only disk is audited all the same. */
  async #forgiving(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      const isForgiven = cause instanceof DiagnosticError && cause.diagnostic.code === 'state/unwritable'
      if (this.#request.stateDir !== null || !isForgiven) throw cause
      this.#io.warn(renderDiagnostic(cause.diagnostic, { locale: this.#config.locale, colour: this.#io.errorColour }))
    }
  }
}
