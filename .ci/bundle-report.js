/** Puts the scripts and the style of the pages into the build: one file each, small enough to stand in every page. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url))

await build({
  entryPoints: [
    { in: path('../src/reports/html/app/main.tsx'), out: 'report-page' },
    { in: path('../src/reports/html/app/style.css'), out: 'report-page' },
    { in: path('../src/reports/html/app/plain-page.ts'), out: 'plain-page' },
  ],
  outdir: process.argv[2] ?? path('../dist'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome105', 'firefox113', 'safari16.4'],
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
  tsconfig: path('../src/reports/html/app/tsconfig.json'),
})
