/** `apply` and `undo` as a person uses them: an audit, a plan, a run, another audit. */
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApplyProject, listOf, reportOf } from './apply-project.ts'
import { prices, shops, stock, timesWritten } from './apply-shop.ts'
import { codeOf } from './apply-target.ts'

const COUNT = 30
/** Enough equal prices that the others are single errors, and no cause. */
const SAME = Array.from({ length: COUNT }, (_, index) => index).filter((index) => index % 6 !== 0)
const WRONG = COUNT - SAME.length
/** Articles of the whole loop; OMNIPARITY_ROWS=100000 takes minutes. */
const ROWS = Number(process.env['OMNIPARITY_ROWS'] ?? 1000)

describe.each(shops())('$name', (shop) => {
  beforeAll(async () => {
    if (shop.skip === null) await shop.start()
  })
  afterAll(() => shop.stop())

  it.skipIf(shop.skip !== null)(
    'carries a plan out, audits again, and takes it back',
    { timeout: 300_000 },
    async () => {
      await stock(shop, COUNT)
      const project = new ApplyProject(shop, listOf(COUNT, SAME))
      const before = await prices(shop)
      const findings = await project.audit()
      expect(findings).toHaveLength(WRONG)
      const plan = await project.plan(findings)

      const dry = await project.apply(plan, { dryRun: true })
      expect({ ...dry, stdout: '' }).toEqual({ status: 0, stdout: '', warnings: [], errors: [], code: null })
      expect(reportOf(dry)).toMatchObject({
        dry_run: true,
        run: null,
        channels: [{ id: 'shop', counts: { written: WRONG } }],
      })
      expect(await prices(shop)).toEqual(before)

      const applied = await project.apply(plan, { canary: 2 })
      const report = reportOf(applied)
      expect(applied.status).toBe(0)
      expect(report).toMatchObject({
        status: 'complete',
        resumed: false,
        channels: [{ id: 'shop', counts: { written: WRONG }, left: 0 }],
        listed: [],
        canary: { changes: 2, passed: true, gone: 2 },
        audit: { gone: WRONG, remaining: [], unknown: [], appeared: [] },
      })
      expect([...(await timesWritten(shop)).values()]).toEqual(Array.from({ length: WRONG }, () => 1))

      const again = await project.apply(plan)
      expect(again.status).toBe(0)
      expect(again.warnings.join()).toContain(report.run)
      expect([...(await timesWritten(shop)).values()]).toEqual(Array.from({ length: WRONG }, () => 1))

      const undone = await project.undo('last', 'undo')
      expect(undone).toMatchObject({ status: 0, code: null })
      expect(project.read('undo/plan.md')).toContain('A000006')
      const back = await project.apply('undo')
      expect(reportOf(back)).toMatchObject({ status: 'complete', audit: { gone: 0, remaining: [], appeared: [] } })
      expect(await prices(shop)).toEqual(before)
      project.remove()
    },
  )

  it.skipIf(shop.skip !== null)(
    'ends exactly the planned findings, and changes no other cell',
    { timeout: 300_000 },
    async () => {
      await stock(shop, ROWS)
      const wrong = (code: string): boolean => Number(code.slice(1)) % 50 === 7
      const list = new Map(
        [...listOf(ROWS)].map(([code, price]) => [code, wrong(code) ? price : price.replace('.5', '')]),
      )
      const project = new ApplyProject(shop, list)
      const before = await prices(shop)
      const findings = await project.audit()
      expect(findings).toHaveLength([...before.keys()].filter(wrong).length)
      expect(await project.ownPlan()).toMatchObject({ status: 0, code: null })
      const applied = await project.apply('plan')
      expect(applied.status).toBe(0)
      const report = reportOf(applied)
      expect(report.audit).toEqual({ gone: findings.length, remaining: [], unknown: [], appeared: [] })
      const planned = new Map([...before].map(([code, price]) => [code, wrong(code) ? price + 0.5 : price]))
      expect(await prices(shop)).toEqual(planned)
      expect(await project.audit()).toEqual([])
      expect(await project.undo(report.run ?? '', 'undo')).toMatchObject({ status: 0 })
      expect(reportOf(await project.apply('undo')).status).toBe('complete')
      expect(await prices(shop)).toEqual(before)
      project.remove()
    },
  )

  it.skipIf(shop.skip !== null)(
    'goes on after an interruption without writing twice',
    { timeout: 300_000 },
    async () => {
      await stock(shop, COUNT)
      const project = new ApplyProject(shop, listOf(COUNT))
      const plan = await project.plan(await project.audit())
      const stopping = new AbortController()
      const applying = project.apply(plan, { rate: 20 }, stopping.signal)
      setTimeout(() => stopping.abort(), 900)
      const first = await applying
      expect(first.status).toBe(130)
      expect(reportOf(first).status).toBe('interrupted')
      const second = await project.apply(plan)
      expect(second.status).toBe(0)
      expect(reportOf(second)).toMatchObject({ resumed: true, run: reportOf(first).run, status: 'complete' })
      const times = [...(await timesWritten(shop)).values()]
      expect(times).toHaveLength(COUNT)
      expect(times.filter((n) => n !== 1)).toEqual([])
      project.remove()
    },
  )
})

