/** What a file is: by its first bytes, and by its name only where bytes leave it open. */
import { guessUtf16 } from './encoding.ts'

export type Kind =
  | { readonly is: 'gzip' | 'zip' | 'parquet' | 'json' | 'xml' | 'delimited' | 'empty' }
  | { readonly is: 'unknown'; readonly looksLike: string | null }

const MAGIC: readonly (readonly [string, string])[] = [
  ['d0cf11e0', 'an old Excel workbook (.xls)'],
  ['25504446', 'a PDF'],
  ['52617221', 'a RAR archive'],
  ['377abcaf', 'a 7z archive'],
  ['28b52ffd', 'a Zstandard archive'],
  ['425a68', 'a bzip2 archive'],
  ['fd377a58', 'an xz archive'],
  ['53514c69', 'an SQLite database'],
  ['89504e47', 'an image'],
  ['ffd8ff', 'an image'],
  ['47494638', 'an image'],
  ['7f454c46', 'a program'],
]

export function kindOf(head: Buffer, name: string): Kind {
  if (head.length === 0) return { is: 'empty' }
  const hex = head.subarray(0, 4).toString('hex')
  if (hex.startsWith('1f8b')) return { is: 'gzip' }
  if (hex === '504b0304' || hex === '504b0506') return { is: 'zip' }
  if (hex === '50415231') return { is: 'parquet' }
  for (const [magic, looksLike] of MAGIC) if (hex.startsWith(magic)) return { is: 'unknown', looksLike }
  const marked = head[0] === 0xff || head[0] === 0xfe || guessUtf16(head) !== null
  if (!marked && isBinary(head)) return { is: 'unknown', looksLike: null }
  const text = (marked ? head.toString('utf16le') : head.toString('latin1')).replace(/^(\u00ef\u00bb\u00bf|\ufeff)/, '')
  return textKind(text.trimStart(), name)
}

function textKind(text: string, name: string): Kind {
  if (/^[[{]/.test(text) && (/^\[\s*([[{\]]|$)/.test(text) || /^\{\s*("|\}|$)/.test(text))) return { is: 'json' }
  if (/\.(json|ndjson|jsonl)$/i.test(name)) return { is: 'json' }
  if (/^<(!doctype\s+html|html[\s>])/i.test(text)) return { is: 'unknown', looksLike: 'a web page' }
  if (/^<(\?xml|!--|!DOCTYPE|[A-Za-z_][\w:.-]*[\s/>])/.test(text)) return { is: 'xml' }
  return { is: 'delimited' }
}

/** Text has no control characters but line ends and tabs; a few NULs may be damage. */
function isBinary(head: Buffer): boolean {
  const piece = head.subarray(0, 8192)
  let controls = 0
  for (const byte of piece)
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 0x1f && byte !== 1) controls++
  return controls > piece.length * 0.05 && controls > 8
}
