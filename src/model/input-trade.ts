/** Inputs about trade: what sells, what belongs together, what money is worth. */

const sku = {
  type: 'key',
  required: true,
  headers: ['item', 'article', 'variant', 'código', 'referencia', 'artículo', 'ref'],
  doc: { en: 'SKU of the article.', es: 'SKU del artículo.' },
} as const
const channel = {
  type: 'channel',
  headers: ['canal', 'store', 'tienda'],
  doc: { en: 'Id of the channel.', es: 'Identificador del canal.' },
} as const
const market = {
  type: 'text',
  headers: ['country', 'mercado', 'país'],
  doc: { en: 'Country (ES); empty for all.', es: 'País (ES); vacío para todos.' },
} as const

export const TRADE_INPUTS = {
  sales: {
    row: 'sale',
    doc: {
      en: 'What each channel sold of an article in the last 30 days: turns contradictions into money and shows what sells fast.',
      es: 'Lo que cada canal vendió de un artículo en los últimos 30 días: convierte las contradicciones en dinero y muestra lo que más rota.',
    },
    columns: {
      sku,
      channel: { ...channel, required: true },
      units30: {
        type: 'decimal',
        required: true,
        headers: ['units', 'units sold', 'unidades', 'unidades vendidas', 'unidades 30 días'],
        doc: { en: 'Units sold in 30 days.', es: 'Unidades vendidas en 30 días.' },
      },
      revenue30: {
        type: 'decimal',
        headers: ['revenue', 'sales', 'ventas', 'facturación', 'importe'],
        doc: {
          en: 'Revenue of 30 days, in the currency of the channel.',
          es: 'Facturación de 30 días, en la moneda del canal.',
        },
      },
      cancelled30: {
        type: 'decimal',
        headers: ['cancelled', 'canceled', 'cancelled units', 'canceladas', 'anuladas', 'unidades canceladas'],
        doc: { en: 'Units cancelled in 30 days.', es: 'Unidades canceladas en 30 días.' },
      },
      returned30: {
        type: 'decimal',
        headers: ['returned', 'returns', 'devueltas', 'devoluciones', 'unidades devueltas'],
        doc: { en: 'Units returned in 30 days.', es: 'Unidades devueltas en 30 días.' },
      },
      peak_per_hour: {
        type: 'decimal',
        headers: ['peak units per hour', 'units per hour', 'unidades por hora', 'pico por hora'],
        doc: {
          en: 'Units sold in the busiest hour; a 720th of units30 without it.',
          es: 'Unidades vendidas en la hora de más ventas; sin ella, una setecientosveinteava parte de units30.',
        },
      },
    },
  },
  bundles: {
    row: 'bundle',
    doc: {
      en: 'What a bundle is made of: one row per component.',
      es: 'De qué se compone un lote: una fila por componente.',
    },
    columns: {
      sku: {
        ...sku,
        headers: ['bundle', 'kit', 'pack', 'lote', ...sku.headers],
        doc: { en: 'SKU of the bundle.', es: 'SKU del lote.' },
      },
      component: {
        type: 'key',
        required: true,
        headers: ['component sku', 'componente', 'sku componente'],
        doc: { en: 'SKU of the component.', es: 'SKU del componente.' },
      },
      quantity: {
        type: 'decimal',
        required: true,
        headers: ['qty', 'units', 'cantidad', 'unidades'],
        doc: { en: 'Units of the component in one bundle.', es: 'Unidades del componente en un lote.' },
      },
    },
  },
  fx: {
    row: 'fx',
    doc: { en: 'Exchange rates that hold for the audit.', es: 'Tipos de cambio que rigen en la auditoría.' },
    columns: {
      date: {
        type: 'instant',
        required: true,
        headers: ['day', 'fecha', 'día'],
        doc: { en: 'Day from which the rate holds.', es: 'Día desde el que rige el tipo.' },
      },
      from: {
        type: 'text',
        required: true,
        headers: ['base', 'source currency', 'de', 'desde', 'moneda origen', 'divisa origen'],
        doc: { en: 'Currency (USD).', es: 'Moneda (USD).' },
      },
      to: {
        type: 'text',
        required: true,
        headers: ['quote', 'target currency', 'a', 'hacia', 'moneda destino', 'divisa destino'],
        doc: { en: 'Currency that it is worth (EUR).', es: 'Moneda en que se expresa (EUR).' },
      },
      rate: {
        type: 'decimal',
        required: true,
        headers: ['exchange rate', 'tipo', 'tipo de cambio', 'cambio', 'tasa'],
        doc: { en: 'How much of `to` one unit of `from` is.', es: 'Cuánto de `to` vale una unidad de `from`.' },
      },
    },
  },
  map: {
    row: 'map',
    doc: {
      en: 'Minimum advertised prices by article and market.',
      es: 'Precios mínimos anunciados por artículo y mercado.',
    },
    columns: {
      sku,
      market,
      amount: {
        type: 'decimal',
        required: true,
        headers: ['map', 'minimum price', 'minimum advertised price', 'precio mínimo', 'importe'],
        doc: { en: 'The price below which nothing is advertised.', es: 'El precio por debajo del cual no se anuncia.' },
      },
      currency: {
        type: 'text',
        headers: ['moneda', 'divisa'],
        doc: { en: "Currency; the market's without it.", es: 'Moneda; sin ella, la del mercado.' },
      },
      from: {
        type: 'instant',
        headers: ['starts', 'valid from', 'desde', 'válido desde'],
        doc: { en: 'From when it holds.', es: 'Desde cuándo rige.' },
      },
      to: {
        type: 'until',
        headers: ['ends', 'valid to', 'until', 'hasta', 'válido hasta'],
        doc: { en: 'Until when it holds.', es: 'Hasta cuándo rige.' },
      },
    },
  },
} as const
