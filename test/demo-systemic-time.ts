/** Errors of a whole channel that only show against what earlier audits saw. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { amazonSku, edit, editConfig, FILES, faultyItems, type Line, readSheet, STORE, storeSku } from './demo-files.ts'
import type { MixedFault } from './demo-systemic.ts'

const TODAY = Date.parse('2026-11-22T00:00:00Z')

/** Audits the folder as it is, as if all of it were from an earlier day. */
async function auditOn(dir: string, day: string, audit: (asOf: string) => Promise<void>): Promise<void> {
  const late = TODAY - Date.parse(`${day}T00:00:00Z`)
  const config = join(dir, 'omniparity.yaml')
  copyFileSync(config, `${config}.today`)
  editConfig(dir, (text) =>
    text.replaceAll(/data_as_of: (\S+Z)/g, (_, at: string) => {
      return `data_as_of: ${new Date(Date.parse(at) - late).toISOString().replace('.000Z', 'Z')}`
    }),
  )
  await audit(`${day}T08:00:00Z`)
  copyFileSync(`${config}.today`, config)
}

/** Articles that nothing else is planted in, and that are never on sale: their prices may move. */
function calmArticles(dir: string): ReadonlySet<string> {
  const faulty = faultyItems(dir)
  const packed = readSheet(dir, 'amazon').lines.map(amazonSku)
  const twice = new Set(packed.filter((sku, at) => packed.indexOf(sku) !== at))
  const { lines } = readSheet(dir, 'store')
  const calm = lines.filter(
    (line) =>
      line.get(STORE.sale) === '' && line.get(STORE.net) === '' && line.get('Uds. envase') === '1' && isPlain(line),
  )
  return new Set(calm.map(storeSku).filter((sku) => !faulty.has(sku) && !twice.has(sku)))
}

function isPlain(line: Line): boolean {
  return /^\d+,\d\d €$/.test(euro(line.get(STORE.price)))
}

/** Bytes of Windows-1252 as text. */
function euro(cell: string): string {
  return cell.replace('\u0080', '€')
}

/** So many euros more, below a tenth: nobody doubts the new price. */
function raised(cell: string): string {
  return cell.replace(/^\d+/, (whole) => String(Number(whole) + 1 + Math.floor(Number(whole) / 12)))
}

const stoppedPrices: MixedFault = {
  name: 'prices of the marketplace stand still',
  kind: 'frozen',
  channel: 'amazon',
  detail: { since: '2026-11-10T06:48:00Z' },
  // What is wrong with a price by itself stays; only what is told from the past is new.
  drowns: /^price\/omnibus-prior-price$/,
  plant: async (dir, audit) => {
    const calm = calmArticles(dir)
    await auditOn(dir, '2026-11-10', audit)
    edit(dir, 'store', (line) => {
      if (!calm.has(storeSku(line))) return
      for (const name of [STORE.price, STORE.label]) line.set(name, raised(line.get(name)))
    })
    edit(dir, 'web', (line) => {
      if (calm.has(line.get('SKU'))) line.set('Precio normal', raised(line.get('Precio normal')))
    })
    await auditOn(dir, '2026-11-16', audit)
    return {}
  },
}

const stoppedStock: MixedFault = {
  name: 'stock of the marketplace stands still',
  kind: 'frozen',
  channel: 'amazon',
  detail: { since: '2026-11-10T06:48:00Z' },
  // A single figure of the marketplace is no other than all of its figures.
  drowns: /^stock\//,
  plant: async (dir, audit) => {
    const path = join(dir, FILES.store.path)
    copyFileSync(path, `${path}.today`)
    const faulty = faultyItems(dir)
    const before = new Map<string, number>()
    edit(dir, 'store', (line, at) => {
      const units = Number(line.get(STORE.units))
      if (line.get(STORE.units) === '' || faulty.has(storeSku(line)) || at % 10 > 6 || units === 0) return
      before.set(storeSku(line), units + 3 + ((at * 7) % 20))
      line.set(STORE.units, String(before.get(storeSku(line))))
    })
    edit(dir, 'amazon', (line) => {
      const units = before.get(line.get('seller-sku'))
      if (units !== undefined && line.get('quantity') !== '') line.set('quantity', String(units))
    })
    await auditOn(dir, '2026-11-10', audit)
    edit(dir, 'store', (line) => {
      const units = before.get(storeSku(line))
      if (units !== undefined) line.set(STORE.units, String(units - 1))
    })
    await auditOn(dir, '2026-11-14', audit)
    copyFileSync(`${path}.today`, path)
    await auditOn(dir, '2026-11-18', audit)
    return {}
  },
}

export const TIME_FAULTS: readonly MixedFault[] = [stoppedPrices, stoppedStock]
