/** Plants the faults: at least one of each rule that exports can show, mostly two in different ways. */

import { CATALOG } from './plant-catalog.ts'
import { COMPANY } from './plant-company.ts'
import { DETAILS } from './plant-details.ts'
import { FEED } from './plant-feed.ts'
import { IDENTITY } from './plant-identity.ts'
import { PRICE } from './plant-price.ts'
import { plantSeveral } from './plant-several.ts'
import { STOCK } from './plant-stock.ts'
import { addBundle, SUPPLY } from './plant-supply.ts'
import { type Planting, type PlantRule, startPlanting } from './planting.ts'
import { addPromotions } from './promotions.ts'
import { drowns, isAffected, plantSystemic } from './systemic.ts'
import type { FaultPlan } from './truth.ts'
import type { World } from './world.ts'

/** From so many articles on there are plain ones for two faults of each rule. */
const ENOUGH = 1400

/** Faults per article, over all rules about articles. */
const SHARE = 0.03

export function plant(world: World, seed: number, plan: FaultPlan): void {
  const systemic = plan.systemic ?? []
  const planted = plan.planted ?? true
  const planting = startPlanting(world, seed, (article) => isAffected(article, systemic))
  const isDrowned = (rule: string): boolean => drowns(rule, systemic)
  const all = [...FEED, ...IDENTITY, ...CATALOG, ...PRICE, ...STOCK, ...DETAILS, ...SUPPLY, ...COMPANY].filter(
    ({ rule }) => !isDrowned(rule),
  )
  // Where not every rule finds its articles, other rules do with another seed.
  const rules = world.articles.length < ENOUGH ? planting.chance.shuffle(all) : all
  const each = world.articles.length < ENOUGH ? 1 : Math.max(2, Math.round((world.articles.length * SHARE) / 25))
  // What has to stay sound comes first.
  addBundle(planting, 0)
  addPromotions(planting, planted ? Math.min(each, 4) : 0, isDrowned)
  if (planted) for (const rule of rules) plantRule(planting, rule, each)
  if (planted) plantSeveral(planting, isDrowned)
  for (const kind of systemic) plantSystemic(planting, kind)
  spreadSystemic(world)
}

/** What a whole channel gets wrong shows on articles with faults of their own, too, and may hang under those. */
function spreadSystemic({ faults }: World): void {
  const brought = faults.flatMap(({ cause, entails }) => (cause === undefined ? [] : entails))
  if (brought.length === 0) return
  const spread = faults.map((fault) =>
    fault.cause === undefined ? { ...fault, entails: [...new Set([...fault.entails, ...brought])] } : fault,
  )
  faults.splice(0, faults.length, ...spread)
}

function plantRule(planting: Planting, { ways, once }: PlantRule, each: number): void {
  if (once === true) {
    for (const way of ways) way(planting)
    return
  }
  const start = planting.chance.int(ways.length)
  let planted = 0
  for (let at = 0; planted < each && at < each + ways.length; at++) {
    if (ways[(start + at) % ways.length]?.(planting) === true) planted++
  }
}
