/** Writes the files and the configuration of a case. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Rule } from '../../rules/rule.ts'
import type { Row, RuleCase } from './fixture.ts'

const KINDS = ['store', 'web', 'app', 'marketplace', 'feed', 'erp']

export async function writeCase(dir: string, rule: Rule, one: RuleCase): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const [name, text] of Object.entries(one.files)) await writeFile(join(dir, name), text)
  const rows = Object.entries(one.given)
  const named = rows.flatMap(([, list]) => list.flatMap(({ channel }) => channel ?? []))
  const owners = Object.keys(one.files).flatMap(
    (name) => /^([a-z]+)(?:-[^/]*)?\.(?:csv|tsv|json|xml)$/.exec(name)?.[1] ?? [],
  )
  const ids = [...new Set([...Object.keys(one.channels), ...named, ...owners.filter((id) => id !== 'crosswalk')])]
  const channels: Record<string, unknown> = {}
  for (const id of ids) {
    const sources: unknown[] = []
    for (const [entity, list] of rows) {
      const own = list.filter(({ channel }) => channel === id)
      if (own.length === 0) continue
      const { text, map } = tableOf(entity, own)
      await writeFile(join(dir, `${id}.${entity}.csv`), text)
      sources.push({ platform: 'csv', path: `${id}.${entity}.csv`, encoding: 'utf-8', decimal: '.', map })
    }
    for (const name of Object.keys(one.files)) {
      if (new RegExp(`^${id}(-[^/]*)?\\.`).test(name)) sources.push({ platform: 'csv', path: name })
    }
    const kind = KINDS.includes(id) ? id : 'web'
    channels[id] = { kind, includes_tax: true, sources, ...one.channels[id] }
  }
  const { as_of: _, ...config } = one.config
  const inputs: Record<string, string> = {}
  for (const [name, list] of Object.entries(one.inputs)) {
    inputs[name] = `input_${name}.csv`
    await writeFile(join(dir, `input_${name}.csv`), csvOf(list).text)
  }
  const files = Object.keys(inputs).length === 0 ? {} : { inputs }
  const rules = Object.keys(one.params).length === 0 ? {} : { rules: { [rule.id]: { params: one.params } } }
  const project = { version: 1, market: 'ES', currency: 'EUR', timezone: 'Europe/Madrid', extends: [] }
  // Null takes away what every case says otherwise.
  const settings = Object.entries({ ...project, ...files, ...config }).filter(([, value]) => value !== null)
  await writeFile(join(dir, 'omniparity.yaml'), stringify({ ...Object.fromEntries(settings), ...rules, channels }))
}

const NEUTRAL: Readonly<Record<string, Row>> = {
  stock: { 'stock.location': 'warehouse' },
  price: { 'price.price_list': 'retail' },
}

function tableOf(entity: string, rows: readonly Row[]): { readonly text: string; readonly map: Row } {
  const { text, fields } = csvOf(rows.map(({ channel: _, ...row }): Row => ({ ...NEUTRAL[entity], ...row })))
  return { text, map: Object.fromEntries(fields.map((field) => [field, field])) }
}

function csvOf(full: readonly Row[]): { readonly text: string; readonly fields: readonly string[] } {
  const fields = [...new Set(full.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`
  const body = full.map((row) => line(fields.map((field) => cellOf(row[field]))))
  return { text: [line(fields), ...body].join(''), fields }
}

function cellOf(text: string | undefined): string {
  return text === undefined || text === 'null' ? '' : text
}