describe('after a run', () => {
  it('what is new about the changed articles is told, and fails like an audit', async () => {
    const [shop] = shops()
    if (shop === undefined) throw new Error('no shop')
    await stock(shop, COUNT)
    // The channel does more with a price than was asked of it: it raises the offer above it.
    await shop.run(
      'ALTER TABLE item ADD COLUMN oferta DECIMAL(12,2)',
      `UPDATE item SET oferta = pvp - 1 WHERE code = '${codeOf(1)}'`,
      'CREATE TRIGGER raising AFTER UPDATE OF pvp ON item BEGIN UPDATE item SET oferta = NEW.pvp + 1 WHERE code = NEW.code; END',
    )
    const project = new ApplyProject(shop, listOf(COUNT, SAME))
    const config = project
      .read('omniparity.yaml')
      .replace('pvp as "price.regular"', 'pvp as "price.regular", oferta as "price.sale"')
    project.project.write('omniparity.yaml', config)
    expect(await project.ownPlan()).toMatchObject({ status: 0 })
    const applied = await project.apply('plan')
    const { status, audit } = reportOf(applied)
    expect({ status, gone: audit?.gone }).toEqual({ status: 'complete', gone: WRONG })
    const offers = audit?.appeared.filter(({ rule }) => rule === 'price/sale-not-below-regular')
    expect(offers).toHaveLength(WRONG)
    expect(applied.status).toBe(1)
    project.remove()
    await shop.stop()
  })
})

describe('two runs at once', () => {
  it('never write one channel', async () => {
    const [shop] = shops()
    if (shop === undefined) throw new Error('no shop')
    await stock(shop, COUNT)
    const project = new ApplyProject(shop, listOf(COUNT))
    const findings = await project.audit()
    const [one, other] = [await project.plan(findings, 'one'), await project.plan(findings.slice(1), 'other')]
    const first = project.apply(one, { rate: 8 })
    const locks = join(project.state, 'locks')
    await expect.poll(() => (existsSync(locks) ? readdirSync(locks).length : 0), { timeout: 20_000 }).toBe(2)
    const said = [await project.apply(one), await project.apply(other), await first].toReversed()
    expect(said.map(({ status, code }) => `${status} ${code}`)).toEqual(['0 null', '4 apply/locked', '4 apply/locked'])
    const times = [...(await timesWritten(shop)).values()]
    expect([times.length, Math.max(...times)]).toEqual([COUNT, 1])
    project.remove()
    await shop.stop()
  })
})

