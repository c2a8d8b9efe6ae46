/** A workbook for people who work findings off: summary, causes, a work list a channel, a sheet a rule family. */
import { limitPerRule } from '../limit.ts'
import type { Reporter } from '../reporter.ts'
import { Book } from '../xlsx/book.ts'
import { FindingSheets } from '../xlsx/findings.ts'
import { causesSheet, coverageSheet, glossarySheet, summarySheet } from '../xlsx/overview.ts'
import { workbookZip } from '../xlsx/workbook.ts'

/** Findings are read once; of the sheets that they fill only the compressed bytes wait in memory. */
export const reporter: Reporter = {
  name: 'xlsx',
  doc: {
    en: 'a workbook: summary, causes, a work list for each channel, findings by family (XLSX=FILE)',
    es: 'un libro de cálculo: resumen, causas, tareas por canal, incidencias por familia (XLSX=FICHERO)',
  },
  isBinary: true,
  async *render(report, options) {
    const book = new Book(options)
    const sheets = new FindingSheets(book, report)
    for (const cause of report.head.causes) await sheets.addCause(cause, report)
    const limit = limitPerRule(report.head, options.maxFindings)
    for await (const finding of report.findings()) if (limit.allows(finding)) await sheets.add(finding)
    const filled = [...sheets.work, ...sheets.families]
    const leftOut = filled.filter(({ sheet }) => sheet.leftOut > 0)
    yield* workbookZip({
      title: report.project ?? 'omniparity',
      created: report.head.audit.as_of,
      styles: book.styles,
      sheets: [
        await summarySheet(book, report, leftOut),
        await causesSheet(book, report),
        ...filled,
        await coverageSheet(book, report),
        await glossarySheet(book, report),
      ],
    })
  },
}
