/** Whether a check judges the table of a rule, and has a use for what stands in its file. What would be ignored is refused. */
import type { Path } from '../config/document.ts'
import { type Diagnostic, diagnose, type Where } from '../diagnostics/diagnostic.ts'
import type { Problem } from '../diagnostics/rules.ts'
import { type Expr, placeOf, walk } from './expression/ast.ts'
import { isInputTable } from './input-fields.ts'
import type { Comparison, Rule, RuleKind, RuleTable } from './rule.ts'
import type { RuleFile } from './schema.ts'
import { isStockTable } from './stock-tables.ts'

interface Kinds {
  /** Where each row is judged alone. */
  readonly alone: readonly RuleKind[]
  /** Where the rows of a group are judged side by side. */
  readonly grouped: readonly RuleKind[]
}

const both = (...kinds: readonly RuleKind[]): Kinds => ({ alone: kinds, grouped: kinds })

/** Tables of what the channels list: their rows are the sides of articles. */
const OF_SIDES: ReadonlySet<RuleTable> = new Set(['listing', 'price', 'stock'])

export function isOfSides(table: RuleTable): boolean {
  return OF_SIDES.has(table)
}

const SIDES: Kinds = {
  alone: ['format', 'implies', 'present', 'reconcile', 'reference', 'unique'],
  grouped: ['equal', 'implies', 'present', 'reconcile', 'reference', 'similar', 'unique', 'within'],
}
const INPUTS: Kinds = {
  alone: ['implies', 'reconcile'],
  grouped: ['equal', 'implies', 'match', 'reconcile', 'reference'],
}
const STOCK: Kinds = { alone: ['format', 'fresh', 'implies', 'reconcile'], grouped: [] }
const OTHERS: Partial<Readonly<Record<RuleTable, Kinds>>> = {
  promotion: both('equal', 'format', 'implies', 'present', 'window', 'within'),
  gtin_key: both('unique'),
  sku_key: both('match', 'unique'),
  product: both('present'),
  category: both('reference'),
  reference_row: both('reference'),
  vocabulary: both('format'),
  damage: both('format'),
  source: both('drift', 'fresh', 'present'),
  history: both('history'),
  price_figure: both('reconcile'),
}

function kindsOf(table: RuleTable): Kinds {
  if (OF_SIDES.has(table)) return SIDES
  if (isInputTable(table)) return INPUTS
  return isStockTable(table) ? STOCK : (OTHERS[table] ?? both())
}

/** What a comparison holds against its reference, whatever else would be written. */
const COMPARED: { readonly [C in Comparison]: string } = {
  policy: 'comparable.regular',
  ratio: 'comparable.regular',
  tax_rate: 'price.regular',
  promise: 'stock.available * coalesce(pack_quantity, 1)',
  offer: 'stock.available * coalesce(pack_quantity, 1)',
  buffer: 'stock.available',
  discount: 'promotion.value',
  floor: 'promotion.value',
}

const UNIQUE: Partial<Readonly<Record<RuleTable, { readonly key: string; readonly scope: readonly string[] }>>> = {
  gtin_key: { key: 'gtin14(gtin)', scope: ['channel', 'condition'] },
  sku_key: { key: 'sku', scope: ['channel', 'grain'] },
}
const UNIQUE_ITEM = { key: 'item', scope: ['channel', 'market', 'condition', 'pack_quantity', 'attributes.fulfilment'] }

/** Codes by which a check itself names its failures; null where the rule names them. */
function ownCodes(rule: Rule): readonly string[] | null {
  switch (rule.kind) {
    case 'similar':
      return rule.alike === 'titles' ? ['numbers', 'wording'] : ['picture', 'asset']
    case 'within':
      return COMPARISON_CODES[rule.compare] ?? null
    case 'reference':
      return OF_SIDES.has(rule.on) ? ['unmatched', 'low_confidence'] : null
    case 'match':
      return rule.on === 'sku_key' ? ['gtin', 'suspect'] : null
    case 'history':
      return rule.assert === 'prior_price' ? ['fake', 'missing', 'too_high'] : null
    default:
      return null
  }
}

const COMPARISON_CODES: Partial<Readonly<Record<Comparison, readonly string[]>>> = {
  policy: ['regular', 'effective'],
  ratio: ['decimal_shift', 'low', 'high'],
  promise: ['quantity', 'flag'],
  offer: ['none_offered', 'part_offered'],
}

