/** Findings that somebody chose for the plan, in the state folder. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MARKS_FILE, type Marks, marksSchema } from '../model/marks.ts'

/** What was marked in a state folder; nothing where nothing was, or where the file is not ours. */
export async function readMarks(state: string): Promise<Marks> {
  const none: Marks = { format: 'omniparity-marks/1', findings: [] }
  const text = await readFile(join(state, MARKS_FILE), 'utf8').catch(() => null)
  if (text === null) return none
  try {
    return marksSchema.parse(JSON.parse(text))
  } catch {
    return none
  }
}

export async function writeMarks(state: string, marks: Marks): Promise<void> {
  await mkdir(state, { recursive: true, mode: 0o700 })
  const path = join(state, MARKS_FILE)
  const partial = `${path}.partial-${process.pid}`
  await writeFile(partial, `${JSON.stringify(marks, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, path)
}
