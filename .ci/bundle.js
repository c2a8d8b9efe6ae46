/**
 * Joins the program, and what it needs of other packages, into few files: Node.js takes longer to find and load 700 modules
 * than a small audit takes. What is native, or wanted by few commands only, stays outside.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'src')
const dist = process.argv[2] ?? join(root, 'dist')
const outdir = join(dist, 'bundle')

const OUTSIDE = ['@photostructure/sqlite', 'ink', 'mysql2', 'pg', 'pg-cursor', 'preact*', 'react', 'tedious']

/** @typedef {import('esbuild').Plugin} Plugin */

/** A joined module finds other files from where it would lie if it were not joined. @type {Plugin} */
const addresses = {
  name: 'addresses',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return null
      const own = `../${relative(source, path).replaceAll(sep, '/').replace(/ts$/, 'js')}`
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', `new URL('${own}', import.meta.url).href`) }
    })
  },
}

/** The lists of modules that no import names. @type {Plugin} */
const lists = {
  name: 'lists',
  setup({ onLoad, onResolve }) {
    const platforms = join(source, 'platforms')
    const ids = readdirSync(platforms).filter((name) => existsSync(join(platforms, name, 'index.ts')))
    onLoad({ filter: /[\\/]src[\\/]platforms[\\/]modules\.ts$/ }, () => {
      return listed(
        'platformModules',
        ids.map((id) => `['${id}', async () => (await import('all:platforms'))['${id}']]`),
      )
    })
    // Recognising a file takes all of them.
    onResolve({ filter: /^all:platforms$/ }, () => ({ path: 'platforms', namespace: 'all' }))
    onLoad({ filter: /./, namespace: 'all' }, () => {
      return {
        contents: ids.map((id) => `export * as '${id}' from './${id}/index.ts'`).join('\n'),
        resolveDir: platforms,
      }
    })
    onLoad({ filter: /[\\/]src[\\/]reports[\\/]modules\.ts$/ }, ({ path }) => {
      const files = readdirSync(join(dirname(path), 'formats'))
      return listed(
        'reporterModules',
        files.map((file) => `['${file.replace(/\.ts$/, '')}', () => import('./formats/${file}')]`),
      )
    })
  },
}

/** @param {string} name @param {string[]} entries */
function listed(name, entries) {
  return { contents: `const modules = new Map([${entries.sort().join(', ')}])\nexport const ${name} = () => modules` }
}

/** The engine itself belongs to a package of the package that is joined: only from there can it be found. @type {Plugin} */
const bindings = {
  name: 'bindings',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@duckdb\/node-bindings$/ }, ({ path }) => ({ path, namespace: 'bindings' }))
    onLoad({ filter: /./, namespace: 'bindings' }, ({ path }) => ({
      contents: `module.exports = $createRequire(require.resolve('@duckdb/node-api'))('${path}')`,
    }))
  },
}

/** Schemas here word their complaints themselves: the texts of fifty languages that zod brings are never asked for. @type {Plugin} */
const languages = {
  name: 'languages',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js'`,
    }))
  },
}

/** Packages ask that their licences go wherever their code goes. @param {readonly string[]} files */
function licences(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [])
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const own = readdirSync(join(root, folder)).find((file) => /^licen[cs]e/i.test(file))
    const text = own === undefined ? '' : `\n\n${readFileSync(join(root, folder, own), 'utf8').trim()}`
    return `${name} ${version} (${license})${text}\n`
  })
}

const { metafile } = await build({
  entryPoints: [join(source, 'cli.ts')],
  outdir,
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // A character beyond Latin-1 makes a whole file two bytes a character, which takes longer to read.
  charset: 'ascii',
  external: OUTSIDE,
  // Packages that are no ES modules ask for others in their own way.
  banner: {
    js: `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url)`,
  },
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [lists, addresses, bindings, languages],
})
writeFileSync(join(outdir, 'LICENCES.txt'), licences(Object.keys(metafile.inputs)).join(`\n${'-'.repeat(80)}\n\n`))
// The whole program instead of its first module.
writeFileSync(join(dist, 'cli.js'), "import './bundle/cli.js'\n")
