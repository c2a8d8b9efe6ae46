import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Diagnostic, DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { loadRules, parseRule } from '../src/rules/load.ts'
import { packNames, readPack, resolvePacks } from '../src/rules/pack-files.ts'
import { effectiveRules, type Selection } from '../src/rules/packs.ts'
import { currencies, placeholders, VOCABULARIES, vatRates, vocabulary } from '../src/rules/reference-data.ts'
import type { Rule } from '../src/rules/rule.ts'

const NOTHING: Selection = { extends: [], settings: {}, overrides: [], only: [], skip: [], allRules: false }

let rules: readonly Rule[]
beforeAll(async () => {
  rules = await loadRules()
})

function complaints(run: () => unknown): readonly Diagnostic[] {
  try {
    run()
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics
    throw error
  }
  return []
}

describe('the rules of the package', () => {
  it('are sorted by id', () => {
    const ids = rules.map((rule) => rule.id)
    expect(ids.length).toBeGreaterThanOrEqual(30)
    expect(ids).toEqual([...ids].sort())
  })

  it('are plain data, so that the build can keep them as they are after reading', () => {
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules)
  })

  it('say in both languages what they say in one', () => {
    for (const rule of rules) {
      const messages = [rule.message, ...rule.codes.map((code) => code.message)].filter((text) => text !== null)
      for (const { en, es } of messages) {
        const placeholdersOf = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
        expect(placeholdersOf(es), rule.id).toEqual(placeholdersOf(en))
      }
      for (const { en, es } of [rule.title, ...Object.values(rule.params).map((param) => param.doc)]) {
        expect(en, rule.id).not.toBe(es)
      }
      expect(rule.docs.en.what, rule.id).not.toBe(rule.docs.es.what)
    }
  })

  it('never mask each other in a circle', () => {
    const byId = new Map(rules.map((rule) => [rule.id, rule]))
    const visit = (id: string, path: readonly string[]): void => {
      expect(path, [...path, id].join(' -> ')).not.toContain(id)
      for (const next of byId.get(id)?.maskedBy ?? []) visit(next, [...path, id])
    }
    for (const rule of rules) visit(rule.id, [])
  })

  it('explain a different effective price by a promotion, and an outlier explains a difference', () => {
    const differs = rules.find((rule) => rule.id === 'price/differs-across-channels')
    expect(differs?.maskedBy).toEqual(
      expect.arrayContaining(['price/outlier', 'price/tax-basis-mismatch', 'promotion/window-differs']),
    )
  })
})

const GOOD = `title: {en: A lamp is dear, es: Una lámpara es cara}
severity: warning
kind: implies
on: listing
where: status = 'active'
if: price.regular > $limit
then: sellable
params:
  limit: {type: decimal, default: 10, doc: {en: The limit., es: El límite.}}
message: {en: "{item} costs {value}", es: "{item} cuesta {value}"}
docs:
  en: {what: a, why: b, quiet-when: c, fix: d, example: e}
  es: {what: a, why: b, quiet-when: c, fix: d, example: e}
since: 0.1.0
`

function read(text: string): { readonly rule: Rule | null; readonly problems: readonly string[] } {
  const problems: Diagnostic[] = []
  const rule = parseRule('price/lamp', 'rules/price/lamp.yaml', text, problems)
  return {
    rule,
    problems: problems.map(({ code, message, help, where }) => {
      const at = where !== null && 'file' in where ? `${where.line}:${where.column}` : ''
      return `${at} ${code} ${message} (${help})`
    }),
  }
}

