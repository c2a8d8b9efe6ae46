/** What of the findings is shown, in which order, and how that stands in the address. */
import type { Locale } from '../../../model/config.ts'
import { type Findings, folded, SORT_COLUMNS, type SortColumn } from './data.ts'

export const KINDS = ['roots', 'all', 'explained', 'fixable'] as const
export const GROUPS = ['none', 'change', 'rule', 'item', 'channel', 'cause'] as const

/** Empty text: anything. */
export interface Filter {
  readonly q: string
  readonly severity: string
  readonly family: string
  readonly rule: string
  readonly channel: string
  readonly status: string
  /** In a comparison: what became of the finding. */
  readonly change: string
  readonly cause: string
  readonly kind: (typeof KINDS)[number]
  readonly group: (typeof GROUPS)[number]
  /** Null: the order of the report, the gravest first. */
  readonly sort: SortColumn | null
  readonly descending: boolean
  /** The finding that is open. */
  readonly id: string
}

export const NO_FILTER: Filter = {
  q: '',
  severity: '',
  family: '',
  rule: '',
  channel: '',
  status: '',
  change: '',
  cause: '',
  kind: 'roots',
  group: 'none',
  sort: null,
  descending: false,
  id: '',
}

const TEXTS = ['q', 'severity', 'family', 'rule', 'channel', 'status', 'change', 'cause', 'id'] as const

export function filterOf(search: string): Filter {
  const params = new URLSearchParams(search)
  const texts = Object.fromEntries(TEXTS.map((key) => [key, params.get(key) ?? '']))
  return {
    ...NO_FILTER,
    ...texts,
    kind: KINDS.find((kind) => kind === params.get('kind')) ?? NO_FILTER.kind,
    group: GROUPS.find((group) => group === params.get('group')) ?? NO_FILTER.group,
    sort: SORT_COLUMNS.find((column) => column === params.get('sort')) ?? null,
    descending: params.get('order') === 'down',
  }
}

export function searchOf(filter: Filter): string {
  const params = new URLSearchParams()
  for (const key of TEXTS) if (filter[key] !== '') params.set(key, filter[key])
  if (filter.kind !== NO_FILTER.kind) params.set('kind', filter.kind)
  if (filter.group !== NO_FILTER.group) params.set('group', filter.group)
  if (filter.sort !== null) params.set('sort', filter.sort)
  if (filter.descending) params.set('order', 'down')
  return params.toString()
}

/** Places of the findings that match, in order. */
export function matching(findings: Findings, filter: Omit<Filter, 'id'>, locale: Locale): readonly number[] {
  const words = folded(filter.q)
    .split(/\s+/)
    .filter((word) => word !== '')
  const channel = filter.channel === '' ? null : findings.textPlace(filter.channel)
  const family = filter.family === '' ? null : `${filter.family}/`
  const matches = (place: number): boolean => {
    const root = findings.explainedBy(place) === null
    if (filter.kind === 'roots' && !root && filter.cause === '') return false
    if (filter.kind === 'explained' && root) return false
    if (filter.kind === 'fixable' && !findings.isFixable(place)) return false
    if (filter.severity !== '' && findings.severity(place) !== filter.severity) return false
    if (filter.status !== '' && findings.status(place) !== filter.status) return false
    if (filter.change !== '' && findings.change(place) !== filter.change) return false
    if (filter.rule !== '' && findings.rule(place) !== filter.rule) return false
    if (family !== null && !findings.rule(place).startsWith(family)) return false
    if (filter.cause !== '' && findings.explainedBy(place) !== filter.cause) return false
    if (channel !== null && !findings.names(place, channel)) return false
    if (words.length === 0) return true
    const haystack = findings.haystack(place, locale)
    return words.every((word) => haystack.includes(word))
  }
  const found: number[] = []
  const order = filter.sort === null ? null : findings.order(filter.sort, locale)
  for (let at = 0; at < findings.length; at++) {
    const place = order === null ? at : (order[filter.descending ? findings.length - 1 - at : at] ?? 0)
    if (matches(place)) found.push(place)
  }
  return found
}

/** A line of the list: a finding, or the head of a group. */
export type Row =
  | { readonly place: number }
  | { readonly group: string; readonly count: number; readonly open: boolean }

/** Groups by size, those that are open with their findings. */
export function rowsOf(
  findings: Findings,
  places: readonly number[],
  group: Filter['group'],
  open: ReadonlySet<string>,
): readonly Row[] {
  if (group === 'none') return places.map((place) => ({ place }))
  const groups = new Map<string, number[]>()
  for (const place of places) {
    const key = groupKey(findings, place, group)
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [place])
    else members.push(place)
  }
  const sorted = [...groups].sort(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1))
  return sorted.flatMap(([key, members]): readonly Row[] => {
    const head = { group: key, count: members.length, open: open.has(key) }
    return head.open ? [head, ...members.map((place) => ({ place }))] : [head]
  })
}

function groupKey(findings: Findings, place: number, group: Filter['group']): string {
  if (group === 'rule') return findings.rule(place)
  if (group === 'change') return findings.change(place) ?? ''
  if (group === 'channel') return findings.owner(place) ?? ''
  if (group === 'cause') return findings.explainedBy(place) ?? ''
  const item = findings.item(place)
  return item === null ? '' : (item[1] ?? item[0])
}
