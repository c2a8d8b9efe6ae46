/** Flags that several commands have, and the way from their text to a value. */
import type { Command } from 'commander'
import { instantText, parseInstant } from '../base/clock.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Texts } from '../i18n/en.ts'
import type { RequestedFormat } from '../model/audit-run.ts'
import type { Locale, Severity } from '../model/config.ts'

type Parse<T> = (option: string, value: string) => T

function refuse(option: string, value: string, accepted: string): Error {
  return fail('usage/bad-value', { option, value, accepted })
}

function oneOf<const T extends string>(...words: readonly T[]): Parse<T> {
  return (option, value) => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw refuse(option, value, words.join(' | '))
    return found
  }
}

function whole(least: number): Parse<number> {
  return (option, value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : -1
    if (number < least) throw refuse(option, value, `${least} | ${least + 1} | …`)
    return number
  }
}

const severity: Parse<Severity | 'never'> = oneOf('error', 'warning', 'info', 'never')
const locale: Parse<Locale> = oneOf('en', 'es')

const instant: Parse<string> = (option, value) => {
  const parsed = parseInstant(value)
  if (parsed === null) throw refuse(option, value, '2026-11-22T08:00:00Z | 2026-11-22T09:00:00+01:00')
  return instantText(parsed)
}

const share: Parse<number> = (option, value) => {
  const percent = /^(100|\d{1,2}(\.\d{1,6})?)%$/.exec(value)?.[1]
  if (percent === undefined) throw refuse(option, value, '2% | 0.5% | 0% … 100%')
  return Number(percent) / 100
}

const memory: Parse<string> = (option, value) => {
  if (!/^\d{1,6}(\.\d{1,3})?\s?([KMGT]i?)B$/i.test(value)) throw refuse(option, value, '512MB | 4GB')
  return value
}

const format: Parse<RequestedFormat> = (option, value) => {
  const [, name, , file] = /^([a-z][a-z0-9-]*)(=(.+))?$/.exec(value) ?? []
  if (name === undefined) throw refuse(option, value, 'NAME | NAME=FILE')
  return { name, file: file ?? null }
}

const named: Parse<string> = (option, value) => {
  if (value.trim() === '') throw refuse(option, value, 'NAME')
  return value
}

/** Adds an option with a value. */
function single<T>(command: Command, flag: string, value: string, description: string, parse: Parse<T>): void {
  command.option(`--${flag} <${value}>`, description, (text: string) => parse(`--${flag}`, text))
}

function repeated<T>(command: Command, flag: string, value: string, description: string, parse: Parse<T>): void {
  const collect = (text: string, before: readonly T[] = []): readonly T[] => [...before, parse(`--${flag}`, text)]
  command.option(`--${flag} <${value}>`, description, collect)
}

export function addLocaleOption(command: Command, { option }: Texts): void {
  single(command, 'locale', 'LANG', option.locale, locale)
}

/** Flags of every command. */
export function addCommonOptions(command: Command, texts: Texts): void {
  const { option } = texts
  addLocaleOption(command, texts)
  command.option('--quiet', option.quiet)
  command.option('--verbose', option.verbose)
  command.option('--no-color', option.noColor)
}

/** Flags of commands that look at the project. */
export function addProjectOptions(command: Command, { option }: Texts): void {
  single(command, 'config', 'FILE', option.config, named)
}

/** Where what audits saw is kept. */
export function addStateOption(command: Command, { option }: Texts): void {
  single(command, 'state', 'DIR', option.state, named)
}

/** How a list is printed. */
export function addListOptions(command: Command, { help }: Texts): void {
  single(command, 'format', 'NAME', help.rulesFormat, oneOf('pretty', 'json'))
}

/** The article that something is explained for. */
export function addKeyOption(command: Command, { help }: Texts): void {
  single(command, 'key', 'SKU', help.explainKey, named)
}

/** Flags of commands that audit. */
export function addRunOptions(command: Command, { option }: Texts): void {
  single(command, 'as-of', 'INSTANT', option.asOf, instant)
  repeated(command, 'format', 'NAME', option.format, format)
  single(command, 'output', 'FILE', option.output, named)
  single(command, 'state', 'DIR', option.state, named)
  single(command, 'memory-limit', 'SIZE', option.memoryLimit, memory)
  single(command, 'threads', 'N', option.threads, whole(1))
}

/** Flags that choose what an audit judges. */
export function addAuditOptions(command: Command, { option }: Texts): void {
  single(command, 'fail-on', 'SEVERITY', option.failOn, severity)
  single(command, 'max-unknown', 'SHARE', option.maxUnknown, share)
  repeated(command, 'only', 'RULE', option.only, named)
  repeated(command, 'skip', 'RULE', option.skip, named)
  command.option('--all-rules', option.allRules)
  addBaselineOption(command, { option })
  repeated(command, 'channel', 'ID', option.channel, named)
  single(command, 'max-findings', 'N', option.maxFindings, whole(0))
}

export function addBaselineOption(command: Command, { option }: Pick<Texts, 'option'>): void {
  single(command, 'baseline', 'FILE', option.baseline, named)
}

