/** The parts of a workbook beside its sheets, and the whole as a zip (ECMA-376). */
import { printable } from '../../base/text.ts'
import { wholePart } from './part.ts'
import type { Sheet } from './sheet.ts'
import type { Styles } from './styles.ts'
import { zipOf } from './zip.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

export interface Workbook {
  readonly title: string
  /** ISO 8601. */
  readonly created: string
  /** In the order of their tabs, each with the number it was made with. */
  readonly sheets: readonly { readonly sheet: Sheet; readonly number: number }[]
  readonly styles: Styles
}

export async function* workbookZip({ title, created, sheets, styles }: Workbook): AsyncGenerator<Uint8Array> {
  const parts = [
    await wholePart('[Content_Types].xml', contentTypes(sheets)),
    await wholePart('_rels/.rels', rootRelations()),
    await wholePart('docProps/core.xml', coreProperties(title, created)),
    await wholePart('xl/workbook.xml', workbookXml(sheets)),
    await wholePart('xl/_rels/workbook.xml.rels', workbookRelations(sheets)),
  ]
  for (const { sheet } of sheets) parts.push(await sheet.end())
  // Last: until the sheets are done, formats may be added.
  parts.push(await wholePart('xl/styles.xml', styles.xml()))
  yield* zipOf(parts, new Date(created))
}

type Numbered = Workbook['sheets']

function contentTypes(sheets: Numbered): string {
  const own = sheets.map(
    ({ number }) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${MAIN}.worksheet+xml"/>`,
  )
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${MAIN}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${MAIN}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>${own.join('')}</Types>`
}

function rootRelations(): string {
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
}

function workbookRelations(sheets: Numbered): string {
  const own = sheets.map(
    ({ number }) =>
      `<Relationship Id="rId${number}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
  )
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${own.join('')}<Relationship Id="rIdStyles" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`
}

function workbookXml(sheets: Numbered): string {
  const tabs = sheets.map(
    ({ sheet, number }, index) => `<sheet name="${attribute(sheet.name)}" sheetId="${index + 1}" r:id="rId${number}"/>`,
  )
  const quoted = (name: string): string => attribute(`'${name.replaceAll("'", "''")}'`)
  const names = sheets.flatMap(({ sheet }, index) => {
    if (sheet.filtered === null) return []
    return [
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${quoted(sheet.name)}!${sheet.filtered}</definedName>`,
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${quoted(sheet.name)}!$1:$1</definedName>`,
    ]
  })
  return `${HEAD}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${tabs.join('')}</sheets>${names.length === 0 ? '' : `<definedNames>${names.join('')}</definedNames>`}</workbook>`
}

function coreProperties(title: string, created: string): string {
  return `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${attribute(title)}</dc:title><dc:creator>omniparity</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${attribute(created)}</dcterms:created></cp:coreProperties>`
}

function attribute(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Names of tabs: at most 31 characters, none of `[]:*?/\`, no two alike whatever their case. */
export class SheetNames {
  readonly #taken = new Set<string>()

  of(wanted: string): string {
    const plain = printable(wanted)
      .replace(/[[\]:*?/\\]/g, '-')
      .replace(/^'+|'+$/g, '')
      .trim()
    const base = [...(plain === '' ? 'sheet' : plain)].slice(0, 28).join('')
    let name = base
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++) name = `${base} ${count}`
    this.#taken.add(name.toLowerCase())
    return name
  }
}
