/** From a path to tables: finds out what the file is, unpacks it where needed, hands it to the reader of its format. */
import { constants } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Locale } from '../../model/config.ts'
import type { TableFile } from '../../model/table-file.ts'
import { openDelimited } from './delimited.ts'
import { orRemove, type ReadContext, removeFiles } from './disk.ts'
import { openJson } from './json.ts'
import { kindOf } from './kind.ts'
import { joinedTexts, noteTexts } from './notes.ts'
import { openParquet } from './parquet.ts'
import { hashFile } from './rows.ts'
import { gunzip, openZip } from './unpack.ts'
import { openXlsx } from './xlsx.ts'
import { openXml } from './xml.ts'

export interface OpenOptions {
  /** Absolute. */
  readonly path: string
  /** The path as reports print it. */
  readonly shown: string
  /** Null to detect it. */
  readonly encoding: string | null
  readonly delimiter?: string | null
  /** The one sheet that is meant of a workbook. */
  readonly sheet?: string | null
  readonly tempDir: string
  readonly engine: Engine
  /** Share of records that may be bad, e.g. 0.2; above it the file is refused. */
  readonly maxBadShare: number
  /** How well a row looks like a known header, 0 for no idea; finds the header below a preamble. */
  readonly headers?: (candidate: readonly string[]) => number
  /** Language of assumptions and of reasons for quarantine; English by default. */
  readonly locale?: Locale
}

const MAX_NESTING = 2

/**
 * Opens one file on disk: one table for text and Parquet, one per sheet of a workbook and per member of an archive.
 *
 * @throws DiagnosticError `source/…` when it cannot be read.
 */
export async function openFile(options: OpenOptions): Promise<readonly TableFile[]> {
  const where = { file: options.shown }
  const found = await stat(options.path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw fail('source/not-found', { path: options.shown }, null, cause)
    throw fail('source/not-permitted', { reason: cause.code ?? cause.message }, where, cause)
  })
  if (found.isDirectory()) throw fail('source/directory', { path: options.shown })
  if (!found.isFile()) throw fail('source/unknown-format', { looksLike: 'a device or pipe' }, where)
  await access(options.path, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    throw fail('source/not-permitted', { reason: cause.code ?? cause.message }, where, cause)
  })
  const context: ReadContext = {
    path: options.path,
    shown: options.shown,
    sha256: null,
    bytes: found.size,
    modifiedAt: found.mtime.toISOString(),
    encoding: options.encoding,
    delimiter: options.delimiter ?? null,
    sheet: options.sheet ?? null,
    tempDir: options.tempDir,
    engine: options.engine,
    maxBadShare: options.maxBadShare,
    headers: options.headers ?? (() => 0),
    locale: options.locale ?? 'en',
    temporary: [],
  }
  const tables = await openAny(context, basename(options.path), 0)
  const after = await stat(options.path)
  if (after.size === found.size && after.mtimeMs === found.mtimeMs) return tables
  await closeAll(tables)
  throw fail('source/changed', { before: found.size, after: after.size }, where)
}

async function openAny(context: ReadContext, name: string, nesting: number): Promise<readonly TableFile[]> {
  const where = { file: context.shown }
  const kind = kindOf(await headOf(context.path), name)
  if (nesting > MAX_NESTING) throw fail('source/archive-refused', { why: 'archives are nested too deep' }, where)
  if (context.sheet !== null && kind.is !== 'zip' && kind.is !== 'gzip')
    throw fail('source/no-sheet', { sheet: context.sheet, sheets: [] }, where)
  switch (kind.is) {
    case 'empty':
      throw fail('source/empty', {}, where)
    case 'unknown':
      throw fail('source/unknown-format', { looksLike: kind.looksLike }, where)
    case 'gzip':
      return openGzip(context, name, nesting)
    case 'zip':
      return openArchive(context, nesting)
    case 'parquet':
      return [await openParquet(context)]
    case 'json':
      return [await openJson(context)]
    case 'xml':
      return [await openXml(context)]
    case 'delimited':
      return [await openDelimited(context)]
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(65_536)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function openGzip(context: ReadContext, name: string, nesting: number): Promise<readonly TableFile[]> {
  const path = await gunzip(context.path, context.shown, (await stat(context.path)).size, context.tempDir)
  const sha256 = context.sha256 ?? (await hashFile(context.path))
  const inner = { ...context, path, sha256, temporary: [...context.temporary, path] }
  return orRemove([path], () => openAny(inner, name.replace(/\.gz$/i, ''), nesting + 1))
}

async function openArchive(context: ReadContext, nesting: number): Promise<readonly TableFile[]> {
  const zip = await openZip(context.path, context.shown)
  try {
    if (zip.names.includes('xl/workbook.xml')) return await openXlsx(context, zip)
    const members = zip.names.filter((name) => !/(^|\/)(__MACOSX\/|\.)/.test(name))
    if (members.length === 0) throw fail('source/empty', {}, { file: context.shown })
    const tables: TableFile[] = []
    const skipped: string[] = []
    for (const name of members) {
      const { path } = await zip.unpack(name, context.tempDir)
      const kind = kindOf(await headOf(path), name)
      if (members.length > 1 && (kind.is === 'unknown' || kind.is === 'empty')) {
        skipped.push(name)
        await removeFiles([path])
        continue
      }
      const { size } = await stat(path)
      const inner = {
        ...context,
        path,
        shown: `${context.shown}!${name}`,
        bytes: size,
        temporary: [path],
        sha256: null,
      }
      tables.push(...(await orRemove([path], () => openAny(inner, name, nesting + 1)).catch(closing(tables))))
    }
    if (tables.length === 0)
      throw fail('source/unknown-format', { looksLike: 'an archive without a table' }, { file: context.shown })
    return skipped.length === 0 ? tables : tables.map((table) => withSkipped(table, skipped, context.locale))
  } finally {
    zip.close()
    await removeFiles(context.temporary)
  }
}

function withSkipped(table: TableFile, names: readonly string[], locale: Locale): TableFile {
  const skipped = noteTexts([{ kind: 'skipped-members', names }], locale)
  return { ...table, reading: { ...table.reading, ...joinedTexts(table.reading, skipped) } }
}

function closing(tables: readonly TableFile[]): (cause: unknown) => Promise<never> {
  return async (cause) => {
    await closeAll(tables)
    throw cause
  }
}

async function closeAll(tables: readonly TableFile[]): Promise<void> {
  for (const table of tables) await table.close()
}