/** Flags of `baseline`. */
export function addBaselineOptions(command: Command, texts: Texts): void {
  addBaselineOption(command, texts)
  command.option('--accept-new', texts.option.acceptNew)
  single(command, 'reason', 'TEXT', texts.option.reason, named)
  single(command, 'as-of', 'INSTANT', texts.option.asOf, instant)
  single(command, 'state', 'DIR', texts.option.state, named)
  single(command, 'memory-limit', 'SIZE', texts.option.memoryLimit, memory)
  single(command, 'threads', 'N', texts.option.threads, whole(1))
}

/** Flags of commands that audit to plan. */
export function addPlanningOptions(command: Command, { option }: Texts): void {
  single(command, 'as-of', 'INSTANT', option.asOf, instant)
  single(command, 'state', 'DIR', option.state, named)
  single(command, 'memory-limit', 'SIZE', option.memoryLimit, memory)
  single(command, 'threads', 'N', option.threads, whole(1))
}

/** Flags of `apply`. */
export function addApplyOptions(command: Command, { help, option, apply }: Texts): void {
  single(command, 'format', 'NAME', help.rulesFormat, oneOf('pretty', 'json'))
  repeated(command, 'channel', 'ID', apply.help.channel, named)
  single(command, 'canary', 'N', apply.help.canary, whole(1))
  single(command, 'rate', 'N', apply.help.rate, whole(1))
  single(command, 'max-failures', 'N', apply.help.maxFailures, whole(1))
  single(command, 'state', 'DIR', option.state, named)
  single(command, 'memory-limit', 'SIZE', option.memoryLimit, memory)
  single(command, 'threads', 'N', option.threads, whole(1))
}

/** Flags of `undo`. */
export function addUndoOptions(command: Command, { help, option, apply }: Texts): void {
  single(command, 'format', 'NAME', help.rulesFormat, oneOf('pretty', 'json'))
  single(command, 'output', 'DIR', apply.help.output, named)
  single(command, 'state', 'DIR', option.state, named)
}

/** Flags of `history`. */
export function addHistoryOptions(command: Command, { help, option }: Texts): void {
  repeated(command, 'format', 'NAME', option.format, format)
  single(command, 'output', 'FILE', option.output, named)
  single(command, 'state', 'DIR', option.state, named)
  single(command, 'fail-on', 'SEVERITY', help.historyFailOn, severity)
  single(command, 'until', 'INSTANT', help.historyUntil, instant)
}

/** Flags of `report`. */
export function addReportOptions(command: Command, { option }: Texts): void {
  repeated(command, 'format', 'NAME', option.format, format)
  single(command, 'output', 'FILE', option.output, named)
  single(command, 'state', 'DIR', option.state, named)
  single(command, 'max-findings', 'N', option.maxFindings, whole(0))
}

export function addDemoOptions(command: Command, { option }: Texts): void {
  single(command, 'seed', 'N', option.seed, whole(0))
  single(command, 'articles', 'N', option.articles, whole(1))
  single(command, 'fail-on', 'SEVERITY', option.failOn, severity)
}

export interface CommonFlags {
  readonly locale?: Locale
  readonly quiet?: boolean
  readonly verbose?: boolean
}

export interface ProjectFlags extends CommonFlags {
  readonly config?: string
}

export interface ListFlags extends ProjectFlags {
  readonly format?: 'pretty' | 'json'
}

export interface KeyFlags extends ProjectFlags {
  readonly key?: string
}

export interface RunFlags extends CommonFlags {
  readonly asOf?: string
  readonly format?: readonly RequestedFormat[]
  readonly output?: string
  readonly state?: string
  readonly memoryLimit?: string
  readonly threads?: number
}

export interface AuditFlags extends RunFlags, ProjectFlags {
  readonly failOn?: Severity | 'never'
  readonly maxUnknown?: number
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly allRules?: boolean
  readonly baseline?: string
  readonly channel?: readonly string[]
  readonly maxFindings?: number
}

export interface BaselineFlags extends AuditFlags {
  readonly acceptNew?: boolean
  readonly reason?: string
}

export interface ApplyFlags extends ProjectFlags {
  readonly format?: 'pretty' | 'json'
  readonly channel?: readonly string[]
  readonly canary?: number
  readonly rate?: number
  readonly maxFailures?: number
  readonly dryRun?: boolean
  readonly state?: string
  readonly memoryLimit?: string
  readonly threads?: number
}

export interface UndoFlags extends ProjectFlags {
  readonly format?: 'pretty' | 'json'
  readonly output?: string
  readonly state?: string
}

export interface HistoryFlags extends ProjectFlags {
  readonly format?: readonly RequestedFormat[]
  readonly output?: string
  readonly state?: string
  readonly failOn?: Severity | 'never'
  readonly until?: string
}

export interface ReportFlags extends ProjectFlags {
  readonly format?: readonly RequestedFormat[]
  readonly output?: string
  readonly state?: string
  readonly maxFindings?: number
}

export interface DemoFlags extends RunFlags {
  readonly seed?: number
  readonly articles?: number
  readonly failOn?: Severity | 'never'
}
