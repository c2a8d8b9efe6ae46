/** The explorer: causes and rules, their findings, one finding; each list is filtered as one types. */
import { Box, type Key, Text, useApp, useInput, useStdout } from 'ink'
import { useEffect, useMemo, useState } from 'react'
import { instantText, now } from '../../base/clock.ts'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Finding } from '../../model/report.ts'
import type { SuppressionStatus } from '../../model/silence.ts'
import type { Decision, Exploration } from '../../ops/explore.ts'
import { cut, safe } from '../../reports/layout.ts'
import { valuesIn } from '../../reports/values.ts'
import { detailLines, type Line } from './detail.ts'
import { type Entry, entriesOf, entriesWith, rowsIn, type Scope } from './entries.ts'
import { Form } from './form.tsx'
import { type ListLine, ListWindow, scrolledTo } from './window.tsx'

/** Lines that are no list: title, heading, message, keys, and the last, which would make the screen scroll. */
const FRAME = 5
/** Lines of the forms, with their borders. */
const FORM = { accept: 7, suppress: 8 }
const LEAST = { width: 40, height: 10 }
const DAYS = 90

interface Place {
  readonly filter: string
  readonly cursor: number
  readonly top: number
}
const START: Place = { filter: '', cursor: 0, top: 0 }

interface State {
  readonly view: 'entries' | 'findings' | 'one'
  readonly scope: Scope
  readonly entries: Place
  readonly findings: Place
  /** First line shown of the finding. */
  readonly scroll: number
  readonly isTyping: boolean
  readonly form: 'accept' | 'suppress' | null
  readonly message: string
}

export interface ExplorerProps {
  readonly exploration: Exploration
  readonly texts: ExploreTexts
  /** Who answers for a decision, unless somebody else is named. */
  readonly user: string
}

