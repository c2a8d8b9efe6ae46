/** A source whose texts were read in another encoding than they were written in, before they came to us. */
import type { TableFile } from '../../model/table-file.ts'
import { textOf } from '../sides.ts'
import { type Detector, type Found, MIN_SHARE, MIN_SUPPORT, roundShare } from './detector.ts'
import type { Scene } from './scene.ts'

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
  { trace: /\ufffd/u, read_as: 'utf-8', is: 'windows-1252' },
  { trace: /[\u0080-\u009f]/u, read_as: 'iso-8859-1', is: 'windows-1252' },
]

const TEXT_RULES: ReadonlySet<string> = new Set([
  'catalog/title-mismatch',
  'catalog/brand-mismatch',
  'catalog/attribute-mismatch',
  'catalog/category-unmapped',
])
const TEXTS = ['title', 'brand', 'category', 'description'] as const

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
    const { damaged, foreign } = countCells(source.file, trace)
    // Of the texts that an encoding can damage, nearly all have to be: else somebody pasted a few.
    if (damaged < MIN_SUPPORT || damaged / foreign < MIN_SHARE) continue
    const { channel } = source
    const name = scene.channelId(channel)
    return [
      {
        channels: [channel],
        field: null,
        detail: { read_as, is },
        names: [source.file.path],
        share: roundShare(damaged / foreign),
        explains: ({ effective, code, sides, owner }, rows) => {
          const { id } = effective.rule
          if (id === RULE)
            return code === 'mojibake' && owner === name && sides.some((side) => side.source?.path === source.file.path)
          return (
            TEXT_RULES.has(id) &&
            rows.some((row) => row.src === index && TEXTS.some((field) => trace.test(textOf(row[field]) ?? '')))
          )
        },
      },
    ]
  }
  return []
}

/** Cells of the sample that show the trace, and those with any letter beyond ASCII. */
function countCells(file: TableFile, trace: RegExp): { readonly damaged: number; readonly foreign: number } {
  let damaged = 0
  let foreign = 0
  for (const record of file.sample) {
    for (const cell of record) {
      if (cell === null || /^[\u0000-\u007f]*$/.test(cell)) continue
      foreign++
      if (trace.test(cell)) damaged++
    }
  }
  return { damaged, foreign }
}
