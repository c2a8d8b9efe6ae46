/** A run in a process of its own, to be killed. */
import { applyChanges, priceChanges } from './apply-target.ts'
import { counted } from './kill-at-append.ts'

export interface Order {
  readonly state: string
  readonly url: string
  readonly count: number
}

const { state, url, count } = JSON.parse(process.argv[2] ?? '{}') as Order
const { stop } = await applyChanges({ state, url, changes: priceChanges(count) })
process.stdout.write(JSON.stringify({ appends: counted.appends, stop }))
