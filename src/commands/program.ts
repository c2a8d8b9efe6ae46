/** The tree of commands. Only commander is loaded for it; what a command does is loaded when it runs. */
import { Command, type CommanderError } from 'commander'
import { nearest } from '../base/text.ts'
import { toolVersion } from '../base/version.ts'
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { Texts } from '../i18n/en.ts'
import { addApply } from './apply.ts'
import { addAudit } from './audit.ts'
import { addBaseline } from './baseline.ts'
import { addCompletion } from './completion.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addExplain } from './explain.ts'
import { addExplore } from './explore.ts'
import { addHistory } from './history.ts'
import { addInit } from './init.ts'
import { addLocaleOption } from './options.ts'
import { addPlan } from './plan.ts'
import { addReport } from './report.ts'
import { addRules } from './rules.ts'
import { addSchema } from './schema.ts'
import type { Run, Shell } from './shell.ts'
import { addUndo } from './undo.ts'

/** Commands of the design that this version does not have. They are refused by name, and no help lists them. */
const NOT_BUILT = ['pull', 'link', 'migrate']

const COMMANDS = [
  addAudit,
  addBaseline,
  addDemo,
  addInit,
  addDoctor,
  addExplain,
  addExplore,
  addHistory,
  addPlan,
  addApply,
  addUndo,
  addReport,
  addRules,
  addSchema,
  addCompletion,
] as const

function titles({ help }: Texts): (title: string) => string {
  const words = new Map([
    ['Usage:', help.usage],
    ['Arguments:', help.arguments],
    ['Options:', help.options],
    ['Commands:', help.commands],
  ])
  return (title) => words.get(title) ?? title
}

export function buildProgram(shell: Shell, run: Run): Command {
  const { texts } = shell
  const program = new Command('omniparity')
  program
    .description(texts.help.program)
    .exitOverride()
    .showSuggestionAfterError(false)
    .helpCommand(false)
    .helpOption('-h, --help', texts.help.help)
    .option('-V, --version', texts.help.version)
    .option('--no-color', texts.option.noColor)
    .enablePositionalOptions()
    .configureHelp({ styleTitle: titles(texts), helpWidth: shell.width ?? 100 })
    .configureOutput({ writeOut: (text) => void shell.stdout(text), writeErr() {}, outputError() {} })
    .addHelpText('after', `\n${texts.help.status}`)
    .argument('[command...]')
    .usage('<command> [options]')
  addLocaleOption(program, texts)
  program.action(([name]: readonly string[], flags: { readonly version?: boolean }) =>
    run(async () => {
      if (flags.version === true) {
        await shell.stdout(`${toolVersion()}\n`)
        return 0
      }
      if (name === undefined) {
        shell.stderr.write(program.helpInformation())
        return 2
      }
      throw unknownCommand(name, program)
    }),
  )
  for (const add of COMMANDS) add(program, shell, run)
  for (const command of program.commands)
    command.helpOption('-h, --help', texts.help.help).copyInheritedSettings(program)
  return program
}

function unknownCommand(name: string, program: Command): DiagnosticError {
  const known = program.commands.map((command) => command.name())
  if (NOT_BUILT.includes(name)) return fail('usage/not-built', { command: name, known })
  return fail('usage/unknown-command', { command: name, nearest: nearest(name, known, 2), known })
}

function commandOf(argv: readonly string[], program: Command): Command {
  // Names of commands are also names of formats.
  const named = argv.map((word) => program.commands.find((command) => command.name() === word))
  return named.find((command) => command !== undefined) ?? program
}

/** Commander's complaint as a diagnostic; null for what is none, such as help that was asked for. */
export function usageError(error: CommanderError, argv: readonly string[], program: Command): DiagnosticError | null {
  const command = commandOf(argv, program)
  const name = command === program ? '' : command.name()
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? []
  const [first] = program.args
  if (command === program && first !== undefined && !first.startsWith('-')) return unknownCommand(first, program)
  switch (error.code) {
    case 'commander.helpDisplayed':
      return null
    case 'commander.unknownOption': {
      const known = command.options.flatMap(({ long }) => long ?? [])
      return fail('usage/unknown-option', { option: quoted, command: name, nearest: nearest(quoted, known, 3) })
    }
    case 'commander.optionMissingArgument':
      return fail('usage/missing-value', { option: quoted.split(' ')[0] ?? quoted, command: name })
    case 'commander.missingArgument':
      return fail('usage/missing-argument', { command: name, argument: quoted })
    case 'commander.excessArguments':
      return fail('usage/excess-argument', { command: name, accepted: command.registeredArguments.length })
    default:
      return fail('usage/bad-value', { option: name, value: error.message, accepted: '--help' })
  }
}
