/** Of a finding of two audits: what became of it, and what each side said before and after. */
import type { JSX } from 'preact'
import type { SideView } from './data.ts'
import type { DrawerProps } from './drawer-props.ts'
import { placeText } from './place-text.ts'

export function Compared({ place, findings, texts, values }: DrawerProps): JSX.Element | null {
  const change = findings.change(place)
  if (change === null) return null
  const words = texts.compared
  const was = findings.was(place)
  const opened = findings.openedAt(place)
  const resolved = findings.resolvedAt(place)
  const facts = [
    words.changes[change],
    ...(was === null || was === findings.severity(place) ? [] : [words.was(texts.severity[was])]),
    ...(opened === null ? [] : [words.openSince(values.instant(opened))]),
    ...(resolved === null ? [] : [words.resolvedAt(values.instant(resolved))]),
  ]
  return (
    <p>
      <strong>{words.change}:</strong> {facts.join(' · ')}
    </p>
  )
}

interface Pair {
  readonly before: SideView | null
  readonly after: SideView | null
  /** The one that is there; the newer of two. */
  readonly side: SideView
}

export function ComparedSides({ place, findings, texts, values }: DrawerProps): JSX.Element {
  const words = texts.findings
  const before = findings.before(place) ?? []
  // What is gone has no values of today.
  const after = findings.change(place) === 'resolved' ? null : findings.sides(place)
  const shown = (side: SideView | null): string => {
    if (side === null) return '–'
    return side.value === null ? words.empty : values.value(side.value, side.field, side.unit)
  }
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.sides}>
      <table class="sides">
        <thead>
          <tr>
            {[words.channel, words.listing, words.field, texts.compared.before].map((name) => (
              <th scope="col" class="value" key={name}>
                {name}
              </th>
            ))}
            {after !== null && (
              <th scope="col" class="value">
                {texts.compared.after}
              </th>
            )}
            <th scope="col">{words.place}</th>
          </tr>
        </thead>
        <tbody>
          {pairsOf(before, after).map((pair) => (
            <tr key={keyOf(pair.side)} class={pair.side.authority ? 'authority' : ''}>
              <th scope="row">
                {pair.side.channel}
                {pair.side.authority && <span class="dim"> {words.trusted}</span>}
              </th>
              <td>
                <bdi>{pair.side.listing ?? ''}</bdi>
              </td>
              <td>
                <code>{pair.side.field ?? ''}</code>
              </td>
              <td class="value">
                <bdi>{shown(pair.before)}</bdi>
              </td>
              {after !== null && (
                <td class={pair.before?.value === pair.after?.value ? 'value' : 'value differs'}>
                  <bdi>{shown(pair.after)}</bdi>
                </td>
              )}
              <td class="places">{placeText(pair.side, texts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function keyOf({ channel, listing, field }: SideView): string {
  return JSON.stringify([channel, listing, field])
}

/** Sides of the same listing and field beside each other. */
function pairsOf(before: readonly SideView[], after: readonly SideView[] | null): readonly Pair[] {
  const old = new Map(before.map((side) => [keyOf(side), side]))
  const now = new Map((after ?? []).map((side) => [keyOf(side), side]))
  return [...new Map([...old, ...now])].map(([key, side]) => ({
    before: old.get(key) ?? null,
    after: now.get(key) ?? null,
    side,
  }))
}
