/** `omniparity-marks/1`: findings that somebody chose for the plan; `<state>/marks.json`. */
import { z } from 'zod'

export const MARKS_FILE = 'marks.json'

export const marksSchema = z.strictObject({
  format: z.literal('omniparity-marks/1'),
  /** Ids of findings: the same in every audit that finds them. */
  findings: z.array(z.string()),
})
export type Marks = z.infer<typeof marksSchema>
