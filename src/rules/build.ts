/** From the data of one rule file to the rule, with every complaint at its place. */
import { parseDuration } from '../base/clock.ts'
import { meant } from '../config/check.ts'
import { type ConfigDocument, describe, type Path, pathText } from '../config/document.ts'
import { type Diagnostic, DiagnosticError, diagnose, type Where } from '../diagnostics/diagnostic.ts'
import { FIELDS, type FieldName, isFieldName } from '../model/field.ts'
import { type InputNeed, inputNeed, inputNeeds } from '../model/input.ts'
import { type At, aggregatesOf, type Expr, paramUses, placeOf } from './expression/ast.ts'
import { compileCondition, compileExpression, compileFigure } from './expression/compile.ts'
import { parseExpression } from './expression/parse.ts'
import type { ParamValue, Scope } from './expression/scope.ts'
import { ruleFieldNames, ruleFieldType } from './fields.ts'
import { inputBehind } from './input-fields.ts'
import { shownFields } from './judged.ts'
import { acceptedParam, readParam } from './params.ts'
import {
  type Assert,
  type Bilingual,
  type Guard,
  HISTORY_ASSERTS,
  PLACEHOLDERS,
  type Rule,
  type RuleCode,
  type RuleParam,
  type UnknownWhen,
} from './rule.ts'
import type { RuleFile } from './schema.ts'
import { checkSides, checkUse, isOfSides } from './usable.ts'

interface Origin {
  readonly id: string
  readonly file: string
  readonly text: string
  readonly document: ConfigDocument
}

/** What an expression may do at its place. */
type Slot = 'row' | 'row condition' | 'group' | 'group condition' | 'group figure'

type Base = Omit<Rule, 'kind'>
type Written = string | number | boolean

export function buildRule(raw: RuleFile, origin: Origin, problems: Diagnostic[]): Rule | null {
  const before = problems.length
  const rule = new Builder(raw, origin, problems).rule()
  if (rule !== null && problems.length === before) checkUse(rule, placesOf(origin.document), problems)
  if (rule === null || problems.length > before) return null
  return raw.fields === undefined && isOfSides(rule.on) ? { ...rule, fields: shownFields(rule) } : rule
}

function placesOf(document: ConfigDocument): { key(path: Path): Where; value(path: Path): Where } {
  return {
    key: (path) => document.keyPlace(path.slice(0, -1), String(path.at(-1))),
    value: (path) => document.place(path),
  }
}

class Builder {
  readonly #raw: RuleFile
  readonly #origin: Origin
  readonly #problems: Diagnostic[]
  readonly #params: Readonly<Record<string, RuleParam>>

  constructor(raw: RuleFile, origin: Origin, problems: Diagnostic[]) {
    this.#raw = raw
    this.#origin = origin
    this.#problems = problems
    this.#params = this.#readParams()
  }

