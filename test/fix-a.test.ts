/** Files that correct Shopify, WooCommerce, PrestaShop and Magento, put through simulated imports. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldName } from '../src/model/field.ts'
import { changesOf, expectLoop, wishes } from './fix-a-loop.ts'
import type { ShopCase } from './fix-a-shops.ts'
import { magentoProducts, magentoSources, magentoTiers } from './fix-magento.ts'
import { prestashopCombinations, prestashopProducts } from './fix-prestashop.ts'
import { shopifyInventory, shopifyProducts } from './fix-shopify.ts'
import { woocommerce } from './fix-woocommerce.ts'

const CASES: readonly ShopCase[] = [
  shopifyProducts,
  shopifyInventory,
  woocommerce,
  prestashopProducts,
  prestashopCombinations,
  magentoProducts,
  magentoTiers,
  magentoSources,
]

describe.each(CASES)('$name', (shop) => {
  test('changes what is planned and nothing else, and takes it back, whatever the catalogue holds', async () => {
    const carried = new Map<FieldName, number>()
    await fc.assert(
      fc.asyncProperty(shop.table, wishes(shop), async (table, list) => {
        const fixes = await expectLoop(shop, table, changesOf(shop, table, list))
        for (const { change } of fixes.carried) carried.set(change.field, (carried.get(change.field) ?? 0) + 1)
        for (const { why } of fixes.refused) expect(why.en.length * why.es.length).toBeGreaterThan(0)
      }),
      { numRuns: 60, seed: 20_261_122 },
    )
    for (const field of Object.keys(shop.values)) {
      expect(carried.get(field as FieldName) ?? 0, `changes of ${field} that were carried`).toBeGreaterThan(0)
    }
  })
})
