/** The file that corrects and the one that undoes it, written side by side. */
import type { FieldName } from '../model/field.ts'
import type {
  DocumentFix,
  FixContext,
  FixFormat,
  FixGroup,
  FixRefusal,
  SourceRecord,
  TableFix,
} from '../platforms/fix.ts'
import { type Encoder, encoderOf } from './encode.ts'
import { type Directions, toFix, toUndo, unwritable } from './fix-group.ts'
import type { RecordWithChanges } from './fix-records.ts'
import { TextSink, WrittenTable } from './written-table.ts'

interface Seen {
  readonly fields: ReadonlySet<FieldName>
  readonly locations: ReadonlySet<string>
}

interface Side {
  /** Why the group cannot stand in the file, before anything of it is written. */
  check(group: FixGroup, records: readonly RecordWithChanges[]): FixRefusal | null
  /** Writes the group that was checked last. */
  write(): Promise<void>
  finish(): Promise<void>
  abandon(): Promise<void>
}

export class PairOfFiles {
  readonly #fix: Side
  readonly #undo: Side

  private constructor(fix: Side, undo: Side) {
    this.#fix = fix
    this.#undo = undo
  }

  static async create(
    format: FixFormat,
    paths: { readonly fix: string; readonly undo: string },
    { fix, undo }: Directions,
    sample: SourceRecord,
    seen: Seen,
  ): Promise<PairOfFiles> {
    const make = (path: string, context: FixContext): Promise<Side> =>
      format.shape === 'table' ? tableSide(format, path, context, sample, seen) : documentSide(format, path, context)
    return new PairOfFiles(await make(paths.fix, fix), await make(paths.undo, undo))
  }

  /** @returns Why the group stands in neither file. */
  async add(records: readonly RecordWithChanges[]): Promise<FixRefusal | null> {
    const why = this.#fix.check(toFix(records), records) ?? this.#undo.check(toUndo(records), records)
    if (why !== null) return why
    await this.#fix.write()
    await this.#undo.write()
    return null
  }

  async finish(): Promise<void> {
    await this.#fix.finish()
    await this.#undo.finish()
  }

  async abandon(): Promise<void> {
    await Promise.allSettled([this.#fix.abandon(), this.#undo.abandon()])
  }
}

/** Nothing is written in an encoding that is only guessed at: the platforms all take UTF-8. */
function encoderFor(encoding: TableFix['encoding'], { understood }: FixContext): Encoder {
  const utf8 = encoderOf('utf-8')
  const found = encoding === 'source' ? encoderOf(understood.encoding) : encoderOf(encoding)
  if (utf8 === null) throw new Error('there is no UTF-8')
  return found ?? utf8
}

async function tableSide(
  format: TableFix,
  path: string,
  context: FixContext,
  sample: SourceRecord,
  seen: Seen,
): Promise<Side> {
  const encoder = encoderFor(format.encoding, context)
  const header = format.header(seen.fields, sample, context, seen.locations)
  const delimiter = format.delimiter === 'source' ? (context.understood.delimiter ?? ',') : format.delimiter
  const form = { encoder, delimiter, lineEnd: format.lineEnd, preamble: format.preamble ?? [] }
  const table = await WrittenTable.create(path, form, header)
  let waiting: readonly (readonly (string | null)[])[] = []
  return {
    check(group, records) {
      waiting = format.rows(group, header, context)
      const wrong = waiting.find((cells) => cells.length !== header.length)
      if (wrong !== undefined)
        throw new Error(`${format.name} has ${header.length} columns and a record of ${wrong.length}`)
      return unwritable(waiting, records, format, encoder)
    },
    async write() {
      for (const cells of waiting) await table.add(cells)
    },
    finish: () => table.finish(),
    abandon: () => table.abandon(),
  }
}

async function documentSide(format: DocumentFix, path: string, context: FixContext): Promise<Side> {
  const encoder = encoderFor('utf-8', context)
  const sink = await TextSink.create(path, encoder)
  await sink.write(format.open(context))
  let waiting = ''
  let position = 0
  return {
    check(group) {
      waiting = format.entry(group, context, position)
      return null
    },
    async write() {
      await sink.write(position === 0 ? waiting : `${format.separator}${waiting}`)
      position++
    },
    async finish() {
      await sink.write(format.close(context))
      await sink.close()
    },
    abandon: () => sink.abandon(),
  }
}