/** Groups of sides that a check can form. */
function groupsOf(rule: Rule): readonly (readonly string[])[] {
  const article = ['item', 'market']
  if (rule.kind === 'equal') return [article, ['item', 'channel.stock_pool']]
  return rule.kind === 'reconcile' ? [article, [...article, 'channel']] : [article]
}

const GUARDED: ReadonlySet<RuleKind> = new Set(['equal', 'implies', 'reconcile', 'within'])

/** Adds a complaint for each field outside of `any(…)` and the like: there a condition is about the group as a whole. */
export function checkSides(expr: Expr, { kind, group, on }: RuleFile, problems: Diagnostic[]): void {
  if (group === undefined || on === 'promotion' || !BY_CONDITION.has(kind)) return
  for (const node of walk(expr.root, (inner) => inner.kind === 'aggregate')) {
    if (node.kind !== 'field' || group.includes(node.name)) continue
    const { name } = node
    const problem = {
      en: `'${name}' is a field of each side, not of the group`,
      es: `«${name}» es un campo de cada lado, no del grupo`,
    }
    const hint = {
      en: `say of which sides: any(${name} …), all(${name} …), min(${name}), count(${name})`,
      es: `diga de qué lados: any(${name} …), all(${name} …), min(${name}), count(${name})`,
    }
    problems.push(diagnose('rules/expression-type', { problem, hint }, placeOf(expr, node.offset)))
  }
}

/** Kinds whose groups are judged by the conditions of the file. */
const BY_CONDITION: ReadonlySet<RuleKind> = new Set(['equal', 'implies', 'reconcile'])

/** Adds what is wrong with a rule whose file says nothing wrong by itself. */
export function checkUse(rule: Rule, places: Places, problems: Diagnostic[]): void {
  new Use(rule, places, problems).check()
}

interface Places {
  key(path: Path): Where
  value(path: Path): Where
}

class Use {
  readonly #rule: Rule
  readonly #places: Places
  readonly #problems: Diagnostic[]

  constructor(rule: Rule, places: Places, problems: Diagnostic[]) {
    this.#rule = rule
    this.#places = places
    this.#problems = problems
  }

