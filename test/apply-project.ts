/** A project whose web shop is a real database, its company's list a file, and plans for it. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LedgerFolder } from '../src/audit/ledger-folder.ts'
import { instantText } from '../src/base/clock.ts'
import { authorityHash } from '../src/config/authority-hash.ts'
import { loadConfig } from '../src/config/load.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { RunIo } from '../src/model/audit-run.ts'
import { type Change, type ChangeNeed, PLAN_FORMAT, type PlanHead } from '../src/model/plan.ts'
import type { Finding } from '../src/model/report.ts'
import type { RunReport } from '../src/model/run.ts'
import { runSchema } from '../src/model/run-schema.ts'
import { runApply } from '../src/ops/apply.ts'
import type { ApplyRequest } from '../src/ops/apply-facts.ts'
import { runPlan } from '../src/ops/plan.ts'
import { runUndo } from '../src/ops/undo.ts'
import { changeId } from '../src/plan/change-id.ts'
import { writePlanFile } from '../src/plan/plan-file.ts'
import { loadPlatform } from '../src/platforms/registry.ts'
import { packNames } from '../src/rules/pack-files.ts'
import type { Shop } from './apply-shop.ts'
import { codeOf } from './apply-target.ts'
import { heard, SmallProject } from './small-project.ts'

export interface Heard {
  readonly status: number
  readonly stdout: string
  readonly warnings: readonly string[]
  /** Code of the diagnostic that ended it. */
  readonly code: string | null
}

/** Prices of the list, by article. */
export type Prices = ReadonlyMap<string, string>

function config(url: string): string {
  return `version: 1
project: Zapatería
market: ES
currency: EUR
channels:
  erp:
    kind: erp
    includes_tax: true
    sources: [{platform: csv, path: erp.csv, map: {sku: sku, title: name, price.regular: pvp}}]
  shop:
    kind: web
    includes_tax: true
    price_policy: same
    sources:
      - platform: sql
        url: ${url.startsWith('sqlite:') ? `"${url}"` : '{env: OMNIPARITY_TEST_SHOP}'}
        query:
          listing: select code as sku, 'Zapato' as title, pvp as "price.regular" from item
        write: {listing: {table: item, key: {sku: code}, columns: {price.regular: pvp}}}
authority: {price: erp, catalog: erp}
`
}

export class ApplyProject {
  readonly project: SmallProject
  readonly state: string

  /** @param planned - What the company's list says each article costs. */
  constructor(shop: Shop, planned: Prices) {
    process.env['OMNIPARITY_TEST_SHOP'] = shop.url()
    const rows = [...planned].map(([code, price]) => `${code},Zapato,${price}`)
    const quoted = shop.name === 'mariadb' ? config(shop.url()).replaceAll('"price.regular"', '`price.regular`') : null
    this.project = new SmallProject({
      'omniparity.yaml': quoted ?? config(shop.url()),
      'erp.csv': `sku,name,pvp\n${rows.join('\n')}\n`,
    })
    this.state = join(this.project.dir, '.omniparity')
  }

  get dir(): string {
    return this.project.dir
  }

  remove(): void {
    this.project.remove()
  }

  async audit(): Promise<readonly Finding[]> {
    const { stdout } = await this.project.audit({ asOf: null, only: ['price/differs-across-channels'] })
    return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings
  }

  /** Writes the plan that ends the findings. */
  async plan(
    findings: readonly Finding[],
    name = 'plan',
    head: Partial<PlanHead> = {},
    needs: Change['needs'] = [],
  ): Promise<string> {
    const changes = findings.map((finding): Change => {
      const side = finding.sides.find(({ channel }) => channel === 'shop')
      const sku = finding.item?.sku ?? ''
      const change = {
        action: 'update',
        channel: 'shop',
        entity: 'price',
        target: { listing: side?.listing ?? sku, sku, external_id: null },
        field: 'price.regular',
        before: side?.value ?? null,
        after: finding.expected,
      } as const
      const rest = { unit: 'EUR', authority: 'erp', because: [finding.id], safety: 'automatic', origin: null } as const
      return { id: changeId(change), ...change, ...rest, needs }
    })
    const found = await loadConfig({ file: null, cwd: this.dir, platform: loadPlatform, packs: packNames })
    const last = (await new LedgerFolder(this.state).entries()).at(-1)
    const basis = { snapshot: last?.snapshot ?? '', sha256: '0'.repeat(64) }
    const folder = join(this.dir, name)
    mkdirSync(folder)
    await writePlanFile(join(folder, 'plan.json'), {
      head: {
        format: PLAN_FORMAT,
        created_at: instantText(new Date()),
        expires_at: instantText(new Date(Date.now() + 3_600_000)),
        audit: last?.id ?? '',
        as_of: last?.as_of ?? '',
        config_sha256: found.sha256,
        authority_sha256: authorityHash(found),
        basis: { erp: basis, shop: basis },
        limits: { price_change: '0.3', rows: '0.05', sum: null },
        allowed: [],
        ...head,
      },
      changes: once(changes),
      actions: [],
      unresolved: once([]),
    })
    return name
  }

  /** The plan that the tool makes itself. */
  async ownPlan(name = 'plan', allowed: readonly ChangeNeed[] = ['many_rows']): Promise<Heard> {
    const request = {
      audit: this.project.request({ asOf: null, formats: [] }),
      selection: { rules: ['price/differs-across-channels'], channels: [], items: [], causes: [] },
    }
    const rest = { output: name, allowed, maxSum: null, expiresMs: null, review: null }
    return caught((io) => runPlan({ ...request, ...rest }, io))
  }

  apply(plan: string, changes: Partial<ApplyRequest> = {}, signal?: AbortSignal): Promise<Heard> {
    const request: ApplyRequest = {
      plan,
      configFile: null,
      stateDir: null,
      cwd: this.dir,
      locale: null,
      format: 'json',
      allow: [],
      channels: [],
      canary: null,
      dryRun: false,
      rate: null,
      maxFailures: 1,
      memoryLimit: null,
      threads: 1,
      ...changes,
    }
    return caught((io) => runApply(request, { ...io, ...(signal && { signal }) }))
  }

  undo(run: string, output: string): Promise<Heard> {
    const request = { run, configFile: null, stateDir: null, cwd: this.dir, locale: null, output }
    return caught((io) => runUndo({ ...request, format: 'json' }, io))
  }

  read(name: string): string {
    return readFileSync(join(this.dir, name), 'utf8')
  }
}

export function reportOf({ stdout }: Heard): RunReport {
  return runSchema.parse(JSON.parse(stdout))
}

/** The list of the company: each article 0.5 above the shop, but those of `same`. */
export function listOf(count: number, same: readonly number[] = []): Prices {
  return new Map(
    Array.from({ length: count }, (_, index) => [codeOf(index), `${10 + index}${same.includes(index) ? '' : '.5'}`]),
  )
}

async function caught(operation: (io: RunIo) => Promise<number>): Promise<Heard> {
  let code: string | null = null
  const said = await heard(async (io) => {
    try {
      return await operation(io)
    } catch (cause) {
      if (!(cause instanceof DiagnosticError)) throw cause
      code = cause.diagnostic.code
      return cause.status
    }
  })
  return { ...said, code }
}

async function* once<T>(entries: readonly T[]): AsyncGenerator<readonly T[]> {
  if (entries.length > 0) yield entries
}
