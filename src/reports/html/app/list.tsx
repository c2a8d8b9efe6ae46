/** A list of any length: only the lines that can be seen are in the document. */

import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PageTexts } from '../../../i18n/html.en.ts'
import type { Locale } from '../../../model/config.ts'
import { FINDING_CHANGES } from '../../../model/history.ts'
import type { Values } from '../../values.ts'
import type { PageMeta } from '../payload.ts'
import { type Findings, SORT_COLUMNS, type SortColumn } from './data.ts'
import type { Filter, Row } from './filter.ts'

const ROW = 56
/** Lines beyond the edge, so that a turn of the wheel shows no gap. */
const SPARE = 8

export interface ListProps {
  readonly findings: Findings
  readonly rows: readonly Row[]
  readonly filter: Filter
  readonly meta: PageMeta
  readonly texts: PageTexts
  readonly values: Values
  readonly locale: Locale
  readonly cursor: number
  readonly onCursor: (row: number) => void
  readonly onOpen: (place: number) => void
  readonly onGroup: (group: string) => void
  readonly onSort: (column: SortColumn) => void
}

export function List(props: ListProps): JSX.Element {
  const { rows, cursor, texts, onCursor, onOpen, onGroup } = props
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  useLayoutEffect(() => {
    const node = box.current
    if (node === null) return
    const measure = (): void => setHeight(node.clientHeight)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [])
  useLayoutEffect(() => {
    const node = box.current
    if (node === null) return
    const at = cursor * ROW
    if (at < node.scrollTop) node.scrollTop = at
    else if (at + ROW > node.scrollTop + node.clientHeight) node.scrollTop = at + ROW - node.clientHeight
  }, [cursor])
  const first = Math.max(0, Math.floor(top / ROW) - SPARE)
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + SPARE)
  const choose = (index: number): void => {
    const row = rows[index]
    if (row === undefined) return
    onCursor(index)
    if ('group' in row) onGroup(row.group)
    else onOpen(row.place)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length }[
      event.key
    ]
    if (step !== undefined) {
      event.preventDefault()
      onCursor(Math.max(0, Math.min(rows.length - 1, cursor + step)))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(cursor)
    }
  }
  return (
    <div
      role="table"
      class={props.meta.changes === undefined ? 'list' : 'list compared'}
      aria-label={texts.findings.heading}
      aria-rowcount={rows.length + 1}
    >
      <Head {...props} />
      <div
        class="rows"
        role="rowgroup"
        ref={box}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={() => setTop(box.current?.scrollTop ?? 0)}
      >
        <div class="space" role="presentation" style={{ height: `${rows.length * ROW}px` }}>
          {rows.slice(first, last).map((row, offset) => {
            const index = first + offset
            return (
              <div
                role="row"
                key={'group' in row ? `g ${row.group}` : row.place}
                aria-rowindex={index + 2}
                class={`row${index === cursor ? ' cursor' : ''}${'group' in row ? ' group' : ''}`}
                style={{ transform: `translateY(${index * ROW}px)` }}
                onClick={() => choose(index)}
              >
                {'group' in row ? <GroupCells row={row} {...props} /> : <Cells place={row.place} {...props} />}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function Head({ texts, filter, meta, onSort }: ListProps): JSX.Element {
  const words = texts.findings
  const names = meta.changes === undefined ? words.columns : { ...words.columns, status: texts.compared.change }
  return (
    <div class="head" role="rowgroup">
      <div class="row" role="row" aria-rowindex={1}>
        {SORT_COLUMNS.map((column) => {
          const isSorted = filter.sort === column
          return (
            <div
              role="columnheader"
              key={column}
              class={`cell ${column}`}
              aria-sort={isSorted ? (filter.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" title={words.sortBy(names[column])} onClick={() => onSort(column)}>
                {names[column]}
                <span aria-hidden="true">{isSorted ? (filter.descending ? ' ▼' : ' ▲') : ''}</span>
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Cells({ place, findings, texts, values, locale, meta }: ListProps & { readonly place: number }): JSX.Element {
  const severity = findings.severity(place)
  const item = findings.item(place)
  const rule = findings.rule(place)
  const impact = findings.impact(place)
  const change = findings.change(place)
  return (
    <>
      <div role="cell" class="cell severity">
        <span class={`badge ${severity}`}>{texts.severity[severity]}</span>
        {change !== null && <span class="dim narrow">{texts.compared.changes[change]}</span>}
      </div>
      <div role="cell" class="cell rule">
        {meta.rules[rule]?.title[locale] ?? rule}
        <span class="dim">{rule}</span>
      </div>
      <div role="cell" class="cell item">
        <bdi>{item === null ? texts.findings.noItem : (item[1] ?? item[0])}</bdi>
        <span class="dim">
          <bdi>{item?.[3] ?? ''}</bdi>
        </span>
      </div>
      <div role="cell" class="cell message">
        <bdi>{findings.message(place, locale)}</bdi>
      </div>
      <div role="cell" class="cell impact">
        {impact === null ? '' : values.money(impact[0], impact[1])}
      </div>
      <div role="cell" class="cell status">
        {change === null ? texts.status[findings.status(place)] : texts.compared.changes[change]}
      </div>
    </>
  )
}

function GroupCells(props: ListProps & { readonly row: Extract<Row, { readonly group: string }> }): JSX.Element {
  const { row, texts } = props
  return (
    <div role="cell" class="cell all">
      <button type="button" aria-expanded={row.open} tabIndex={-1}>
        <span aria-hidden="true">{row.open ? '▾ ' : '▸ '}</span>
        <bdi>{groupName(props)}</bdi> <span class="dim">{texts.causes.findings(row.count)}</span>
      </button>
    </div>
  )
}

function groupName({
  row,
  filter,
  meta,
  texts,
  locale,
  findings,
}: ListProps & { readonly row: { readonly group: string } }): string {
  const { group } = row
  if (filter.group === 'rule') return meta.rules[group]?.title[locale] ?? group
  if (filter.group === 'change') {
    const change = FINDING_CHANGES.find((one) => one === group)
    return change === undefined ? group : texts.compared.changes[change]
  }
  if (filter.group === 'channel') return group === '' ? texts.findings.noChannel : group
  if (filter.group === 'item') return group === '' ? texts.findings.noItem : group
  if (group === '') return texts.findings.noCause
  const cause = meta.causes.find(({ id }) => id === group)
  const root = findings.placeOf(group)
  return cause?.message[locale] ?? (root === null ? group : findings.message(root, locale))
}
