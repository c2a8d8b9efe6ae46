/** Keys that came at once: a busy program reads several of them as one text. */
import type { Key } from 'ink'

const NONE: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
}

/** Each key by itself: `es⏎` is an e, an s and Enter, as if they had been typed slowly. */
export function eachKey(input: string, key: Key, press: (input: string, key: Key) => void): void {
  if ([...input].length < 2 || key.ctrl || key.meta) press(input, key)
  else for (const one of input) pressOne(one, press)
}

function pressOne(one: string, press: (input: string, key: Key) => void): void {
  if (one === '\r' || one === '\n') press('', { ...NONE, return: true })
  else if (one === '\u007f' || one === '\b') press('', { ...NONE, backspace: true })
  else if (one === '\t') press('', { ...NONE, tab: true })
  else if (one === '\u001b') press('', { ...NONE, escape: true })
  else press(one, NONE)
}
