/** The part of a long list that the screen shows. */
import { Box, Text } from 'ink'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Severity } from '../../model/config.ts'
import { cut, safe, widthOf } from '../../reports/layout.ts'

export interface ListLine {
  readonly key: string
  readonly severity: Severity | null
  readonly text: string
  /** At the right edge. */
  readonly note: string
  readonly isMarked: boolean
}

const COLOURS: Readonly<Record<Severity, string>> = { error: 'red', warning: 'yellow', info: 'blue' }

export interface WindowProps {
  readonly lines: readonly ListLine[]
  /** Position of the cursor among `lines`. */
  readonly cursor: number
  readonly width: number
  readonly texts: ExploreTexts
}

export function ListWindow({ lines, cursor, width, texts }: WindowProps) {
  const badge = Math.max(...Object.values(texts.severity).map(widthOf))
  return (
    <Box flexDirection="column">
      {lines.map(({ key, severity, text, note, isMarked }, at) => {
        const room = Math.max(10, width - badge - widthOf(note) - 6)
        const shown = cut(safe(text), room)
        const gap = ' '.repeat(Math.max(1, room - widthOf(shown) + 1))
        return (
          <Text key={key} inverse={at === cursor} wrap="truncate">
            {isMarked ? '●' : ' '}{' '}
            <Text {...(severity === null ? {} : { color: COLOURS[severity] })}>
              {(severity === null ? '' : texts.severity[severity]).padEnd(badge)}
            </Text>{' '}
            {shown}
            {gap}
            <Text dimColor>{note}</Text>
          </Text>
        )
      })}
    </Box>
  )
}
