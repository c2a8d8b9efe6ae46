/** Inputs about customers. They hold keyed hashes in place of what identifies a person. */

const channel = {
  type: 'channel',
  required: true,
  headers: ['canal'],
  doc: { en: 'Id of the channel.', es: 'Identificador del canal.' },
} as const
const customer = {
  type: 'key',
  required: true,
  headers: ['customer id', 'id', 'cliente', 'id cliente', 'código de cliente'],
  doc: {
    en: "The channel's own id of the customer. It is not shown in reports.",
    es: 'Identificador del cliente en el canal. No se muestra en los informes.',
  },
} as const
const KEYED = {
  en: 'HMAC-SHA-256 in hexadecimal, with a secret key, made where the data is extracted',
  es: 'HMAC-SHA-256 en hexadecimal, con una clave secreta, hecho donde se extraen los datos',
}

export const CUSTOMER_INPUTS = {
  customers: {
    row: 'customer',
    personal: true,
    doc: {
      en: 'Customers as each channel has them, without anything that identifies a person in clear text.',
      es: 'Clientes tal como los tiene cada canal, sin nada que identifique a una persona en claro.',
    },
    columns: {
      channel,
      customer,
      master: {
        type: 'key',
        headers: ['master id', 'master customer', 'id maestro', 'cliente maestro', 'id único'],
        doc: {
          en: 'The one id of the person in all channels, where the record is linked.',
          es: 'El identificador único de la persona en todos los canales, si el registro está vinculado.',
        },
      },
      email_hash: {
        type: 'hash',
        headers: ['email', 'e-mail hash', 'hash email', 'hash correo', 'correo'],
        doc: {
          en: `Of the trimmed address in lower case: ${KEYED.en}.`,
          es: `De la dirección en minúsculas y sin espacios: ${KEYED.es}.`,
        },
      },
      phone_hash: {
        type: 'hash',
        headers: ['phone', 'hash phone', 'hash teléfono', 'teléfono', 'móvil'],
        doc: { en: `Of the number in E.164 form: ${KEYED.en}.`, es: `Del número en formato E.164: ${KEYED.es}.` },
      },
      name_hash: {
        type: 'hash',
        headers: ['name', 'hash name', 'hash nombre', 'nombre'],
        doc: {
          en: `Of the words of the name, without accents, sorted, in lower case: ${KEYED.en}.`,
          es: `De las palabras del nombre, sin acentos, ordenadas y en minúsculas: ${KEYED.es}.`,
        },
      },
      email_domain: {
        type: 'text',
        headers: ['domain', 'dominio', 'dominio correo'],
        doc: {
          en: 'Domain of the address, to leave out relay addresses of marketplaces.',
          es: 'Dominio de la dirección, para dejar fuera las direcciones de reenvío de los marketplaces.',
        },
      },
      email_role: {
        type: 'boolean',
        headers: ['role address', 'dirección genérica'],
        doc: {
          en: 'The address belongs to a role (info@, sales@), not to a person.',
          es: 'La dirección es de una función (info@, ventas@), no de una persona.',
        },
      },
      loyalty_id: {
        type: 'key',
        headers: ['loyalty', 'loyalty card', 'card', 'tarjeta', 'tarjeta de fidelización', 'socio'],
        doc: { en: 'Number of the loyalty card.', es: 'Número de la tarjeta de fidelización.' },
      },
      birth_year: {
        type: 'integer',
        headers: ['year of birth', 'año de nacimiento'],
        doc: { en: 'Year of birth.', es: 'Año de nacimiento.' },
      },
      region: {
        type: 'text',
        headers: ['province', 'state', 'provincia', 'región'],
        doc: { en: 'Region of the address.', es: 'Región de la dirección.' },
      },
      household: {
        type: 'boolean',
        headers: ['family account', 'familiar', 'cuenta familiar'],
        doc: {
          en: 'The account is shared by a household on purpose.',
          es: 'La cuenta la comparte un hogar a propósito.',
        },
      },
      guest: {
        type: 'boolean',
        headers: ['anonymous', 'invitado', 'anónimo'],
        doc: { en: 'Guest checkout or anonymous receipt.', es: 'Compra como invitado o recibo anónimo.' },
      },
      last_activity: {
        type: 'instant',
        headers: ['last purchase', 'last seen', 'última actividad', 'última compra'],
        doc: { en: 'Last purchase or visit.', es: 'Última compra o visita.' },
      },
      balance: {
        type: 'decimal',
        headers: ['points', 'points balance', 'saldo', 'puntos', 'saldo de puntos'],
        doc: { en: 'Points, pending ones left out.', es: 'Puntos, sin los pendientes.' },
      },
      pending: {
        type: 'decimal',
        headers: ['pending points', 'puntos pendientes'],
        doc: {
          en: 'Pending points that the balance holds all the same.',
          es: 'Puntos pendientes que, aun así, incluye el saldo.',
        },
      },
      tier: {
        type: 'text',
        headers: ['level', 'nivel', 'categoría'],
        doc: { en: 'Loyalty tier.', es: 'Nivel de fidelización.' },
      },
      balance_at: {
        type: 'instant',
        headers: ['observed at', 'balance date', 'fecha saldo', 'fecha del saldo'],
        doc: { en: 'When balance and tier were read.', es: 'Cuándo se leyeron el saldo y el nivel.' },
      },
    },
  },
  consents: {
    row: 'consent',
    personal: true,
    doc: {
      en: 'Consents of customers: one row per channel, customer and purpose.',
      es: 'Consentimientos de clientes: una fila por canal, cliente y finalidad.',
    },
    columns: {
      channel,
      customer,
      purpose: {
        type: 'key',
        required: true,
        headers: ['finalidad', 'propósito'],
        doc: { en: 'What was consented to, such as marketing or service.', es: 'Para qué, como marketing o servicio.' },
      },
      granted: {
        type: 'boolean',
        required: true,
        headers: ['consent', 'opt in', 'consentimiento', 'aceptado'],
        doc: { en: 'Whether it was given.', es: 'Si se dio.' },
      },
      at: {
        type: 'instant',
        headers: ['date', 'timestamp', 'updated at', 'fecha', 'fecha y hora'],
        doc: { en: 'When it was given or withdrawn.', es: 'Cuándo se dio o se retiró.' },
      },
    },
  },
  purchase_history: {
    row: 'purchase',
    personal: true,
    doc: {
      en: 'Orders that the master history of customers has.',
      es: 'Pedidos que figuran en el historial maestro de clientes.',
    },
    columns: {
      channel,
      order: {
        type: 'key',
        required: true,
        headers: ['order id', 'order number', 'pedido', 'número de pedido', 'nº pedido'],
        doc: { en: 'Number of the order.', es: 'Número del pedido.' },
      },
    },
  },
} as const
