/** Plants the faults: at least one of each rule that exports can show, mostly two in different ways. */

import { CATALOG } from './plant-catalog.ts'
import { COMPANY } from './plant-company.ts'
import { addBundle, DETAILS } from './plant-details.ts'
import { FEED } from './plant-feed.ts'
import { IDENTITY } from './plant-identity.ts'
import { PRICE } from './plant-price.ts'
import { plantSeveral } from './plant-several.ts'
import { STOCK } from './plant-stock.ts'
import { type Planting, type PlantRule, startPlanting } from './planting.ts'
import { addPromotions } from './promotions.ts'
import { drowns, isAffected, plantSystemic } from './systemic.ts'
import type { FaultPlan } from './truth.ts'
import type { World } from './world.ts'

/** From so many articles on there are plain ones for two faults of each rule. */
const ENOUGH = 1000

/** Faults per article, over all rules about articles. */
const SHARE = 0.03

export function plant(world: World, seed: number, plan: FaultPlan): void {
  const systemic = plan.systemic ?? []
  const planted = plan.planted ?? true
  const planting = startPlanting(world, seed, (article) => isAffected(article, systemic))
  const all = [...FEED, ...IDENTITY, ...CATALOG, ...PRICE, ...STOCK, ...DETAILS, ...COMPANY].filter(
    ({ rule }) => !drowns(rule, systemic),
  )
  // Where not every rule finds its articles, other rules do with another seed.
  const rules = world.articles.length < ENOUGH ? planting.chance.shuffle(all) : all
  const each = world.articles.length < ENOUGH ? 1 : Math.max(2, Math.round((world.articles.length * SHARE) / 25))
  // What has to stay sound comes first.
  addBundle(planting, 0)
  addPromotions(planting, planted ? Math.min(each, 4) : 0)
  if (planted) for (const rule of rules) plantRule(planting, rule, each)
  if (planted) plantSeveral(planting, (rule) => drowns(rule, systemic))
  for (const kind of systemic) plantSystemic(planting, kind)
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
