/** Inputs about service: what the retailer promises, where its stores are, which orders can be found. */

const channel = {
  type: 'channel',
  headers: ['canal'],
  doc: { en: 'Id of the channel.', es: 'Identificador del canal.' },
} as const

/** Services that the rules of the package ask for, and what people call them. */
const SERVICES = {
  return_in_store: ['devolución en tienda', 'returns in store'],
  exchange_in_store: ['cambio en tienda', 'exchanges in store'],
  return_days: ['días de devolución', 'plazo de devolución', 'return period'],
  return_cost: ['coste de devolución', 'gastos de devolución'],
  refund_method: ['forma de reembolso', 'reembolso'],
  warranty_months: ['garantía', 'meses de garantía', 'warranty'],
  pickup: ['recogida', 'recogida en tienda', 'click and collect', 'store pickup'],
  pay_in_store: ['pago en tienda'],
  ship_from_store: ['envío desde tienda'],
  delivery: ['envío a domicilio', 'entrega a domicilio', 'home delivery'],
  shipping_cost: ['gastos de envío', 'coste de envío', 'shipping'],
  free_shipping_from: ['envío gratis desde', 'free shipping'],
  gift_card: ['tarjeta regalo', 'tarjetas regalo', 'gift cards'],
  credit_note: ['vale', 'vales', 'credit notes'],
  points: ['puntos', 'loyalty points'],
  order_lookup: ['consulta de pedidos', 'localizar pedidos'],
  order_from_store: ['pedido desde tienda', 'pedidos desde tienda'],
  special_order: ['encargo', 'encargos'],
} as const
const SCOPES = {
  issue: ['emisión', 'emitir', 'se emite'],
  redeem: ['canje', 'canjear', 'se acepta', 'accept'],
  earn_rate: ['acumulación', 'earn'],
  burn_rate: ['burn'],
  hygiene: ['higiene'],
  bulky: ['voluminoso', 'voluminosos'],
  perishable: ['perecedero', 'perecederos'],
  hazmat: ['mercancía peligrosa', 'peligroso'],
  peninsula: ['península', 'mainland'],
  balearic: ['baleares', 'balearic islands'],
  canary: ['canarias', 'canary islands'],
  abroad: ['extranjero', 'internacional'],
} as const

