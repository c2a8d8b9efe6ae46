import { change } from './change.ts'
import { listingOf, type Plain, type PlantRule } from './planting.ts'

const DIFFERS = 'price/differs-across-channels'
const ODD = 'price/off-ending'
const ABOVE = 'price/marketplace-above-own'
/** What another price brings along. */
const DIFFERENT = [ODD, ABOVE]
const FLOOR = 'price/below-margin-floor'
const MASKED = [DIFFERS, 'price/outlier', ODD, ABOVE, FLOOR]
/** Rates of Spanish VAT and of the Canaries, today's and recent ones: a difference must not look like one of them. */
const RATES = [2, 4, 5, 7, 7.5, 10, 21]
const STEPS = [-500, -300, -200, -1, 1, 100, 200, 400, 600]

export const PRICE: readonly PlantRule[] = [
  {
    rule: DIFFERS,
    ways: [
      change(DIFFERS, ['web'], {
        code: 'regular',
        note: 'the web did not take over a change of price',
        entails: DIFFERENT,
        make: ({ web }, { chance }) => {
          web.cents = otherPrice(web.cents, chance.int(STEPS.length))
        },
      }),
      change(DIFFERS, ['amazon'], {
        code: 'regular',
        note: 'the marketplace did not take over a change of price',
        entails: DIFFERENT,
        make: (article, { chance }) => {
          const row = listingOf(article)
          row.cents = otherPrice(row.cents, chance.int(STEPS.length))
        },
      }),
      change(DIFFERS, ['web'], {
        code: 'effective',
        note: 'regular prices agree, the reduced ones do not',
        make: (article) => {
          const cents = putOnSale(article, 80)
          article.web.sale = { from: -8, to: 15, cents: cents + 200 }
        },
      }),
    ],
  },
  {
    rule: 'price/tax-basis-mismatch',
    ways: [
      change('price/tax-basis-mismatch', ['web'], {
        note: 'one price typed without VAT',
        entails: [DIFFERS, ...DIFFERENT],
        make: ({ web }) => {
          web.cents = Math.round((web.cents ?? 0) / 1.21)
        },
      }),
      change('price/tax-basis-mismatch', ['amazon'], {
        note: 'one price typed without VAT',
        entails: [DIFFERS, ...DIFFERENT],
        make: (article) => {
          const row = listingOf(article)
          row.cents = Math.round((row.cents ?? 0) / 1.21)
        },
      }),
    ],
  },
  {
    rule: 'price/missing-or-zero',
    ways: [
      change('price/missing-or-zero', ['web'], {
        note: 'on sale without a price',
        entails: MASKED,
        make: ({ web }) => {
          web.cents = null
        },
      }),
      change('price/missing-or-zero', ['amazon'], {
        note: 'on sale for nothing',
        entails: MASKED,
        make: (article) => {
          listingOf(article).cents = 0
        },
      }),
      change('price/missing-or-zero', ['web'], {
        note: 'on sale for nothing',
        entails: MASKED,
        make: ({ web }) => {
          web.cents = 0
        },
      }),
    ],
  },
  {
    rule: 'price/outlier',
    ways: [
      outlier('web', 'decimal_shift', 10, 'decimal mark one place to the right'),
      outlier('amazon', 'decimal_shift', 0.1, 'decimal mark one place to the left'),
      outlier('web', 'decimal_shift', 100, 'cents typed as euros'),
      outlier('amazon', 'high', 2.6, 'price of another article'),
      outlier('web', 'low', 0.42, 'price of another article'),
    ],
  },
  {
    rule: 'price/sale-not-below-regular',
    ways: [
      change('price/sale-not-below-regular', ['tienda', 'web'], {
        note: 'the reduced price is above the regular one, in both channels',
        make: (article) => void putOnSale(article, 115),
      }),
      change('price/sale-not-below-regular', ['web'], {
        note: 'the web announces a reduction that is dearer than the price',
        entails: [DIFFERS, ABOVE],
        make: (article) => {
          putOnSale(article, 115)
          article.store.sale = null
        },
      }),
    ],
  },
  {
    rule: 'price/currency-mismatch',
    ways: [
      change('price/currency-mismatch', ['tienda'], {
        note: 'an imported article kept its dollars',
        entails: MASKED,
        make: ({ store }) => {
          store.currency = 'USD'
        },
      }),
      change('price/currency-mismatch', ['tienda'], {
        note: 'an imported article kept its pounds',
        entails: MASKED,
        make: ({ store }) => {
          store.currency = 'GBP'
        },
      }),
    ],
  },
]

function outlier(channel: 'web' | 'amazon', code: string, factor: number, note: string) {
  return change('price/outlier', [channel], {
    code,
    note,
    entails: [DIFFERS, ...DIFFERENT, FLOOR],
    make: (article) => {
      const row = channel === 'web' ? article.web : listingOf(article)
      row.cents = Math.round((row.cents ?? 0) * factor)
    },
  })
}

/** Another price nearby that is not the first one with or without a VAT. */
export function otherPrice(cents: number | null, start: number): number {
  const from = cents ?? 0
  for (let at = 0; at < STEPS.length; at++) {
    const to = from + (STEPS[(start + at) % STEPS.length] ?? 0)
    const [low, high] = from < to ? [from, to] : [to, from]
    if (RATES.every((rate) => Math.abs(high - Math.round(low * (1 + rate / 100))) > 2)) return to
  }
  return from + 1
}

/** The same sale in store and web, at a share of the regular price; returns the reduced price. */
function putOnSale(article: Plain, percent: number): number {
  const cents = Math.floor(((article.store.cents ?? 0) * percent) / 10_000) * 100 + 95
  article.store.sale = { from: -8, to: 15, cents }
  article.web.sale = { from: -8, to: 15, cents }
  // The report of the marketplace has no sale price; it could only contradict.
  article.amazon = []
  return cents
}
