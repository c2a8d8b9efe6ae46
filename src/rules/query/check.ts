/** Checks the queries of rules when they are read: against empty tables, so that what is wrong is found without data. */
import { meant } from '../../config/check.ts'
import { type Diagnostic, DiagnosticError, diagnose } from '../../diagnostics/diagnostic.ts'
import type { Problem } from '../../diagnostics/rules.ts'
import { openSandbox } from '../../engine/duckdb.ts'
import { literal } from '../../engine/engine.ts'
import { type Sandbox, type SandboxColumn, SandboxError, type SandboxValue } from '../../engine/sandbox.ts'
import { type At, placeOf } from '../expression/ast.ts'
import type { ParamValue } from '../expression/scope.ts'
import { normSql } from '../norm.ts'
import type { SqlRule } from '../rule.ts'
import { type QueryParts, readQuery } from './read.ts'
import { QUERY_TABLES, RESULT_COLUMNS } from './tables.ts'

const LONGEST = 10_000
const CHECK_MS = 5_000
const CHECK_MEMORY = '256MB'

/** Adds what is wrong with the queries to `problems`. */
export async function checkQueries(rules: readonly SqlRule[], problems: Diagnostic[]): Promise<void> {
  for (const rule of rules) {
    const found = await withSandbox(CHECK_MEMORY, (sandbox) => checkQuery(sandbox, rule)).catch((error: unknown) => {
      if (error instanceof DiagnosticError) return error.diagnostics
      throw error
    })
    problems.push(...found)
  }
}

export async function withSandbox<T>(memory: string, work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = await openSandbox(memory)
  try {
    return await work(sandbox)
  } finally {
    await sandbox.close()
  }
}

async function checkQuery(sandbox: Sandbox, rule: SqlRule): Promise<readonly Diagnostic[]> {
  const parts = await partsOf(sandbox, rule)
  for (const [table, columns] of parts.tables) await sandbox.table(table, columnsOf(table, columns), null)
  await addMacros(sandbox, '2026-01-01T00:00:00Z')
  await sandbox.lock()
  const params = Object.fromEntries(Object.entries(rule.params).map(([name, param]) => [name, param.default]))
  const names = await sandbox
    .columns(queryText(rule), valuesOf(parts, params), CHECK_MS)
    .catch((error: unknown) => Promise.reject(queryError(rule, error)))
  return resultProblems(names, rule)
}

/** @throws DiagnosticError `rules/bad-query` with everything in it that a query may not do. */
export async function partsOf(sandbox: Sandbox, rule: SqlRule): Promise<QueryParts> {
  const text = queryText(rule)
  if (text.length > LONGEST) {
    const problem = {
      en: `a query has at most ${LONGEST} characters`,
      es: `una consulta tiene como mucho ${LONGEST} caracteres`,
    }
    throw new DiagnosticError(diagnose('rules/bad-query', { problem, hint: null }, rule.query.at))
  }
  const tree = await sandbox.tree(text).catch((error: unknown) => Promise.reject(queryError(rule, error)))
  const parts = readQuery(tree, Object.keys(rule.params))
  const [first, ...others] = parts.problems.map(({ problem, hint, offset }) =>
    diagnose('rules/bad-query', { problem, hint }, placeIn(rule, offset)),
  )
  if (first !== undefined) throw new DiagnosticError(first, undefined, others)
  return parts
}

export function columnsOf(table: string, asked: readonly string[]): readonly SandboxColumn[] {
  const known = (QUERY_TABLES[table] ?? []).filter(({ name }) => asked.includes(name))
  const own = asked.filter((name) => name.startsWith('attributes.')).map((name) => ({ name, type: 'VARCHAR' }))
  const columns = [...known, ...own]
  // A query that asks for no column still counts rows.
  return columns.length === 0 ? (QUERY_TABLES[table] ?? []).slice(0, 1) : columns
}

/** `as_of()` is the moment of the audit, `norm(text)` a text as rules compare it. */
export async function addMacros(sandbox: Sandbox, asOf: string): Promise<void> {
  await sandbox.run(`CREATE MACRO as_of() AS TIMESTAMP ${literal(asOf.replace('T', ' ').replace('Z', ''))}`)
  await sandbox.run(`CREATE MACRO norm(word) AS ${normSql('word')}`)
}

/** The query without what may stand behind a statement. */
export function queryText(rule: SqlRule): string {
  return rule.query.text.replace(/[\s;]+$/, '')
}

export function valuesOf(
  { params }: QueryParts,
  values: Readonly<Record<string, ParamValue>>,
): Record<string, SandboxValue> {
  return Object.fromEntries(params.map((name) => [name, sandboxValue(values[name])]))
}

function sandboxValue(value: ParamValue | undefined): SandboxValue {
  if (value === undefined || value.type === 'null' || value.type === 'map') return { type: 'null' }
  return value
}

function resultProblems(names: readonly string[], rule: SqlRule): readonly Diagnostic[] {
  const unknown = names.filter((name) => !RESULT_COLUMNS.some((known) => known === name))
  const complaints: Problem[] = unknown.map((name) => {
    const near = meant(name, RESULT_COLUMNS)
    const en = near === null ? `known: ${RESULT_COLUMNS.join(', ')}` : `did you mean '${near}'?`
    const es = near === null ? `se conocen: ${RESULT_COLUMNS.join(', ')}` : `¿quería decir «${near}»?`
    return {
      en: `the query gives a column '${name}', which no finding has: ${en}`,
      es: `la consulta da una columna «${name}», que ninguna incidencia tiene: ${es}`,
    }
  })
  if (!names.includes('key') && unknown.length === 0) {
    complaints.push({
      en: "the query gives no column 'key': the SKU, id or GTIN of the listing that is wrong",
      es: 'la consulta no da una columna «key»: el SKU, id o GTIN de la publicación que está mal',
    })
  }
  return complaints.map((problem) => diagnose('rules/bad-query', { problem, hint: null }, rule.query.at))
}

/** A failure of the engine as a diagnostic at its place in the rule file. */
export function queryError(rule: SqlRule, error: unknown): unknown {
  if (!(error instanceof SandboxError)) return error
  const where = error.offset === null ? rule.query.at : placeIn(rule, error.offset)
  return new DiagnosticError(diagnose('rules/bad-query', { problem: failureText(error), hint: null }, where))
}

function failureText({ reason, message }: SandboxError): Problem {
  switch (reason) {
    case 'time':
      return { en: 'the query takes too long', es: 'la consulta tarda demasiado' }
    case 'memory':
      return { en: 'the query needs too much memory', es: 'la consulta necesita demasiada memoria' }
    case 'size':
      return { en: 'the query gives too many rows', es: 'la consulta da demasiadas filas' }
    case 'statement':
      return message.startsWith('Only SELECT')
        ? { en: 'a query is one SELECT', es: 'una consulta es un solo SELECT' }
        : { en: message, es: message }
  }
}

/** The engine counts bytes. */
function placeIn({ query }: SqlRule, offset: number): At {
  const before = Buffer.from(query.text, 'utf8').subarray(0, offset).toString('utf8')
  return placeOf(query, before.length)
}
