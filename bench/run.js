/**
 * Measures the built tool against a hand-written script on generated data and writes the tables into bench/README.md.
 * `npm run bench -- [--sizes 10000,100000] [--runs 3] [--print]`; `--print` leaves the README alone.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CHANNELS, generate } from './generate.js'
import { median, run } from './measure.js'

const here = dirname(fileURLToPath(import.meta.url))
const bin = join(here, '../bin/omniparity.js')
const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000,3000000' },
    runs: { type: 'string', default: '5' },
    print: { type: 'boolean', default: false },
  },
})
const sizes = options.sizes.split(',').map(Number)
const runs = Number(options.runs)
/** At this size one more audit keeps a snapshot of what it read. */
const SNAPSHOT = 1_000_000
/** From this size on, audits also run under a memory limit, and fewer times. */
const LARGE = 3_000_000
const LIMIT = '2GB'
/** Articles of demos, whose channels write differently, so that hardly any are alike everywhere. */
const UNLIKE = [10_000, 40_000]
/** An audit that found something ends with 1. */
const AUDITED = [0, 1]
const scratch = mkdtempSync(join(tmpdir(), 'omniparity-bench-'))

/** @typedef {import('./measure.js').Cost} Cost */
/** @typedef {{ name: string, costs: Cost[], run: () => Promise<Cost> }} Program */

/** Findings of the report that is rendered. */
const FINDINGS = 100_000
const FORMATS = ['json', 'csv', 'sarif', 'markdown', 'html', 'xlsx']

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`)

/**
 * @param {string} folder
 * @param {string} name of the report
 * @param {readonly string[]} more
 */
function audit(folder, name, more) {
  const report = join(scratch, `${name}.json`)
  return run(
    [bin, 'audit', '--config', join(folder, 'omniparity.yaml'), '--quiet', '--format', `json=${report}`, ...more],
    AUDITED,
  )
}

/**
 * The programs of one size; they take turns, so that what slows the machine down slows all of them.
 * @param {number} articles
 * @param {string} folder
 * @returns {Program[]}
 */
function programs(articles, folder) {
  const ledger = join(folder, '.omniparity')
  /** @param {() => Promise<Cost>} program that finds nothing of earlier audits */
  const fresh = (program) => {
    rmSync(ledger, { recursive: true, force: true })
    return program()
  }
  const yardstick = () => run([join(here, 'yardstick.js'), folder, join(scratch, 'yardstick.json')])
  /** @type {Program[]} */
  const all = [
    { name: 'hand-written script', costs: [], run: yardstick },
    { name: 'audit, all rules', costs: [], run: () => fresh(() => audit(folder, 'all', ['--all-rules'])) },
    {
      name: 'audit, one rule',
      costs: [],
      run: () => fresh(() => audit(folder, 'one', ['--only', 'price/differs-across-channels'])),
    },
  ]
  if (articles === SNAPSHOT) {
    all.splice(2, 0, {
      name: 'audit, all rules, the day after',
      costs: [],
      run: () => audit(folder, 'again', ['--all-rules']),
    })
    // A ledger that cannot be written is done without.
    const without = () =>
      fresh(() => {
        writeFileSync(ledger, '')
        return audit(folder, 'without', ['--all-rules'])
      })
    all.push({ name: 'audit, all rules, without a ledger', costs: [], run: without })
    const state = join(scratch, 'state')
    const kept = () => {
      rmSync(state, { recursive: true, force: true })
      return fresh(() => audit(folder, 'kept', ['--all-rules', '--state', state]))
    }
    all.push({ name: 'audit, all rules, with a snapshot', costs: [], run: kept })
  }
  if (articles >= LARGE) {
    const limited = () => fresh(() => audit(folder, 'limited', ['--all-rules', '--memory-limit', LIMIT]))
    all.push({ name: `audit, all rules, --memory-limit ${LIMIT}`, costs: [], run: limited })
  }
  return all
}

/** @param {number} articles */
async function measureSize(articles) {
  const folder = join(here, 'data', String(articles))
  say(`${articles} articles: generating`)
  generate(articles, folder)
  const all = programs(articles, folder)
  const turns = articles >= LARGE ? Math.min(runs, 2) : runs
  for (let turn = 0; turn < turns; turn++) {
    for (const program of all) {
      const cost = await program.run()
      program.costs.push(cost)
      say(`${articles} articles, ${program.name}: ${cost.seconds.toFixed(2)} s`)
    }
  }
  return all.map((program) => row(articles, program, all))
}

/**
 * @param {number} articles
 * @param {Program} program
 * @param {readonly Program[]} all
 */
function row(articles, program, all) {
  const seconds = (/** @type {string} */ name) => {
    const costs = all.find((other) => other.name === name)?.costs ?? []
    return costs.map((cost) => cost.seconds)
  }
  const own = program.costs.map((cost) => cost.seconds)
  /** @param {string} name */
  const ratio = (name) => `${(median(own) / median(seconds(name))).toFixed(2)} ×`
  const peak = Math.max(...program.costs.map((cost) => cost.peakMb ?? Number.NaN))
  return [
    articles.toLocaleString('en'),
    program.name,
    Math.min(...own).toFixed(2),
    median(own).toFixed(2),
    Number.isNaN(peak) ? '?' : peak.toFixed(0),
    ratio('hand-written script'),
    program.name === 'hand-written script' ? '' : ratio('audit, one rule'),
    ((median(own) / articles / CHANNELS.length) * 1e6).toFixed(2),
  ]
}

/** @param {(turn: number) => Promise<Cost>} program */
async function repeat(program, times = runs) {
  const costs = []
  for (let turn = 0; turn < times; turn++) costs.push((await program(turn)).seconds * 1000)
  return { min: Math.min(...costs).toFixed(0), median: median(costs).toFixed(0) }
}

async function measureSmall() {
  const demo = join(scratch, 'demo')
  const [node, help] = [await repeat(() => run(['-e', '0']), 15), await repeat(() => run([bin, '--help']), 15)]
  const wrote = await repeat((turn) => run([bin, 'demo', `${demo}-${turn}`, '--fail-on', 'never']))
  const again = ['--config', join(`${demo}-0`, 'omniparity.yaml'), '--quiet']
  const audited = await repeat(() => run([bin, 'audit', ...again], AUDITED))
  const unlike = []
  for (const articles of UNLIKE) {
    const folder = join(scratch, `demo-${articles}`)
    await run([bin, 'demo', folder, '--articles', String(articles), '--fail-on', 'never', '--quiet'])
    const all = ['--config', join(folder, 'omniparity.yaml'), '--all-rules', '--quiet']
    const cost = await repeat(() => run([bin, 'audit', ...all], AUDITED), 3)
    rmSync(folder, { recursive: true, force: true })
    unlike.push([
      `\`omniparity audit --all-rules\` of a demo of ${articles.toLocaleString('en')} articles`,
      cost.min,
      cost.median,
    ])
  }
  return [
    ['`node -e 0`', node.min, node.median],
    ['`omniparity --help`', help.min, help.median],
    ['`omniparity demo` (writes the demo and audits it)', wrote.min, wrote.median],
    ['`omniparity audit` of the demo', audited.min, audited.median],
    ...unlike,
  ]
}