  rule(): Rule | null {
    const raw = this.#raw
    const base = this.#base()
    const value = this.#optional(raw.value, ['value'], 'row')
    switch (raw.kind) {
      case 'equal':
        return value === null ? null : { ...base, kind: raw.kind, value }
      case 'similar':
        return value === null || raw.alike === undefined ? null : { ...base, kind: raw.kind, value, alike: raw.alike }
      case 'within':
        return value === null ? null : { ...base, kind: raw.kind, value, ...this.#within() }
      case 'present':
        return { ...base, kind: raw.kind, require: this.#optional(raw.require, ['require'], 'group condition') }
      case 'implies': {
        const [condition, consequence] = [this.#sided(raw.if, 'if'), this.#sided(raw.then, 'then')]
        return condition && consequence
          ? { ...base, kind: raw.kind, condition, consequence, minSides: raw.min_sides ?? 2 }
          : null
      }
      case 'unique': {
        const key = this.#optional(raw.key, ['key'], 'row')
        const [scope, allowSame] = [raw.scope ?? [], raw.allow_same ?? null]
        this.#names(scope, ['scope'])
        return key === null ? null : { ...base, kind: raw.kind, key, scope, allowSame }
      }
      case 'format':
      case 'reference':
      case 'match':
        return { ...base, kind: raw.kind, value }
      case 'window': {
        const start = this.#optional(raw.interval?.start, ['interval', 'start'], 'row')
        const end = this.#optional(raw.interval?.end, ['interval', 'end'], 'row')
        const assert = this.#assert(['same', 'active_iff_inside'])
        if (start === null || end === null || assert === null) return null
        return { ...base, kind: raw.kind, interval: { start, end }, assert }
      }
      case 'fresh': {
        const assert = this.#assert(['max_age', 'max_skew'])
        return assert === null ? null : { ...base, kind: raw.kind, assert }
      }
      case 'drift': {
        const assert = this.#assert(['contract', 'volume'])
        return assert === null ? null : { ...base, kind: raw.kind, assert }
      }
      case 'history': {
        const assert = this.#assert(HISTORY_ASSERTS)
        return assert === null ? null : { ...base, kind: raw.kind, assert }
      }
      case 'sql':
        return { ...base, kind: raw.kind, query: { text: raw.query ?? '', at: this.#at(['query'], true) } }
      case 'reconcile': {
        const [left, right] = [
          this.#optional(raw.left, ['left'], 'group figure'),
          this.#optional(raw.right, ['right'], 'group figure'),
        ]
        if (left === null || right === null) return null
        const tolerance = this.#tolerance()
        // Either every figure is one of the group, or each side has its own.
        if ([left, right].some((expr) => aggregatesOf(expr).size > 0))
          for (const expr of [left, right, tolerance?.abs ?? null, tolerance?.pct ?? null])
            if (expr !== null) checkSides(expr, this.#raw, this.#problems)
        const { relation = 'equal', unit = null } = raw
        return { ...base, kind: raw.kind, left, right, relation, unit, tolerance }
      }
    }
  }

  #base(): Base {
    const raw = this.#raw
    this.#texts()
    this.#names(raw.group ?? [], ['group'])
    this.#names(raw.fields ?? [], ['fields'])
    this.#fixField()
    return {
      id: this.#origin.id,
      title: raw.title,
      severity: raw.severity === false ? 'off' : raw.severity,
      on: raw.on,
      where: this.#optional(raw.where, ['where'], 'row condition'),
      group: raw.group ?? null,
      each: this.#each(),
      params: this.#params,
      guard: this.#guard(),
      except: this.#optional(raw.except, ['except'], 'group condition'),
      unknownWhen: this.#unknownWhen(),
      ignoreNull: raw.ignore_null ?? false,
      codes: this.#codes(),
      message: raw.message ?? null,
      maskedBy: raw.masked_by ?? [],
      fix: raw.fix === undefined ? null : { side: raw.fix.side, field: raw.fix.field, to: raw.fix.to ?? null },
      impact: raw.impact ?? null,
      fields: raw.fields ?? [],
      needs: this.#needs(),
      inputs: this.#inputs(),
      docs: { en: docsOf(raw.docs.en), es: docsOf(raw.docs.es) },
      sources: raw.sources ?? [],
      since: raw.since,
      formerly: raw.formerly ?? [],
      file: this.#origin.file,
      at: this.#at([]),
    }
  }

  #within(): Pick<Rule & { kind: 'within' }, 'reference' | 'tolerance' | 'policy' | 'compare'> {
    // The schema has seen to it that a `within` rule says what it compares with.
    const { reference = null, policy = null, compare = 'policy' } = this.#raw
    return { reference, tolerance: this.#tolerance(), policy, compare }
  }

  #tolerance(): (Rule & { kind: 'within' })['tolerance'] {
    const { tolerance } = this.#raw
    if (tolerance === undefined) return null
    const abs = this.#optional(tolerance.abs, ['tolerance', 'abs'], 'group')
    const pct = this.#optional(tolerance.pct, ['tolerance', 'pct'], 'group')
    return { abs, pct }
  }

  #assert<Own extends Assert>(own: readonly Own[]): Own | null {
    const { assert } = this.#raw
    const found = own.find((one) => one === assert)
    if (found === undefined) this.#badValue(['assert'], assert, own.join(' | '))
    return found ?? null
  }

  #readParams(): Readonly<Record<string, RuleParam>> {
    const params: Record<string, RuleParam> = {}
    for (const [name, { type, default: written, values = null, nullable = false, doc }] of Object.entries(
      this.#raw.params ?? {},
    )) {
      const shape = { type, values, nullable }
      const value = readParam(written ?? null, shape)
      if (value === null) this.#badValue(['params', name, 'default'], written, acceptedParam(shape))
      else params[name] = { ...shape, default: value, doc }
    }
    return params
  }

  #each(): Rule['each'] {
    const { each } = this.#raw
    if (each === undefined) return null
    const param = each.in.replace(/^\$/, '')
    if (this.#params[param]?.type !== 'list') {
      this.#badValue(['each', 'in'], each.in, '$param')
      return null
    }
    return { as: each.as, param }
  }

  #guard(): Guard {
    const { same = [], tax_basis: taxBasis = null, max_skew: skew, min_confidence: confidence } = this.#raw.guard ?? {}
    return {
      same,
      taxBasis,
      maxSkew: this.#skew(skew),
      minConfidence: confidence === undefined ? null : String(confidence),
    }
  }

