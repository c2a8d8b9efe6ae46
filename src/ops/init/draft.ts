/** From files to channels: what can be told without asking, and what is left to ask. */
import { basename, dirname } from 'node:path'
import type { ChannelKind } from '../../model/config.ts'
import { loadPlatform, platformIds } from '../../platforms/registry.ts'
import type { SampleRow, Scan, ScannedFile } from './scan.ts'

export interface DraftChannel {
  readonly id: string
  readonly kind: ChannelKind
  /** Null: nobody has said. */
  readonly includesTax: boolean | null
  readonly files: readonly ScannedFile[]
}

export interface Copy {
  readonly path: string
  readonly of: string
}

export const DOMAINS = ['catalog', 'price', 'stock', 'promotion'] as const
export type Domain = (typeof DOMAINS)[number]

export interface Draft {
  readonly project: string
  /** Empty: not said. */
  readonly market: string
  readonly currency: string
  /** What some files say, where others with prices say none: for a person to confirm. */
  readonly currencyOfSome: string
  readonly timezone: string
  readonly channels: readonly DraftChannel[]
  /** Files that say something of articles, and belong to a channel that cannot be told from them. */
  readonly stray: readonly ScannedFile[]
  readonly unknown: Scan['unknown']
  /** Files that are another one of the same channel byte for byte. */
  readonly copies: readonly Copy[]
  readonly authority: Readonly<Record<Domain, string | null>>
}

/** Words in names of files and folders, by what such a channel is. */
const KIND_WORDS: readonly (readonly [ChannelKind, RegExp])[] = [
  ['marketplace', /miravia|mercado.?libre|aliexpress|zalando|market(place)?/],
  ['erp', /\berp\b|\bsap\b|navision|sage|holded|a3erp|maestro/],
  ['web', /(tienda|store)[ _-]?(online|web|virtual)|(web|online)[ _-]?(tienda|store)|e-?commerce|storefront/],
  ['store', /tienda(?!nube)|store|pos\b|tpv|caja|mostrador|shop-?floor/],
  ['app', /\bapp\b/],
  ['feed', /feed/],
  ['web', /web|online|shop/],
]

/**
 * One channel a folder where files lie in folders of their own; of the others one a platform, and one a file where any program
 * could have written it.
 */
export async function draftOf(scan: Scan, folder: string): Promise<Draft> {
  const groups = new Map<string, readonly ScannedFile[]>()
  for (const file of scan.files) {
    const key = groupOf(file)
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  const copies: Copy[] = []
  for (const [key, files] of groups) groups.set(key, withoutCopies(files, copies))
  const whole = [...groups].filter(([, files]) => files.some(({ hasListings }) => hasListings))
  const parts = [...groups]
    .filter(([, files]) => !files.some(({ hasListings }) => hasListings))
    .flatMap(([, files]) => files)
  const taken = new Set<string>()
  const channels: DraftChannel[] = []
  for (const [key, files] of whole) {
    const id = uniqueId(key, taken)
    channels.push({ id, kind: await kindOf(key, files), includesTax: await taxOf(files), files })
  }
  const [only] = channels
  const isAlone = channels.length === 1 && only !== undefined
  const priced = scan.files.filter(({ hasPrices }) => hasPrices)
  const currencies = new Set(priced.map(({ currency }) => currency))
  const named = [...currencies].filter((one) => one !== null)
  const currency = named.length === 1 ? (named[0] ?? '') : ''
  return {
    project: basename(folder) || 'omniparity',
    market: '',
    currency: currencies.size === 1 ? currency : '',
    currencyOfSome: currencies.size === 1 ? '' : currency,
    timezone: '',
    channels: isAlone ? [{ ...only, files: [...only.files, ...parts.filter(({ isPart }) => isPart)] }] : channels,
    stray: isAlone ? parts.filter(({ isPart }) => !isPart) : parts,
    unknown: scan.unknown,
    copies,
    authority: { catalog: null, price: null, stock: null, promotion: null },
  }
}

/** A browser that loads a file twice calls the second one "name (1)". */
function withoutCopies(files: readonly ScannedFile[], copies: Copy[]): readonly ScannedFile[] {
  const first = new Map<string, ScannedFile>()
  for (const file of files) {
    const other = first.get(file.content)
    if (other === undefined || file.path.length < other.path.length) first.set(file.content, file)
  }
  return files.filter(({ content, path }) => {
    const of = first.get(content)?.path ?? path
    if (of !== path) copies.push({ path, of })
    return of === path
  })
}

function groupOf({ path, platform }: ScannedFile): string {
  const folder = dirname(path).split('/')[0] ?? '.'
  if (folder !== '.') return folder
  return platform === 'csv' ? basename(path).replace(/\..*$/, '') : platform
}

async function kindOf(key: string, files: readonly ScannedFile[]): Promise<ChannelKind> {
  const names = [key, ...files.map(({ path }) => path)].join(' ').toLowerCase()
  const own = files[0] === undefined ? undefined : (await loadPlatform(files[0].platform)).channelKind
  return own ?? (await namedAfter(names)) ?? KIND_WORDS.find(([, words]) => words.test(names))?.[0] ?? 'web'
}

/** What the platform is used for that a folder or file is called after, whoever wrote the file. */
async function namedAfter(names: string): Promise<ChannelKind | undefined> {
  const words = new Set(names.split(/[^a-z0-9-]+/))
  const id = (await platformIds()).find((one) => words.has(one))
  return id === undefined ? undefined : (await loadPlatform(id)).channelKind
}

/** What the platform itself fixes. */
async function taxOf(files: readonly ScannedFile[]): Promise<boolean | null> {
  const [first] = files
  return first === undefined ? null : (await loadPlatform(first.platform)).includesTax
}

function uniqueId(name: string, taken: Set<string>): string {
  const stem =
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'channel'
  let id = stem
  for (let count = 2; taken.has(id.toLowerCase()); count++) id = `${stem}-${count}`
  taken.add(id.toLowerCase())
  return id
}

/** The first records of a channel. */
export function sampleOf({ files }: DraftChannel): readonly SampleRow[] {
  return files.find(({ sample }) => sample.length > 0)?.sample ?? []
}

export function assigned(draft: Draft, path: string, channel: string | null): Draft {
  const file = draft.stray.find((one) => one.path === path)
  if (file === undefined || channel === null) return draft
  return {
    ...draft,
    stray: draft.stray.filter((one) => one !== file),
    channels: draft.channels.map((one) => (one.id === channel ? { ...one, files: [...one.files, file] } : one)),
  }
}
