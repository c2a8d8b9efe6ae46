/** @jsxImportSource preact */
/** The page: one file without any request, its script and style allowed by their hashes alone. */
import { createHash } from 'node:crypto'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { printable } from '../../base/text.ts'
import type { Locale } from '../../model/config.ts'
import { Causes } from './causes.tsx'
import type { PageContext } from './context.ts'
import { CoverageSection } from './coverage.tsx'
import { Files } from './files.tsx'
import { Findings } from './findings.tsx'
import { Overview } from './overview.tsx'
import { visible } from './pack.ts'
import type { PageMeta } from './payload.ts'

export interface Assets {
  readonly script: string
  readonly style: string
}

const SECTIONS = ['overview', 'causes', 'findings', 'coverage', 'files'] as const

/** The head of the page: it needs nothing of the findings. */
export function openPage(title: string, locale: Locale, { script, style }: Assets): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const head = renderToString(
    <>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <meta name="generator" content="omniparity" />
      <title>{printable(title)}</title>
    </>,
  )
  return `<!doctype html>
<html lang="${locale}" data-lang="${locale}" data-theme="auto">
<head>
${head}
<style>${style}</style>
</head>
<body>
`
}

/** What stands in the page in one language. */
export function mainOf(context: PageContext): string {
  return `${printable(renderToString(<Main context={context} />))}\n`
}

/** From the sections to the packed findings. */
export function openFindings(meta: PageMeta): string {
  return `<script type="application/json" id="about">${inert(meta)}</script>
<script type="application/octet-stream" id="findings">`
}

/** Everything after them. */
export function closePage({ script }: Assets): string {
  return `</script>
<script>${script}</script>
</body>
</html>
`
}

function Main({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, locale, values } = context
  const { audit, tool } = report.head
  const content = `content-${locale}`
  return (
    <main lang={locale} data-title={titleOf(context)}>
      <a class="skip" href={`#${content}`}>
        {texts.skip}
      </a>
      <header class="top">
        <h1>
          {titleOf(context)} <span class="dim">{texts.asOf(values.instant(audit.as_of))}</span>
        </h1>
        <Choice name="language" label={texts.language} value={locale} options={LANGUAGES} />
        <Choice name="theme" label={texts.theme} value="auto" options={texts.themes} />
      </header>
      <nav aria-label={texts.sections}>
        {SECTIONS.map((section) => (
          <a key={section} href={`#${section}`}>
            {texts.nav[section]}
          </a>
        ))}
      </nav>
      <noscript>
        <p>{texts.noScript}</p>
      </noscript>
      <div id={content} tabIndex={-1}>
        <Overview context={context} />
        <Causes context={context} />
        <Findings context={context} />
        <CoverageSection context={context} />
        <Files context={context} />
      </div>
      <footer>{texts.made(tool.version, audit.id)}</footer>
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

export function titleOf({ texts, report }: Pick<PageContext, 'texts' | 'report'>): string {
  return texts.title(report.project ?? 'omniparity')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** JSON that no reader of markup can take for a tag or a comment. */
function inert(value: object): string {
  return JSON.stringify(value, visible)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
