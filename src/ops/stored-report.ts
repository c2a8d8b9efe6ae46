/**
 * Reports that audits leave in the state folder, to be rendered again: `<state>/reports/<audit id>/` with `head.json` and
 * `findings.ndjson.gz`, one finding a line as the JSON report writes it, with its message in the other language.
 *
 * The findings are gzip members of some hundred lines each, and the head says where each begins and what is in it: what is
 * asked of one rule, or of one page, reads those alone. The folder is written under another name and renamed when it is whole.
 */
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Locale } from '../model/config.ts'
import type {
  Finding,
  FindingQuery,
  GateResult,
  QuarantinedRecord,
  Report,
  ReportHead,
  RuleTally,
} from '../model/report.ts'

export const STORED_FORMAT = 'omniparity-stored-report/1'
export const REPORTS_FOLDER = 'reports'
export const HEAD_FILE = 'head.json'
export const FINDINGS_FILE = 'findings.ndjson.gz'

/** One gzip member of the findings. */
export interface StoredBlock {
  /** Bytes. */
  readonly at: number
  readonly size: number
  readonly findings: number
  /** How many findings it lists of each rule: new or worse roots. */
  readonly listed: Readonly<Record<string, number>>
  /** How many findings it has that a cause of the head explains, by cause. */
  readonly explained: Readonly<Record<string, number>>
}

/** What `head.json` holds. */
export interface StoredHead {
  readonly format: typeof STORED_FORMAT
  /** With the translations of its causes. */
  readonly head: ReportHead
  readonly project: string
  /** The language of its messages. */
  readonly locale: Locale
  readonly timezone: string
  readonly gate: GateResult
  readonly quarantine: readonly QuarantinedRecord[]
  readonly tallies: readonly RuleTally[]
  readonly blocks: readonly StoredBlock[]
}

export interface StoredReport extends Report {
  readonly project: string
  readonly locale: Locale
  readonly timezone: string
  readonly gate: GateResult
  /** Findings in all, explained and quiet ones too. */
  readonly count: number
  findingsJson(): AsyncIterable<string>
  tallies(): Promise<readonly RuleTally[]>
  select(query: FindingQuery): AsyncIterable<Finding>
  /** `count` findings from position `from` on, counted from 0 in the order of the report. */
  page(from: number, count: number): Promise<readonly Finding[]>
}

const inflate = promisify(gunzip)
const TRANSLATIONS = ',"translations":{'

/** Ids of the audits whose reports are kept, in no order. */
export async function storedReports(state: string): Promise<readonly string[]> {
  const names = await readdir(join(state, REPORTS_FOLDER)).catch(() => [])
  return names.filter((name) => /^[0-9a-f-]{36}$/.test(name))
}

/**
 * Opens the report that an audit left.
 *
 * @param id - Of the audit, whole.
 * @throws DiagnosticError `state/no-report` when it is not kept, `state/damaged-report`.
 */
export async function openStoredReport(state: string, id: string): Promise<StoredReport> {
  const folder = join(state, REPORTS_FOLDER, id)
  const text = await readFile(join(folder, HEAD_FILE), 'utf8').catch(() => null)
  if (text === null) throw fail('state/no-report', { audit: id, kept: (await storedReports(state)).length })
  return new FolderReport(folder, readHead(folder, text))
}

function readHead(folder: string, text: string): StoredHead {
  try {
    const head = JSON.parse(text) as StoredHead
    if (head.format === STORED_FORMAT) return head
  } catch {
    // Said below, like any other content that is not ours.
  }
  throw fail('state/damaged-report', { folder })
}

class FolderReport implements StoredReport {
  readonly #folder: string
  readonly #stored: StoredHead

  constructor(folder: string, stored: StoredHead) {
    this.#folder = folder
    this.#stored = stored
  }

