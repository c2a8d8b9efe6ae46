import type { Report, Totals } from '../../model/report.ts'
import { gateLine, judged } from '../gate.ts'
import { flow, safe, wrap } from '../layout.ts'
import { severityColour } from '../paint.ts'
import { causesBlock } from '../pretty/causes.ts'
import { gather } from '../pretty/gather.ts'
import { channelsBlock, inputsBlock, titleBlock } from '../pretty/head.ts'
import { block, heading, type Page, pageOf } from '../pretty/page.ts'
import { rulesBlock } from '../pretty/rules.ts'
import { silencesBlock } from '../pretty/silences.ts'
import { quarantineBlock, uncheckedBlock } from '../pretty/unchecked.ts'
import type { Reporter } from '../reporter.ts'

function totalsLine(page: Page, totals: Totals): string {
  const texts = page.texts.totals
  const worst = (['error', 'warning', 'info'] as const).map((severity) => {
    const text = texts[severity](totals[severity])
    return { text, paint: totals[severity] > 0 ? severityColour(page.chalk, severity) : page.chalk.dim }
  })
  const rest = (['known', 'suppressed', 'explained'] as const)
    .filter((one) => totals[one] > 0)
    .map((one) => ({ text: texts[one](totals[one]), paint: page.chalk.dim }))
  const parts = [...worst, ...rest]
  const fits =
    flow(
      parts.map(({ text }) => text),
      ' · ',
      page.width,
    ).length <= 1
  return `${parts.map(({ text, paint }) => paint(text)).join(fits ? ' · ' : '\n')}\n`
}

function gateBlock(page: Page, report: Report): string {
  const paint = judged(report).status === 0 ? page.chalk.green : page.chalk.red
  const lines = wrap(safe(gateLine(report, page.locale)), page.width)
  return block(
    lines.map((line) => paint.bold(line)),
    0,
  )
}

/** What most needs doing comes first, what decides the exit status last: both ends of a long page are seen. */
export const reporter: Reporter = {
  name: 'pretty',
  doc: {
    en: 'for people: causes, findings by rule, what was not checked and why',
    es: 'para personas: causas, incidencias por regla y lo que no se ha podido comprobar',
  },
  isForPeople: true,
  endsWithGate: true,
  async *render(report, options) {
    const page = pageOf(options)
    const { head } = report
    yield titleBlock(page, report)
    yield channelsBlock(page, head.channels)
    if (head.inputs !== undefined) yield inputsBlock(page, head.inputs)
    const gathered = await gather(report)
    yield* causesBlock(page, head.causes, gathered)
    yield* rulesBlock(page, gathered, options.maxFindings)
    if (head.silences !== undefined) yield silencesBlock(page, head.silences)
    yield uncheckedBlock(page, head)
    yield quarantineBlock(page, head, report.quarantine)
    yield heading(page, page.texts.totals.heading)
    yield totalsLine(page, head.totals)
    yield gateBlock(page, report)
  },
}
