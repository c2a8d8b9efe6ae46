/** A page that can be read whole without a script: only its language and appearance need one. */
import { followChoices, showLanguage } from './choices.ts'

followChoices(showLanguage)
