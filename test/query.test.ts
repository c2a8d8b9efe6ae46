/** Queries of rules: what they may do, and how what they may not do ends. */
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../src/diagnostics/render.ts'
import { SandboxError } from '../src/engine/sandbox.ts'
import { parseRule } from '../src/rules/load.ts'
import { checkQueries, withSandbox } from '../src/rules/query/check.ts'
import type { SqlRule } from '../src/rules/rule.ts'

const text = { en: 'a', es: 'b' }
const docs = { what: 'w', why: 'y', 'quiet-when': 'q', fix: 'f', example: 'e' }

/** Diagnostics about a query in a rule file, as a person reads them. */
async function complaints(query: string): Promise<readonly string[]> {
  const file = stringify({
    title: text,
    severity: 'error',
    kind: 'sql',
    on: 'listing',
    params: { least: { type: 'decimal', default: 5, doc: text }, words: { type: 'list', default: ['a'], doc: text } },
    message: text,
    docs: { en: docs, es: docs },
    since: '0.1.0',
  })
  const problems: Diagnostic[] = []
  const block = query.replace(/^/gm, '  ')
  const rule = parseRule('price/mine', 'mine.yaml', `query: |\n${block}\n${file}`, problems)
  if (rule?.kind === 'sql') await checkQueries([rule satisfies SqlRule], problems)
  return problems.map((one) => renderDiagnostic(one, { locale: 'en', colour: false }))
}

describe('a query', () => {
  it.each([
    ['a condition on one table', 'SELECT sku AS key FROM listing WHERE title IS NULL'],
    [
      'a join, quoted fields and all columns',
      `
      SELECT l.sku AS key, l.channel AS side, p."price.regular" AS value, 'dear' AS message
      FROM listing l JOIN price p ON p.item = l.item WHERE p."price.regular" > $least`,
    ],
    [
      'groups, windows and subqueries',
      `
      WITH ranked AS (SELECT sku, channel, row_number() OVER (PARTITION BY item ORDER BY channel) AS n FROM listing)
      SELECT sku AS key, count(*) AS value FROM ranked WHERE n > 1 GROUP BY sku HAVING count(*) > 1`,
    ],
    ['attributes', `SELECT sku AS key FROM listing WHERE "attributes.color" = 'red'`],
    ['lists and parameters that are lists', 'SELECT sku AS key FROM listing WHERE list_contains($words, brand)'],
    ['what rules have too', 'SELECT sku AS key FROM listing WHERE norm(title) = norm(brand) OR updated_at < as_of()'],
    [
      'promotions and their articles',
      `
      SELECT u.sku AS key FROM promotion, unnest("promotion.items") AS u(sku) WHERE "promotion.ends_at" < as_of()`,
    ],
    ['a semicolon at the end', 'SELECT sku AS key FROM listing;\n'],
    ['a comment at the end', 'SELECT sku AS key FROM listing -- all of them'],
  ])('may have %s', async (_, query) => {
    expect(await complaints(query)).toEqual([])
  })

  it.each([
    ['SELECT sku AS key FROM listing WHERE titel IS NULL', 'mine.yaml:2:40', 'titel'],
    ['SELECT sku AS key\nFROM listings', 'mine.yaml:3:8', "did you mean 'listing'?"],
    ['SELECT sku AS key FROM listing WHERE lenght(title) > 3', 'mine.yaml:2:40', "did you mean 'length'?"],
    ['SELECT sku AS key FROM listing WHERE price.regular > 3', 'mine.yaml:2:40', 'write "price.regular"'],
    ['SELECT sku AS key FROM listing WHERE "price.regular" > $leest', 'mine.yaml', "did you mean '$least'?"],
    ['SELECT sku AS key FROM listing WHERE', 'mine.yaml:2:', 'syntax error'],
    ['SELECT sku AS key, channel AS sied FROM listing', 'mine.yaml:2:3', "did you mean 'side'?"],
    ['SELECT channel AS side FROM listing', 'mine.yaml:2:3', "no column 'key'"],
    ["SELECT sku AS key FROM listing WHERE 'ñandú' = 'ñ' AND nope", 'mine.yaml:2:58', 'nope'],
  ])('says what is wrong and where: %s', async (query, place, what) => {
    const [first = '', ...others] = await complaints(query)
    expect(others).toEqual([])
    expect(first).toContain('error[rules/bad-query]')
    expect(first).toContain(place)
    expect(first).toContain(what)
  })

  it.each([
    "COPY (SELECT 1) TO '/tmp/out.csv'",
    "ATTACH '/tmp/other.db'",
    'INSTALL httpfs',
    'LOAD json',
    "PRAGMA memory_limit='100GB'",
    "SET memory_limit='100GB'",
    'CREATE TABLE x AS SELECT 1',
    'DROP TABLE listing',
    "EXPORT DATABASE '/tmp/x'",
    'CALL pragma_version()',
    'SELECT 1 AS key; SELECT 2 AS key',
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT content AS key FROM read_text('/etc/passwd')",
    "SELECT key FROM glob('/*') g(key)",
    'SELECT name AS key FROM duckdb_settings()',
    'SELECT table_name AS key FROM information_schema.tables',
    "SELECT getenv('HOME') AS key",
    "SELECT current_setting('memory_limit') AS key",
    'SELECT random() AS key',
    'SELECT now() AS key',
    "SELECT repeat('x', 2000000000) AS key",
    'SELECT i AS key FROM range(100000000000) t(i)',
    'SELECT unnest(generate_series(1, 100000000000)) AS key',
    'WITH RECURSIVE x AS (SELECT 1 AS key UNION ALL SELECT key + 1 FROM x) SELECT key FROM x',
    'DESCRIBE listing',
    'SUMMARIZE listing',
    'SELECT * FROM (SHOW TABLES)',
    "SELECT replace(sku, '', 'xxxxxxxxxxxx') AS key FROM listing",
    `SELECT ${Array.from({ length: 40 }, () => 'title').join(' || ')} AS key FROM listing`,
    `SELECT sku AS key FROM listing WHERE ${'('.repeat(6000)}true${')'.repeat(6000)}`,
    "SELECT query('SELECT 1') AS key",
    "SELECT key FROM query_table('listing') t(key)",
    "SELECT sku AS key FROM listing WHERE json_execute_serialized_sql('{}') IS NULL",
  ])('is refused: %s', async (query) => {
    const found = await complaints(query)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/error\[rules\/bad-query\][\s\S]*mine\.yaml:2:\d+/)
  })
})

