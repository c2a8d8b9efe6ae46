/** `plan.json` is read back as it was written, and refused when anything in it was touched. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { Change, PlanHead, Unresolved } from '../src/model/plan.ts'
import { changeId } from '../src/plan/change-id.ts'
import { openWholeFolder } from '../src/plan/folder.ts'
import { openPlan, writePlanFile } from '../src/plan/plan-file.ts'

const head: PlanHead = {
  format: 'omniparity-plan/1',
  created_at: '2026-11-22T08:00:00Z',
  expires_at: '2026-11-22T09:00:00Z',
  audit: 'a1',
  as_of: '2026-11-22T08:00:00Z',
  config_sha256: 'c0',
  authority_sha256: 'a'.repeat(64),
  basis: { web: { snapshot: 's1', sha256: 'b'.repeat(64) } },
  limits: { price_change: '0.3', rows: '0.05', sum: null },
  allowed: ['many_rows'],
}

function change(index: number, after = '19.99'): Change {
  const content = {
    action: 'update',
    channel: 'web',
    entity: 'price',
    target: { listing: `L${index}`, sku: '=HYPERLINK("x")\u2028"],', external_id: null },
    field: 'price.regular',
    before: '21.99',
    after,
    unit: 'EUR',
  } as const
  return {
    id: changeId(content),
    ...content,
    authority: 'erp',
    because: [`f${index}`],
    safety: 'automatic',
    needs: [],
    origin: { path: 'web.csv', row: index + 1, line: null, raw: '21,99' },
  }
}

const changes = Array.from({ length: 2500 }, (_, index) => change(index))
const unresolved: Unresolved[] = [
  { finding: 'f9', channel: null, code: 'no_authority', reason: 'nadie responde de stock' },
  { finding: 'f8', channel: 'web', code: 'conflict', reason: 'x', with: ['f7'] },
]
const actions = [{ cause: 'c1', channel: 'web', text: 'set includes_tax' }]

let dir = ''
let count = 0
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'omniparity-plan-file-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function* batches<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < all.length; at += 1000) yield all.slice(at, at + 1000)
}

async function written(planned: readonly Change[] = changes): Promise<string> {
  const path = join(dir, `plan-${count++}.json`)
  await writePlanFile(path, { head, changes: batches(planned), actions, unresolved: batches(unresolved) })
  return path
}

async function refusal(text: string): Promise<{ code: string; status: number }> {
  const path = join(dir, `bad-${count++}.json`)
  await writeFile(path, text)
  const error = await openPlan(path).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DiagnosticError)) throw error ?? new Error('the plan was accepted')
  return { code: error.diagnostic.code, status: error.status }
}

async function all<T>(source: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = []
  for await (const batch of source) found.push(...batch)
  return found
}

describe('plan.json', () => {
  it('is JSON with the keys of the contract, and comes back as it was', async () => {
    const path = await written()
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(json).toMatchObject({
      ...head,
      changes,
      actions,
      unresolved,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const plan = await openPlan(path)
    expect(plan.head).toEqual(head)
    expect(plan.actions).toEqual(actions)
    expect(plan.count).toEqual({ changes: 2500, unresolved: 2 })
    expect(await all(plan.changes())).toEqual(changes)
    expect(await all(plan.unresolved())).toEqual(unresolved)
    await plan.close()
  })

  it('is read without changes', async () => {
    const plan = await openPlan(await written([]))
    expect(plan.count.changes).toBe(0)
    expect(await all(plan.changes())).toEqual([])
    await plan.close()
  })

  it('is refused when a value, a need, a flag or the end was touched', async () => {
    const text = await readFile(await written(), 'utf8')
    const edits = [
      text.replace('"after":"19.99"', '"after":"0.99"'),
      text.replace('"needs":[]', '"needs":["price_to_zero"]'),
      text.replace('"many_rows"', '"price_to_zero"'),
      text.replace('T09:00:00Z', 'T19:00:00Z'),
      text.replace('nadie responde', 'alguien responde'),
      JSON.stringify(JSON.parse(text), null, 2),
      text.slice(0, text.length / 2).replace(/\n[^\n]*$/, '\n'),
    ]
    for (const edited of edits) {
      expect(edited).not.toBe(text)
      expect(await refusal(edited)).toEqual({ code: 'plan/edited', status: 4 })
    }
  })

  it('is refused when it is another thing', async () => {
    const text = await readFile(await written(), 'utf8')
    expect((await refusal('')).code).toBe('plan/bad-format')
    expect((await refusal('{"a": 1}')).code).toBe('plan/bad-format')
    expect((await refusal(text.replace('omniparity-plan/1', 'omniparity-plan/2'))).code).toBe('plan/newer')
    expect((await refusal(`${text}{}`)).code).toBe('plan/bad-format')
    const [first] = changes
    expect((await refusal(await readFile(await written(first === undefined ? [] : [first, first]), 'utf8'))).code).toBe(
      'plan/bad-format',
    )
    await expect(openPlan(join(dir, 'nowhere'))).rejects.toMatchObject({ diagnostic: { code: 'plan/not-found' } })
  })
})

describe('a whole folder', () => {
  it('is there when it is finished, and never before', async () => {
    const path = join(dir, 'plan')
    const folder = await openWholeFolder(path, 'plan')
    await writeFile(join(folder.path, 'plan.json'), '{}')
    expect(await readdir(dir)).not.toContain('plan')
    await folder.finish()
    await folder.discard()
    expect(await readdir(path)).toEqual(['plan.json'])
  })

  it('leaves nothing when it is given up, and takes the place of nothing', async () => {
    const path = join(dir, 'other')
    const given = await openWholeFolder(path, 'other')
    await given.discard()
    const late = await openWholeFolder(path, 'other')
    await mkdir(path)
    await expect(late.finish()).rejects.toMatchObject({ diagnostic: { code: 'plan/exists' } })
    await late.discard()
    expect((await readdir(dir)).filter((name) => name.startsWith('other'))).toEqual(['other'])
    await writeFile(join(dir, 'file'), '')
    await expect(openWholeFolder(join(dir, 'file', 'plan'), 'file/plan')).rejects.toMatchObject({
      diagnostic: { code: 'plan/unwritable', status: 2 },
    })
  })
})
