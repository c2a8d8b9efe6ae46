/** Inputs about the catalog: what channels call things by. */

export const CATALOG_INPUTS = {
  categories: {
    row: 'mapping',
    doc: {
      en: 'Which category of the catalog each category of a channel is: shows unmapped ones, and articles filed in different places.',
      es: 'A qué categoría del catálogo corresponde cada categoría de un canal: muestra las que no tienen y los artículos clasificados en sitios distintos.',
    },
    columns: {
      channel: {
        type: 'channel',
        headers: ['canal', 'store', 'tienda'],
        doc: { en: 'Id of the channel; empty for all.', es: 'Identificador del canal; vacío para todos.' },
      },
      category: {
        type: 'text',
        required: true,
        headers: ['channel category', 'categoría', 'categoría del canal'],
        doc: { en: 'Category as the channel writes it.', es: 'Categoría tal como la escribe el canal.' },
      },
      master: {
        type: 'text',
        required: true,
        headers: ['master category', 'catalog category', 'maestra', 'categoría maestra', 'categoría del catálogo'],
        doc: {
          en: 'Category of the catalog, as a path: Home > Lamps.',
          es: 'Categoría del catálogo, como ruta: Hogar > Lámparas.',
        },
      },
    },
  },
} as const
