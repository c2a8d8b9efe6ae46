/** The files of packs: sets of rules with severities and parameters. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { meant } from '../config/check.ts'
import { type Path, parseConfigDocument } from '../config/document.ts'
import { CORE_PACK } from '../config/references.ts'
import { diagnose, failAll, type Where } from '../diagnostics/diagnostic.ts'
import type { PackUse } from '../model/config.ts'
import { builtFiles, packageFiles, RULES_ROOT } from './package-files.ts'

const FOLDER = 'packs/'

const severity = z.union([z.enum(['error', 'warning', 'info', 'off']), z.literal(false)], {
  error: 'error | warning | info | off',
})
const PackFile = z.strictObject({
  pack: z.string(),
  doc: z.strictObject({ en: z.string(), es: z.string() }),
  /** Countries whose law the pack is about: it says nothing of channels of other markets. */
  markets: z.array(z.string().regex(/^[A-Z]{2}$/)).optional(),
  extends: z.array(z.string()).default([]),
  /** Packs that come with this one, each for its own markets. */
  overlays: z.array(z.string()).default([]),
  /** Rules that can be raised, but not lowered, suppressed or put into a baseline. */
  locked: z.array(z.string()).default([]),
  /** `default` takes the severity of the rule's own file, or a graver one that an earlier pack says. */
  rules: z.record(
    z.string(),
    z.union([
      severity,
      z.literal('default'),
      z.strictObject({ severity: severity.optional(), params: z.record(z.string(), z.unknown()).optional() }),
    ]),
  ),
})
type PackEntry = z.infer<typeof PackFile>['rules'][string]

export interface Pack {
  readonly id: string
  readonly doc: { readonly en: string; readonly es: string }
  /** Null: every market. */
  readonly markets: readonly string[] | null
  readonly extends: readonly string[]
  readonly overlays: readonly string[]
  readonly locked: readonly { readonly rule: string; readonly where: Where }[]
  readonly rules: Readonly<Record<string, { readonly entry: PackEntry; readonly where: Where }>>
}

/** A pack of a run, and how it was asked for. */
export interface UsedPack extends Pack {
  /** `all`: its rules that it has off too; `off`: its parameters alone, its rules are switched on one by one. */
  readonly use: 'all' | 'recommended' | 'off'
}

/** Ids of the packs of this version, sorted. */
export function packNames(): readonly string[] {
  const files = builtFiles()?.files ?? packageFiles()
  return files
    .filter((name) => name.startsWith(FOLDER))
    .map((name) => name.slice(FOLDER.length, -'.yaml'.length))
    .sort()
}

/** @throws DiagnosticError `config/unknown-pack`. */
export function readPack(id: string): Pack {
  const known = packNames()
  if (!known.includes(id)) {
    const error = failAll([diagnose('config/unknown-pack', { pack: id, nearest: meant(id, known), known })])
    if (error !== null) throw error
  }
  // The build wrote what this function gave it.
  const built = builtFiles()?.packs[id] as Pack | undefined
  if (built !== undefined) return built
  const file = `rules/packs/${id}.yaml`
  const document = parseConfigDocument(file, readFileSync(`${RULES_ROOT}packs/${id}.yaml`, 'utf8'))
  const raw = PackFile.parse(document.data)
  const at = (path: Path, key: string): Where => document.keyPlace(path, key)
  const rules = Object.entries(raw.rules).map(([rule, entry]) => [rule, { entry, where: at(['rules'], rule) }] as const)
  return {
    id,
    doc: raw.doc,
    markets: raw.markets ?? null,
    extends: raw.extends,
    overlays: raw.overlays,
    locked: raw.locked.map((rule, index) => ({ rule, where: document.place(['locked', index]) })),
    rules: Object.fromEntries(rules),
  }
}

/** Rules that some pack locks, and which one. */
export function lockedRules(): ReadonlyMap<string, string> {
  return new Map(packNames().flatMap((id) => readPack(id).locked.map(({ rule }) => [rule, id] as const)))
}

/**
 * Packs in the order in which they apply: what a pack extends before the pack itself, each once.
 *
 * @param read - Where packs come from.
 * @throws DiagnosticError `config/unknown-pack`, `rules/pack-cycle`.
 */
export function resolvePacks(wanted: readonly PackUse[], read: (id: string) => Pack = readPack): readonly UsedPack[] {
  const order = new Map<string, UsedPack>()
  const refused = new Set(
    wanted.flatMap((one) => (typeof one !== 'string' && one.use === 'off' && one.pack !== CORE_PACK ? [one.pack] : [])),
  )
  const visit = (id: string, use: UsedPack['use'], path: readonly string[]): void => {
    if (path.includes(id)) {
      const error = failAll([diagnose('rules/pack-cycle', { path: [...path, id] })])
      if (error !== null) throw error
    }
    const known = order.get(id)
    // What one pack brings along another may want whole.
    if (known !== undefined && (known.use === use || use === 'recommended')) return
    const pack = read(id)
    for (const parent of pack.extends) visit(parent, use, [...path, id])
    order.set(id, { ...pack, use: refused.has(id) ? 'off' : use })
    for (const overlay of pack.overlays) if (!order.has(overlay)) visit(overlay, use, [])
  }
  // Before anything that `extends` names.
  visit(CORE_PACK, 'recommended', [])
  for (const one of wanted) {
    if (typeof one === 'string') visit(one, 'recommended', [])
    else visit(one.pack, one.use, [])
  }
  return [...order.values()]
}