/** What it costs to render a report of many findings. */
async function measureFormats() {
  const rows = []
  for (const format of FORMATS) {
    const file = join(scratch, `rendered.${format}`)
    const costs = []
    for (let turn = 0; turn < runs; turn++)
      costs.push(await run([join(here, 'render.js'), format, file, String(FINDINGS)]))
    const peak = Math.max(...costs.map(({ peakMb }) => peakMb ?? Number.NaN))
    const seconds = median(costs.map((cost) => cost.seconds))
    say(`${format}: ${seconds.toFixed(2)} s`)
    rows.push([
      format,
      seconds.toFixed(2),
      Number.isNaN(peak) ? '?' : peak.toFixed(0),
      (statSync(file).size / 1e6).toFixed(1),
    ])
  }
  return rows
}

/** @param {readonly (readonly string[])[]} rows the first is the header */
function table(rows) {
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |`)
  lines.splice(1, 0, `|${rows[0]?.map((_, at) => (at < 1 ? '---' : '---:')).join('|')}|`)
  return lines.join('\n')
}

function machine() {
  const engine = JSON.parse(readFileSync(join(here, '../node_modules/@duckdb/node-api/package.json'), 'utf8')).version
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return `${model}, ${availableParallelism()} cores, ${memory} GB of memory, ${process.platform}, Node ${process.versions.node}, DuckDB ${engine}`
}

/** @param {string} text */
function writeReadme(text) {
  const file = join(here, 'README.md')
  const [start, end] = ['<!-- results -->', '<!-- /results -->']
  const readme = readFileSync(file, 'utf8')
  const [before] = readme.split(start)
  const [, after] = readme.split(end)
  writeFileSync(file, `${before}${start}\n${text}\n${end}${after}`)
}

try {
  const rows = []
  for (const articles of sizes) rows.push(...(await measureSize(articles)))
  const header = ['articles', 'program', 'min s', 'median s', 'peak MB', '÷ script', '÷ one rule', 'µs per row']
  const small = [['command', 'min ms', 'median ms'], ...(await measureSmall())]
  const formats = [
    [`${FINDINGS.toLocaleString('en')} findings as`, 'median s', 'peak MB', 'file MB'],
    ...(await measureFormats()),
  ]
  const date = new Date().toISOString().slice(0, 10)
  const text = [`Run on ${date}: ${machine()}.`, table([header, ...rows]), table(small), table(formats)].join('\n\n')
  process.stdout.write(`${text}\n`)
  if (!options.print) writeReadme(text)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
