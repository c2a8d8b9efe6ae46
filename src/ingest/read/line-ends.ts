import type { OpenFile } from './disk.ts'
import type { Scanner } from './scan.ts'

interface Scanned {
  readonly file: OpenFile
  readonly sniffed: { readonly dataStart: number }
  readonly scanner: Pick<Scanner, 'crlf' | 'lf'>
}

/**
 * Which line ends the engine meets.
 *
 * @param skip - Lines of header in front of the records.
 */
export function lineEnds(
  { file, sniffed, scanner }: Scanned,
  skip: number,
): { readonly crlf: boolean; readonly lf: boolean } {
  const headerEnd = skip === 0 ? '' : file.read(sniffed.dataStart - 2, sniffed.dataStart).toString('latin1')
  return {
    crlf: scanner.crlf > 0 || headerEnd === '\r\n',
    lf: scanner.lf > 0 || (headerEnd !== '' && headerEnd !== '\r\n'),
  }
}
