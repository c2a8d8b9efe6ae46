/** How wishes become changes: one a cell, conflicts for a person, and the same in whatever order they came. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultConfig } from '../src/config/normalise.ts'
import { diagnose } from '../src/diagnostics/diagnostic.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Engine } from '../src/engine/engine.ts'
import type { Store } from '../src/ingest/tables.ts'
import { ChangeSet, type SettleOptions } from '../src/plan/change-set.ts'
import { planChanges, planUnresolved } from '../src/plan/changes.ts'
import type { Want } from '../src/plan/wants.ts'

let dir = ''
let engine: Engine
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'omniparity-set-'))
  engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
})
afterEach(async () => {
  await engine.close()
  await rm(dir, { recursive: true, force: true })
})

const { channels } = defaultConfig(
  '.',
  ['shop', 'web', 'app'].map((id) => ({ id, kind: 'web' as const, sources: [] })),
)

function store(failed: Store['failed'] = new Map()): Store {
  return {
    channels,
    sources: [],
    fields: new Map(),
    filled: new Set(),
    speaks: new Map(),
    hasStockRows: false,
    hasPromotions: false,
    hasLocations: false,
    unknownWords: [],
    unread: [],
    damage: [],
    broken: [],
    quarantine: [],
    lost: new Map(),
    failed,
    inputs: { loaded: [], failed: new Map() },
  }
}

function want(finding: string, ch: number, rid: number, after: string, more: Partial<Want> = {}): Want {
  return {
    ...{ finding, rule: 'price/differs-across-channels', item: `I${rid}`, title: 'x', ch, owner: 0, owner_src: 0 },
    ...{
      rid: String(rid),
      src: ch,
      ord: rid,
      entity: 'price',
      field: 'price.regular',
      before: '20.00',
      after,
      unit: 'EUR',
    },
    ...{ authority: 'shop', path: 'web.csv', row: rid + 1, line: rid + 2, sheet: null, raw: '20.00' },
    ...{ listing: `L${rid}`, sku: `S${rid}`, external: null },
    ...more,
  }
}

async function settled(wants: readonly Want[], options: Partial<SettleOptions> = {}) {
  const set = await ChangeSet.create(engine)
  for (const one of wants) await set.want(one)
  await set.settle({
    limits: { price_change: '0.3', rows: '1', sum: null },
    channels: channels.map(({ id, kind }) => ({ id, kind, platform: 'csv', listings: 100, linked: 100, sources: [] })),
    stale: { files: new Set(), channels: new Set() },
    store: store(),
    ...options,
  })
  const changes = []
  for await (const batch of planChanges(engine, channels)) changes.push(...batch)
  const unresolved = []
  for await (const batch of planUnresolved(engine, channels, 'en', (code) => code)) unresolved.push(...batch)
  return { changes, unresolved }
}

describe('wishes for one cell', () => {
  it('that agree are one change for all their findings', async () => {
    const { changes, unresolved } = await settled([
      want('f2', 1, 7, '19.00'),
      want('f1', 1, 7, '19.00', { rule: 'price/outlier' }),
    ])
    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({
      channel: 'web',
      before: '20.00',
      after: '19.00',
      because: ['f1', 'f2'],
      safety: 'automatic',
    })
    expect(unresolved).toEqual([])
  })

  it('that differ are a conflict: nothing is planned, and each finding names the others', async () => {
    const { changes, unresolved } = await settled([
      want('f1', 1, 7, '19.00'),
      want('f2', 1, 7, '18.00'),
      want('f3', 1, 8, '18.00'),
      want('f1', 2, 9, '19.00'),
    ])
    expect(changes.map(({ channel, target }) => [channel, target.sku])).toEqual([
      ['web', 'S8'],
      ['app', 'S9'],
    ])
    expect(unresolved).toEqual([
      { finding: 'f1', channel: 'web', code: 'conflict', reason: 'conflict', with: ['f2'] },
      { finding: 'f2', channel: 'web', code: 'conflict', reason: 'conflict', with: ['f1'] },
    ])
  })

  it('give the same changes in the same order, however they came', async () => {
    const wants = [want('f3', 2, 4, '19.00'), want('f1', 1, 9, '19.00'), want('f2', 1, 3, '19.00')]
    const { changes } = await settled(wants)
    await engine.close()
    engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 2 })
    expect((await settled([...wants].reverse())).changes).toEqual(changes)
    expect(changes.map(({ target }) => target.sku)).toEqual(['S3', 'S9', 'S4'])
  })

  it('of channels that could not be read, or from them, are left out', async () => {
    const failed = new Map([['app', diagnose('ingest/no-records', { channel: 'app' })]])
    const { changes, unresolved } = await settled(
      [want('f1', 2, 1, '19.00'), want('f2', 1, 2, '19.00', { owner: 2 }), want('f3', 1, 3, '19.00')],
      { store: store(failed) },
    )
    expect(changes.map(({ because }) => because)).toEqual([['f3']])
    expect(unresolved.map(({ finding, channel, code }) => [finding, channel, code])).toEqual([
      ['f1', 'app', 'unreadable'],
      ['f2', 'web', 'unreadable'],
    ])
  })

  it('with data that are too old are left out', async () => {
    const { changes, unresolved } = await settled([want('f1', 2, 1, '19.00'), want('f2', 1, 2, '19.00')], {
      stale: { files: new Set(), channels: new Set(['app']) },
    })
    expect(changes.map(({ because }) => because)).toEqual([['f2']])
    expect(unresolved.map(({ code }) => code)).toEqual(['stale'])
  })
})
