/** Turns a `map:` of the config into a file kind of its own. */

import { foldHeader, nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { SourceConfig } from '../model/config.ts'
import { FIELDS, type FieldName, fieldType, isFieldName } from '../model/field.ts'
import { nameOf, type TableFile } from '../model/table-file.ts'
import type { FileKind, Output } from '../platforms/platform.ts'
import { type Binding, type NamedPlatform, recognise } from './recognise.ts'

/**
 * Binds a file by its `map:`. On a platform with columns of its own the map replaces single fields of the recognised
 * kind; otherwise only what is mapped is read.
 *
 * @throws DiagnosticError `ingest/column-missing` for a mapped column that the file lacks.
 */
export function mapped(file: TableFile, config: SourceConfig, platforms: readonly NamedPlatform[]): Binding {
  const columns = new Map<string, number>()
  const fields: Partial<Record<FieldName, string>> = {}
  for (const [name, column] of Object.entries(config.map)) {
    if (!isFieldName(name)) continue
    if (column.value !== null) continue
    columns.set(`map ${name}`.replaceAll(/\W/g, '_'), position(file, column.column, config))
    fields[name] =
      `map_${name.replaceAll(/\W/g, '_')}:${fieldType(name) === 'instant' && isEnd(name) ? 'date_end' : fieldType(name)}`
  }
  const own = platforms.find(({ platform }) => platform.precedence > 0)
  const base = own === undefined ? null : recognise(file.columns, [own])
  if (base !== null && 'binding' in base) return overlay(base.binding, columns, fields)
  const kind = kindOf(fields, config, platforms)
  return {
    platform: config.platform,
    kind,
    includesTax: null,
    columns,
    open: new Map(),
  }
}

function position(file: TableFile, column: string, config: SourceConfig): number {
  const exact = file.columns.indexOf(column)
  if (exact >= 0) return exact
  const folded = file.columns.findIndex((text) => foldHeader(text) === foldHeader(column))
  if (folded >= 0) return folded
  throw fail(
    'ingest/column-missing',
    { file: nameOf(file), column, nearest: nearest(column, file.columns, 3), columns: file.columns },
    config.where ?? { file: nameOf(file) },
  )
}

function overlay(
  binding: Binding,
  columns: ReadonlyMap<string, number>,
  fields: Partial<Record<FieldName, string>>,
): Binding {
  const outputs = binding.kind.outputs.map((output) => {
    const own = Object.fromEntries(Object.entries(fields).filter(([name]) => belongs(name, output)))
    return { ...output, fields: { ...output.fields, ...own } }
  })
  return {
    ...binding,
    kind: { ...binding.kind, outputs },
    columns: new Map([...binding.columns, ...columns]),
  }
}

function belongs(name: string, output: Output): boolean {
  const entity = name.startsWith('attributes.') ? 'listing' : FIELDS[name as keyof typeof FIELDS].entity
  return output.entity === entity || (output.entity === 'listing' && (entity === 'price' || entity === 'stock'))
}

function isEnd(name: FieldName): boolean {
  return name === 'price.sale_to' || name === 'promotion.ends_at'
}

function kindOf(
  fields: Partial<Record<FieldName, string>>,
  config: SourceConfig,
  platforms: readonly NamedPlatform[],
): FileKind {
  const names = Object.keys(config.map)
  const entity = entityOf(names)
  return {
    name: entity === 'listing' ? 'products' : entity,
    columns: {},
    requires: [],
    outputs: [{ entity, fields, ...(entity === 'listing' ? { rows: identified(fields) } : {}) }],
    grain: grainOf(names, entity),
    zeroSale: 'none',
    printed: true,
    // A column that is mapped without words of its own still says "Activo" as any other file does.
    vocabulary: Object.assign(
      {},
      ...platforms.flatMap(({ platform }) => platform.files.map((file) => file.vocabulary ?? {})),
    ),
  }
}

function entityOf(names: readonly string[]): Output['entity'] {
  if (names.some((name) => name.startsWith('promotion.'))) return 'promotion'
  if (names.some((name) => name.startsWith('location.'))) return 'location'
  const describes = names.some((name) => name === 'title' || name === 'price.regular' || name === 'status')
  if (names.includes('stock.location') && !describes) return 'stock'
  if (names.includes('price.price_list') && !names.includes('title') && !names.includes('status')) return 'price'
  return 'listing'
}

/** A record without any identifier is no listing: a blank line of a spreadsheet, a heading between groups. */
function identified(fields: Partial<Record<FieldName, string>>): string {
  const present = (['sku', 'listing_id', 'gtin', 'title', 'mpn'] as const).filter((name) => fields[name] !== undefined)
  if (present.length === 0) return 'TRUE'
  return present.map((name) => `{map_${name}} IS NOT NULL`).join(' OR ')
}

function grainOf(names: readonly string[], entity: Output['entity']): readonly FieldName[] {
  if (entity === 'stock') return ['sku', 'stock.location']
  if (entity === 'promotion') return ['promotion.key']
  return names.includes('sku') ? ['sku'] : names.includes('listing_id') ? ['listing_id'] : ['gtin']
}
