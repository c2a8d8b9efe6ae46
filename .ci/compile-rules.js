/** Writes the rules of the package as they are after reading into the build: parsing a hundred YAML files takes longer than some audits. */
import { rmSync, writeFileSync } from 'node:fs'

const target = new URL('../dist/rules.json', import.meta.url)
rmSync(target, { force: true })
const { loadRules } = await import(new URL('../dist/rules/load.js', import.meta.url).href)
writeFileSync(target, JSON.stringify(await loadRules()))
