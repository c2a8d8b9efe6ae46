/** The list of findings with its filters and the drawer. */

import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { pageTexts as en } from '../../../i18n/html.en.ts'
import { pageTexts as es } from '../../../i18n/html.es.ts'
import type { Locale } from '../../../model/config.ts'
import { valuesIn } from '../../values.ts'
import type { PageMeta } from '../payload.ts'
import { STATUSES } from '../payload.ts'
import type { Findings, SortColumn } from './data.ts'
import { Drawer } from './drawer.tsx'
import { type Filter, GROUPS, KINDS, matching, NO_FILTER, rowsOf } from './filter.ts'
import { List } from './list.tsx'

export const TEXTS = { en, es }

export interface AppProps {
  readonly findings: Findings
  /** Grows while findings come. */
  readonly loaded: number
  readonly meta: PageMeta
  readonly locale: Locale
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}

export function App({ findings, loaded, meta, locale, filter, onFilter }: AppProps): JSX.Element {
  const texts = TEXTS[locale]
  const words = texts.findings
  const values = useMemo(() => valuesIn(locale, meta.timezone), [locale, meta])
  const [cursor, setCursor] = useState(0)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const { id, ...rest } = filter
  // What is compared is all news, whether something explains it or not.
  const key = JSON.stringify(meta.changes === undefined ? rest : { ...rest, kind: 'all' })
  const places = useMemo(
    () => (loaded === 0 ? [] : matching(findings, JSON.parse(key) as Omit<Filter, 'id'>, locale)),
    [findings, loaded, key, locale],
  )
  const rows = useMemo(() => rowsOf(findings, places, filter.group, open), [findings, places, filter.group, open])
  // Another question begins at its first answer.
  const asked = useRef(key)
  if (asked.current !== key) {
    asked.current = key
    setCursor(0)
  }
  const place = id === '' ? null : findings.placeOf(id)
  const openPlace = (at: number): void => onFilter({ ...filter, id: findings.id(at) })
  const box = useRef<HTMLDivElement>(null)
  const close = (): void => {
    onFilter({ ...filter, id: '' })
    box.current?.querySelector<HTMLElement>('.rows')?.focus()
  }
  const step = (by: 1 | -1): void => {
    for (let at = cursor + by; at >= 0 && at < rows.length; at += by) {
      const row = rows[at]
      if (row === undefined || 'group' in row) continue
      setCursor(at)
      openPlace(row.place)
      return
    }
  }
  const onSort = (column: SortColumn): void =>
    onFilter(
      filter.sort !== column
        ? { ...filter, sort: column, descending: false }
        : filter.descending
          ? { ...filter, sort: null, descending: false }
          : { ...filter, descending: true },
    )
  const toggle = (group: string): void => {
    const next = new Set(open)
    if (!next.delete(group)) next.add(group)
    setOpen(next)
  }
  return (
    <div class={place === null ? 'browser' : 'browser with-drawer'} ref={box}>
      <Filters filter={filter} onFilter={onFilter} meta={meta} locale={locale} />
      <p class="count" aria-live="polite">
        {words.shown(places.length, findings.length)}
        {loaded < meta.findings && ` · ${texts.loading}`}
        {meta.omitted > 0 && ` · ${words.omitted(meta.omitted)}`}
      </p>
      {rows.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <List
          {...{ findings, rows, filter, meta, texts, values, locale, cursor, onSort }}
          onCursor={setCursor}
          onOpen={openPlace}
          onGroup={toggle}
        />
      )}
      <p class="dim keys">{words.keys}</p>
      {place !== null && (
        <Drawer
          {...{ place, findings, meta, texts, values, locale }}
          onClose={close}
          onStep={step}
          onOpen={openPlace}
        />
      )}
    </div>
  )
}

interface FiltersProps {
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
  readonly meta: PageMeta
  readonly locale: Locale
}

function Filters({ filter, onFilter, meta, locale }: FiltersProps): JSX.Element {
  const texts = TEXTS[locale]
  const words = texts.findings
  const ruleTitle = (rule: string): string => meta.rules[rule]?.title[locale] ?? rule
  const rules = Object.keys(meta.rules).sort((a, b) => ruleTitle(a).localeCompare(ruleTitle(b), locale))
  const families = [...new Set(rules.map((rule) => rule.slice(0, rule.indexOf('/'))))]
  const set = (change: Partial<Filter>): void => onFilter({ ...filter, ...change })
  const any = { value: '', text: words.anything }
  const groups = GROUPS.filter((value) => value !== 'change' || meta.changes !== undefined)
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <input
        type="search"
        class="search"
        value={filter.q}
        placeholder={words.search}
        aria-label={words.search}
        onInput={(event) => set({ q: event.currentTarget.value })}
      />
      <Select
        label={words.severity}
        value={filter.severity}
        options={[
          any,
          ...(['error', 'warning', 'info'] as const).map((value) => ({ value, text: texts.severities[value] })),
        ]}
        onChange={(severity) => set({ severity })}
      />
      <Select
        label={words.family}
        value={filter.family}
        options={[any, ...families.map((value) => ({ value, text: texts.families[value] ?? value }))]}
        onChange={(family) => set({ family })}
      />
      <Select
        label={words.rule}
        value={filter.rule}
        options={[any, ...rules.map((value) => ({ value, text: ruleTitle(value) }))]}
        onChange={(rule) => set({ rule })}
      />
      <Select
        label={words.channel}
        value={filter.channel}
        options={[any, ...meta.channels.map((value) => ({ value, text: value }))]}
        onChange={(channel) => set({ channel })}
      />
      {meta.changes === undefined ? (
        <>
          <Select
            label={words.status}
            value={filter.status}
            options={[any, ...STATUSES.map((value) => ({ value, text: texts.status[value] }))]}
            onChange={(status) => set({ status })}
          />
          <Select
            label={words.kind}
            value={filter.kind}
            options={KINDS.map((value) => ({ value, text: words.kinds[value] }))}
            onChange={(value) => set({ kind: KINDS.find((kind) => kind === value) ?? NO_FILTER.kind })}
          />
        </>
      ) : (
        <Select
          label={texts.compared.change}
          value={filter.change}
          options={[any, ...meta.changes.map((value) => ({ value, text: texts.compared.changes[value] }))]}
          onChange={(change) => set({ change })}
        />
      )}
      {meta.causes.length > 0 && (
        <Select
          label={words.cause}
          value={filter.cause}
          options={[any, ...meta.causes.map(({ id, message }) => ({ value: id, text: `${id}: ${message[locale]}` }))]}
          onChange={(cause) => set({ cause })}
        />
      )}
      <Select
        label={words.group}
        value={filter.group}
        options={groups.map((value) => ({ value, text: words.groups[value] }))}
        onChange={(value) => set({ group: GROUPS.find((group) => group === value) ?? 'none' })}
      />
      <button type="button" onClick={() => onFilter({ ...NO_FILTER, id: filter.id })}>
        {words.reset}
      </button>
    </form>
  )
}

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly onChange: (value: string) => void
}

function Select({ label, value, options, onChange }: SelectProps): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  )
}
