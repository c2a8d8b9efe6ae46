/** Errors of a whole channel that change cells of its file: prices, codes, texts, dates. */

import type { CauseKind } from '../src/model/report.ts'
import { checkDigit } from '../src/ops/demo/codes.ts'
import { type DemoFile, edit, type Line, readSheet, STORE, storeSku } from './demo-files.ts'
import type { MixedFault, PlantedIn } from './demo-systemic.ts'

const WEB_GTIN = 'GTIN, UPC, EAN o ISBN'

/** Rules that speak of prices, or of what is held against them. */
const PRICES =
  /^price\/|^catalog\/pack-quantity-mismatch$|^promotion\/(discount-not-applied|stack-below-floor)$|^identity\/sku-collision$/

type Sold = 'amazon' | 'web'

const PRICE_COLUMNS: Readonly<Record<Sold, readonly string[]>> = {
  amazon: ['price'],
  web: ['Precio normal', 'Precio rebajado'],
}

/** Changes the prices of a channel; what is no plain amount stays. */
function reprice(dir: string, channel: Sold, to: (cents: number, line: Line) => number): void {
  const mark = channel === 'web' ? ',' : '.'
  edit(dir, channel, (line) => {
    for (const name of PRICE_COLUMNS[channel]) {
      const cell = line.get(name)
      if (!/^\d+[.,]\d\d$/.test(cell)) continue
      const cents = to(Math.round(Number(cell.replace(',', '.')) * 100), line)
      line.set(name, (Math.round(cents) / 100).toFixed(2).replace('.', mark))
    }
  })
}

function prices(
  kind: CauseKind,
  detail: MixedFault['detail'],
  to: (cents: number) => number,
  channel: Sold = 'amazon',
): MixedFault {
  return {
    name: `${kind} ${Object.values(detail).join(' ')} on ${channel}`,
    kind,
    channel,
    detail,
    drowns: PRICES,
    plant: (dir) => {
      reprice(dir, channel, to)
      return undefined
    },
  }
}

const taxed: MixedFault = {
  name: 'prices of the web without tax, several rates',
  kind: 'tax-basis',
  channel: 'web',
  detail: { rate: '21%' },
  drowns: PRICES,
  plant: (dir) => {
    const rates = new Map(
      readSheet(dir, 'store').lines.map((line) => [storeSku(line), Number.parseInt(line.get(STORE.tax), 10)]),
    )
    reprice(dir, 'web', (cents, line) => Math.round((cents * 100) / (100 + (rates.get(line.get('SKU')) || 21))))
    return undefined
  },
}

const dollars: MixedFault = {
  name: 'prices of the store labelled in dollars',
  kind: 'currency',
  channel: 'tienda',
  detail: { from: 'USD', to: 'EUR' },
  drowns: PRICES,
  plant: (dir) => cells(dir, 'store', STORE.currency, (cell) => (cell === 'EUR' ? 'USD' : cell)),
}

/** @param isWhole - The columns as such change places, so that what is on no sale has a sale price alone. */
function swapped(isWhole: boolean): MixedFault {
  return {
    name: `regular and sale prices of the web in each other's column${isWhole ? ', all of them' : ''}`,
    kind: 'swapped-columns',
    channel: 'web',
    detail: { columns: 'price.regular, price.sale' },
    // What a price is, is only seen where there are two of them.
    drowns: PRICES,
    plant: (dir) => {
      edit(dir, 'web', (line) => {
        const [regular, sale] = [line.get('Precio normal'), line.get('Precio rebajado')]
        if (sale === '' && !isWhole) return
        line.set('Precio normal', sale)
        line.set('Precio rebajado', regular)
      })
      return undefined
    },
  }
}

function cells(dir: string, file: DemoFile, column: string, to: (cell: string, line: Line) => string): undefined {
  edit(dir, file, (line) => line.set(column, to(line.get(column), line)))
  return undefined
}

const rounded: MixedFault = {
  name: 'codes rounded by a spreadsheet on amazon',
  kind: 'rounded-codes',
  channel: 'amazon',
  detail: {},
  drowns: /^identity\/|^catalog\/title-mismatch$|^feed\/encoding-damage$/,
  plant: (dir) =>
    cells(dir, 'amazon', 'product-id', (cell) =>
      /^\d{13}$/.test(cell) ? Number(cell).toExponential(5).replace('e+', 'E+') : cell,
    ),
}

