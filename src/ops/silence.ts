/** Reads what keeps findings quiet: the project's suppressions and its baseline. */
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { Silences } from '../audit/silences.ts'
import { dayIn, now } from '../base/clock.ts'
import { meant } from '../config/check.ts'
import { readSuppressions } from '../config/suppressions.ts'
import { diagnose, fail, failAll } from '../diagnostics/diagnostic.ts'
import type { AuditRequest } from '../model/audit-run.ts'
import type { Config } from '../model/config.ts'
import { type Baseline, baselineSchema } from '../model/silence.ts'
import type { EffectiveRule } from '../rules/packs.ts'

/** Beside the configuration. */
const BASELINE_FILE = 'baseline.json'

export interface BaselineFile {
  readonly path: string
  /** As diagnostics print it. */
  readonly shown: string
  /** Null where there is no such file. */
  readonly content: Baseline | null
}

/** The file that a flag names, else the one beside the configuration; null for plain files without the flag. */
export async function findBaseline(
  config: Config,
  { baseline, cwd }: Pick<AuditRequest, 'baseline' | 'cwd'>,
): Promise<BaselineFile | null> {
  if (baseline === null && config.file === null) return null
  const path = baseline === null ? resolve(config.dir, BASELINE_FILE) : resolve(cwd, baseline)
  const shown = baseline ?? (relative(cwd, path) || path)
  return { path, shown, content: await readBaseline(path, shown) }
}

async function readBaseline(path: string, shown: string): Promise<Baseline | null> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw fail('silence/unreadable', { file: shown, reason: cause.code ?? cause.message }, null, cause)
  })
  if (text === null) return null
  const result = baselineSchema.safeParse(parsed(text, shown))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const problem = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
  throw fail('silence/bad-baseline', { file: shown, problem })
}

function parsed(text: string, shown: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw fail('silence/bad-baseline', { file: shown, problem: 'JSON' }, null, cause)
  }
}

/**
 * @param collects - Whether a baseline is to be written from what is found.
 * @throws DiagnosticError for files that are wrong, and a baseline that a flag names and nobody has.
 */
export async function loadSilences(
  config: Config,
  request: AuditRequest,
  asOf: string,
  rules: readonly EffectiveRule[],
  collects: boolean,
): Promise<Silences> {
  const baseline = await findBaseline(config, request)
  if (baseline !== null && baseline.content === null && request.baseline !== null && !collects) {
    throw fail('silence/no-baseline', { file: baseline.shown })
  }
  return new Silences({
    suppressions: await suppressionsOf(config, request, asOf, rules),
    baseline:
      baseline === null || baseline.content === null ? null : { file: baseline.shown, content: baseline.content },
    today: dayIn(new Date(asOf), config.timezone),
    rules,
    collects,
  })
}

async function suppressionsOf(
  { suppressions, dir, channelIds }: Config,
  { cwd }: AuditRequest,
  asOf: string,
  rules: readonly EffectiveRule[],
): Promise<ConstructorParameters<typeof Silences>[0]['suppressions']> {
  if (suppressions === null) return null
  const path = resolve(dir, suppressions)
  const file = relative(cwd, path) || path
  const latest = new Date(Math.max(now().getTime(), Date.parse(asOf)))
  const entries = await readSuppressions(path, file, latest)
  const known = rules.flatMap(({ rule }) => [rule.id, ...rule.formerly])
  const problems = entries.flatMap(({ rule, channel, values, where }) => [
    ...(rule === null || known.includes(rule)
      ? []
      : [diagnose('config/unknown-rule', { rule, nearest: meant(rule, known) }, where)]),
    ...[
      ...(channel ?? []).map((one) => ({ key: 'channel', one })),
      ...Object.keys(values ?? {}).map((one) => ({ key: 'while.values', one })),
    ]
      .filter(({ one }) => !channelIds.includes(one))
      .map(({ key, one }) => {
        const nearest = meant(one, channelIds)
        return diagnose('config/unknown-channel', { key, channel: one, nearest, known: channelIds }, where)
      }),
  ])
  const error = failAll(problems)
  if (error !== null) throw error
  return { file, entries }
}