describe('the sandbox', () => {
  const limits = { milliseconds: 400, rows: 1000 }

  async function failure(sql: string): Promise<string> {
    return withSandbox('100MB', async (sandbox) => {
      await sandbox.table('listing', [{ name: 'sku', type: 'VARCHAR' }], null)
      await sandbox.run("INSERT INTO listing SELECT 'sku' || i FROM range(20000) t(i)")
      await sandbox.lock()
      try {
        await sandbox.rows(sql, ['key'], {}, limits)
        return 'none'
      } catch (error) {
        if (error instanceof SandboxError) return `${error.reason}: ${error.message}`
        throw error
      }
    })
  }

  it.each([
    [
      'an explosion of joins',
      "SELECT 'x' AS key FROM listing a, listing b, listing c WHERE a.sku || b.sku = c.sku",
      /^time/,
    ],
    [
      'recursion without end',
      'WITH RECURSIVE x AS (SELECT 1 AS key UNION ALL SELECT key + 1 FROM x) SELECT max(key) AS key FROM x',
      /^time/,
    ],
    ['more than the memory', 'SELECT list(a.sku || b.sku)::VARCHAR AS key FROM listing a, listing b', /^(memory|time)/],
    ['more rows than anybody reads', 'SELECT sku AS key FROM listing', /^size/],
    ['a file', "SELECT * FROM read_csv('/etc/passwd') t(key)", /^statement: .*(disabled|not access)/],
    ['another database', "SELECT * FROM sqlite_scan('/tmp/x.db', 'key')", /^statement/],
  ])('ends %s', async (_, sql, expected) => {
    expect(await failure(sql)).toMatch(expected)
  })

  it.each([
    "SET memory_limit = '10GB'",
    'SET enable_external_access = true',
    'RESET lock_configuration',
    "COPY (SELECT 1) TO '/tmp/omniparity-out.csv'",
    "ATTACH '/tmp/omniparity-other.db'",
    'INSTALL httpfs',
  ])('does not run %s', async (sql) => {
    await withSandbox('100MB', async (sandbox) => {
      await sandbox.lock()
      await expect(sandbox.run(sql)).rejects.toThrow()
    })
  })
})
