/** The project around a command that does not audit: its configuration, its rules, and what its sources have. */
import { resolve } from 'node:path'
import { findConfig, loadConfig } from '../config/load.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { openDuckDB } from '../engine/duckdb.ts'
import type { Engine } from '../engine/engine.ts'
import { pull } from '../ingest/pull.ts'
import type { Store } from '../ingest/tables.ts'
import type { Config } from '../model/config.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { loadRules } from '../rules/load.ts'
import { packNames } from '../rules/pack-files.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import { type EffectiveRule, effectiveRules } from '../rules/packs.ts'
import { openWorkFolder } from './work-folder.ts'

/** Null without a configuration, where none was named. */
export async function projectConfig(file: string | null, cwd: string): Promise<Config | null> {
  if (file === null && (await findConfig(cwd)) === null) return null
  return loadConfig({ file, cwd, platform: loadPlatform, packs: packNames })
}

/** What every rule does in a project; without one, what is recommended. */
export async function projectRules(config: Config | null, notes: Diagnostic[] = []): Promise<readonly EffectiveRule[]> {
  const dirs =
    config === null || config.rulesDir === null ? undefined : [RULES_ROOT, resolve(config.dir, config.rulesDir)]
  const selection = {
    extends: config?.extends ?? ['recommended'],
    settings: config?.rules ?? {},
    overrides: config?.overrides ?? [],
    only: [],
    skip: [],
    allRules: false,
    ...(config === null ? {} : { markets: config.channels.map(({ market }) => market) }),
  }
  return effectiveRules(await loadRules(dirs, notes), selection, notes)
}

/** Reads the sources of a project for as long as `use` needs them. */
export async function withSources<T>(
  config: Config,
  asOf: string,
  signal: AbortSignal,
  use: (store: Store, engine: Engine) => Promise<T>,
): Promise<T> {
  const folder = await openWorkFolder()
  const engine = await openDuckDB({ tempDir: folder.path, memoryLimit: null, threads: null })
  let store: Store | null = null
  try {
    store = await pull({ engine, config, tempDir: folder.path, asOf, progress: () => {}, signal })
    return await use(store, engine)
  } finally {
    await engine.close()
    const files = [
      ...(store?.sources ?? []).map(({ file }) => file),
      ...(store?.inputs.loaded ?? []).flatMap((one) => one.files),
    ]
    for (const file of files) await file.close()
    await folder.remove()
  }
}
