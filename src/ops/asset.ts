import { readFile } from 'node:fs/promises'

/** Text of a file that the build puts beside the compiled code. The same step leads there from the source. */
export function readAsset(name: string): Promise<string> {
  return readFile(new URL(`../../dist/${name}`, import.meta.url), 'utf8')
}
