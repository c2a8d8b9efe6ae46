import type { PageTexts } from '../../../i18n/html.en.ts'
import type { Locale } from '../../../model/config.ts'
import type { Values } from '../../values.ts'
import type { PageMeta } from '../payload.ts'
import type { Findings } from './data.ts'

export interface DrawerProps {
  readonly place: number
  readonly findings: Findings
  readonly meta: PageMeta
  readonly texts: PageTexts
  readonly values: Values
  readonly locale: Locale
  readonly onClose: () => void
  readonly onStep: (step: 1 | -1) => void
  readonly onOpen: (place: number) => void
}