/** Zeros in front of sound codes; a wrong code without its zeros is another wrong code. The marketplace has too few. */
function lostZeros(channel: 'tienda' | 'web'): MixedFault {
  const isSound = (cell: string): boolean =>
    /^0\d{11,12}$/.test(cell) && checkDigit(cell.slice(0, -1)) === Number(cell.at(-1))
  const [file, column] = channel === 'web' ? (['web', WEB_GTIN] as const) : (['store', STORE.gtin] as const)
  return {
    name: `zeros of the codes of ${channel} lost`,
    kind: 'lost-zeros',
    channel,
    detail: {},
    // The single fault of a lost zero is one of many then, and a code that two articles share is first of all short.
    drowns: /^identity\/(invalid-gtin|duplicate-gtin)$/,
    plant: (dir): PlantedIn => {
      let changed = 0
      cells(dir, file, column, (cell) => {
        if (!isSound(cell)) return cell
        changed++
        return cell.replace(/^0+/, '')
      })
      return { cells: changed }
    },
  }
}

const mojibake: MixedFault = {
  name: 'names in the wrong encoding on amazon',
  kind: 'encoding',
  channel: 'amazon',
  detail: { read_as: 'windows-1252', is: 'utf-8' },
  drowns: /^catalog\/(title|brand)|^feed\/encoding-damage$|^identity\/sku-collision$|off-brand/,
  plant: (dir) => cells(dir, 'amazon', 'item-name', (cell) => Buffer.from(cell, 'utf8').toString('latin1')),
}

function cut(channel: Sold, length: number): MixedFault {
  return {
    name: `titles of ${channel} cut at ${length}`,
    kind: 'truncated',
    channel,
    detail: { length: String(length) },
    // What is wrong with a title by itself may stand behind the cut, and one that was too long no longer is.
    drowns: /^catalog\/(title|off-brand)|^feed\/(encoding-damage|attribute-limit-exceeded)$|^identity\/sku-collision$/,
    plant: (dir) =>
      cells(dir, channel, channel === 'amazon' ? 'item-name' : 'Nombre', (cell) => cell.slice(0, length).trim()),
  }
}

/** Hours that the promotions of the web are off. */
function shifted(hours: number): MixedFault {
  const moved = (cell: string): string =>
    cell.replace(
      /^(\d{4}-\d\d-\d\d) (\d{1,2}):(\d\d):(\d\d)$/,
      (_, day: string, hour: string, minute: string, second: string) => {
        const at = Date.parse(`${day}T${hour.padStart(2, '0')}:${minute}:${second}Z`) + hours * 3_600_000
        return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
      },
    )
  return windows(`promotions of the web ${hours} h off`, 'time-zone', { hours: String(hours) }, moved)
}

const dates = windows('day and month of the promotions of the web swapped', 'date-order', {}, (cell) =>
  cell.replace(/^(\d{4})-(\d\d)-(\d\d)/, (whole, year: string, month: string, day: string) =>
    Number(day) > 12 ? whole : `${year}-${day}-${month}`,
  ),
)

function windows(
  name: string,
  kind: CauseKind,
  detail: MixedFault['detail'],
  to: (cell: string) => string,
): MixedFault {
  return {
    name,
    kind,
    channel: 'web',
    detail,
    drowns: /^promotion\//,
    plant: (dir) => {
      cells(dir, 'webPromotions', 'Inicio', to)
      return cells(dir, 'webPromotions', 'Fin', to)
    },
  }
}

export const CELL_FAULTS: readonly MixedFault[] = [
  prices('markup', { percent: '8%' }, (cents) => Math.round(cents * 1.08)),
  prices('markup', { percent: '-7%' }, (cents) => Math.round(cents * 0.93)),
  prices('markup', { percent: '12.5%' }, (cents) => Math.round(cents * 1.125), 'web'),
  prices('offset', { amount: '2.50' }, (cents) => cents + 250),
  prices('offset', { amount: '4.99' }, (cents) => cents + 499, 'web'),
  prices('pack-factor', { factor: '6' }, (cents) => cents * 6),
  prices('pack-factor', { factor: '12' }, (cents) => cents * 12, 'web'),
  prices('decimal-shift', { factor: '100' }, (cents) => cents * 100),
  prices('decimal-shift', { factor: '10' }, (cents) => cents * 10, 'web'),
  taxed,
  dollars,
  swapped(false),
  swapped(true),
  rounded,
  lostZeros('tienda'),
  lostZeros('web'),
  mojibake,
  cut('amazon', 40),
  cut('web', 30),
  shifted(1),
  shifted(-1),
  dates,
]
