/** `omniparity explain RULE --key SKU`: what is in force for an article, and the place that says so. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isFitting, scopeOfRow } from '../audit/severity.ts'
import { createSideViews, sideLayers } from '../audit/side-view.ts'
import type { SideRow } from '../audit/sides.ts'
import { instantText, now } from '../base/clock.ts'
import { nearest, printable } from '../base/text.ts'
import { parseConfigDocument } from '../config/document.ts'
import { fail, type Where } from '../diagnostics/diagnostic.ts'
import { type Engine, literal } from '../engine/engine.ts'
import { t } from '../i18n/texts.ts'
import { link } from '../identity/link.ts'
import type { Store } from '../ingest/tables.ts'
import type { Config, Locale } from '../model/config.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import type { EffectiveOverride, EffectiveRule, Origin } from '../rules/packs.ts'
import { paramText } from '../rules/params.ts'
import { currencies } from '../rules/reference-data.ts'
import type { ScopeValues } from '../rules/scopes.ts'
import { projectConfig, projectRules, withSources } from './project.ts'

export interface ExplainKeyRequest {
  readonly code: string
  readonly key: string
  readonly configFile: string | null
  readonly cwd: string
  readonly locale: Locale
  readonly signal: AbortSignal
}

interface Article {
  readonly name: string
  readonly title: string | null
  readonly sides: readonly { readonly place: string; readonly channel: string; readonly scope: ScopeValues }[]
}

/** @throws DiagnosticError without a configuration, for an unknown rule, and for an article that no channel has. */
export async function explainKey(request: ExplainKeyRequest): Promise<string> {
  const { code, key, configFile, cwd, locale, signal } = request
  const config = await projectConfig(configFile, cwd)
  if (config === null) throw fail('config/not-found', { dir: cwd })
  const rules = await projectRules(config)
  const effective = rules.find(({ rule }) => rule.id === code || rule.formerly.includes(code))
  if (effective === undefined) {
    const known = rules.map(({ rule }) => rule.id)
    throw fail('usage/unknown-code', { code, nearest: nearest(code, known, 4) })
  }
  const articles = await withSources(config, instantText(now()), signal, async (store, engine) =>
    findArticles(engine, store, config, key),
  )
  if (articles.length === 0) throw fail('usage/unknown-key', { key })
  return articles.map((article) => print(effective, article, locale)).join('\n')
}

async function findArticles(engine: Engine, store: Store, config: Config, key: string): Promise<readonly Article[]> {
  await engine.run('CREATE VIEW listing_rows AS SELECT * FROM listing_all')
  await link(engine, store, config)
  const layers = sideLayers(store, instantText(now()), (currency) => currencies().get(currency) ?? 2)
  await createSideViews(engine, store, layers)
  const name = literal(key.trim().toLowerCase())
  const digits = /^\d{8,14}$/.test(key.trim()) ? ` OR gtin14 = ${key.trim()}` : ''
  const rows = await engine.rows<SideRow>(
    `SELECT item, market, ch, src, ord, rid, listing_id, sku, gtin, title, brand, category, status, crosswalk_item FROM side_all
     WHERE item IN (SELECT item FROM side_all WHERE lower(sku) = ${name} OR lower(listing_id) = ${name} OR lower(crosswalk_item) = ${name}${digits})
     ORDER BY item, market, ch, rid`,
  )
  const groups = new Map<string, SideRow[]>()
  for (const row of rows) {
    const group = `${row.item} ${row.market}`
    groups.set(group, [...(groups.get(group) ?? []), row])
  }
  return Promise.all([...groups.values()].map((own) => articleOf(own, store)))
}

async function articleOf(rows: readonly SideRow[], store: Store): Promise<Article> {
  const [first] = rows
  const text = (name: string): string | null => {
    const value = rows.map((row) => row[name]).find((one) => one !== null && one !== undefined)
    return value === undefined ? null : printable(String(value))
  }
  const sides = rows.map(async (row) => {
    const file = store.sources[row.src]?.file
    const record = file?.record(row.ord) ?? 0
    const line = (await file?.lines([record]))?.get(record) ?? null
    const place = file === undefined ? '' : `${file.path}${line === null ? ` #${record}` : `:${line}`}`
    return { place, channel: store.channels[row.ch]?.id ?? '', scope: scopeOfRow(row, store) }
  })
  return {
    name: `${text('sku') ?? text('gtin') ?? text('listing_id') ?? ''}${first === undefined ? '' : ` · ${first.market}`}`,
    title: text('title'),
    sides: await Promise.all(sides),
  }
}

