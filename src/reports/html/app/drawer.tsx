/** One finding with everything that is known of it. */

import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Compared, ComparedSides } from './compared-sides.tsx'
import type { SideView } from './data.ts'
import type { DrawerProps } from './drawer-props.ts'
import { placeText } from './place-text.ts'

/** Findings that a root explains, listed in its drawer. */
const EXPLAINED = 20

export function Drawer(props: DrawerProps): JSX.Element {
  const { place, findings, meta, texts, values, locale, onClose, onStep } = props
  const words = texts.findings
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  const severity = findings.severity(place)
  const item = findings.item(place)
  const rule = findings.rule(place)
  const about = meta.rules[rule]
  const impact = findings.impact(place)
  const suppression = findings.suppression(place)
  const firstSeen = findings.firstSeen(place)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'ArrowDown' && event.altKey) onStep(1)
    else if (event.key === 'ArrowUp' && event.altKey) onStep(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="drawer" role="dialog" aria-label={words.one} tabIndex={-1} ref={box} onKeyDown={onKeyDown}>
      <div class="bar">
        <button type="button" onClick={() => onStep(-1)} title={words.previous} aria-label={words.previous}>
          ↑
        </button>
        <button type="button" onClick={() => onStep(1)} title={words.next} aria-label={words.next}>
          ↓
        </button>
        <a href={`#findings?id=${encodeURIComponent(findings.id(place))}&kind=all`}>{words.copyLink}</a>
        <button type="button" class="close" onClick={onClose} aria-label={words.close} title={words.close}>
          ✕
        </button>
      </div>
      <h3>
        <span class={`badge ${severity}`}>{texts.severity[severity]}</span> <bdi>{findings.message(place, locale)}</bdi>
      </h3>
      <p class="dim">
        {about?.title[locale] ?? rule} <code>{rule}</code>
        {findings.code(place) !== null && <code> {findings.code(place)}</code>}
      </p>
      {item !== null && (
        <p>
          <strong>
            <bdi>{item[1] ?? item[0]}</bdi>
          </strong>
          {item[2] !== null && <span class="dim"> {item[2]}</span>}
          <br />
          <bdi>{item[3] ?? ''}</bdi>
        </p>
      )}
      <Compared {...props} />
      <h4>{words.sides}</h4>
      {findings.before(place) === null ? <Sides {...props} /> : <ComparedSides {...props} />}
      <Proposal {...props} />
      {impact !== null && (
        <p>
          <strong>{texts.overview.stake}:</strong> {values.money(impact[0], impact[1])} (
          {impact[2] === 1 ? texts.overview.measured : texts.overview.modelled})
        </p>
      )}
      <Explained {...props} />
      {suppression !== null && (
        <p>
          {words.suppressedBy(suppression[0], suppression[1])}: <bdi>{suppression[2]}</bdi>
        </p>
      )}
      {firstSeen !== null && (
        <p>
          <strong>{words.firstSeen}:</strong> {values.instant(firstSeen)}
        </p>
      )}
      {about !== undefined && (
        <>
          <h4>{words.why}</h4>
          <p>{about.why[locale]}</p>
          <h4>{words.remedy}</h4>
          <p>{about.fix[locale]}</p>
        </>
      )}
      <p class="dim">
        {words.id}: <code>{findings.id(place)}</code>
      </p>
    </div>
  )
}

function Sides({ place, findings, texts, values }: DrawerProps): JSX.Element {
  const words = texts.findings
  const sides = findings.sides(place)
  const marked = differing(sides, findings.expected(place))
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.sides}>
      <table class="sides">
        <thead>
          <tr>
            {(['channel', 'listing', 'field', 'value', 'raw', 'place'] as const).map((key) => (
              <th scope="col" key={key}>
                {words[key]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sides.map((side) => (
            <tr
              key={`${side.channel} ${side.listing} ${side.field} ${side.row}`}
              class={side.authority ? 'authority' : ''}
            >
              <th scope="row">
                {side.channel}
                {side.authority && <span class="dim"> {words.trusted}</span>}
              </th>
              <td>
                <bdi>{side.listing ?? ''}</bdi>
              </td>
              <td>
                <code>{side.field ?? ''}</code>
              </td>
              <td class={marked.has(side) ? 'differs' : ''}>
                <bdi>{side.value === null ? words.empty : values.value(side.value, side.field, side.unit)}</bdi>
              </td>
              <td>
                <code>
                  <bdi>{side.raw ?? ''}</bdi>
                </code>
              </td>
              <td class="places">{placeText(side, texts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Sides that say something else than what is expected, else than what the trusted channel says, else than the first. */
function differing(sides: readonly SideView[], expected: string | null): ReadonlySet<SideView> {
  const found = new Set<SideView>()
  const fields = new Set(sides.map(({ field }) => field))
  const main = sides[0]?.field ?? null
  for (const field of fields) {
    const own = sides.filter((side) => side.field === field)
    const trusted = own.find(({ authority }) => authority)?.value
    const right = field === main && expected !== null ? (trusted ?? expected) : (trusted ?? own[0]?.value)
    for (const side of own) if (side.value !== right) found.add(side)
  }
  return found
}

function Proposal({ place, findings, texts, values }: DrawerProps): JSX.Element {
  const words = texts.findings
  const expected = findings.expected(place)
  const [side] = findings.sides(place)
  const shown = expected === null ? null : values.value(expected, side?.field ?? null, side?.unit ?? null)
  const fixable = findings.isFixable(place)
  return (
    <>
      <h4>{words.fix}</h4>
      <p>
        {fixable && shown !== null ? words.fixText(shown) : fixable ? words.fixable : words.notFixable}
        {!fixable && shown !== null && ` ${words.expected}: ${shown}.`}
      </p>
    </>
  )
}

function Explained({ place, findings, meta, texts, locale, onOpen }: DrawerProps): JSX.Element {
  const words = texts.findings
  const by = findings.explainedBy(place)
  const cause = meta.causes.find(({ id }) => id === by)
  const root = by === null ? null : findings.placeOf(by)
  const below = findings.explainedHere(findings.id(place))
  return (
    <>
      {by !== null && (
        <p>
          <strong>{words.explainedBy}:</strong>{' '}
          {root === null ? (
            <a href={`#cause-${locale}-${by}`}>{cause?.message[locale] ?? by}</a>
          ) : (
            <button type="button" class="link" onClick={() => onOpen(root)}>
              {findings.message(root, locale)}
            </button>
          )}
        </p>
      )}
      {below.length > 0 && (
        <>
          <h4>{words.explains}</h4>
          <ul>
            {below.slice(0, EXPLAINED).map((one) => (
              <li key={one}>
                <button type="button" class="link" onClick={() => onOpen(one)}>
                  <bdi>{findings.message(one, locale)}</bdi>
                </button>
              </li>
            ))}
          </ul>
          {below.length > EXPLAINED && <p class="dim">{texts.files.more(below.length - EXPLAINED)}</p>}
        </>
      )}
    </>
  )
}