describe('a rule file', () => {
  it('is read whole', () => {
    const { rule, problems } = read(GOOD)
    expect(problems).toEqual([])
    expect(rule).toMatchObject({
      id: 'price/lamp',
      kind: 'implies',
      on: 'listing',
      severity: 'warning',
      params: { limit: { default: { type: 'decimal', value: '10' } } },
      condition: { text: 'price.regular > $limit' },
    })
  })

  it("takes 'on' quoted too, and false for off", () => {
    const { rule } = read(GOOD.replace('on: listing', '"on": listing').replace('severity: warning', 'severity: false'))
    expect(rule).toMatchObject({ on: 'listing', severity: 'off' })
  })

  const faults: readonly (readonly [name: string, from: string, to: string, complaint: string])[] = [
    ['an unknown key', 'where:', 'wher:', "5:1 rules/unknown-key unknown key 'wher' (did you mean 'where'?)"],
    ['a key of another kind', 'if:', 'interval:', "6:1 rules/unknown-key unknown key 'interval'"],
    ['a missing key', 'then: sellable\n', '', "3:1 rules/missing-key the key 'then' is missing"],
    ['a missing part of the docs', ', fix: d', '', "rules/missing-key the key 'docs.en.fix' is missing"],
    ['a wrong severity', 'warning', 'fatal', "2:11 rules/bad-value 'severity' is fatal (expected error | warning"],
    [
      'an unknown field',
      'sellable',
      'selable',
      "7:7 rules/unknown-field unknown field 'selable' (did you mean 'sellable'?)",
    ],
    [
      'an unknown parameter',
      '$limit',
      '$limt',
      "6:21 rules/unknown-param the rule price/lamp has no parameter 'limt' (did you mean 'limit'?)",
    ],
    ['a type error', '> $limit', "> 'x'", '6:19 rules/expression-type'],
    ['no condition', 'then: sellable', 'then: price.regular', '7:7 rules/expression-type a condition is needed here'],
    ['a syntax error', "= 'active'", "== 'active'", '5:16 rules/expression-syntax'],
    [
      'an unknown placeholder',
      '{item} costs',
      '{itm} costs',
      "10:15 rules/unknown-placeholder the message uses '{itm}'",
    ],
    ['a default of another type', 'default: 10', 'default: ten', "9:35 rules/bad-value 'params.limit.default' is ten"],
    [
      'an aggregate without groups',
      'then: sellable',
      'then: all(sellable)',
      "7:7 rules/expression-type all() needs a rule with 'group'",
    ],
    ['broken YAML', 'severity: warning', 'severity: [', 'config/syntax'],
  ]
  for (const [name, from, to, complaint] of faults) {
    it(`with ${name} is refused at its place`, () => {
      expect(GOOD).toContain(from)
      const { rule, problems } = read(GOOD.replace(from, to))
      expect(rule).toBeNull()
      expect(problems[0]).toContain(complaint)
    })
  }

  it('keeps the places of quoted and of block texts', () => {
    const quoted = read(GOOD.replace('then: sellable', 'then: "selable"')).problems
    expect(quoted.join()).toContain('7:8 rules/unknown-field')
    const block = read(GOOD.replace('then: sellable', 'then: >-\n  sellable and\n  selable')).problems
    expect(block.join()).toContain('8:')
  })
})

describe('a folder of rules', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'omniparity-rules-'))
    mkdirSync(join(dir, 'price'))
    writeFileSync(join(dir, 'price/lamp.yaml'), GOOD)
    writeFileSync(join(dir, 'price/notes.txt'), 'no rule')
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('gives a rule for each file', async () => {
    expect((await loadRules([dir])).map((rule) => rule.id)).toEqual(['price/lamp'])
  })

  it('that is not there is refused', async () => {
    await expect(loadRules([join(dir, 'nowhere')])).rejects.toThrow('rules/none-found')
  })

  it('with a mask that does not exist is refused', async () => {
    writeFileSync(join(dir, 'price/lamp.yaml'), `${GOOD}masked_by: [price/lampe]\n`)
    await expect(loadRules([dir])).rejects.toThrow("config/unknown-rule: there is no rule 'price/lampe'")
  })
})

