/** Findings as the page carries them: small, streamed, with nothing in it that a browser could take for markup. */
import { once } from 'node:events'
import { createGzip } from 'node:zlib'
import { printable } from '../../base/text.ts'
import type { Locale } from '../../model/config.ts'
import type { ComparedFinding } from '../../model/history.ts'
import type { Finding, Side } from '../../model/report.ts'
import { type Chunk, type PackedChange, type PackedFinding, type PackedSide, SEVERITIES, STATUSES } from './payload.ts'

/** Findings of one line. */
const CHUNK = 1000
/** Bytes of the packed file that make a piece of text: base64 has no remainder between pieces. */
const PIECE = 3 * 16_384

/** Places of texts that repeat. */
class Texts {
  readonly #places = new Map<string, number>()
  #fresh: string[] = []

  place(text: string | null | undefined): number {
    if (text === null || text === undefined) return -1
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#fresh.push(text)
    this.#places.set(text, this.#places.size)
    return this.#places.size - 1
  }

  takeFresh(): readonly string[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }
}

export interface Packing {
  readonly locale: Locale
  /** Instant by finding; null where nobody keeps it. */
  readonly firstSeen: ReadonlyMap<string, string> | null
}

/** In a comparison a finding says what became of it. */
export interface PackableFinding extends Finding {
  readonly compared?: ComparedFinding
}

/** @returns Pieces of base64. */
export async function* packed(findings: AsyncIterable<PackableFinding>, packing: Packing): AsyncGenerator<string> {
  const gzip = createGzip({ level: 6 })
  const failed = once(gzip, 'error').then(([error]) => {
    throw error
  })
  // Whoever reads the stream meets the error; here it only must not be nobody's.
  failed.catch(() => undefined)
  const feeding = feed(findings, packing, gzip)
  feeding.catch((error: unknown) => gzip.destroy(error instanceof Error ? error : new Error(String(error))))
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of gzip) {
    rest = Buffer.concat([rest, bytes as Buffer])
    const whole = rest.length - (rest.length % PIECE)
    if (whole === 0) continue
    yield rest.subarray(0, whole).toString('base64')
    rest = rest.subarray(whole)
  }
  await feeding
  yield rest.toString('base64')
}

async function feed(
  findings: AsyncIterable<PackableFinding>,
  packing: Packing,
  gzip: ReturnType<typeof createGzip>,
): Promise<void> {
  const texts = new Texts()
  let chunk: PackedFinding[] = []
  const flush = async (): Promise<void> => {
    const line: Chunk = { t: texts.takeFresh(), f: chunk }
    // Escapes and marks that turn text round stand as what they are, in the page and in what is copied from it.
    chunk = []
    if (!gzip.write(`${JSON.stringify(line, visible)}\n`)) await once(gzip, 'drain')
  }
  for await (const finding of findings) {
    chunk.push(pack(finding, texts, packing))
    if (chunk.length >= CHUNK) await flush()
  }
  if (chunk.length > 0) await flush()
  gzip.end()
}

function pack(finding: PackableFinding, texts: Texts, { locale, firstSeen }: Packing): PackedFinding {
  const { item, impact, suppression } = finding
  const own = finding.message
  const en = locale === 'en' ? own : (finding.translations?.en ?? own)
  const es = locale === 'es' ? own : (finding.translations?.es ?? own)
  return [
    finding.id,
    texts.place(finding.rule),
    texts.place(finding.code),
    SEVERITIES.indexOf(finding.severity),
    STATUSES.indexOf(finding.status),
    texts.place(finding.market),
    texts.place(finding.owner),
    item === null ? null : [item.id, item.sku, item.gtin, item.title],
    en,
    es === en ? 0 : es,
    finding.expected,
    impact === null ? null : [impact.amount, impact.currency, impact.basis === 'measured' ? 1 : 0],
    finding.explained_by,
    finding.fixable ? 1 : 0,
    finding.sides.map((side) => packSide(side, texts)),
    suppression === undefined ? null : [suppression.owner, suppression.expires, suppression.reason],
    finding.compared?.seen.first_seen ?? firstSeen?.get(finding.id) ?? null,
    finding.compared === undefined ? null : packChange(finding.compared, texts),
  ]
}

function packChange({ change, before, seen, finding }: ComparedFinding, texts: Texts): PackedChange {
  return [
    change,
    before === finding.sides ? 0 : (before?.map((side) => packSide(side, texts)) ?? null),
    seen.was === null ? -1 : SEVERITIES.indexOf(seen.was),
    seen.opened_at,
    seen.resolved_at,
  ]
}

function packSide({ channel, listing, field, value, unit, raw, source, authority }: Side, texts: Texts): PackedSide {
  return [
    texts.place(channel),
    texts.place(listing),
    texts.place(field),
    value,
    texts.place(unit),
    raw === value ? 0 : raw,
    texts.place(source?.path),
    texts.place(source?.sheet),
    source?.row ?? null,
    source?.line ?? null,
    authority ? 1 : 0,
  ]
}

/** For JSON that a person gets to see. */
export function visible(_: string, value: unknown): unknown {
  return typeof value === 'string' ? printable(value) : value
}
