/** Rules about what several listings share: a code, a product, a category. They find what no single article shows. */
import type { World } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { PRICE_FIGURE } from '../rules/price-figures.ts'
import type { Agreed } from './agreed.ts'
import { judgeCategories } from './category-rules.ts'
import type { FindingContext } from './finding.ts'
import { judgeKeys, type KeyOutcome } from './key-rules.ts'
import { judgePriceFigures } from './price-figures.ts'
import { judgeProducts } from './product-rules.ts'
import { judgeSkuCollisions } from './sku-collisions.ts'

const TABLES: ReadonlySet<string> = new Set(['gtin_key', 'sku_key', 'product', 'category', PRICE_FIGURE])

export function isKeyed({ rule }: EffectiveRule): boolean {
  return TABLES.has(rule.on)
}

export function judgeKeyed(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
  agreed: Agreed,
): Promise<KeyOutcome> {
  const { on, kind } = effective.rule
  if (on === PRICE_FIGURE) return judgePriceFigures(effective, context, world)
  if (on === 'category') return judgeCategories(effective, context, world)
  if (on === 'product') return judgeProducts(effective, context, world, agreed)
  if (kind === 'match') return judgeSkuCollisions(effective, context, world, agreed)
  return judgeKeys(context.engine, effective, context, world, agreed)
}