describe('packs', () => {
  const severities = (selection: Partial<Selection>): Readonly<Record<string, string>> =>
    Object.fromEntries(effectiveRules(rules, { ...NOTHING, ...selection }).map((one) => [one.rule.id, one.severity]))
  const on = (selection: Partial<Selection>): readonly string[] =>
    Object.entries(severities(selection)).flatMap(([id, severity]) => (severity === 'off' ? [] : [id]))

  it('name only rules that exist', () => {
    expect(packNames()).toEqual(
      expect.arrayContaining(['core', 'eu', 'eu/es', 'marketplace/us-map', 'recommended', 'strict']),
    )
    const known = rules.map((rule) => rule.id)
    for (const pack of packNames()) {
      for (const id of Object.keys(readPack(pack).rules)) expect(known, pack).toContain(id)
    }
  })

  it('core is always there', () => {
    expect(on({})).toEqual(Object.keys(readPack('core').rules).sort())
  })

  it('strict has what is recommended, and --all-rules everything that is not off in its own file', () => {
    expect(on({ extends: ['strict'] })).toEqual(expect.arrayContaining([...on({ extends: ['recommended'] })]))
    expect(on({ allRules: true })).toEqual(rules.filter(({ severity }) => severity !== 'off').map(({ id }) => id))
  })

  it('of a country say nothing elsewhere, and of several markets each its own', () => {
    const eu = (...markets: string[]) =>
      effectiveRules(rules, { ...NOTHING, extends: ['eu'], markets }).find(
        (one) => one.rule.id === 'price/tax-excluded-display',
      )
    expect(eu('US')?.severity).toBe('off')
    expect(eu('ES')).toMatchObject({ severity: 'error', packs: ['eu', 'eu/es'], overrides: [] })
    expect(eu('PT')).toMatchObject({ severity: 'error', packs: ['eu'] })
    const both = eu('ES', 'US')
    expect(both?.severity).toBe('error')
    expect(both?.overrides.map(({ when, severity }) => [when, severity])).toEqual([
      [{}, 'off'],
      [{ market: ['ES'] }, 'error'],
      [{ market: ['ES'] }, 'error'],
    ])
  })

  it('of a country give way to the configuration', () => {
    const settings = { 'price/tax-excluded-display': { severity: 'info' as const, where: null } }
    const both = effectiveRules(rules, { ...NOTHING, extends: ['eu'], markets: ['ES', 'US'], settings }).find(
      (one) => one.rule.id === 'price/tax-excluded-display',
    )
    expect(both?.severity).toBe('info')
    expect(both?.overrides.every(({ severity }) => severity === null)).toBe(true)
  })

  it('can be taken whole, as they are meant, or for their parameters alone', () => {
    const strict = (use: 'all' | 'recommended' | 'off') => on({ extends: [{ pack: 'strict', use }] })
    expect(strict('recommended')).toEqual(on({ extends: ['strict'] }))
    expect(strict('off')).toEqual(on({ extends: ['recommended'] }).filter((id) => on({}).includes(id)))
    expect(on({ extends: ['eu', { pack: 'eu/es', use: 'off' }], markets: ['ES'] })).toContain(
      'price/tax-excluded-display',
    )
  })

  it('a pack that is in one more list makes a rule no less grave', () => {
    const rule = 'identity/duplicate-listing'
    expect(severities({ extends: ['recommended'] })[rule]).toBe('warning')
    expect(severities({ extends: ['marketplace', 'recommended'] })[rule]).toBe('error')
  })

  it('that extend each other in a circle are refused', () => {
    const packs: Readonly<Record<string, readonly string[]>> = {
      core: [],
      lamps: ['sofas'],
      sofas: ['desks'],
      desks: ['lamps'],
    }
    const read = (id: string) => {
      const doc = { en: id, es: id }
      return { id, doc, markets: null, extends: packs[id] ?? [], overlays: [], locked: [], rules: {} }
    }
    const [found] = complaints(() => resolvePacks(['lamps'], read))
    expect(found?.message).toBe('packs extend each other in a circle: lamps -> sofas -> desks -> lamps')
  })

  describe('lock rules', () => {
    const LOCKED = 'catalog/recalled-still-sellable'
    const where = { file: 'omniparity.yaml', line: 3, column: 5 }

    it('that can be raised', () => {
      const settings = { [LOCKED]: { severity: 'error' as const, where } }
      expect(severities({ settings })[LOCKED]).toBe('error')
      expect(effectiveRules(rules, NOTHING).find((one) => one.rule.id === LOCKED)?.locked?.pack).toBe('core')
    })

    it('that cannot be lowered, anywhere', () => {
      const setting = { severity: 'info' as const, where }
      const said = (selection: Partial<Selection>): readonly string[] =>
        complaints(() => effectiveRules(rules, { ...NOTHING, ...selection })).map(({ code }) => code)
      expect(said({ settings: { [LOCKED]: setting } })).toEqual(['rules/locked'])
      const overrides = [{ when: { channel: ['web'] }, rules: { 'catalog/*': { severity: 'off' as const, where } } }]
      expect(said({ overrides })).toEqual([])
      expect(severities({ overrides })[LOCKED]).toBe('error')
      const exact = [{ when: { channel: ['web'] }, rules: { [LOCKED]: { severity: 'off' as const, where } } }]
      expect(said({ overrides: exact })).toEqual(['rules/locked'])
      expect(severities({ skip: ['catalog'] })[LOCKED]).toBe('error')
    })
  })

  it('rules are found by the names they had', () => {
    const renamed = rules.map((rule) =>
      rule.id === 'price/outlier' ? { ...rule, formerly: ['price/implausible'] } : rule,
    )
    const notes: Diagnostic[] = []
    const settings = { 'price/implausible': { severity: 'info' as const, where: null } }
    const found = effectiveRules(renamed, { ...NOTHING, settings }, notes).find(
      (one) => one.rule.id === 'price/outlier',
    )
    expect(found?.severity).toBe('info')
    expect(notes.map(({ message }) => message)).toEqual(['the rule price/implausible is called price/outlier now'])
  })

  it('strict raises information to warnings', () => {
    expect(severities({ extends: ['strict'] })['catalog/status-mismatch']).toBe('warning')
    expect(severities({ allRules: true })['catalog/status-mismatch']).toBe('info')
  })

  it('give way to the configuration, which gives way to flags', () => {
    const settings = { 'price/outlier': { severity: 'info' as const, where: null } }
    expect(severities({ extends: ['recommended'], settings })['price/outlier']).toBe('info')
    expect(severities({ extends: ['recommended'], settings, skip: ['price'] })['price/outlier']).toBe('off')
    expect(on({ extends: ['recommended'], only: ['stock/hidden-stock'] })).toEqual(['stock/hidden-stock'])
    expect(on({ extends: ['recommended'], only: ['stock'] })).toEqual([
      'stock/availability-contradiction',
      'stock/oversell-risk',
      'stock/pickup-needs-store-stock',
      'stock/published-exceeds-available',
    ])
  })

  it('keep where every parameter came from', () => {
    const where = { file: 'omniparity.yaml', line: 3, column: 5 }
    const settings = { 'price/outlier': { params: { low: '40%' }, where } }
    const [outlier] = effectiveRules(rules, {
      ...NOTHING,
      extends: ['recommended'],
      settings,
      only: ['price/outlier'],
    }).filter((one) => one.rule.id === 'price/outlier')
    expect(outlier?.params['low']).toEqual({
      value: { type: 'decimal', value: '0.4' },
      origin: { by: 'config', where },
    })
    expect(outlier?.params['high']?.origin.by).toBe('rule')
    expect(outlier?.severityOrigin).toMatchObject({ by: 'pack', pack: 'recommended' })
  })

  it('lists are replaced, and appended to with +', () => {
    const keys = (params: Readonly<Record<string, unknown>>): unknown => {
      const settings = { 'catalog/attribute-mismatch': { params, where: null } }
      const found = effectiveRules(rules, { ...NOTHING, settings }).find(
        (one) => one.rule.id === 'catalog/attribute-mismatch',
      )
      return found?.params['keys']?.value.value
    }
    expect(keys({ keys: ['season'] })).toEqual(['season'])
    expect(keys({ '+keys': ['season'] })).toEqual(['size', 'color', 'material', 'gender', 'season'])
  })

  it('overrides stay in order, with their conditions', () => {
    const override = (severity: 'info' | 'off') => ({
      when: { channel: ['amazon'] },
      rules: { 'price/outlier': { severity, where: null } },
    })
    const [found] = effectiveRules(rules, { ...NOTHING, overrides: [override('info'), override('off')] }).filter(
      (one) => one.rule.id === 'price/outlier',
    )
    expect(found?.overrides.map((one) => one.severity)).toEqual(['off', 'info', 'off'])
  })

  const refused: readonly (readonly [name: string, selection: Partial<Selection>, complaint: string])[] = [
    ['an unknown pack', { extends: ['recomended'] }, "config/unknown-pack there is no pack 'recomended'"],
    [
      'an unknown rule',
      { settings: { 'price/outlyer': { severity: 'off', where: null } } },
      "config/unknown-rule there is no rule 'price/outlyer'",
    ],
    ['an unknown rule in a flag', { only: ['prices'] }, "config/unknown-rule there is no rule 'prices'"],
    [
      'an unknown parameter',
      { settings: { 'price/outlier': { params: { lo: 1 }, where: null } } },
      "rules/unknown-param the rule price/outlier has no parameter 'lo'",
    ],
    [
      'a parameter of another type',
      { settings: { 'price/outlier': { params: { low: 'little' }, where: null } } },
      'rules/bad-value \'price/outlier: low\' is "little"',
    ],
  ]
  for (const [name, selection, complaint] of refused) {
    it(`${name} is refused`, () => {
      const found = complaints(() => effectiveRules(rules, { ...NOTHING, ...selection }))
      expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([expect.stringContaining(complaint)])
    })
  }
})

