/** The screen of the explorer: causes and rules, their findings, one finding. */
import { Box, Text, useApp, useInput, useStdout } from 'ink'
import { useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { instantText, now } from '../../base/clock.ts'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Finding } from '../../model/report.ts'
import type { SuppressionStatus } from '../../model/silence.ts'
import type { Decision, Exploration } from '../../ops/explore.ts'
import { cut, safe, widthOf } from '../../reports/layout.ts'
import { valuesIn } from '../../reports/values.ts'
import { eachKey } from '../keys.ts'
import { detailLines, type Line } from './detail.ts'
import { Form } from './form.tsx'
import { scrolledTo } from './scroll.ts'
import { Session } from './session.ts'
import { type ListLine, ListWindow } from './window.tsx'

/** Lines that are no list: title, heading, message, keys, and the last, which would make the screen scroll. */
const FRAME = 5
/** Lines of the forms, with their borders. */
const FORM = { accept: 7, suppress: 8 }
const LEAST = { width: 40, height: 10 }
const DAYS = 90

export interface ExplorerProps {
  readonly exploration: Exploration
  readonly texts: ExploreTexts
  /** Who answers for a decision, unless somebody else is named. */
  readonly user: string
}

export function Explorer({ exploration, texts, user }: ExplorerProps) {
  const { exit } = useApp()
  const { width, height } = useSize()
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const kept = useRef<Session | null>(null)
  kept.current ??= new Session(exploration, texts, draw)
  const session = kept.current
  const finding = useFinding(exploration, session.view === 'one' ? session.current : null)
  const values = useMemo(() => valuesIn(exploration.locale, exploration.timezone), [exploration])
  const room = Math.max(1, height - FRAME - (session.form === null ? 0 : FORM[session.form]))
  useInput((input, key) => {
    eachKey(input, key, (one, pressed) => session.press(one, pressed, room))
    if (session.isOver) exit()
  })
  if (width < LEAST.width || height < LEAST.height) return <Text>{texts.tooSmall}</Text>
  const lines =
    finding === null
      ? []
      : detailLines(finding, width - 1, texts, values, exploration.ruleTitle, explainedText(finding, exploration))
  const scroll = Math.min(session.scroll, Math.max(0, lines.length - room))
  const { totals, audit } = exploration.head
  const keys = session.isTyping
    ? texts.keys.filter
    : { entries: texts.keys.list, findings: texts.keys.findings, one: texts.keys.one }[session.view]
  return (
    <Box flexDirection="column" width={width} height={height - 1}>
      <Head
        left={texts.title(safe(exploration.project), values.instant(audit.as_of))}
        right={texts.counts(totals.error, totals.warning, totals.info)}
        width={width}
      />
      <Heading session={session} texts={texts} width={width} />
      <Box flexDirection="column" height={room} flexShrink={0} overflow="hidden">
        {session.view === 'one' ? (
          <Lines lines={lines.slice(scroll, scroll + room)} />
        ) : (
          <List session={session} exploration={exploration} texts={texts} width={width} room={room} />
        )}
      </Box>
      {session.form !== null && (
        <Form
          texts={texts}
          title={texts.forms[session.form]}
          first={firstDecision(session.form === 'accept' ? 'accepted' : 'waiting-fix', user)}
          choosesKind={session.form === 'suppress'}
          today={today()}
          onDone={(decision) => void session.suppress(decision)}
          onCancel={() => session.closeForm()}
        />
      )}
      <Text wrap="truncate" color="green">
        {cut(session.message, width - 1) || ' '}
      </Text>
      <Text wrap="truncate" dimColor>
        {cut(keys, width - 1)}
      </Text>
    </Box>
  )
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

/** The finding at a position, once it is read. */
function useFinding(exploration: Exploration, at: number | null): Finding | null {
  const [read, setRead] = useState<{ readonly at: number; readonly finding: Finding } | null>(null)
  useEffect(() => {
    if (at === null) return
    let isWanted = true
    void exploration.detail(at).then((finding) => {
      if (isWanted) setRead({ at, finding })
    })
    return () => {
      isWanted = false
    }
  }, [exploration, at])
  return read !== null && read.at === at ? read.finding : null
}

interface HeadProps {
  readonly left: string
  readonly right: string
  readonly width: number
}

function Head({ left, right, width }: HeadProps) {
  const title = cut(left, width - 1)
  const rest = width - widthOf(title) - 3
  return (
    <Box height={1} flexShrink={0}>
      <Text wrap="truncate">
        <Text bold>{title}</Text>
        <Text dimColor>{rest > 10 ? `  ${cut(right, rest)}` : ''}</Text>
      </Text>
    </Box>
  )
}

interface HeadingProps {
  readonly session: Session
  readonly texts: ExploreTexts
  readonly width: number
}

function Heading({ session, texts, width }: HeadingProps) {
  const { counts, place, view, isTyping } = session
  const position = view === 'one' ? texts.shown(place.cursor + 1, counts.shown) : texts.shown(counts.shown, counts.all)
  const filter =
    view === 'one' || (place.filter === '' && !isTyping) ? '' : `${texts.filter} ${place.filter}${isTyping ? '▏' : ''}`
  const room = Math.max(8, width - widthOf(position) - widthOf(filter) - 4)
  return (
    <Box height={1} flexShrink={0}>
      <Text wrap="truncate" color="cyan">
        {cut(safe(session.heading), room)} <Text dimColor>{position}</Text> {filter}
      </Text>
    </Box>
  )
}

interface ListProps extends HeadingProps {
  readonly exploration: Exploration
  readonly room: number
}

function List({ session, exploration, texts, width, room }: ListProps) {
  const { counts, place } = session
  if (counts.shown === 0) return <Text>{texts.none}</Text>
  const top = scrolledTo(place.cursor, room, place.top, counts.shown)
  const lines =
    session.view === 'entries'
      ? session.entries.slice(top, top + room).map(
          (entry): ListLine => ({
            key: JSON.stringify(entry.scope),
            severity: entry.severity,
            text: entry.text,
            note: texts.explains(entry.count),
            isMarked: false,
          }),
        )
      : session.rows.slice(top, top + room).flatMap((at): readonly ListLine[] => {
          const row = exploration.rows[at]
          if (row === undefined) return []
          const { id, severity, message, status } = row
          return [
            { key: `${at}`, severity, text: message, note: texts.status[status], isMarked: exploration.marked.has(id) },
          ]
        })
  return <ListWindow lines={lines} cursor={place.cursor - top} width={width} texts={texts} />
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

function explainedText(finding: Finding, { head, rows }: Exploration): string | null {
  const by = finding.explained_by
  if (by === null) return null
  return head.causes.find(({ id }) => id === by)?.message ?? rows.find(({ id }) => id === by)?.message ?? by
}

function today(): string {
  return instantText(now()).slice(0, 10)
}

function firstDecision(status: SuppressionStatus, owner: string): Decision {
  const expires = instantText(new Date(now().getTime() + DAYS * 86_400_000)).slice(0, 10)
  return { status, reason: '', owner, expires }
}
