import { words } from './aliases.ts'
import type { FileKind } from './platform.ts'

/** Words for "inactive" say paused, never discontinued: only a source's explicit word means the end of an article. */
export const productWords = {
  status: words({
    active: `
      active | activo | activa | enabled | habilitado | habilitada | publish | published | publicado | publicada | live |
      vigente |
      alta | de alta | en venta | a la venta | for sale | true | verdadero | yes | sí | si
    `,
    draft: 'draft | borrador | incomplete | incompleto | pendiente de revisión',
    scheduled: 'scheduled | programado | programada | próximamente | coming soon',
    phase_out: `
      phase_out | phase out | phasing out | end of life | a extinguir | en extinción | en liquidación | liquidación |
      hasta fin de existencias | clearance
    `,
    paused: `
      paused | pausado | pausada | inactive | inactivo | inactiva | disabled | deshabilitado | desactivado |
      desactivada |
      suspendido | suspendida | bloqueado | bloqueada | blocked | on hold | false | falso | no
    `,
    hidden: 'hidden | oculto | oculta | private | privado | no visible',
    archived: 'archived | archivado | archivada | baja | de baja | dado de baja',
    discontinued: `
      discontinued | descatalogado | descatalogada | descontinuado | descontinuada | discontinuado | discontinuada |
      obsoleto | obsoleta | obsolete | fuera de catálogo
    `,
    deleted: 'deleted | eliminado | eliminada | borrado | borrada',
  }),
  'stock.backorder': words({
    no: 'no | n | 0 | false | falso | deny',
    yes: 'sí | si | s | yes | y | 1 | true | verdadero | continue',
    notify: 'notify | avisar',
    preorder: 'preorder | preventa',
  }),
  condition: words({
    new: 'new | nuevo | nueva',
    used: `
      used | usado | usada | segunda mano | used - like new | used - very good | used - good | used - acceptable
    `,
    refurbished: 'refurbished | reacondicionado | reacondicionada | renewed',
  }),
} satisfies FileKind['vocabulary']

export const promotionWords = {
  'promotion.kind': words({
    percent: `
      percent | percentage | % | porcentaje | % descuento | descuento % | descuento porcentual | percent_off | % off
    `,
    amount: 'amount | fixed amount | fixed_amount | amount_off | importe | importe fijo | descuento fijo | €',
    fixed_price: 'fixed price | fixed_price | precio fijo | precio especial',
    bogo: 'bogo | 2x1 | 3x2 | buy x get y | buy one get one | lleve 2 pague 1',
    gift: 'gift | free gift | regalo | obsequio',
    free_shipping:
      'free_shipping | free shipping | envío gratis | envio gratis | portes gratis | gastos de envío gratis',
    tier: 'tier | tiered | volume | escalado | por tramos | por volumen',
  }),
  'promotion.status': words({
    active: `
      active | activo | activa | vigente | en curso | enabled | sí | si | s | yes | y | true | verdadero | 1
    `,
    scheduled: 'scheduled | programado | programada | planificada',
    paused: `
      paused | pausado | pausada | inactive | inactivo | inactiva | disabled | no | n | false | falso | 0
    `,
    draft: 'draft | borrador',
    archived: 'archived | expired | ended | caducada | finalizada | terminada',
  }),
} satisfies FileKind['vocabulary']
