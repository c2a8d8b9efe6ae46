/** Completion scripts, made from the tree of commands, so that they cannot lag behind it. */
import type { Command } from 'commander'
import { BASELINE_ACTIONS } from './baseline.ts'
import { SCHEMA_NAMES } from './schema.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof SHELLS)[number]

interface Flag {
  readonly long: string
  readonly takesValue: boolean
  readonly description: string
}

interface Verb {
  readonly name: string
  readonly description: string
  readonly flags: readonly Flag[]
  /** Words that the first argument may be; empty where it is a file. */
  readonly words: readonly string[]
}

/** What an argument or a value may be, for those with a closed list. */
const ARGUMENT_WORDS: Readonly<Record<string, readonly string[]>> = {
  baseline: BASELINE_ACTIONS,
  completion: SHELLS,
  schema: SCHEMA_NAMES,
}
const VALUE_WORDS: Readonly<Record<string, readonly string[]>> = {
  '--locale': ['en', 'es'],
  '--fail-on': ['error', 'warning', 'info', 'never'],
}

function flagsOf(command: Command): readonly Flag[] {
  const visible = command.createHelp().visibleOptions(command)
  return visible.flatMap(({ long, required, optional, description }) =>
    typeof long === 'string' ? [{ long, takesValue: required || optional, description }] : [],
  )
}

function verbsOf(program: Command): readonly Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: flagsOf(command),
    words: ARGUMENT_WORDS[command.name()] ?? [],
  }))
}

export function completionScript(shell: ShellName, program: Command): string {
  switch (shell) {
    case 'bash':
      return bash(program)
    case 'zsh':
      return zsh(program)
    case 'fish':
      return fish(program)
  }
}

function valueCases(): readonly string[] {
  return Object.entries(VALUE_WORDS).map(
    ([flag, words]) => `    ${flag}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$current")); return ;;`,
  )
}

function bash(program: Command): string {
  const verbs = verbsOf(program)
  const withValue = new Set(
    verbs.flatMap(({ flags }) => flags.filter((flag) => flag.takesValue).map(({ long }) => long)),
  )
  const files = [...withValue].filter((flag) => VALUE_WORDS[flag] === undefined).sort()
  const words = (flags: readonly Flag[]): string => flags.map(({ long }) => long).join(' ')
  const cases = verbs.map(
    ({ name, flags, words: values }) => `    ${name}) flags='${words(flags)}'; words='${values.join(' ')}' ;;`,
  )
  return `_omniparity() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" flags='' words='' command=''
  COMPREPLY=()
  if ((COMP_CWORD > 1)); then command="\${COMP_WORDS[1]}"; fi
  case "$previous" in
${valueCases().join('\n')}
    ${files.join('|')}) local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "$command" in
    '') flags='${words(flagsOf(program))}'; words='${verbs.map(({ name }) => name).join(' ')}' ;;
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _omniparity omniparity
`
}

/** Inside single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function zshFlag({ long, takesValue, description }: Flag): string {
  const plain = description.replace(/[[\]:\\]/g, ' ')
  if (!takesValue) return quoted(`${long}[${plain}]`)
  const words = VALUE_WORDS[long]
  return quoted(`*${long}[${plain}]:value:${words === undefined ? '_files' : `(${words.join(' ')})`}`)
}

function zsh(program: Command): string {
  const verbs = verbsOf(program)
  const cases = verbs.map(({ name, flags, words }) => {
    const rest = words.length === 0 ? '*:file:_files' : `1:value:(${words.join(' ')})`
    return `        ${name}) _arguments ${[...flags.map(zshFlag), quoted(rest)].join(' ')} ;;`
  })
  const list = verbs.map(({ name, description }) => `        ${quoted(`${name}:${description.replaceAll(':', ' ')}`)}`)
  return `#compdef omniparity
_omniparity() {
  local state
  local -a commands
  _arguments -C ${flagsOf(program).map(zshFlag).join(' ')} '1:command:->command' '*::argument:->argument'
  case "$state" in
    command)
      commands=(
${list.join('\n')}
      )
      _describe command commands ;;
    argument)
      case "$words[1]" in
${cases.join('\n')}
      esac ;;
  esac
}
compdef _omniparity omniparity
`
}

function fish(program: Command): string {
  const verbs = verbsOf(program)
  const global = flagsOf(program).map(
    ({ long, description }) =>
      `complete -c omniparity -n __fish_use_subcommand -l ${long.slice(2)} -d ${quoted(description)}`,
  )
  const lines = verbs.flatMap(({ name, description, flags, words }) => {
    const here = `complete -c omniparity -n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c omniparity -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...(words.length === 0 ? [] : [`${here} -f -a '${words.join(' ')}'`]),
      ...flags.map(({ long, takesValue, description: text }) => {
        const values = VALUE_WORDS[long]
        const value = values === undefined ? ' -r' : ` -x -a '${values.join(' ')}'`
        return `${here} -l ${long.slice(2)}${takesValue ? value : ''} -d ${quoted(text)}`
      }),
    ]
  })
  return `${[...global, ...lines].join('\n')}\n`
}
