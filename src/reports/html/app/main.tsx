/** Brings the page to life: sections, language, appearance, and the list of findings. */
import { render } from 'preact'
import type { Locale } from '../../../model/config.ts'
import type { PageMeta } from '../payload.ts'
import { App, TEXTS } from './app.tsx'
import { followChoices, showLanguage } from './choices.ts'
import { Findings, unpack } from './data.ts'
import { type Filter, filterOf, NO_FILTER, searchOf } from './filter.ts'

/** As the head of the page names them. */
const SECTIONS = [...document.querySelectorAll('main[lang=en] nav a')].map(
  (a) => a.getAttribute('href')?.slice(1) ?? '',
)

const root = document.documentElement
const meta = JSON.parse(document.getElementById('about')?.textContent ?? '{}') as PageMeta
const findings = new Findings()
let locale: Locale = meta.locale
let section = 'overview'
let filter: Filter = NO_FILTER
/** Set while the address follows the page, so that the page does not follow it back. */
let written = ''
/** Findings between two breaths of the page. */
const WARMED = 2000

function draw(): void {
  for (const node of document.querySelectorAll<HTMLElement>('[data-app]')) {
    const isShown = node.dataset['app'] === locale && section === 'findings'
    render(
      isShown ? <App {...{ findings, meta, locale, filter }} loaded={findings.length} onFilter={setFilter} /> : null,
      node,
    )
  }
}

function setFilter(next: Filter): void {
  filter = next
  const search = searchOf(filter)
  written = search === '' ? '#findings' : `#findings?${search}`
  history.replaceState(null, '', written)
  draw()
}

/** The page as the address says it. */
function follow(): void {
  const hash = location.hash
  if (hash === written && hash !== '') return
  written = ''
  const [name = '', search = ''] = hash.slice(1).split('?')
  const cause = /^cause-(en|es)-/.test(name)
  section = cause ? 'causes' : (SECTIONS.find((one) => one === name) ?? 'overview')
  if (section === 'findings') filter = filterOf(search)
  show()
  if (cause) document.getElementById(name)?.scrollIntoView()
  else window.scrollTo(0, 0)
}

function show(): void {
  root.dataset['section'] = section
  showLanguage(locale)
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav a')) {
    if (link.getAttribute('href') === `#${section}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  draw()
}

function onKey(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  if (section !== 'findings') location.hash = '#findings'
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`main[lang=${locale}] .search`)?.focus())
}

async function load(): Promise<void> {
  const data = document.getElementById('findings')
  const packed = data?.textContent?.trim() ?? ''
  data?.remove()
  if (packed === '') return
  if (typeof DecompressionStream === 'undefined') {
    for (const node of document.querySelectorAll('[data-app]')) node.textContent = TEXTS[locale].tooOld
    return
  }
  let drawn = 0
  await unpack(packed, (chunk) => {
    findings.add(chunk)
    if (drawn > 0 && findings.length < drawn * 4) return
    drawn = findings.length
    draw()
  })
  draw()
  warm(0)
}

/** Prepares the search while nobody waits for it. */
function warm(from: number): void {
  const to = Math.min(findings.length, from + WARMED)
  for (let place = from; place < to; place++) findings.haystack(place, locale)
  if (to < findings.length) setTimeout(() => warm(to), 0)
}

root.classList.add('js')
followChoices((chosen) => {
  locale = chosen
  show()
})
addEventListener('hashchange', follow)
addEventListener('keydown', onKey)
follow()
void load()
