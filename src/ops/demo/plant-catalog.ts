import { change } from './change.ts'
import { listingOf, type Plain, type PlantRule } from './planting.ts'
import { unlist } from './world.ts'

const AVAILABILITY = 'stock/availability-contradiction'
const TITLE = 'catalog/title-mismatch'
const PER_UNIT = [
  'price/differs-across-channels',
  'price/outlier',
  'stock/published-exceeds-available',
  'stock/hidden-stock',
  'price/off-ending',
  'price/marketplace-above-own',
]

export const CATALOG: readonly PlantRule[] = [
  {
    rule: 'catalog/discontinued-still-sold',
    ways: [
      change('catalog/discontinued-still-sold', ['tienda', 'web', 'amazon'], {
        note: 'the store calls it discontinued; web and marketplace still sell it',
        entails: ['catalog/status-mismatch', 'catalog/missing-in-channel', AVAILABILITY],
        make: ({ store }) => {
          store.state = 'Descatalogado'
        },
      }),
      change('catalog/discontinued-still-sold', ['tienda', 'web'], {
        note: 'the store calls it discontinued; the web still sells it',
        entails: ['catalog/status-mismatch', 'catalog/missing-in-channel', AVAILABILITY],
        make: (article) => {
          article.store.state = 'Descatalogado'
          article.amazon = []
        },
      }),
    ],
  },
  {
    rule: 'catalog/missing-in-channel',
    ways: [
      change('catalog/missing-in-channel', ['web'], {
        note: 'never created in the web shop, which carries the full range',
        make: (article) => unlist(article),
      }),
    ],
  },
  {
    rule: 'catalog/missing-required-attribute',
    ways: [
      change('catalog/missing-required-attribute', ['amazon'], {
        note: 'the title is a placeholder',
        entails: [TITLE],
        make: (article) => {
          listingOf(article).title = 'N/A'
        },
      }),
      change('catalog/missing-required-attribute', ['tienda'], {
        note: 'the title is a placeholder',
        entails: [TITLE],
        make: ({ store }) => {
          store.title = 'Pendiente'
        },
      }),
      change('catalog/missing-required-attribute', ['tienda'], {
        note: 'the title is empty',
        entails: [TITLE],
        make: ({ store }) => {
          store.title = ''
        },
      }),
    ],
  },
  {
    rule: 'catalog/attribute-mismatch',
    ways: [
      change('catalog/attribute-mismatch', ['web'], {
        note: 'the web shows another colour',
        make: ({ web }) => {
          web.color = web.color === 'Negro' ? 'Blanco' : 'Negro'
        },
      }),
      change('catalog/attribute-mismatch', ['web'], {
        note: 'the web shows another size',
        fits: ({ line }) => line.sizes.length > 4,
        make: ({ web, line }) => {
          web.size = line.sizes.find((size) => size !== web.size) ?? web.size
        },
      }),
    ],
  },
  {
    rule: 'catalog/pack-quantity-mismatch',
    ways: [
      change('catalog/pack-quantity-mismatch', ['web'], {
        note: 'the web sells six, for six times the price',
        entails: PER_UNIT,
        make: (article) => sellBy(article, 6, 6),
      }),
      change('catalog/pack-quantity-mismatch', ['web'], {
        note: 'the web gives two for the price of one',
        entails: PER_UNIT,
        make: (article) => sellBy(article, 2, 1),
      }),
    ],
  },
  {
    rule: 'catalog/status-mismatch',
    ways: [
      change('catalog/status-mismatch', ['amazon'], {
        note: 'inactive on the marketplace although it is active and in stock',
        entails: [AVAILABILITY, 'stock/hidden-stock'],
        make: (article) => {
          listingOf(article).state = 'Inactive'
        },
      }),
      change('catalog/status-mismatch', ['tienda', 'amazon'], {
        note: 'paused in the store, active on the marketplace',
        entails: [AVAILABILITY],
        make: (article) => {
          article.store.state = 'Baja temporal'
          unlist(article)
        },
      }),
    ],
  },
]

function sellBy({ web }: Plain, pack: number, paid: number): void {
  web.pack = pack
  web.units = Math.floor((web.units ?? 0) / pack)
  web.cents = (web.cents ?? 0) * paid
}
