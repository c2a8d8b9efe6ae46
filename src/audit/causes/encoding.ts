/** A source whose texts were read in another encoding than they were written in, before they came to us. */
import type { Side } from '../../model/report.ts'
import type { TableFile } from '../../model/table-file.ts'
import type { Detector, Found } from './detector.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULE = 'feed/encoding-damage'

interface Misreading {
  readonly trace: RegExp
  readonly read_as: string
  readonly is: string
}

/** What each misreading leaves behind, the ones that leave no doubt first. */
const MISREADINGS: readonly Misreading[] = [
  {
    trace: /Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]|â€/u,
    read_as: 'windows-1252',
    is: 'utf-8',
  },
  // What is left of Hebrew when its UTF-8 was read so and then written where most of those characters do not exist.
  { trace: /\?{3}¨/u, read_as: 'windows-1252', is: 'utf-8' },
  { trace: /\ufffd/u, read_as: 'utf-8', is: 'windows-1252' },
  { trace: /[\u0080-\u009f]/u, read_as: 'iso-8859-1', is: 'windows-1252' },
]

const TEXT_RULES: ReadonlySet<string> = new Set([
  'catalog/title-mismatch',
  'catalog/brand-mismatch',
  'catalog/attribute-mismatch',
  'catalog/category-unmapped',
])
const FOREIGN = /[^\u0000-\u007f]/u

export const encoding: Detector = {
  kind: 'encoding',
  rules: [RULE],
  // A damaged column is one finding, whatever the number of its cells.
  least: 1,
  find: async (scene) => scene.store.sources.flatMap(({ index }) => sourceCause(scene, index)),
  texts: {
    en: ({ fault, detail, names: [path] }) => ({
      message: `texts of ${fault} (${path}) are ${detail['is']} that was read as ${detail['read_as']}`,
      advice: `have the file written again as UTF-8 where it comes from: it holds the damaged texts already, so encoding: cannot mend it`,
    }),
    es: ({ fault, detail, names: [path] }) => ({
      message: `los textos de ${fault} (${path}) son ${detail['is']} leído como ${detail['read_as']}`,
      advice: `pida que se genere de nuevo el fichero en UTF-8: ya contiene los textos dañados y encoding: no puede arreglarlo`,
    }),
  },
}

function sourceCause(scene: Scene, index: number): Found[] {
  const source = scene.store.sources[index]
  if (source === undefined || !scene.store.damage.some((one) => one.source === index && one.code === 'mojibake'))
    return []
  for (const { trace, read_as, is } of MISREADINGS) {
    // Of the texts of a column that an encoding can damage, nearly all have to be: else somebody pasted a few.
    const columns = countCells(source.file, trace).filter(
      ({ damaged, foreign }) => damaged >= MIN_SUPPORT && damaged / foreign >= MIN_SHARE,
    )
    if (columns.length === 0) continue
    const headers = columns.map(({ header }) => header)
    const total = (pick: (column: ColumnDamage) => number): number =>
      columns.reduce((sum, column) => sum + pick(column), 0)
    const { channel } = source
    const name = scene.channelId(channel)
    return [
      {
        channels: [channel],
        field: null,
        detail: { read_as, is },
        names: [source.file.path],
        share: roundShare(total(({ damaged }) => damaged) / total(({ foreign }) => foreign)),
        explains: ({ effective, code, sides, owner }) => {
          const { id } = effective.rule
          const isHere = ({ source: place, field }: Side): boolean =>
            place?.path === source.file.path && headers.includes(field ?? '')
          if (id === RULE) return code === 'mojibake' && owner === name && sides.some(isHere)
          // A text of the finding itself is damaged: another channel's colour has nothing to do with it.
          return (
            TEXT_RULES.has(id) &&
            sides.some((side) => side.channel === name && trace.test(side.raw ?? side.value ?? ''))
          )
        },
      },
    ]
  }
  return []
}

interface ColumnDamage {
  readonly header: string
  /** Cells that show the trace, and those with any letter beyond ASCII. */
  readonly damaged: number
  readonly foreign: number
}

/** Counts the cells of the sample, column by column. */
function countCells(file: TableFile, trace: RegExp): readonly ColumnDamage[] {
  return file.columns.map((header, position) => {
    const cells = file.sample.flatMap((record) => record[position] ?? []).filter((cell) => FOREIGN.test(cell))
    return { header, damaged: cells.filter((cell) => trace.test(cell)).length, foreign: cells.length }
  })
}
