/** What has to hold for a source that is a database. */
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts'
import { FIELDS, isFieldName } from '../model/field.ts'
import { queryProblem } from '../model/query-text.ts'
import { meant } from './check.ts'
import { type ConfigDocument, type Path, pathText } from './document.ts'
import type { RawSource } from './schema.ts'

interface SourcePart {
  readonly path: Path
  readonly source: RawSource
}

const URL_WITH_SECRET = /^[a-z][a-z0-9+]*:\/\/[^/]*:[^/]*@|[?&;]\s*(password|pwd|passwd)\s*=/i

export function queryProblems({ path, source }: SourcePart, document: ConfigDocument): readonly Diagnostic[] {
  const problems: Diagnostic[] = []
  const lacks = (key: string, accepted: string): Diagnostic =>
    diagnose('config/missing-key', { key, parent: pathText(path), accepted }, document.place(path))
  const wrong = (at: Path, text: string, accepted: string): Diagnostic =>
    diagnose('config/bad-value', { key: pathText(at), found: { kind: 'text', text }, accepted }, document.place(at))
  if (source.platform !== 'sql') problems.push(wrong([...path, 'platform'], source.platform, 'sql'))
  if (source.url === undefined) problems.push(lacks('url', '{env: NAME}'))
  if (source.path !== undefined) problems.push(wrong([...path, 'path'], '…', 'url'))
  if (typeof source.url === 'string' && URL_WITH_SECRET.test(source.url)) {
    const at = [...path, 'url']
    problems.push(diagnose('config/literal-secret', { key: pathText(at) }, document.place(at)))
  }
  const queries = Object.entries(source.query ?? {})
  if (queries.length === 0) problems.push(lacks('query', '{listing: SELECT …}'))
  for (const [entity, text] of queries) {
    const at = [...path, 'query', entity]
    const problem = text === undefined ? null : queryProblem(text)
    if (problem === null) continue
    problems.push({
      ...diagnose('database/query-refused', { key: pathText(at), problem }, document.place(at)),
      status: 2,
    })
  }
  return [...problems, ...writeProblems({ path, source }, document)]
}

function writeProblems({ path, source }: SourcePart, document: ConfigDocument): readonly Diagnostic[] {
  return Object.entries(source.write ?? {}).flatMap(([entity, rule]) =>
    (['key', 'columns'] as const).flatMap((part) => {
      const at = [...path, 'write', entity, part]
      return Object.keys(rule?.[part] ?? {})
        .filter((field) => !isFieldName(field))
        .map((field) =>
          diagnose(
            'config/unknown-field',
            { key: pathText(at), field, nearest: meant(field, Object.keys(FIELDS)) },
            document.keyPlace(at, field),
          ),
        )
    }),
  )
}
