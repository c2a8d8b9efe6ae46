/** Generated catalogues of platforms, and what of them can be changed. */

import { amazon } from './fix-cases/amazon.ts'
import type { FixCase } from './fix-cases/drawing.ts'
import { google, local, meta } from './fix-cases/feeds.ts'
import { odooQuants, odooTemplates, odooVariants } from './fix-cases/odoo.ts'
import { tiendanube } from './fix-cases/tiendanube.ts'
import { lightspeed, loyverse, loyverseStores, square } from './fix-cases/tills.ts'
import type { Reading } from './import/cells.ts'

const READINGS: readonly Reading[] = [{ blank: 'erases' }, { blank: 'keeps' }]

export const CASES: readonly FixCase[] = [
  amazon,
  google,
  local,
  ...READINGS.map(meta),
  ...READINGS.map(tiendanube),
  ...READINGS.map(square),
  ...READINGS.map(lightspeed),
  ...READINGS.map(loyverse),
  loyverseStores,
  odooTemplates,
  odooVariants,
  odooQuants,
]
