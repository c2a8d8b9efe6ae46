/** Runs a program as a whole process and reads what it cost. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/**
 * @typedef {object} Cost
 * @property {number} seconds wall time from start to exit
 * @property {number | null} peakMb peak resident memory; null where there is no /proc
 * @property {number | null} status exit status
 */

/**
 * Node reports no peak of a child, and `time` is not installed everywhere. The kernel keeps the peak in VmHWM, which never falls, so
 * polling misses only what happens in the last few milliseconds.
 * @param {number} pid
 */
function peakOf(pid) {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return null
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  } catch {
    // The process ended between the two calls.
    return null
  }
}

/**
 * @param {readonly string[]} args of `node`
 * @param {readonly number[]} allowed exit statuses that are a success
 * @returns {Promise<Cost>}
 */
export function run(args, allowed = [0]) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let peakMb = /** @type {number | null} */ (null)
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    const poll = setInterval(() => {
      peakMb = child.pid === undefined ? peakMb : (peakOf(child.pid) ?? peakMb)
    }, 20)
    child.on('error', reject)
    child.on('exit', (status) => {
      clearInterval(poll)
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      if (status === null || !allowed.includes(status)) {
        reject(new Error(`node ${args.join(' ')} ended with ${status}\n${errors.slice(-2000)}`))
      } else resolve({ seconds, peakMb, status })
    })
  })
}

/**
 * @param {readonly number[]} values at least one
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
