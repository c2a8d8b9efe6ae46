/** @jsxImportSource preact */
/** What every page has around its content: title, language, appearance, the way to its sections. */
import type { ComponentChildren, VNode } from 'preact'
import { pageTexts as en, type PageTexts } from '../../i18n/html.en.ts'
import { pageTexts as es } from '../../i18n/html.es.ts'
import type { Locale } from '../../model/config.ts'

const TEXTS: Readonly<Record<Locale, PageTexts>> = { en, es }

export interface FrameProps {
  readonly locale: Locale
  readonly title: string
  readonly subtitle: string
  /** Where each leads, and its name. */
  readonly nav: readonly (readonly [href: string, name: string])[]
  /** What is said to readers without a script. */
  readonly noScript: string
  readonly footer: string
  readonly children: ComponentChildren
}

export function Frame({ locale, title, subtitle, nav, noScript, footer, children }: FrameProps): VNode {
  const texts = TEXTS[locale]
  const content = `content-${locale}`
  return (
    <main lang={locale} data-title={title}>
      <a class="skip" href={`#${content}`}>
        {texts.skip}
      </a>
      <header class="top">
        <h1>
          {title} <span class="dim">{subtitle}</span>
        </h1>
        <Choice name="language" label={texts.language} value={locale} options={LANGUAGES} />
        <Choice name="theme" label={texts.theme} value="auto" options={texts.themes} />
      </header>
      <nav aria-label={texts.sections}>
        {nav.map(([href, name]) => (
          <a key={href} href={href}>
            {name}
          </a>
        ))}
      </nav>
      <noscript>
        <p>{noScript}</p>
      </noscript>
      <div id={content} tabIndex={-1}>
        {children}
      </div>
      <footer>{footer}</footer>
    </main>
  )
}

const LANGUAGES: Readonly<Record<Locale, string>> = { en: 'English', es: 'Español' }

function Choice(props: {
  readonly name: 'language' | 'theme'
  readonly label: string
  readonly value: string
  readonly options: Readonly<Record<string, string>>
}): VNode {
  return (
    <label>
      {props.label}{' '}
      <select data-choice={props.name}>
        {Object.entries(props.options).map(([value, text]) => (
          <option key={value} value={value} selected={value === props.value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What may be wider than a phone moves by itself, with the keyboard too. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ComponentChildren }): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  )
}