  get head(): ReportHead {
    return this.#stored.head
  }
  get project(): string {
    return this.#stored.project
  }
  get locale(): Locale {
    return this.#stored.locale
  }
  get timezone(): string {
    return this.#stored.timezone
  }
  get gate(): GateResult {
    return this.#stored.gate
  }
  get quarantine(): readonly QuarantinedRecord[] {
    return this.#stored.quarantine
  }
  get count(): number {
    return this.#stored.blocks.reduce((sum, { findings }) => sum + findings, 0)
  }

  async tallies(): Promise<readonly RuleTally[]> {
    return this.#stored.tallies
  }

  async *findings(): AsyncGenerator<Finding> {
    for await (const lines of this.#lines(this.#stored.blocks)) yield* parsed(lines)
  }

  async *findingsJson(): AsyncGenerator<string> {
    for await (const lines of this.#lines(this.#stored.blocks)) yield lines.map(withoutTranslations).join(',\n')
  }

  async *select(query: FindingQuery): AsyncGenerator<Finding> {
    let left = query.limit
    if (left <= 0) return
    for await (const lines of this.#lines(this.#stored.blocks.filter((block) => this.#mayHave(block, query)))) {
      for (const finding of parsed(lines)) {
        if (!answers(finding, query)) continue
        yield finding
        left -= 1
        if (left === 0) return
      }
    }
  }

  async page(from: number, count: number): Promise<readonly Finding[]> {
    let first = 0
    const starts = this.#stored.blocks.map((block) => {
      first += block.findings
      return { block, start: first - block.findings }
    })
    const wanted = starts.filter(({ block, start }) => start < from + count && start + block.findings > from)
    const found: Finding[] = []
    for await (const lines of this.#lines(wanted.map(({ block }) => block))) found.push(...parsed(lines))
    const skipped = from - (wanted[0]?.start ?? from)
    return found.slice(skipped, skipped + count)
  }

  #mayHave(block: StoredBlock, query: FindingQuery): boolean {
    if ('listed' in query) return Object.hasOwn(block.listed, query.listed)
    // Of findings that explain others only the causes are counted.
    const isCause = this.head.causes.some(({ id }) => id === query.explained)
    return !isCause || Object.hasOwn(block.explained, query.explained)
  }

  async *#lines(blocks: readonly StoredBlock[]): AsyncGenerator<readonly string[]> {
    if (blocks.length === 0) return
    const file = await open(join(this.#folder, FINDINGS_FILE)).catch(() => null)
    if (file === null) throw fail('state/damaged-report', { folder: this.#folder })
    try {
      // The next one is read while this one is used.
      let next = this.#block(file, blocks[0])
      for (const [index] of blocks.entries()) {
        const lines = await next
        next = this.#block(file, blocks[index + 1])
        next.catch(() => undefined)
        yield lines
      }
    } finally {
      await file.close()
    }
  }

  async #block(file: FileHandle, block: StoredBlock | undefined): Promise<readonly string[]> {
    if (block === undefined) return []
    try {
      const bytes = Buffer.allocUnsafe(block.size)
      await file.read(bytes, 0, block.size, block.at)
      const lines = (await inflate(bytes)).toString('utf8').split('\n')
      return lines.slice(0, -1)
    } catch (cause) {
      throw fail('state/damaged-report', { folder: this.#folder }, null, cause)
    }
  }
}

/** The audit has written these lines itself. */
function parsed(lines: readonly string[]): readonly Finding[] {
  return JSON.parse(`[${lines.join(',')}]`) as readonly Finding[]
}

/** Inside a text the quotes of the key would be escaped, so it is only found where it is a key: the last one. */
function withoutTranslations(line: string): string {
  const at = line.lastIndexOf(TRANSLATIONS)
  return at === -1 ? line : `${line.slice(0, at)}}`
}

function answers(finding: Finding, query: FindingQuery): boolean {
  if ('explained' in query) return finding.explained_by === query.explained
  const { rule, explained_by: explainedBy, status } = finding
  return rule === query.listed && explainedBy === null && (status === 'new' || status === 'worse')
}