  check(): void {
    const rule = this.#rule
    if (rule.kind === 'sql' || !this.#judges()) return
    this.#codes()
    if (rule.kind === 'unique') this.#unique(rule)
    if (rule.kind === 'within') this.#within(rule)
    if (OF_SIDES.has(rule.on)) this.#sides()
  }

  /** Whether the kind judges the table at all, with or without groups. */
  #judges(): boolean {
    const { kind, on, group } = this.#rule
    const { alone, grouped } = kindsOf(on)
    const isAlone = alone.includes(kind)
    const isGrouped = grouped.includes(kind)
    if (!isAlone && !isGrouped) {
      const known = [...new Set([...alone, ...grouped])].sort()
      this.#bad(['kind'], kind, `${known.join(' | ')} (on: ${on})`)
    } else if (group === null && !isAlone) {
      this.#missing('group', {
        en: `rules of kind ${kind} judge the sides of an article together: [item, market]`,
        es: `las reglas de tipo ${kind} juzgan juntos los lados de un artículo: [item, market]`,
      })
    } else if (group !== null && !isGrouped) {
      this.#unused(['group'], {
        en: `rules of kind ${kind} judge each row of ${on} alone`,
        es: `las reglas de tipo ${kind} juzgan por separado cada fila de ${on}`,
      })
    } else return true
    return false
  }

  #codes(): void {
    const { codes } = this.#rule
    const own = ownCodes(this.#rule)
    if (own === null || codes.length === 0) return
    const why = {
      en: `this check names its failures itself: ${own.join(', ')}; a rule has all of these codes, or only a message`,
      es: `esta comprobación nombra ella misma sus fallos: ${own.join(', ')}; una regla tiene todos estos códigos o solo un mensaje`,
    }
    for (const name of own) if (!codes.some(({ code }) => code === name)) this.#missing(`codes.${name}`, why, ['codes'])
    for (const { code } of codes) if (!own.includes(code)) this.#unused(['codes', code], why)
  }

  #unique({ key, scope, allowSame, on }: Rule & { kind: 'unique' }): void {
    const fixed = UNIQUE[on] ?? UNIQUE_ITEM
    if (plain(key.text) !== fixed.key) this.#bad(['key'], key.text, `${fixed.key} (on: ${on})`)
    for (const [index, name] of scope.entries())
      if (!fixed.scope.includes(name)) this.#bad(['scope', index], name, fixed.scope.join(' | '))
    if (allowSame === null) return
    if (on !== 'gtin_key')
      this.#unused(['allow_same'], {
        en: 'only rules on gtin_key ask whether the listings are one article',
        es: 'solo las reglas sobre gtin_key preguntan si los listados son un mismo artículo',
      })
    else if (allowSame !== 'item') this.#bad(['allow_same'], allowSame, 'item')
  }

  #within({ value, compare, tolerance }: Rule & { kind: 'within' }): void {
    const compared = COMPARED[compare]
    if (plain(value.text) !== compared) this.#bad(['value'], value.text, `${compared} (compare: ${compare})`)
    for (const part of ['abs', 'pct'] as const) {
      const written = tolerance?.[part] ?? null
      if (written === null) continue
      if (compare === 'policy') {
        const name = `$${part}_tol`
        if (plain(written.text) !== name) this.#bad(['tolerance', part], written.text, name)
      } else
        this.#unused(['tolerance', part], {
          en: `a comparison with '${compare}' has no tolerance of its own`,
          es: `una comparación con «${compare}» no tiene tolerancia propia`,
        })
    }
  }

  #sides(): void {
    const { kind, group, guard } = this.#rule
    if (group === null) this.#rows()
    else if (!groupsOf(this.#rule).some((known) => sameNames(known, group))) {
      const known = groupsOf(this.#rule).map((names) => `[${names.join(', ')}]`)
      this.#bad(['group'], `[${group.join(', ')}]`, known.join(' | '))
    }
    const isGuarded =
      guard.same.length > 0 || guard.taxBasis !== null || guard.maxSkew !== null || guard.minConfidence !== null
    if (isGuarded && (group === null || !GUARDED.has(kind)))
      this.#unused(['guard'], {
        en: 'it guards figures of several sides that are held against each other',
        es: 'protege cifras de varios lados que se comparan entre sí',
      })
    if (kind === 'present' && group !== null && this.#rule.require !== null)
      this.#unused(['require'], {
        en: "with 'group' the rule asks which channels list the article; without it, each row",
        es: 'con «group» la regla pregunta qué canales tienen el artículo; sin ella, cada fila',
      })
    this.#message()
  }

  /** A row fails by a condition of the rule, or by one of a code. */
  #rows(): void {
    const rule = this.#rule
    const coded = rule.codes.some(({ when }) => when !== null)
    if ((rule.kind === 'format' || (rule.kind === 'present' && rule.require === null)) && !coded)
      this.#missing('codes', {
        en: "what is wrong is what the 'when' of a code says",
        es: 'lo que está mal es lo que dice el «when» de un código',
      })
  }

  /** Beside codes a message is for the failures that none of them is about. */
  #message(): void {
    const rule = this.#rule
    const general = rule.codes.some(({ when, gap }) => when === null && gap === undefined)
    const named = rule.kind === 'implies' || rule.kind === 'reconcile' || rule.kind === 'equal'
    const others = named || (rule.kind === 'present' && rule.require !== null)
    if (rule.message === null || rule.codes.length === 0 || (others && !general)) return
    this.#unused(['message'], {
      en: 'every failure of this rule has the message of one of its codes',
      es: 'cada fallo de esta regla lleva el mensaje de uno de sus códigos',
    })
  }

  #bad(path: Path, found: string, expected: string): void {
    const key = path.filter((part) => typeof part === 'string').join('.')
    this.#problems.push(diagnose('rules/bad-value', { key, expected, found }, this.#places.value(path)))
  }

  #missing(key: string, why: Problem, at: Path = ['kind']): void {
    this.#problems.push(diagnose('rules/missing-key', { key, why }, this.#places.key(at)))
  }

  #unused(path: Path, why: Problem): void {
    this.#problems.push(diagnose('rules/unused-key', { key: path.join('.'), why }, this.#places.key(path)))
  }
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name))
}