export function Explorer({ exploration, texts, user }: ExplorerProps) {
  const { exit } = useApp()
  const { width, height } = useSize()
  const [state, setState] = useState<State>({
    view: 'entries',
    scope: 'all',
    entries: START,
    findings: START,
    scroll: 0,
    isTyping: false,
    form: null,
    message: '',
  })
  const [finding, setFinding] = useState<Finding | null>(null)
  const [, setMarks] = useState(0)
  const change = (part: Partial<State>): void => setState((before) => ({ ...before, message: '', ...part }))
  const values = useMemo(() => valuesIn(exploration.locale, exploration.timezone), [exploration])
  const entries = useMemo(() => entriesOf(exploration, texts), [exploration, texts])
  const shownEntries = useMemo(() => entriesWith(entries, state.entries.filter), [entries, state.entries.filter])
  const rows = useMemo(
    () => (state.view === 'entries' ? [] : rowsIn(exploration.rows, state.scope, state.findings.filter)),
    [exploration, state.view, state.scope, state.findings.filter],
  )
  const list = state.view === 'entries' ? shownEntries : rows
  const place = state.view === 'entries' ? state.entries : state.findings
  const room = Math.max(1, height - FRAME)
  const current = rows[state.findings.cursor]
  const row = current === undefined ? undefined : exploration.rows[current]

  useEffect(() => {
    if (state.view !== 'one' || current === undefined) return
    let isWanted = true
    void exploration.detail(current).then((found) => {
      if (isWanted) setFinding(found)
    })
    return () => {
      isWanted = false
    }
  }, [exploration, state.view, current])

  const moveTo = (cursor: number): void => {
    const to = Math.max(0, Math.min(list.length - 1, cursor))
    const moved = { ...place, cursor: to, top: scrolledTo(to, room, place.top, list.length) }
    change(state.view === 'entries' ? { entries: moved } : { findings: moved, scroll: 0 })
  }
  const filterBy = (filter: string, isTyping: boolean): void => {
    const filtered = { ...START, filter }
    change(state.view === 'entries' ? { entries: filtered, isTyping } : { findings: filtered, isTyping })
  }
  const open = (): void => {
    if (state.view === 'findings' && row !== undefined) change({ view: 'one', scroll: 0 })
    const entry = shownEntries[state.entries.cursor]
    if (state.view === 'entries' && entry !== undefined)
      change({ view: 'findings', scope: entry.scope, findings: START })
  }
  const back = (): void => {
    if (state.view === 'one') change({ view: 'findings' })
    else if (place.filter !== '') filterBy('', false)
    else if (state.view === 'findings') change({ view: 'entries' })
  }
  const decide = (form: 'accept' | 'suppress'): void => {
    if (row === undefined) return
    const { cannotSuppress } = exploration
    if (cannotSuppress === null) change({ form })
    else change({ message: cannotSuppress === 'no-file' ? texts.noFile : texts.noProject })
  }
  const mark = (): void => {
    const id = row?.id ?? causeOf(shownEntries[state.entries.cursor])
    if (id === undefined || id === null) return
    exploration.mark(id).then(
      () => {
        setMarks((before) => before + 1)
        change({ message: `${texts.marked(exploration.marked.size)} ${texts.markedHint}` })
      },
      (error: unknown) => change({ message: error instanceof Error ? error.message : String(error) }),
    )
  }
  const suppress = (decision: Decision): void => {
    if (row === undefined) return
    exploration.suppress(row, decision).then(
      (file) => change({ form: null, message: texts.done(file) }),
      (error: unknown) => change({ form: null, message: error instanceof Error ? error.message : String(error) }),
    )
  }
  const move = (input: string, key: Key): boolean => {
    const step = stepOf(input, key, room, list.length)
    if (step === null) return false
    if (state.view === 'one') change({ scroll: Math.max(0, state.scroll + step) })
    else moveTo(place.cursor + step)
    return true
  }
  useInput(
    (input, key) => {
      if (state.isTyping) {
        if (key.escape) filterBy('', false)
        else if (key.return) change({ isTyping: false })
        else if (key.upArrow || key.downArrow) move(input, key)
        else if (key.backspace || key.delete) filterBy([...place.filter].slice(0, -1).join(''), true)
        else if (!key.ctrl && !key.meta) filterBy(place.filter + input.replace(/\p{Cc}/gu, ''), true)
        return
      }
      if (input === 'q' || (key.ctrl && input === 'c')) exit()
      else if (state.view === 'one' && (key.leftArrow || key.rightArrow)) {
        moveTo(state.findings.cursor + (key.leftArrow ? -1 : 1))
      } else if (move(input, key)) return
      else if (key.return || key.rightArrow) open()
      else if (key.escape || key.leftArrow || key.backspace) back()
      else if (input === '/' && state.view !== 'one') change({ isTyping: true })
      else if (input === 'f') change({ view: 'findings', scope: 'all', findings: START })
      else if (input === 'a') decide('accept')
      else if (input === 's') decide('suppress')
      else if (input === 'p') mark()
    },
    { isActive: state.form === null },
  )

  if (width < LEAST.width || height < LEAST.height) return <Text>{texts.tooSmall}</Text>
  const { totals, audit } = exploration.head
  const title = texts.title(safe(exploration.project), values.instant(audit.as_of))
  const heading = { entries: texts.causes, findings: scopeName(state.scope, entries), one: texts.finding }[state.view]
  const top = scrolledTo(place.cursor, room, place.top, list.length)
  const explains = explainedText(finding, exploration)
  const lines =
    state.view === 'one' && finding !== null && finding.id === row?.id
      ? detailLines(finding, width - 1, texts, values, exploration.ruleTitle, explains)
      : []
  const scroll = Math.min(state.scroll, Math.max(0, lines.length - room))
  return (
    <Box flexDirection="column" width={width} height={height - 1}>
      <Text wrap="truncate">
        <Text bold>{cut(title, width - 1)}</Text>
        <Text
          dimColor
        >{` ${cut(texts.counts(totals.error, totals.warning, totals.info), Math.max(1, width - title.length - 2))}`}</Text>
      </Text>
      <Text wrap="truncate" color="cyan">
        {cut(safe(heading), width - 30)}{' '}
        <Text dimColor>
          {state.view === 'one'
            ? positionText(state, rows, texts)
            : texts.shown(list.length, state.view === 'entries' ? entries.length : exploration.rows.length)}
        </Text>
        {(state.isTyping || place.filter !== '') && state.view !== 'one'
          ? ` ${texts.filter} ${place.filter}${state.isTyping ? '▏' : ''}`
          : ''}
      </Text>
      <Box
        flexDirection="column"
        height={Math.max(1, room - (state.form === null ? 0 : FORM[state.form]))}
        overflow="hidden"
      >
        {state.view === 'one' ? (
          <Lines lines={lines.slice(scroll, scroll + room)} />
        ) : list.length === 0 ? (
          <Text>{texts.none}</Text>
        ) : (
          <ListWindow
            lines={listLines(state, exploration, shownEntries, rows, texts).slice(top, top + room)}
            cursor={place.cursor - top}
            width={width}
            texts={texts}
          />
        )}
      </Box>
      {state.form !== null && (
        <Form
          texts={texts}
          title={state.form === 'accept' ? texts.forms.accept : texts.forms.suppress}
          first={firstDecision(state.form === 'accept' ? 'accepted' : 'waiting-fix', user)}
          choosesKind={state.form === 'suppress'}
          today={instantText(now()).slice(0, 10)}
          onDone={suppress}
          onCancel={() => change({ form: null })}
        />
      )}
      <Text wrap="truncate" color="green">
        {cut(state.message, width - 1) || ' '}
      </Text>
      <Text wrap="truncate" dimColor>
        {cut(
          state.isTyping
            ? texts.keys.filter
            : { entries: texts.keys.list, findings: texts.keys.findings, one: texts.keys.one }[state.view],
          width - 1,
        )}
      </Text>
    </Box>
  )
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  // Lines and pieces have nothing but their place to be known by, and are drawn anew as a whole.
  const numbered = lines.map((line, at) => ({ at, pieces: line.map((piece, place) => ({ ...piece, place })) }))
  return numbered.map(({ at, pieces }) => (
    <Text key={at} wrap="truncate">
      {pieces.length === 0
        ? ' '
        : pieces.map(({ place, text, look }) => (
            <Text key={place} bold={look === 'bold'} dimColor={look === 'dim'} inverse={look === 'differs'}>
              {text}
            </Text>
          ))}
    </Text>
  ))
}

