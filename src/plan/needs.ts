/** The flags that agree to what a plan would not do by itself. */
import { CHANGE_NEEDS, type ChangeNeed } from '../model/plan.ts'

/** `--allow-large-price-change`. */
export function flagOf(need: ChangeNeed): string {
  return `--allow-${need.replaceAll('_', '-')}`
}

export function needsOf(text: string): readonly ChangeNeed[] {
  if (text === '') return []
  return CHANGE_NEEDS.filter((need) => text.split(' ').includes(need))
}
