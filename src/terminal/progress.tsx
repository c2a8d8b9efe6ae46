import { Box, render, Text } from 'ink'
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

/** Draws one line that moves on a terminal, until it is closed. */
export function drawProgress(
  stream: NodeJS.WriteStream,
  first: string,
): { readonly show: (line: string) => void; readonly close: () => void } {
  const app = render(<ProgressLine line={first} />, { stdout: stream, patchConsole: false, exitOnCtrlC: false })
  return {
    show: (line) => app.rerender(<ProgressLine line={line} />),
    close() {
      app.rerender(<ProgressLine line="" />)
      app.unmount()
    },
  }
}
