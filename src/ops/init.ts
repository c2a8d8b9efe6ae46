/** `omniparity init`: from a folder of exports to a configuration and a first audit. */
import { access, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { printable } from '../base/text.ts'
import { loadConfig } from '../config/load.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { initTexts as en } from '../i18n/init.en.ts'
import { initTexts as es } from '../i18n/init.es.ts'
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import type { Locale } from '../model/config.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { packNames } from '../rules/pack-files.ts'
import { runAudit } from './audit.ts'
import { configText } from './init/config-text.ts'
import { type Draft, draftOf } from './init/draft.ts'
import { findExports, scan } from './init/scan.ts'

const TEXTS = { en, es }
export const CONFIG_NAME = 'omniparity.yaml'

export interface InitRequest {
  readonly dir: string
  readonly force: boolean
  readonly locale: Locale
  /** How the first audit runs; its files and configuration are what was written. */
  readonly audit: Omit<AuditRequest, 'files' | 'configFile'>
}

/** Asks what only a person can know; null when they leave. */
export type Ask = (draft: Draft) => Promise<Draft | null>

/**
 * @param ask - Null to ask nothing.
 * @returns The exit status: that of the first audit, whose findings never fail it.
 * @throws DiagnosticError `init/exists`, `init/no-files`, `init/nothing-understood`, `init/nothing-told`, `init/unwritable`.
 */
export async function runInit(request: InitRequest, io: RunIo, ask: Ask | null): Promise<number> {
  const dir = resolve(request.audit.cwd, request.dir)
  const file = join(dir, CONFIG_NAME)
  const shown = relative(request.audit.cwd, file) || CONFIG_NAME
  const texts = TEXTS[request.locale]
  if (!request.force && (await isThere(file))) throw fail('init/exists', { file: shown })
  const paths = await findExports(dir)
  if (paths.length === 0) throw fail('init/no-files', { folder: request.dir })
  io.progress({ stage: 'read' })
  const draft = await draftOf(await scan(dir, paths, request.locale, io.signal), dir)
  if (draft.channels.length === 0) {
    const [unread] = draft.unknown
    const read = draft.stray.find(({ isPart }) => !isPart) ?? draft.stray[0]
    if (unread !== undefined) throw fail('init/nothing-understood', { files: paths.length, ...unread })
    const { path = '', platform = '', kind = '' } = read ?? {}
    throw fail('init/nothing-told', { files: paths.length, path, platform, kind })
  }
  if (ask === null) for (const line of foundLines(draft, request.locale)) await io.stdout(`${line}\n`)
  const answered = ask === null ? draft : await ask(draft)
  if (answered === null) {
    await io.stdout(`${texts.wizard.left}\n`)
    return 130
  }
  await writeConfig(file, shown, configText(answered, request.locale))
  await io.stdout(`${texts.written(shown)}\n${texts.open}\n\n`)
  return runAudit({ ...request.audit, files: [], configFile: file, failOn: 'never' }, io)
}

function foundLines({ channels, stray, unknown, copies }: Draft, locale: Locale): readonly string[] {
  const texts = TEXTS[locale]
  const files = [
    ...channels.flatMap((channel) => channel.files.map((file) => ({ ...file, channel: channel.id }))),
    ...stray.map((file) => ({ ...file, channel: '?' })),
  ]
  return [
    texts.found(files.length + unknown.length + copies.length, files.length + copies.length),
    ...files.map(({ path, platform, kind, records, channel }) => {
      return `  ${printable(path)}: ${platform} ${kind}, ${texts.records(records)} → ${channel}`
    }),
    ...copies.map(({ path, of }) => `  ${printable(path)}: ${texts.copyOf(printable(of))}`),
    ...unknown.map(({ path, reason }) => `  ${printable(path)}: ${texts.unknownFile}: ${printable(reason)}`),
    '',
  ]
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** What is written can be read: a configuration that the tool itself would refuse never takes the place of another. */
async function writeConfig(file: string, shown: string, text: string): Promise<void> {
  const partial = `${file}.partial-${process.pid}.yaml`
  try {
    await writeFile(partial, text, { mode: 0o644 })
    await loadConfig({ file: partial, cwd: process.cwd(), platform: loadPlatform, packs: packNames })
    await rename(partial, file)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
      throw fail('init/unwritable', { file: shown, reason: cause.code }, null, cause)
    }
    throw cause
  }
}
