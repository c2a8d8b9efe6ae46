import { type Instance, render } from 'ink'
import type { ReactNode } from 'react'

/**
 * Draws until the person leaves or the signal comes.
 *
 * @returns What was drawn, still on the terminal.
 */
export async function drawnUntilLeft(
  element: ReactNode,
  stdout: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Instance> {
  const app = render(element, { stdout, patchConsole: false, exitOnCtrlC: false })
  const stop = (): void => app.unmount()
  signal.addEventListener('abort', stop)
  try {
    await app.waitUntilExit()
    return app
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