describe('reference data', () => {
  it('knows the VAT rates of Spain on a day', () => {
    const on = (day: string): readonly string[] => vatRates('ES', day).map(({ rate }) => rate)
    expect(on('2026-11-22')).toEqual(['21', '10', '4'])
    expect(on('2024-03-01')).toEqual(['21', '10', '5', '4'])
    expect(on('2024-11-01')).toEqual(['21', '10', '7.5', '4', '2'])
  })

  it('knows one standard rate for each country on any day', () => {
    const eu = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ')
    for (const country of [...eu, 'GB', 'CH', 'NO']) {
      for (const day of ['2024-06-30', '2025-01-01', '2026-11-22']) {
        const standard = vatRates(country, day).filter(({ kind }) => kind === 'standard')
        expect(standard, `${country} ${day}`).toHaveLength(1)
      }
    }
    expect(vatRates('XX', '2026-11-22')).toEqual([])
  })

  it('knows how many decimals a currency has', () => {
    expect([...'EUR JPY KWD CLF'.split(' ').map((code) => currencies().get(code))]).toEqual([2, 0, 3, 4])
    expect(currencies().get('NOK')).toBe(2)
  })

  for (const name of VOCABULARIES) {
    it(`no word of the vocabulary ${name} means two things`, () => {
      const meanings = new Map<string, string>()
      for (const [canonical, spellings] of vocabulary(name).words) {
        for (const spelling of spellings) {
          expect(meanings.get(spelling) ?? canonical, spelling).toBe(canonical)
          meanings.set(spelling, canonical)
        }
      }
    })
  }

  it('the placeholder words include those of the rule about attributes', () => {
    const rule = rules.find((one) => one.id === 'catalog/missing-required-attribute')
    const list = rule?.params['placeholders']?.default
    expect(placeholders()).toEqual(expect.arrayContaining(['n/a', 'pendiente', 'sin descripcion']))
    expect(list?.type === 'list' && list.value.length > 30).toBe(true)
  })
})
