/** Prints `N passed, N failed` over vitest's JSON reports; ends with 1 when a test failed or no report is there. */
import { existsSync, readFileSync } from 'node:fs'

let passed = 0
let failed = 0
let reports = 0
for (const path of process.argv.slice(2).filter((file) => existsSync(file))) {
  const report = JSON.parse(readFileSync(path, 'utf8'))
  reports++
  passed += report.numPassedTests
  failed += report.numFailedTests
  for (const file of report.testResults) {
    // A file that could not be loaded has no failed test of its own.
    const named = file.assertionResults.some((/** @type {{ status: string }} */ test) => test.status === 'failed')
    if (file.status === 'failed' && !named) failed++
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = reports === 0 || failed > 0 ? 1 : 0