function useSize(): { readonly width: number; readonly height: number } {
  const { stdout } = useStdout()
  const [size, setSize] = useState({ width: stdout.columns, height: stdout.rows })
  useEffect(() => {
    const measure = (): void => setSize({ width: stdout.columns, height: stdout.rows })
    stdout.on('resize', measure)
    return () => void stdout.off('resize', measure)
  }, [stdout])
  return size
}

/** How far a key moves; null for a key that does not. */
function stepOf(input: string, key: Key, room: number, length: number): number | null {
  if (key.upArrow || input === 'k') return -1
  if (key.downArrow || input === 'j') return 1
  if (key.pageUp) return -room
  if (key.pageDown || input === ' ') return room
  if (input === 'g' || key.home) return -length
  if (input === 'G' || key.end) return length
  return null
}

function causeOf(entry: Entry | undefined): string | null {
  return entry !== undefined && typeof entry.scope !== 'string' && 'cause' in entry.scope ? entry.scope.cause : null
}

function scopeName(scope: Scope, entries: readonly Entry[]): string {
  return entries.find((entry) => JSON.stringify(entry.scope) === JSON.stringify(scope))?.text ?? ''
}

function positionText({ findings }: State, rows: readonly number[], texts: ExploreTexts): string {
  return texts.shown(findings.cursor + 1, rows.length)
}

function explainedText(finding: Finding | null, { head, rows }: Exploration): string | null {
  const by = finding?.explained_by ?? null
  if (by === null) return null
  return head.causes.find(({ id }) => id === by)?.message ?? rows.find(({ id }) => id === by)?.message ?? by
}

function firstDecision(status: SuppressionStatus, owner: string): Decision {
  const expires = instantText(new Date(now().getTime() + DAYS * 86_400_000)).slice(0, 10)
  return { status, reason: '', owner, expires }
}

function listLines(
  { view }: State,
  exploration: Exploration,
  entries: readonly Entry[],
  rows: readonly number[],
  texts: ExploreTexts,
): readonly ListLine[] {
  if (view === 'entries') {
    return entries.map((entry) => ({
      key: JSON.stringify(entry.scope),
      severity: entry.severity,
      text: entry.text,
      note: texts.explains(entry.count),
      isMarked: exploration.marked.has(causeOf(entry) ?? ''),
    }))
  }
  return rows.flatMap((at): readonly ListLine[] => {
    const row = exploration.rows[at]
    if (row === undefined) return []
    return [
      {
        key: `${at}`,
        severity: row.severity,
        text: row.message,
        note: texts.status[row.status],
        isMarked: exploration.marked.has(row.id),
      },
    ]
  })
}