function print(effective: EffectiveRule, article: Article, locale: Locale): string {
  const words = t(locale).effective
  const { rule, overrides, locked } = effective
  const scopes = article.sides.map(({ scope }) => scope)
  const fitting = overrides.filter((override) => isFitting(override, scopes))
  const decisive = fitting.filter(({ severity }) => severity !== null).at(-1)
  const severity = decisive?.severity ?? effective.severity
  const origin = decisive?.origin ?? effective.severityOrigin
  const title = article.title === null ? '' : ` «${article.title}»`
  const lines = [
    `${rule.id} · ${article.name}${title}`,
    '',
    words.sides,
    ...article.sides.map(({ channel, place }) => `  ${channel}  ${printable(place)}`),
    '',
    words.settings,
    `  ${t(locale).explain.severity} = ${severity}  ${told(origin, effective, ['severity'], locale)}`,
    ...(locked === null ? [] : [`  ${words.locked(locked.pack)}  ${placeText(locked.where)}`]),
    ...Object.keys(effective.params).flatMap((name) => paramLines(name, effective, article, locale)),
  ]
  const others = overrides.map((override) => overrideLine(override, fitting.includes(override), locale))
  if (others.length > 0) lines.push('', 'overrides', ...others)
  return `${lines.join('\n')}\n`
}

/** One line where all sides have the same value, else one for each value. */
function paramLines(name: string, effective: EffectiveRule, article: Article, locale: Locale): readonly string[] {
  const words = t(locale).effective
  const scopes = article.sides.map(({ scope }) => scope)
  const lines = new Map<string, string[]>()
  for (const { channel, scope } of article.sides) {
    const override = effective.overrides
      .filter((one) => Object.hasOwn(one.params, name) && isFitting(one, one.allSides ? scopes : [scope]))
      .at(-1)
    const value = override?.params[name] ?? effective.params[name]?.value
    const origin = override?.origin ?? effective.params[name]?.origin
    if (value === undefined || origin === undefined) continue
    const text = value.type === 'null' ? words.unset : paramText(value)
    const line = `${name} = ${printable(text)}  ${told(origin, effective, ['params', name, 'default'], locale)}`
    lines.set(line, [...(lines.get(line) ?? []), channel])
  }
  return [...lines].map(([line, channels]) =>
    lines.size === 1 ? `  ${line}` : `  ${line}  (${words.channel([...new Set(channels)].join(', '))})`,
  )
}

function overrideLine(
  { when, allSides, severity, params, origin }: EffectiveOverride,
  fits: boolean,
  locale: Locale,
): string {
  const words = t(locale).effective
  const scope = Object.entries(when).map(([key, values]) => `${key}: ${values.join(' | ')}`)
  const sets = [
    ...(severity === null ? [] : [`${t(locale).explain.severity} = ${severity}`]),
    ...Object.entries(params).map(([name, value]) => `${name} = ${paramText(value)}`),
  ]
  const where = scope.length === 0 ? words.always : `{${scope.join(', ')}} ${allSides ? words.all : words.any}`
  return printable(
    `  ${fits ? '✓' : '✗'} ${where}: ${sets.join(', ')}  ${told(origin, null, [], locale)} · ${fits ? words.applies : words.elsewhere}`,
  )
}

/** Who said it, and where. The rule's own file is read again for the line of the one key. */
function told(origin: Origin, effective: EffectiveRule | null, path: readonly string[], locale: Locale): string {
  const { by } = t(locale).effective
  switch (origin.by) {
    case 'flag':
      return origin.flag
    case 'rule':
      return `← ${by.rule} ${placeText(effective === null ? origin.where : (keyPlace(effective.rule.file, path) ?? origin.where))}`
    case 'pack':
      return `← ${by.pack(origin.pack)} ${placeText(origin.where)}`
    case 'config':
      return `← ${by.config} ${placeText(origin.where)}`
  }
}

function keyPlace(file: string, path: readonly string[]): Where | null {
  const found = file.startsWith('rules/') ? resolve(RULES_ROOT, '..', file) : file
  try {
    return parseConfigDocument(file, readFileSync(found, 'utf8')).place(path)
  } catch {
    return null
  }
}

function placeText(where: Where | null): string {
  return where === null || !('file' in where) ? '' : `${where.file}:${where.line ?? 1}`
}
