/** Takes the whole screen, and gives it back however the explorer ends. */
import { userInfo } from 'node:os'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Exploration } from '../../ops/explore.ts'
import { drawnUntilLeft } from '../screen.ts'
import { Explorer } from './explorer.tsx'

const ENTER = '\u001b[?1049h\u001b[H'
const LEAVE = '\u001b[?1049l\u001b[?25h'

/** @returns When the person leaves, or the signal comes. */
export async function exploreOnScreen(
  exploration: Exploration,
  texts: ExploreTexts,
  stdout: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  const leave = (): void => void stdout.write(LEAVE)
  stdout.write(ENTER)
  // A crash must not leave the person in front of an empty screen.
  process.once('exit', leave)
  try {
    await drawnUntilLeft(<Explorer exploration={exploration} texts={texts} user={userName()} />, stdout, signal)
  } finally {
    process.off('exit', leave)
    leave()
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
