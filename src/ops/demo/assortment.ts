/** What Calzados Sol sells. The brands do not exist. */

export interface Brand {
  readonly name: string
  /** Digits between the GS1 prefix and the article number. */
  readonly company: string
  /** American brands print a UPC with twelve digits. */
  readonly upc: boolean
}

export const BRANDS: readonly Brand[] = [
  { name: 'Zancalia', company: '10231', upc: false },
  { name: 'Peñarroca', company: '10487', upc: false },
  { name: 'Ñandúa', company: '10712', upc: false },
  { name: 'Marevía', company: '11035', upc: false },
  { name: 'Trottavia', company: '11290', upc: false },
  { name: 'Corvessa', company: '11544', upc: false },
  { name: 'Hoshimori', company: '11873', upc: false },
  { name: 'Kestrellin', company: '12016', upc: false },
  { name: 'Norrvik Fell', company: '85731', upc: true },
]

/** Own brand for what has no other. */
export const HOUSE_BRAND: Brand = { name: 'Lumbrera Casa', company: '12358', upc: false }

const SHOES = ['36', '37', '38', '39', '40', '41', '42', '42 2/3', '43', '44', '45', '46'] as const
const SMALL_SHOES = ['24', '25', '26', '27', '28', '29', '30', '31', '32', '33', '34'] as const
const CLOTHES = ['XS', 'S', 'M', 'L', 'XL', 'XXL'] as const
const CHILDREN = ['3-4', '5-6', '7-8', '9-10'] as const
const ONE_SIZE = [''] as const

export interface Line {
  readonly noun: string
  readonly code: string
  readonly family: 'Calzado' | 'Textil deportivo' | 'Accesorios' | 'Hogar' | 'Nutrición'
  /** Path in the web shop. */
  readonly path: string
  readonly sizes: readonly string[]
  readonly colors: boolean
  readonly euros: readonly [from: number, to: number]
  /** VAT in percent. */
  readonly tax: 21 | 10
  readonly own?: true
  /** Weight of what is sold by the kilo. */
  readonly net?: string
}

export const LINES: readonly Line[] = [
  shoes('Zapatilla de running', 'ZAP', 'Calzado > Zapatillas', 59, 149),
  shoes('Bota de senderismo', 'BOT', 'Calzado > Botas', 79, 189),
  shoes('Mocasín de piel', 'MOC', 'Calzado > Vestir', 49, 119),
  shoes('Alpargata', 'ALP', 'Calzado > Verano', 24, 45),
  { ...shoes('Sandalia niño', 'SAN', 'Calzado > Niños', 24, 49), sizes: SMALL_SHOES },
  clothes('Camiseta técnica', 'CAM', 24, 45),
  clothes('Malla de compresión', 'MAL', 29, 59),
  clothes('Chándal L’Été', 'CHA', 49, 89),
  clothes('Chaqueta cortavientos', 'CHQ', 59, 129),
  {
    ...clothes('Calcetín deportivo niño', 'CAL', 21, 29),
    family: 'Accesorios',
    path: 'Accesorios > Calcetines',
    sizes: CHILDREN,
  },
  single('Mochila de montaña', 'MOL', 'Accesorios', 'Accesorios > Mochilas', 39, 129),
  single('Toalla de baño 50 x 100 cm', 'TOA', 'Hogar', 'Hogar > Baño', 21, 39),
  single('Cojín bordado', 'COJ', 'Hogar', 'Hogar > Salón', 21, 45),
  single('Lámpara de mesa', 'LAM', 'Hogar', 'Hogar > Iluminación', 29, 99),
  single('Sofá cama', 'SOF', 'Hogar', 'Hogar > Salón', 899, 1899),
  {
    ...single('Barrita de almendra, pack de 6 uds.', 'BAR', 'Nutrición', 'Nutrición > Barritas', 7, 14),
    tax: 10,
    colors: false,
    net: '240 g',
  },
]

export const COLORS: readonly (readonly [name: string, code: string])[] = [
  ['Negro', 'NEG'],
  ['Blanco', 'BLA'],
  ['Azul marino', 'AZM'],
  ['Rojo', 'ROJ'],
  ['Verde oliva', 'VEO'],
  ['Gris', 'GRI'],
  ['Marrón', 'MAR'],
  ['Burdeos', 'BUR'],
]

export const MODELS: readonly string[] = [
  'Aire',
  'Brújula',
  'Cierzo',
  'Duna',
  'Encina',
  'Faro',
  'Gredos',
  'Jara',
  'Levante',
  'Ñora',
  'Olmo',
  'Poniente',
  'Riscal',
  'Sendero',
  'Tomillo',
  'Urdaibai',
]

export const ENDINGS = [95, 99, 90] as const

function shoes(noun: string, code: string, path: string, from: number, to: number): Line {
  return { noun, code, family: 'Calzado', path, sizes: SHOES, colors: true, euros: [from, to], tax: 21 }
}

function clothes(noun: string, code: string, from: number, to: number): Line {
  const path = 'Deporte > Ropa deportiva'
  return { noun, code, family: 'Textil deportivo', path, sizes: CLOTHES, colors: true, euros: [from, to], tax: 21 }
}

function single(noun: string, code: string, family: Line['family'], path: string, from: number, to: number): Line {
  return { noun, code, family, path, sizes: ONE_SIZE, colors: true, euros: [from, to], tax: 21, own: true }
}
