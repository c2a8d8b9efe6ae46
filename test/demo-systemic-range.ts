/** Errors of a whole channel about which articles it has, and which articles they are. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { withCheckDigit } from '../src/ops/demo/codes.ts'
import {
  amazonSku,
  edit,
  editConfig,
  FILES,
  faultyItems,
  type Line,
  readSheet,
  type Sheet,
  STOCK,
  STORE,
  storeSku,
  writeSheet,
} from './demo-files.ts'
import type { MixedFault, PlantedIn } from './demo-systemic.ts'

/** Single articles that are missing are in the slice, or look like it; faults of promotions and services are about what the web has of a few articles. */
const ABSENCE =
  /^catalog\/missing-in-channel$|^service\/endless-aisle-gap$|^promotion\/(stack-below-floor|promoted-without-stock|items-differ|discount-not-applied)$/

function gone(name: string, by: string, choose: (dir: string, store: Sheet) => Chosen): MixedFault {
  return {
    name,
    kind: 'missing-slice',
    channel: 'web',
    detail: { by },
    drowns: ABSENCE,
    plant: (dir): PlantedIn => {
      const { items, value } = choose(dir, readSheet(dir, 'store'))
      takeFromWeb(dir, items)
      return { items, detail: { value } }
    },
  }
}

interface Chosen {
  readonly items: ReadonlySet<string>
  readonly value: string
}

/** Takes articles out of the web, and products that are left without any. */
function takeFromWeb(dir: string, items: ReadonlySet<string>): void {
  const { lines } = readSheet(dir, 'web')
  const left = new Set(lines.flatMap((line) => (items.has(line.get('SKU')) ? [] : [line.get('Superior')])))
  edit(dir, 'web', (line) => {
    if (items.has(line.get('SKU'))) return false
    return line.get('Tipo') !== 'variable' || left.has(line.get('SKU'))
  })
}

function isSold(line: Line): boolean {
  return line.get(STORE.state) === 'Activo' && line.get(STORE.units) !== ''
}

/** The second largest of what a column says: there is enough of it, and enough else. */
function bySize(name: string, by: 'brand' | 'category', column: string): MixedFault {
  return gone(name, by, (_, { lines }) => {
    const sizes = new Map<string, number>()
    for (const line of lines.filter(isSold)) sizes.set(line.get(column), (sizes.get(line.get(column)) ?? 0) + 1)
    const value = [...sizes].sort(([, a], [, b]) => b - a)[1]?.[0] ?? ''
    const items = new Set(lines.filter((line) => line.get(column) === value).map(storeSku))
    // The bytes of the store's file are letters of Windows-1252.
    return { items, value }
  })
}

/** Records from one on, as many as a page of an interface has. */
const pageGone: MixedFault = {
  ...gone('a page is missing', 'position', (_, { lines }) => {
    const page = lines.slice(200, 250)
    return { items: new Set(page.map(storeSku)), value: '' }
  }),
  plant: (dir) => {
    const items = new Set(readSheet(dir, 'store').lines.slice(200, 250).map(storeSku))
    takeFromWeb(dir, items)
    return { items }
  },
}

const fileGone = gone('one of the files of the store is missing', 'file', (dir, store) => {
  const total = store.lines.at(-1)
  // An article that is there twice is so in one file: in two it would be another error.
  const partOf = (line: Line): number => [...storeSku(line)].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % 4
  const parts = [0, 1, 2, 3].map((part) => store.lines.filter((line) => line !== total && partOf(line) === part))
  for (const [part, lines] of parts.entries()) {
    const last = part === 3 && total !== undefined ? [total] : []
    writeSheet(dir, 'store', { ...store, lines: [...lines, ...last] }, `tienda/articulos-${part}.csv`)
  }
  rmSync(join(dir, FILES.store.path))
  editConfig(dir, (text) => text.replace('path: tienda/articulos.csv', 'path: tienda/articulos-*.csv'))
  return { items: new Set((parts[2] ?? []).map(storeSku)), value: 'tienda/articulos-2.csv' }
})

/** Articles of which everything lies in the third store. */
const placeGone = gone('a location is missing', 'location', (dir, { lines }) => {
  const faulty = faultyItems(dir)
  const places = new Map<string, number>()
  for (const line of readSheet(dir, 'stock').lines)
    places.set(line.get(STOCK.sku), (places.get(line.get(STOCK.sku)) ?? 0) + 1)
  const whole = lines.filter((line) => isSold(line) && Number(line.get(STORE.units)) > 2)
  const single = whole.filter((line) => places.get(storeSku(line)) === 1 && !faulty.has(storeSku(line)))
  const items = new Set(single.filter((_, at) => at % 4 === 0).map(storeSku))
  edit(dir, 'stock', (line) => {
    if (items.has(line.get(STOCK.sku))) line.set(STOCK.place, 'T03')
  })
  return { items, value: 'T03' }
})

const misread: MixedFault = {
  name: 'a word of the marketplace misread',
  kind: 'vocabulary',
  channel: 'amazon',
  detail: { word: 'temporada', read_as: 'discontinued' },
  drowns: /^catalog\/status-mismatch$/,
  plant: (dir): PlantedIn => {
    const faulty = faultyItems(dir)
    editConfig(dir, (text) =>
      text.replace('    kind: marketplace\n', '    kind: marketplace\n    status_map: {Temporada: discontinued}\n'),
    )
    edit(dir, 'amazon', (line, at) => {
      if (at % 5 === 0 && line.get('status') === 'Active' && !faulty.has(amazonSku(line)))
        line.set('status', 'Temporada')
    })
    return {}
  },
}

const collision: MixedFault = {
  name: 'the same numbers for other articles on the marketplace',
  kind: 'identity-collision',
  channel: 'amazon',
  detail: { key: 'sku' },
  // Everything that is compared with the marketplace is about two articles.
  drowns:
    /^identity\/|^price\/|^catalog\/|^stock\/|^promotion\/discount-not-applied$|^feed\/(encoding-damage|attribute-limit-exceeded)$/,
  plant: (dir): PlantedIn => {
    const skus = new Set(readSheet(dir, 'store').lines.map(storeSku))
    edit(dir, 'amazon', (line, at) => {
      // A listing that only its GTIN links would link nothing.
      if (!skus.has(line.get('seller-sku').replace(/-FBA$/, ''))) return
      line.set('product-id', withCheckDigit(`76${3_000_000_000 + at * 104_729}`))
      line.set('product-id-type', '4')
      line.set('item-name', `Ref. ${String.fromCharCode(65 + (at % 26))}${at * 31} Zyxwv ${(at * 7) % 91}`)
      line.set('price', ((100 + ((at * 977) % 20_000)) / 100).toFixed(2))
    })
    return {}
  },
}

export const RANGE_FAULTS: readonly MixedFault[] = [
  bySize('a brand is missing', 'brand', STORE.brand),
  bySize('a category is missing', 'category', STORE.family),
  pageGone,
  fileGone,
  placeGone,
  misread,
  collision,
]
