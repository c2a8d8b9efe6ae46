/** Writes the demo retailer: the files of its channels, the configuration, and the list of what is wrong. */
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseInstant } from '../../base/clock.ts'
import { fail } from '../../diagnostics/diagnostic.ts'
import { type Calendar, calendarAt } from './calendar.ts'
import { configText } from './config-file.ts'
import { companyFiles } from './file-company.ts'
import { webProducts } from './file-web.ts'
import { amazonListings, crosswalk, promotions, storeArticles, storeStock } from './files.ts'
import { generateWorld } from './generate.ts'
import { plant } from './plant.ts'
import type { DemoTruth, FaultPlan } from './truth.ts'
import type { World } from './world.ts'

const TRUTH_FILE = 'faults.json'
const FORMAT = 'omniparity-faults/1'
/** Below this there are not enough articles for the calendar of promotions. From 1,400 on no rule lacks articles for its faults. */
const FEWEST_ARTICLES = 50

export interface DemoOptions {
  /** Created when missing. Nothing outside is touched. */
  readonly dir: string
  readonly seed: number
  /** Articles of the store, from 50. */
  readonly articles: number
  readonly faults?: FaultPlan
  /** ISO 8601 with offset: the moment of the audit. */
  readonly asOf: string
}

/**
 * Writes the demo; the same options give the same bytes.
 *
 * @throws DiagnosticError `demo/not-empty` when the folder holds something else than an earlier demo, `usage/bad-value`
 *   for an instant that cannot be read or too few articles.
 */
export async function writeDemo(options: DemoOptions): Promise<DemoTruth> {
  const { dir, seed, articles } = options
  const asOf = parseInstant(options.asOf)
  if (asOf === null) {
    throw fail('usage/bad-value', { option: '--as-of', value: options.asOf, accepted: '2026-11-22T08:00:00+01:00' })
  }
  if (!Number.isInteger(articles) || articles < FEWEST_ARTICLES) {
    throw fail('usage/bad-value', { option: '--articles', value: String(articles), accepted: `${FEWEST_ARTICLES} …` })
  }
  await claim(dir)
  const world = generateWorld(seed, articles)
  plant(world, seed, options.faults ?? {})
  const truth: DemoTruth = { format: FORMAT, seed, articles, as_of: options.asOf, faults: world.faults }
  // First of all, so that a run that is broken off can be repeated.
  await put(dir, TRUTH_FILE, `${JSON.stringify(truth, null, 2)}\n`)
  const calendar = calendarAt(asOf)
  const company = companyFiles(world, calendar)
  for (const [path, content] of filesOf(world, calendar)) await put(dir, path, content)
  for (const { path, text } of company) await put(dir, path, text)
  await put(dir, 'omniparity.yaml', configText(asOf, company, world.company.promotionsAge))
  return truth
}

function filesOf(world: World, calendar: Calendar): readonly (readonly [path: string, content: string | Buffer])[] {
  return [
    ['tienda/articulos.csv', windows1252(storeArticles(world, calendar))],
    ['tienda/stock-por-tienda.csv', windows1252(storeStock(world))],
    ['tienda/promociones.csv', promotions(world.promotions.tienda, 'tienda', calendar)],
    ['web/wc-product-export.csv', webProducts(world, calendar)],
    ['web/promociones.csv', promotions(world.promotions.web, 'web', calendar)],
    ['amazon/all-listings.txt', amazonListings(world)],
    ['amazon/promociones.csv', promotions(world.promotions.amazon, 'amazon', calendar)],
    ['crosswalk.csv', crosswalk(world)],
  ]
}

/** What Windows-1252 has between 0x80 and 0x9f; Latin-1 has it elsewhere or not at all. */
const WINDOWS: Readonly<Record<string, string>> = { '€': '\x80', '’': '\x92', '–': '\x96' }

function windows1252(text: string): Buffer {
  return Buffer.from(
    text.replace(/[€’–]/g, (sign) => WINDOWS[sign] ?? '?'),
    'latin1',
  )
}

/** Makes sure that the folder is empty or an earlier demo. */
async function claim(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const names = await readdir(dir)
  if (names.length === 0) return
  const truth = await readFile(join(dir, TRUTH_FILE), 'utf8').catch(() => '')
  if (!truth.startsWith(`{\n  "format": "${FORMAT}"`)) throw fail('demo/not-empty', { dir })
  for (const name of ['tienda', 'web', 'amazon', 'empresa']) {
    const found = await lstat(join(dir, name)).catch(() => null)
    // A link could lead out of the folder.
    if (found !== null && !found.isDirectory()) throw fail('demo/not-empty', { dir })
  }
}

async function put(dir: string, path: string, content: string | Buffer): Promise<void> {
  const file = join(dir, path)
  await mkdir(dirname(file), { recursive: true })
  // Removed first: writing through a link of that name would leave the folder.
  await rm(file, { force: true })
  await writeFile(file, content, { flag: 'wx' })
}
