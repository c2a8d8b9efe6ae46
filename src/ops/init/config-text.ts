/** The configuration that `init` writes: commented, in the language of the person, open where only they can know. */
import { stringify } from 'yaml'
import { initTexts as en } from '../../i18n/init.en.ts'
import { initTexts as es } from '../../i18n/init.es.ts'
import type { Locale } from '../../model/config.ts'
import { DOMAINS, type Draft, type DraftChannel } from './draft.ts'

const TEXTS = { en, es }

/** A value as YAML writes it on one line, quoted where it has to be. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, singleQuote: false }).trimEnd()
}

function remark(text: string): string {
  return `# ${text.replaceAll(/\s+/g, ' ')}`
}

export function configText(draft: Draft, locale: Locale): string {
  const { config: words } = TEXTS[locale]
  const said = (key: string, value: string, example: string, why: string): string =>
    value === '' ? `${`# ${key}: ${example}`.padEnd(31)} ${remark(why)}` : `${key}: ${scalar(value)}`
  const lines = [
    remark(words.head),
    'version: 1',
    `project: ${scalar(draft.project)}`,
    `locale: ${locale}`,
    said('market', draft.market, 'ES', words.market),
    said(
      'currency',
      draft.currency,
      draft.currencyOfSome || 'EUR',
      draft.currencyOfSome === '' ? words.currency : words.currencyOfSome,
    ),
    said('timezone', draft.timezone, 'Europe/Madrid', words.timezone),
    `${'extends: [recommended]'.padEnd(31)} ${remark(words.packs)}`,
    '',
    'channels:',
    ...draft.channels.flatMap((channel) => channelLines(channel, locale)),
    ...stray(draft, locale),
    '',
    ...authority(draft, locale),
  ]
  return `${lines.join('\n')}\n`
}

function channelLines({ id, kind, includesTax, files }: DraftChannel, locale: Locale): readonly string[] {
  const { config: words } = TEXTS[locale]
  const platforms = [...new Set(files.map(({ platform }) => platform))]
  return [
    `  ${scalar(id)}:`,
    `    ${`kind: ${kind}`.padEnd(27)} ${remark(words.kind)}`,
    includesTax === null
      ? `    ${'# includes_tax: true'.padEnd(27)} ${remark(words.tax)}`
      : `    includes_tax: ${includesTax}`,
    `    ${'# stock_pool: shared'.padEnd(27)} ${remark(words.stockPool)}`,
    `    ${'# assortment: full'.padEnd(27)} ${remark(words.assortment)}`,
    '    sources:',
    ...platforms.flatMap((platform) => {
      const paths = files.filter((file) => file.platform === platform).map(({ path }) => path)
      const [first] = paths
      return paths.length === 1 && first !== undefined
        ? [`      - platform: ${platform}`, `        path: ${scalar(first)}`]
        : [`      - platform: ${platform}`, '        path:', ...paths.map((path) => `          - ${scalar(path)}`)]
    }),
  ]
}

function stray({ stray: files, unknown, copies }: Draft, locale: Locale): readonly string[] {
  const { config: words } = TEXTS[locale]
  return [
    ...(files.length === 0 ? [] : ['', remark(words.notAssigned)]),
    ...files.map(({ path, platform }) => `#     - {platform: ${platform}, path: ${scalar(path)}}`),
    ...(copies.length === 0 ? [] : ['']),
    ...copies.map(({ path, of }) => remark(`${path}: ${TEXTS[locale].copyOf(of)}`)),
    ...(unknown.length === 0 ? [] : ['', remark(words.notUnderstood)]),
    ...unknown.flatMap(({ path, reason }) => [remark(`- ${path}`), remark(`  ${reason}`)]),
  ]
}

function authority(draft: Draft, locale: Locale): readonly string[] {
  const { config: words } = TEXTS[locale]
  const said = DOMAINS.filter((domain) => draft.authority[domain] !== null)
  const example = draft.channels.find(({ kind }) => kind === 'erp' || kind === 'store') ?? draft.channels[0]
  const open = DOMAINS.filter((domain) => draft.authority[domain] === null)
  return [
    ...(open.length === 0 ? [] : [remark(words.authority)]),
    said.length === 0 ? '# authority:' : 'authority:',
    ...said.map((domain) => `  ${domain}: ${scalar(draft.authority[domain] ?? '')}`),
    ...open.map((domain) => `#   ${domain}: ${scalar(example?.id ?? 'channel')}`),
  ]
}
