/** The web shop of the demo: planned, imported, audited again, and taken back. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditRequest } from '../src/model/audit-run.ts'
import { CHANGE_NEEDS, type Change } from '../src/model/plan.ts'
import { runAudit } from '../src/ops/audit.ts'
import { writeDemo } from '../src/ops/demo/write.ts'
import { runPlan } from '../src/ops/plan.ts'
import { CSV, openTable } from './fix-a-shops.ts'
import { writeTable } from './fix-harness.ts'
import { readWooCommerce, woocommerce } from './fix-woocommerce.ts'
import { compareTables, readTable, type Table } from './import/cells.ts'
import { importWooCommerce, settleWooCommerce } from './import/woocommerce.ts'
import { heard, SmallProject } from './small-project.ts'

const EXPORT = 'web/wc-product-export.csv'

let base = ''
let demo = ''
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'omniparity-fix-demo-'))
  demo = join(base, 'demo')
  await writeDemo({ dir: demo, seed: 1, articles: 300, asOf: '2026-11-22T08:00:00+01:00' })
  // As a shop writes it that has saved its products.
  writeShop(settleWooCommerce(readShop()))
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

function readShop(): Table {
  return openTable(readFileSync(join(demo, EXPORT), 'utf8'), ',')
}

function writeShop(table: Table): void {
  writeFileSync(join(demo, EXPORT), `\ufeff${writeTable([table.header, ...table.rows], CSV)}`)
}

function request(): AuditRequest {
  const project = new SmallProject({})
  project.remove()
  return { ...project.request(), cwd: demo, asOf: '2026-11-22T07:00:00Z', stateDir: join(base, 'state') }
}

async function findings(): Promise<readonly string[]> {
  const { stdout } = await heard((io) => runAudit(request(), io))
  return (JSON.parse(stdout) as { findings: { id: string }[] }).findings.map(({ id }) => id)
}

function importSide(side: 'fix' | 'undo'): void {
  const folder = join(base, 'plan', side, 'web')
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const brought = readTable(readFileSync(join(folder, file)), { delimiter: ',' })
    writeShop(importWooCommerce(readShop(), brought))
  }
}

test('what was planned for the web shop is gone after the import, nothing else came, and the undo brings it back', async () => {
  const shop = readShop()
  const before = await findings()
  const selection = { rules: [], channels: ['web'], items: [], causes: [] }
  await heard((io) =>
    runPlan(
      {
        audit: { ...request(), formats: [] },
        selection,
        output: join(base, 'plan'),
        allowed: CHANGE_NEEDS,
        maxSum: null,
        expiresMs: null,
        review: null,
      },
      io,
    ),
  )
  const { changes } = JSON.parse(readFileSync(join(base, 'plan/plan.json'), 'utf8')) as { changes: readonly Change[] }
  expect(changes.length).toBeGreaterThan(1)
  importSide('fix')
  for (const { row, header } of compareTables(shop, readShop())) {
    const mine = changes.filter(({ origin }) => origin?.path === EXPORT && origin.row === row + 1)
    expect(
      mine.some(({ field }) => woocommerce.touches[field]?.test(header)),
      `${header} of ${row + 1}`,
    ).toBe(true)
  }
  const ended = new Set(changes.flatMap(({ because }) => because))
  const after = await findings()
  expect(after.filter((id) => ended.has(id) || !before.includes(id))).toEqual([])
  importSide('undo')
  expect(await findings()).toEqual(before)
  expect(readWooCommerce(readShop())).toEqual(readWooCommerce(shop))
})
