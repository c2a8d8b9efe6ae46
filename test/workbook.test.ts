/** Workbooks of retailers: the articles on one sheet, a cover, notes or a summary on others. */
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import type { ReportChannel } from '../src/model/report.ts'
import { type Said, SmallProject } from './small-project.ts'

interface Told {
  readonly channels: readonly ReportChannel[]
}

type Rows = readonly (readonly string[])[]

const ARTICLES: Rows = [
  ['Código', 'Descripción', 'PVP'],
  ['A', 'Bota', '10,50'],
  ['B', 'Zapato', '9,95'],
]
const COVER: Rows = [['Calzados Sol S.L.'], ['Informe de artículos']]
const SUMMARY: Rows = [
  ['Familia', 'Unidades'],
  ['Bota', '120'],
  ['Total', '120'],
]
const MAP = 'map: {sku: Código, title: Descripción, price.regular: PVP}'

let project = new SmallProject({})
afterEach(() => project.remove())

async function save(name: string, sheets: Readonly<Record<string, Rows>>): Promise<void> {
  const book = writeXlsxFile(
    Object.entries(sheets).map(([sheet, rows]) => ({
      sheet,
      data: rows.map((cells) => cells.map((value) => ({ value, type: String }))),
    })),
  )
  await book.toFile(join(project.dir, name))
}

async function audit(
  sheets: Readonly<Record<string, Rows>>,
  files: readonly string[],
  source: string | null = null,
): Promise<Said & Told> {
  const config = `version: 1\nproject: P\nchannels:\n  tpv: {kind: store, sources: [{platform: csv, ${source}}]}\n  web: {kind: web, sources: [{platform: csv, path: web.csv}]}\n`
  project = new SmallProject({
    'web.csv': 'sku,name,price\nA,Bota,10.50\nB,Zapato,9.95\n',
    ...(source === null ? {} : { 'omniparity.yaml': config }),
  })
  await save('tpv.xlsx', sheets)
  const said = await project.audit({ files })
  return { ...said, channels: said.stdout === '' ? [] : (JSON.parse(said.stdout) as Told).channels }
}

function read(channels: readonly ReportChannel[]): readonly string[] {
  return channels.filter(({ id }) => id === 'tpv').flatMap(({ sources }) => sources.map(({ path }) => path))
}

describe('sheets that are no tables', () => {
  it.each([
    ['a cover in front', { Portada: COVER, Artículos: ARTICLES }, 'Portada'],
    ['notes behind', { Artículos: ARTICLES, Notas: [['esto es una nota']] }, 'Notas'],
    ['a summary by family', { Artículos: ARTICLES, Resumen: SUMMARY, Portada: COVER }, 'Resumen, Portada'],
  ])('are left out and named: %s', async (_, sheets, left) => {
    const { channels, status } = await audit(sheets, ['tpv.xlsx', 'web.csv'])
    expect(status).toBe(0)
    expect(read(channels)).toEqual(['tpv.xlsx#Artículos'])
    expect(channels[0]?.sources[0]?.understood.assumptions).toContain(
      `sheets of the workbook that no reader recognises were left out: ${left}`,
    )
    expect(channels[0]?.linked).toBe(2)
  })

  it('are left out where the configuration says which columns are read', async () => {
    const { channels } = await audit({ Portada: COVER, Artículos: ARTICLES }, [], `path: tpv.xlsx, ${MAP}`)
    expect(read(channels)).toEqual(['tpv.xlsx#Artículos'])
    expect(channels[0]?.linked).toBe(2)
  })

  it('are named with what stands in them where no sheet is a table', async () => {
    const { status, channels, errors } = await audit({ Portada: COVER, Resumen: SUMMARY }, ['tpv.xlsx', 'web.csv'])
    expect(status).toBe(3)
    expect(read(channels)).toEqual([])
    const said = errors.join('\n')
    expect(said).toContain(
      "no reader recognises a sheet of this workbook; it has 'Portada' (Calzados Sol S.L.), 'Resumen'",
    )
    expect(said).toContain('path: "tpv.xlsx#Portada"')
  })

  it('do not stand for the sheet that lacks a mapped column', async () => {
    const lacking = ARTICLES.map((cells) => cells.slice(0, 2))
    const { status, errors } = await audit({ Portada: COVER, Artículos: lacking }, [], `path: tpv.xlsx, ${MAP}`)
    expect(status).toBe(3)
    expect(errors.join('\n')).toContain("tpv.xlsx#Artículos has no column 'PVP'")
  })

  it('take no place of several that are tables', async () => {
    const { channels } = await audit({ Uno: ARTICLES, Dos: ARTICLES }, ['tpv.xlsx', 'web.csv'])
    expect(read(channels)).toEqual(['tpv.xlsx#Uno', 'tpv.xlsx#Dos'])
  })
})

describe('one sheet of a workbook', () => {
  const sheets = { Enero: ARTICLES, Febrero: ARTICLES }

  it('is named as reports do, on the command line and in the configuration', async () => {
    expect(read((await audit(sheets, ['tpv.xlsx#Febrero', 'web.csv'])).channels)).toEqual(['tpv.xlsx#Febrero'])
    expect(read((await audit(sheets, [], 'path: "*.xlsx#febrero"')).channels)).toEqual(['tpv.xlsx#Febrero'])
    const both = await audit(sheets, [], 'path: ["tpv.xlsx#Febrero", "tpv.xlsx#Enero"]')
    expect(read(both.channels)).toEqual(['tpv.xlsx#Febrero', 'tpv.xlsx#Enero'])
  })

  it('that is not there is told with those that are', async () => {
    const { status, errors } = await audit(sheets, ['tpv.xlsx#Marzo', 'web.csv'])
    expect(status).toBe(3)
    expect(errors.join('\n')).toContain("the workbook has no sheet 'Marzo'")
    expect(errors.join('\n')).toContain("'Enero', 'Febrero'")
  })

  it('is not looked for where a file has that name', async () => {
    await audit({ Artículos: ARTICLES }, [], `path: "tpv.xlsx#Artículos"`)
    await save('tpv.xlsx#Artículos', { Otra: ARTICLES })
    const { stdout } = await project.audit()
    expect(read((JSON.parse(stdout) as Told).channels)).toEqual(['tpv.xlsx#Artículos#Otra'])
  })
})
