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
import { Frame } from './frame.tsx'
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
  return written(<Main context={context} />)
}

/** As the page carries it: nothing in it turns text round or moves a cursor. */
export function written(node: VNode): string {
  return `${printable(renderToString(node))}\n`
}

/** From the sections to the packed findings. */
export function openFindings(meta: PageMeta): string {
  return `<script type="application/json" id="about">${inert(meta)}</script>
<script type="application/octet-stream" id="findings">`
}

/** Everything after them. */
export function closePage(assets: Assets): string {
  return `</script>\n${endPage(assets)}`
}

/** The end of a page that carries no findings. */
export function endPage({ script }: Assets): string {
  return `<script>${script}</script>
</body>
</html>
`
}

function Main({ context }: { readonly context: PageContext }): VNode {
  const { texts, report, locale, values } = context
  const { audit, tool } = report.head
  return (
    <Frame
      locale={locale}
      title={titleOf(context)}
      subtitle={texts.asOf(values.instant(audit.as_of))}
      nav={SECTIONS.map((section) => [`#${section}`, texts.nav[section]])}
      noScript={texts.noScript}
      footer={texts.made(tool.version, audit.id)}
    >
      <Overview context={context} />
      <Causes context={context} />
      <Findings context={context} />
      <CoverageSection context={context} />
      <Files context={context} />
    </Frame>
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