export const SERVICE_INPUTS = {
  policy: {
    row: 'policy',
    doc: {
      en: 'The policy matrix: what each channel promises, one row per channel and service. A row without a channel is what the company promises everywhere.',
      es: 'La matriz de políticas: lo que promete cada canal, una fila por canal y servicio. Una fila sin canal es lo que la empresa promete en todos.',
    },
    columns: {
      channel,
      service: {
        type: 'key',
        required: true,
        headers: ['servicio', 'policy', 'política'],
        words: SERVICES,
        closed: true,
        doc: {
          en: 'What the row is about, such as return_in_store, return_days, pickup, shipping_cost, gift_card_redeem; the rules name the words they read.',
          es: 'De qué trata la fila, como return_in_store, return_days, pickup, shipping_cost, gift_card_redeem; las reglas dicen qué palabras leen.',
        },
      },
      scope: {
        type: 'key',
        words: SCOPES,
        headers: ['class', 'applies to', 'region', 'ámbito', 'clase', 'se aplica a', 'zona'],
        doc: {
          en: 'What it is limited to: a class of goods, a region, a store, another channel. Empty for everything.',
          es: 'A qué se limita: una clase de productos, una región, una tienda, otro canal. Vacío para todo.',
        },
      },
      value: {
        type: 'text',
        required: true,
        headers: ['valor', 'promise', 'promesa'],
        doc: { en: 'yes, no, a number or a word.', es: 'sí, no, un número o una palabra.' },
      },
      declared: {
        type: 'boolean',
        headers: ['intended', 'deliberate', 'declarado', 'deliberado', 'intencionado'],
        doc: {
          en: 'The row differs from the others on purpose.',
          es: 'La fila difiere de las demás a propósito.',
        },
      },
      from: {
        type: 'instant',
        headers: ['valid from', 'starts', 'desde', 'válido desde'],
        doc: { en: 'From when it holds.', es: 'Desde cuándo rige.' },
      },
      to: {
        type: 'until',
        headers: ['valid to', 'ends', 'until', 'hasta', 'válido hasta'],
        doc: { en: 'Until when it holds.', es: 'Hasta cuándo rige.' },
      },
    },
  },
  stores: {
    row: 'location',
    doc: {
      en: 'What each channel says about the stores: one row per channel and store.',
      es: 'Lo que cada canal dice de las tiendas: una fila por canal y tienda.',
    },
    columns: {
      channel: { ...channel, required: true },
      code: {
        type: 'key',
        required: true,
        headers: ['store', 'store code', 'location', 'tienda', 'código', 'código de tienda', 'local'],
        doc: { en: 'Code of the store.', es: 'Código de la tienda.' },
      },
      name: {
        type: 'text',
        headers: ['store name', 'nombre', 'nombre de tienda'],
        doc: { en: 'Name of the store.', es: 'Nombre de la tienda.' },
      },
      address: {
        type: 'text',
        headers: ['street', 'dirección', 'domicilio'],
        doc: { en: 'Address.', es: 'Dirección.' },
      },
      phone: {
        type: 'text',
        headers: ['telephone', 'teléfono'],
        doc: { en: 'Telephone of the store.', es: 'Teléfono de la tienda.' },
      },
      hours: {
        type: 'text',
        headers: ['opening hours', 'horario', 'horario de apertura'],
        doc: {
          en: 'Opening hours, one row per period (from, to) where they change.',
          es: 'Horario de apertura, una fila por periodo (from, to) si cambia.',
        },
      },
      from: {
        type: 'instant',
        headers: ['valid from', 'desde'],
        doc: { en: 'First day of these hours.', es: 'Primer día de este horario.' },
      },
      to: {
        type: 'until',
        headers: ['valid to', 'until', 'hasta'],
        doc: { en: 'Last day of these hours.', es: 'Último día de este horario.' },
      },
      latitude: { type: 'decimal', headers: ['lat', 'latitud'], doc: { en: 'Degrees north.', es: 'Grados norte.' } },
      longitude: {
        type: 'decimal',
        headers: ['lon', 'lng', 'long', 'longitud'],
        doc: { en: 'Degrees east.', es: 'Grados este.' },
      },
      open: {
        type: 'boolean',
        headers: ['active', 'is open', 'abierta', 'activa'],
        doc: { en: 'Whether the store is open for business.', es: 'Si la tienda está abierta al público.' },
      },
      parent: {
        type: 'key',
        headers: ['parent code', 'inside', 'código padre', 'dentro de'],
        doc: {
          en: 'Code of the store that a shop-in-shop stands in.',
          es: 'Código de la tienda en la que está un córner.',
        },
      },
    },
  },
  orders: {
    row: 'order',
    personal: true,
    doc: {
      en: 'Orders as each channel has them, of the last weeks at least.',
      es: 'Pedidos tal como los tiene cada canal, al menos de las últimas semanas.',
    },
    columns: {
      channel: { ...channel, required: true },
      order: {
        type: 'key',
        required: true,
        headers: ['order id', 'order number', 'id', 'pedido', 'número de pedido', 'nº pedido'],
        doc: { en: 'Number of the order.', es: 'Número del pedido.' },
      },
      placed_at: {
        type: 'instant',
        required: true,
        headers: ['date', 'created at', 'order date', 'fecha', 'fecha de pedido', 'fecha pedido'],
        doc: { en: 'When it was placed.', es: 'Cuándo se hizo.' },
      },
      status: {
        type: 'text',
        headers: ['state', 'estado'],
        doc: {
          en: 'placed by default; draft, basket and cancelled orders are not looked for.',
          es: 'placed por defecto; los borradores (draft), cestas (basket) y cancelados (cancelled) no se buscan.',
        },
      },
      customer: {
        type: 'key',
        headers: ['customer id', 'cliente', 'id cliente'],
        doc: {
          en: "The channel's own id of the customer, as in `customers`.",
          es: 'Identificador del cliente en el canal, como en `customers`.',
        },
      },
    },
  },
  order_index: {
    row: 'index',
    personal: true,
    doc: {
      en: 'Orders that can be found from a channel: what the shared index, the till or the call centre knows.',
      es: 'Pedidos que se pueden localizar desde un canal: lo que conoce el índice común, el TPV o el centro de llamadas.',
    },
    columns: {
      order: {
        type: 'key',
        required: true,
        headers: ['order id', 'order number', 'id', 'pedido', 'número de pedido', 'nº pedido'],
        doc: { en: 'Number of the order.', es: 'Número del pedido.' },
      },
      channel: {
        ...channel,
        doc: {
          en: 'Channel from which it can be found; empty for all.',
          es: 'Canal desde el que se puede localizar; vacío para todos.',
        },
      },
    },
  },
} as const
