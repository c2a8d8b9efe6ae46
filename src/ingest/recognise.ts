/** Which kind of export a file is, from its header alone. */
import { foldHeader } from '../base/text.ts'
import type { FieldName } from '../model/field.ts'
import type { FileKind, Platform } from '../platforms/platform.ts'

export interface NamedPlatform {
  readonly id: string
  readonly platform: Platform
}

/** A file kind with its logical columns bound to positions of the header. */
export interface Binding {
  readonly platform: string
  readonly kind: FileKind
  readonly includesTax: boolean | null
  /** Logical column to position. */
  readonly columns: ReadonlyMap<string, number>
  /** Canonical field to position, for open-ended headers. */
  readonly open: ReadonlyMap<FieldName, number>
}

/** What came closest when nothing fits. */
export interface NearMiss {
  readonly platform: string
  readonly kind: string
  /** Header texts that would make it fit, the first alias of each missing column. */
  readonly missing: readonly string[]
}

export type Recognition = { readonly binding: Binding } | { readonly nearMiss: NearMiss | null }

/** Binds the header to the best kind: highest precedence, then most columns bound, then name. */
export function recognise(header: readonly string[], platforms: readonly NamedPlatform[]): Recognition {
  let best: { binding: Binding; precedence: number } | null = null
  let nearMiss: (NearMiss & Closeness) | null = null
  const index = headerIndex(header)
  for (const { id, platform } of platforms) {
    if (platform.queried === true) continue
    for (const kind of platform.files) {
      const columns = bindColumns(kind, index)
      const missing = missingColumns(kind, columns)
      const isOther = kind.forbidsTogether?.every((name) => columns.has(name)) === true
      if (isOther) continue
      if (missing.length > 0 || kind.forbids?.some((name) => columns.has(name))) {
        const candidate = {
          platform: id,
          kind: kind.name,
          missing,
          bound: columns.size,
          precedence: platform.precedence,
        }
        if (columns.size > 0 && (nearMiss === null || closer(candidate, nearMiss))) nearMiss = candidate
        continue
      }
      const open = bindOpen(kind, header, columns)
      const bound = columns.size + open.size
      const beats =
        best === null ||
        platform.precedence > best.precedence ||
        (platform.precedence === best.precedence && bound > best.binding.columns.size + best.binding.open.size)
      if (beats) {
        best = {
          binding: { platform: id, kind, includesTax: platform.includesTax, columns, open },
          precedence: platform.precedence,
        }
      }
    }
  }
  if (best !== null) return { binding: best.binding }
  if (nearMiss === null) return { nearMiss: null }
  const { bound: _, precedence: __, ...miss } = nearMiss
  return { nearMiss: miss }
}

/** How much a row looks like a header that some platform knows: the share of its cells that are an alias, 0 to 1. */
export function headerScore(platforms: readonly NamedPlatform[]): (cells: readonly string[]) => number {
  const aliases = new Set<string>()
  for (const { platform } of platforms) {
    if (platform.queried === true) continue
    for (const kind of platform.files) {
      for (const names of Object.values(kind.columns)) for (const name of names) aliases.add(foldHeader(name))
    }
  }
  return (cells) => {
    const filled = cells.filter((cell) => cell.trim() !== '')
    if (filled.length === 0) return 0
    return filled.filter((cell) => aliases.has(foldHeader(cell))).length / filled.length
  }
}

interface Closeness {
  readonly missing: readonly string[]
  readonly bound: number
  readonly precedence: number
}

/** Fewer missing columns, then more known ones, then the reader for any file rather than that of one system. */
function closer(candidate: Closeness, than: Closeness): boolean {
  const difference = than.missing.length - candidate.missing.length || candidate.bound - than.bound
  return difference > 0 || (difference === 0 && candidate.precedence < than.precedence)
}

function headerIndex(header: readonly string[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>()
  for (const [position, text] of header.entries()) {
    const folded = foldHeader(text)
    if (folded !== '' && !index.has(folded)) index.set(folded, position)
  }
  return index
}

function bindColumns(kind: FileKind, index: ReadonlyMap<string, number>): Map<string, number> {
  const columns = new Map<string, number>()
  const taken = new Set<number>()
  for (const [logical, aliases] of Object.entries(kind.columns)) {
    for (const alias of aliases) {
      const position = index.get(foldHeader(alias))
      if (position === undefined || taken.has(position)) continue
      columns.set(logical, position)
      taken.add(position)
      break
    }
  }
  return columns
}

function missingColumns(kind: FileKind, columns: ReadonlyMap<string, number>): string[] {
  const missing = kind.requires.filter((name) => !columns.has(name)).map((name) => kind.columns[name]?.[0] ?? name)
  for (const group of kind.requiresAny ?? []) {
    if (!group.some((name) => columns.has(name)))
      missing.push(group.map((name) => kind.columns[name]?.[0] ?? name).join(' | '))
  }
  return missing
}

function bindOpen(
  kind: FileKind,
  header: readonly string[],
  columns: ReadonlyMap<string, number>,
): Map<FieldName, number> {
  const open = new Map<FieldName, number>()
  const taken = new Set(columns.values())
  for (const [prefix, pattern] of Object.entries(kind.open ?? {})) {
    for (const [position, text] of header.entries()) {
      const name = text.match(pattern)?.[1]
      if (name === undefined || taken.has(position)) continue
      open.set(`${prefix}${foldHeader(name)}` as FieldName, position)
    }
  }
  return open
}
