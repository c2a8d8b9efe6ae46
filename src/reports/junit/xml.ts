/** JUnit XML as Jenkins, GitLab, Azure and GitHub actions read it. */
import { printable } from '../../base/text.ts'

export interface Case {
  readonly name: string
  readonly title: string
  readonly body: string
  readonly kind: 'passed' | 'failed' | 'skipped'
}

export interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

/** Written before anything is read: whoever reads it sees that something comes. */
export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** What follows {@link XML_HEAD}. @param asOf - ISO 8601, UTC. */
export function* junitXml(name: string, suites: readonly Suite[], asOf: string): Generator<string> {
  const all = suites.flatMap(({ cases }) => cases)
  yield `<testsuites name="${xml(name)}"${counts(all)} time="0">\n`
  for (const suite of suites) {
    yield `<testsuite name="${xml(suite.name)}"${counts(suite.cases)} time="0" timestamp="${xml(asOf.slice(0, 19))}">\n`
    yield suite.cases.map((one) => caseXml(suite.name, one)).join('')
    yield '</testsuite>\n'
  }
  yield '</testsuites>\n'
}

function counts(cases: readonly Case[]): string {
  const of = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length
  return ` tests="${cases.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}"`
}

function caseXml(suite: string, { name, title, body, kind }: Case): string {
  const open = `<testcase classname="${xml(suite)}" name="${xml(name)}" time="0"`
  if (kind === 'failed') return `${open}><failure message="${xml(title)}">${xml(body)}</failure></testcase>\n`
  if (kind === 'skipped') return `${open}><skipped message="${xml(title)}"/></testcase>\n`
  return body === '' ? `${open}/>\n` : `${open}><system-out>${xml(body)}</system-out></testcase>\n`
}

/** No reader of XML takes the two last code points of a plane. */
const UNREADABLE = /[\ufffe\uffff]/g

function xml(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line).replace(UNREADABLE, '\ufffd'))
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