  #skew(written: string | undefined): Guard['maxSkew'] {
    if (written === undefined) return null
    const param = written.startsWith('$') ? written.slice(1) : null
    if (param !== null && this.#params[param]?.type === 'duration') return { param }
    const ms = parseDuration(written)
    if (ms === null) this.#badValue(['guard', 'max_skew'], written, '15m | $param')
    return ms
  }

  #unknownWhen(): readonly UnknownWhen[] {
    const written = this.#raw.unknown_when
    if (written === undefined) return []
    if (!Array.isArray(written)) {
      const when = this.#optional(written, ['unknown_when'], 'group condition')
      return when === null ? [] : [{ reason: 'no_input', when }]
    }
    return written.flatMap(({ reason, when: condition }, index) => {
      const when = this.#optional(condition, ['unknown_when', index, 'when'], 'group condition')
      return when === null ? [] : [{ reason, when }]
    })
  }

  #codes(): readonly RuleCode[] {
    return Object.entries(this.#raw.codes ?? {}).map(([code, { severity = null, when, gap, message }]) => {
      this.#message(message, ['codes', code, 'message'])
      const condition = this.#optional(when, ['codes', code, 'when'], 'group condition')
      return { code, severity, when: condition, ...(gap === undefined ? {} : { gap }), message }
    })
  }

  #texts(): void {
    const { codes, message } = this.#raw
    if (message !== undefined) this.#message(message, ['message'])
    if (message === undefined && codes === undefined) {
      const why = { en: "a rule has 'message' or 'codes'", es: 'una regla tiene «message» o «codes»' }
      this.#problems.push(diagnose('rules/missing-key', { key: 'message', why }, this.#at([])))
    }
  }

  #message(message: Bilingual, path: Path): void {
    for (const language of ['en', 'es'] as const) {
      for (const [, name = ''] of message[language].matchAll(/\{([^{}]*)\}/g)) {
        if ((PLACEHOLDERS as readonly string[]).includes(name)) continue
        const params = { name, nearest: meant(name, PLACEHOLDERS), known: PLACEHOLDERS }
        this.#problems.push(diagnose('rules/unknown-placeholder', params, this.#at([...path, language])))
      }
    }
  }

  #needs(): readonly FieldName[] {
    const needs = this.#raw.needs ?? []
    this.#names(needs, ['needs'], inputNeeds())
    return needs.filter(isFieldName)
  }

  /** A plan writes canonical fields, and those that members name. */
  #fixField(): void {
    const name = this.#raw.fix?.field
    if (name === undefined || isFieldName(name) || /^(?:attributes|field)\[\$\w+\]$/.test(name)) return
    const known = Object.keys(FIELDS)
    const where = this.#at(['fix', 'field'])
    this.#problems.push(diagnose('rules/unknown-field', { name, nearest: meant(name, known), known }, where))
  }

  /** Rows of an input are there with the input only, whether the rule says so or not. */
  #inputs(): readonly InputNeed[] {
    const declared = (this.#raw.needs ?? []).flatMap((name) => inputNeed(name) ?? [])
    const own = inputBehind(this.#raw.on)
    return own === null || declared.some(({ input }) => input === own)
      ? declared
      : [...declared, { input: own, column: null }]
  }

  #names(names: readonly string[], path: Path, besides: readonly string[] = []): void {
    for (const [index, name] of names.entries()) {
      if (ruleFieldType(name) !== null || /^attributes(?:\[\$\w+\])?$/.test(name) || besides.includes(name)) continue
      const known = [...ruleFieldNames(), ...besides]
      const where = this.#at([...path, index])
      this.#problems.push(diagnose('rules/unknown-field', { name, nearest: meant(name, known), known }, where))
    }
  }

  /** An expression of a kind whose two parts speak about sides when there are groups. */
  #sided(written: Written | undefined, key: 'if' | 'then'): Expr | null {
    return this.#optional(written, [key], 'group condition')
  }

  #optional(written: Written | undefined, path: Path, slot: Slot): Expr | null {
    if (written === undefined) return null
    try {
      const expr = parseExpression(String(written), this.#at(path, true))
      if (this.#knowsParams(expr)) this.#check(expr, slot)
      if (slot === 'group condition') checkSides(expr, this.#raw, this.#problems)
      return expr
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      this.#problems.push(...error.diagnostics)
      return null
    }
  }

  /** False too for a parameter whose default was refused: one complaint about it is enough. */
  #knowsParams(expr: Expr): boolean {
    const { each, params = {} } = this.#raw
    const known = [...Object.keys(params), ...(each === undefined ? [] : [each.as])]
    const uses = paramUses(expr)
    for (const { name, offset } of uses.filter((use) => !known.includes(use.name))) {
      const complaint = { rule: this.#origin.id, name, nearest: meant(name, known), known }
      this.#problems.push(diagnose('rules/unknown-param', complaint, placeOf(expr, offset)))
    }
    return uses.every(({ name }) => this.#param(name) !== null)
  }

  /** Compiles against the declared names, so that misspelt ones and wrong types are found without data. */
  #check(expr: Expr, slot: Slot): void {
    const isGroup = slot.startsWith('group') && this.#raw.group !== undefined
    const scope: Scope = {
      field: (name) => {
        const type = ruleFieldType(name)
        return type === null ? null : { sql: 'NULL', type }
      },
      param: (name) => this.#param(name),
      names: ruleFieldNames,
      aggregate: isGroup,
      asOf: '2026-01-01T00:00:00Z',
    }
    if (slot.endsWith('condition')) compileCondition(expr, scope)
    else if (slot.endsWith('figure')) compileFigure(expr, scope)
    else compileExpression(expr, scope)
  }

  #param(name: string): ParamValue | null {
    const { each } = this.#raw
    if (each !== undefined && each.as === name) {
      const list = this.#params[each.in.replace(/^\$/, '')]?.default
      return { type: 'text', value: list?.type === 'list' ? (list.value[0] ?? 'size') : 'size' }
    }
    return Object.hasOwn(this.#params, name) ? (this.#params[name]?.default ?? null) : null
  }

  #badValue(path: Path, value: unknown, expected: string): void {
    const params = { key: pathText(path), expected, found: describe(value).text || describe(value).kind }
    this.#problems.push(diagnose('rules/bad-value', params, this.#at(path)))
  }

  /** @param inside - The place of the first character of the text: after its quote, or on the line below its `|`. */
  #at(path: Path, inside = false): At {
    const { document, file, text } = this.#origin
    const { line, column } = lineOf(document.place(path))
    if (!inside) return { file, line, column }
    const lines = text.split('\n')
    const first = lines[line - 1]?.[column - 1]
    if (first === "'" || first === '"') return { file, line, column: column + 1 }
    if (first !== '|' && first !== '>') return { file, line, column }
    const indent = /^ */.exec(lines[line] ?? '')?.[0].length ?? 0
    return { file, line: line + 1, column: indent + 1 }
  }
}

function lineOf(where: Where): { readonly line: number; readonly column: number } {
  return 'file' in where ? { line: where.line ?? 1, column: where.column ?? 1 } : { line: 1, column: 1 }
}

function docsOf({ 'quiet-when': quietWhen, ...rest }: RuleFile['docs']['en']): Rule['docs']['en'] {
  return { ...rest, quietWhen }
}
