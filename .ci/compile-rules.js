/** Writes the rule files of the package as they are after reading into the build: parsing more than a hundred YAML files takes longer than some audits. */
import { rmSync, writeFileSync } from 'node:fs'

const target = new URL('../dist/rules.json', import.meta.url)
rmSync(target, { force: true })
const built = (/** @type {string} */ path) => import(new URL(`../dist/rules/${path}`, import.meta.url).href)
const { packageData, packageFiles } = await built('package-files.js')
const { loadRules } = await built('load.js')
const { packNames, readPack } = await built('pack-files.js')

/** @type {readonly string[]} */
const files = packageFiles()
const data = files.flatMap((file) => (file.startsWith('data/') ? [file.slice('data/'.length)] : []))
const read = {
  files,
  rules: await loadRules(),
  packs: Object.fromEntries(packNames().map((/** @type {string} */ id) => [id, readPack(id)])),
  data: Object.fromEntries(data.map((file) => [file, packageData(file)])),
}
// A character beyond Latin-1 makes the whole text two bytes a character, which takes longer to read.
const text = JSON.stringify(read).replaceAll(/[\u0100-\uffff]/g, (one) => {
  return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
})
writeFileSync(target, text)
