/** A small project and what `omniparity plan` makes of it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Change, ChangeNeed, PlanHead, Unresolved } from '../src/model/plan.ts'
import { type PlanRequest, runPlan } from '../src/ops/plan.ts'
import { heard, SmallProject } from './small-project.ts'

export interface Plan extends PlanHead {
  readonly changes: readonly Change[]
  readonly actions: readonly { readonly cause: string; readonly channel: string; readonly text: string }[]
  readonly unresolved: readonly Unresolved[]
  readonly sha256: string
}

export interface Planned {
  readonly status: number
  readonly said: string
  readonly plan: Plan
  readonly md: string
  /** Files below `fix` and `undo`, sorted. */
  readonly files: readonly string[]
  file(name: string): Buffer
}

export interface Wish {
  readonly rules?: readonly string[]
  readonly channels?: readonly string[]
  readonly items?: readonly string[]
  readonly causes?: readonly string[]
  readonly allowed?: readonly ChangeNeed[]
  readonly maxSum?: string
  readonly expiresMs?: number
  readonly review?: PlanRequest['review']
}

export class PlannedProject extends SmallProject {
  #count = 0

  async plan(wish: Wish = {}): Promise<Planned> {
    const output = `plan-${++this.#count}`
    const said = await heard((io) =>
      runPlan(
        {
          audit: this.request({ stateDir: 'state' }),
          selection: {
            rules: wish.rules ?? [],
            channels: wish.channels ?? [],
            items: wish.items ?? [],
            causes: wish.causes ?? [],
          },
          output,
          allowed: wish.allowed ?? ['many_rows'],
          maxSum: wish.maxSum ?? null,
          expiresMs: wish.expiresMs ?? null,
          review: wish.review ?? null,
        },
        io,
      ),
    )
    const folder = join(this.dir, output)
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return {
      status: said.status,
      said: said.stdout,
      plan: JSON.parse(this.read(`${output}/plan.json`)) as Plan,
      md: this.read(`${output}/plan.md`),
      files: all.filter((name) => /^(fix|undo)\/.+\..+$/.test(name)).sort(),
      file: (name) => readFileSync(join(folder, name)),
    }
  }

  writeBytes(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.dir, name), bytes)
  }

  readBytes(name: string): Buffer {
    return readFileSync(join(this.dir, name))
  }

  has(name: string): boolean {
    return existsSync(join(this.dir, name))
  }
}

/** `web L1 price.regular: 21.99 -> 19.99 by shop`. */
export function told({ changes }: Plan): readonly string[] {
  return changes.map(
    ({ channel, target, field, before, after, authority, needs }) =>
      `${channel} ${target.listing} ${field}: ${before} -> ${after} by ${authority}${needs.length === 0 ? '' : ` (${needs.join(', ')})`}`,
  )
}

/** `conflict web`, each once, sorted. */
export function open({ unresolved }: Plan): readonly string[] {
  return [...new Set(unresolved.map(({ code, channel }) => (channel === null ? code : `${code} ${channel}`)))].sort()
}
