/** Removes a build folder first, so that a source file that was deleted or renamed leaves nothing behind in the package. */
import { rmSync } from 'node:fs'

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true })
