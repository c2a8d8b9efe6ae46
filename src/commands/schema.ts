import type { Command } from 'commander'
import { fail } from '../diagnostics/diagnostic.ts'
import { addCommonOptions } from './options.ts'
import type { Run, Shell } from './shell.ts'

/** Each schema is loaded when it is asked for. */
const SCHEMAS: Readonly<Record<string, () => Promise<object>>> = {
  baseline: async () => {
    const [{ z }, { baselineSchema }] = await Promise.all([import('zod'), import('../model/silence.ts')])
    return { $id: 'omniparity-baseline-1.schema.json', title: 'baseline.json', ...z.toJSONSchema(baselineSchema) }
  },
  config: async () => (await import('../config/schema.ts')).configJsonSchema(),
  suppressions: async () => (await import('../config/suppressions.ts')).suppressionsJsonSchema(),
  history: async () => {
    const [{ z }, { historySchema }] = await Promise.all([import('zod'), import('../model/history-schema.ts')])
    return { $id: 'omniparity-history-1.schema.json', title: 'omniparity history', ...z.toJSONSchema(historySchema) }
  },
  'history-diff': async () => {
    const [{ z }, { historyDiffSchema }] = await Promise.all([import('zod'), import('../model/history-schema.ts')])
    return {
      $id: 'omniparity-history-diff-1.schema.json',
      title: 'omniparity history diff',
      ...z.toJSONSchema(historyDiffSchema),
    }
  },
  inputs: async () => {
    const { INPUTS } = await import('../model/input.ts')
    return { format: 'omniparity-inputs/1', inputs: INPUTS }
  },
  plan: async () => {
    const [{ z }, { planSchema }] = await Promise.all([import('zod'), import('../model/plan-schema.ts')])
    return {
      $id: 'omniparity-plan-1.schema.json',
      title: 'plan.json',
      ...z.toJSONSchema(planSchema, { unrepresentable: 'any' }),
    }
  },
  report: async () => {
    const [{ z }, { reportSchema }] = await Promise.all([import('zod'), import('../model/report-schema.ts')])
    return { $id: 'omniparity-report-1.schema.json', title: 'omniparity report', ...z.toJSONSchema(reportSchema) }
  },
  rule: async () => (await import('../rules/schema.ts')).ruleJsonSchema(),
  run: async () => {
    const [{ z }, { runSchema }] = await Promise.all([import('zod'), import('../model/run-schema.ts')])
    return {
      $id: 'omniparity-run-1.schema.json',
      title: 'omniparity apply',
      ...z.toJSONSchema(runSchema, { unrepresentable: 'any' }),
    }
  },
}

export const SCHEMA_NAMES: readonly string[] = Object.keys(SCHEMAS)

export function addSchema(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('schema').description(texts.help.schema)
  command.argument('<name>', `${texts.help.schemaName}: ${SCHEMA_NAMES.join(', ')}`)
  addCommonOptions(command, texts)
  command.action((name: string) =>
    run(async () => {
      const load = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined
      if (load === undefined) {
        throw fail('usage/bad-value', { option: 'schema', value: name, accepted: SCHEMA_NAMES.join(' | ') })
      }
      await shell.stdout(`${JSON.stringify(await load(), null, 2)}\n`)
      return 0
    }),
  )
}