describe('a plan is refused', () => {
  const [shop] = shops()
  if (shop === undefined) throw new Error('no shop')
  afterAll(() => shop.stop())
  let project: ApplyProject
  beforeAll(async () => {
    await stock(shop, COUNT)
    project = new ApplyProject(shop, listOf(COUNT, SAME))
  })

  it('that has expired, that nobody agreed to, that has no channel, that is not of the latest audit, or was edited', async () => {
    const findings = await project.audit()
    const refused = async (plan: string, request = {}): Promise<string> => {
      const { status, code } = await project.apply(plan, request)
      return `${status} ${code}`
    }
    const late = await project.plan(findings, 'late', { expires_at: '2026-01-01T00:00:00Z' })
    expect(await refused(late)).toBe('4 apply/expired')
    const large = await project.plan(findings, 'large', {}, ['large_price_change'])
    expect(await refused(large)).toBe('4 apply/needs')
    expect(await refused(large, { allow: ['price_to_zero'] })).toBe('4 apply/needs')
    expect(await refused(large, { allow: ['large_price_change'], dryRun: true })).toBe('0 null')
    const foreign = await project.plan(findings, 'foreign', { authority_sha256: 'f'.repeat(64) })
    expect(await refused(foreign)).toBe('4 apply/authority-changed')
    const edited = await project.plan(findings, 'edited')
    const file = join(project.dir, 'edited/plan.json')
    writeFileSync(file, project.read('edited/plan.json').replace('"price_change":"0.3"', '"price_change":"0.9"'))
    expect(await refused(edited)).toBe('4 plan/edited')
    const good = await project.plan(findings, 'good')
    expect(await refused(good, { channels: ['nobody'] })).toBe('2 usage/unknown-channel')
    await shop.run(`UPDATE item SET pvp = 1000 WHERE code = '${codeOf(1)}'`, 'DELETE FROM log')
    await project.audit()
    expect(await refused(good)).toBe('4 apply/not-latest')
    expect((await timesWritten(shop)).size).toBe(0)
    expect(await project.undo('last', 'nothing')).toMatchObject({ status: 2, code: 'apply/no-run' })
  })

  it('that was made from another database', async () => {
    await stock(shop, COUNT)
    const own = new ApplyProject(shop, listOf(COUNT, SAME))
    expect(await own.ownPlan()).toMatchObject({ status: 0 })
    const copy = join(own.dir, 'copy.db')
    copyFileSync(shop.url().slice('sqlite:'.length), copy)
    const config = own.read('omniparity.yaml')
    own.project.write('omniparity.yaml', config.replace(shop.url(), `sqlite:${copy}`))
    expect(await own.apply('plan')).toMatchObject({ status: 4, code: 'apply/other-database' })
    own.project.write('omniparity.yaml', config)
    expect((await own.apply('plan')).status).toBe(0)
    own.project.write('omniparity.yaml', config.replace(shop.url(), `sqlite:${copy}`))
    expect(await own.undo('last', 'undo')).toMatchObject({ status: 0 })
    expect(await own.apply('undo')).toMatchObject({ status: 4, code: 'apply/other-database' })
    own.remove()
  })

  it('that has no channel, or one that is only files', async () => {
    await stock(shop, COUNT)
    const findings = await project.audit()
    const gone = await project.plan(findings, 'gone')
    const text = project.read('omniparity.yaml')
    project.project.write('omniparity.yaml', text.replaceAll('shop:', 'tienda:'))
    expect(await project.apply(gone)).toMatchObject({ status: 4, code: 'apply/channel-gone' })
    project.project.write('omniparity.yaml', text)
    const sql = text.slice(text.indexOf('      - platform: sql'), text.indexOf('authority:'))
    project.project.write('omniparity.yaml', text.replace(sql, '      - {platform: csv, path: erp.csv}\n'))
    expect(await project.apply(gone)).toMatchObject({ status: 4, code: 'apply/no-target' })
    project.project.write('omniparity.yaml', text)
  })
})

describe('a canary', () => {
  it('that does not end its findings stops the run, and is judged again by the next', async () => {
    const [shop] = shops()
    if (shop === undefined) throw new Error('no shop')
    await stock(shop, COUNT)
    const project = new ApplyProject(shop, listOf(COUNT, SAME))
    const plan = await project.plan(await project.audit())
    // What the plan wants is by now no longer what the company says.
    const list = project.read('erp.csv')
    project.project.write('erp.csv', list.replaceAll('.5', '.9'))
    const first = await project.apply(plan, { canary: 1 })
    expect(first.status).toBe(4)
    expect(reportOf(first)).toMatchObject({
      status: 'stopped',
      stopped: { reason: 'canary' },
      canary: { passed: false, gone: 0, changes: 1 },
      channels: [{ counts: { written: 1 }, left: WRONG - 1 }],
    })
    // Without the flag it is not passed over.
    expect(reportOf(await project.apply(plan))).toMatchObject({ status: 'stopped', stopped: { reason: 'canary' } })
    expect((await timesWritten(shop)).size).toBe(1)
    project.project.write('erp.csv', list)
    expect(reportOf(await project.apply(plan))).toMatchObject({ status: 'complete', audit: { gone: WRONG } })
    project.remove()
    await shop.stop()
  })
})
