import { Box, render, Static, Text } from 'ink'
import { useEffect, useState } from 'react'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const
const FRAME_MS = 80

function Spinner() {
  const [frame, setFrame] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setFrame((before) => (before + 1) % FRAMES.length), FRAME_MS)
    return () => clearInterval(timer)
  }, [])
  return <Text color="cyan">{FRAMES[frame]}</Text>
}

function ProgressLine({ line }: { readonly line: string }) {
  if (line === '') return null
  return (
    <Box gap={1}>
      <Spinner />
      <Text wrap="truncate-middle">{line}</Text>
    </Box>
  )
}

interface View {
  readonly line: string
  /** Printed above the line, each once. */
  readonly notes: readonly string[]
}

function ProgressView({ line, notes }: View) {
  return (
    <>
      <Static items={[...notes]}>{(note, index) => <Text key={index}>{note}</Text>}</Static>
      <ProgressLine line={line} />
    </>
  )
}

export interface LiveProgress {
  readonly show: (line: string) => void
  /** Prints a note that stays. Written beside the library it would be drawn over. */
  readonly note: (text: string) => void
  readonly close: () => void
}

/** Draws one line that moves on a terminal, until it is closed. */
export function drawProgress(stream: NodeJS.WriteStream, first: string): LiveProgress {
  let view: View = { line: first, notes: [] }
  const app = render(<ProgressView {...view} />, { stdout: stream, patchConsole: false, exitOnCtrlC: false })
  const draw = (change: Partial<View>): void => {
    view = { ...view, ...change }
    app.rerender(<ProgressView {...view} />)
  }
  return {
    show: (line) => draw({ line }),
    note: (text) => draw({ notes: [...view.notes, text.replace(/\n$/, '')] }),
    close() {
      draw({ line: '' })
      app.unmount()
    },
  }
}
