/** The wizard of `init`: shows what was found and how it reads, and asks the rest. */
import { Box, type Key, Text, useApp, useInput, useStdout } from 'ink'
import { useReducer } from 'react'
import type { InitTexts } from '../../i18n/init.en.ts'
import { type Draft, sampleOf } from '../../ops/init/draft.ts'
import { SAMPLE_FIELDS } from '../../ops/init/scan.ts'
import { cut, safe, widthOf } from '../../reports/layout.ts'
import { eachKey } from '../keys.ts'
import { drawnUntilLeft } from '../screen.ts'
import { type Step, stepsOf } from './steps.ts'

/** What keys made of the questions so far; keys come faster than the screen is drawn. */
class Answers {
  readonly steps: readonly Step[]
  draft: Draft
  at = 0
  /** What stands in the field that is being written; null: what the draft says. */
  typed: string | null = null
  cursor = 0
  /** Channel of which the sample is shown. */
  sample = 0
  complaint = ''
  isDone = false
  isLeft = false

  constructor(draft: Draft, texts: InitTexts, zone: string) {
    this.draft = draft
    this.steps = stepsOf(draft, texts, zone)
  }

  get step(): Step {
    return this.steps[this.at] ?? { kind: 'write' }
  }

  get text(): string {
    return this.step.kind === 'text' ? (this.typed ?? this.step.value(this.draft)) : ''
  }

  press(input: string, key: Key): void {
    this.complaint = ''
    const { step } = this
    if (key.ctrl && input === 'c') this.isLeft = true
    else if (key.escape) this.#go(-1)
    else if (key.return) this.#answer()
    else if (step.kind === 'text') this.#type(input, key)
    else if (step.kind === 'choice' && (key.upArrow || key.downArrow)) {
      this.cursor = (this.cursor + (key.upArrow ? -1 : 1) + step.choices.length) % step.choices.length
    } else if (step.kind === 'sample' && (key.leftArrow || key.rightArrow)) {
      const { length } = this.draft.channels
      this.sample = (this.sample + (key.leftArrow ? -1 : 1) + length) % length
    }
  }

  #type(input: string, key: Key): void {
    if (key.backspace || key.delete) this.typed = [...this.text].slice(0, -1).join('')
    else if (!key.ctrl && !key.meta) this.typed = this.text + input.replace(/\p{Cc}/gu, '')
  }

  #answer(): void {
    const { step } = this
    if (step.kind === 'text') {
      const draft = step.answer(this.draft, this.text)
      if (draft === null) {
        this.complaint = step.accepted
        return
      }
      this.draft = draft
    } else if (step.kind === 'choice') {
      this.draft = step.answer(this.draft, step.choices[this.cursor]?.value ?? '')
    } else if (step.kind === 'write') this.isDone = true
    this.#go(1)
  }

  #go(by: number): void {
    this.at = Math.max(0, Math.min(this.steps.length - 1, this.at + by))
    this.typed = null
    const { step } = this
    if (step.kind !== 'choice') return
    const value = step.value(this.draft)
    this.cursor = Math.max(
      0,
      step.choices.findIndex((choice) => choice.value === value),
    )
  }
}

interface WizardProps {
  readonly answers: Answers
  readonly texts: InitTexts
  readonly file: string
}

function Wizard({ answers, texts, file }: WizardProps) {
  const { exit } = useApp()
  const { stdout } = useStdout()
  const [, draw] = useReducer((count: number) => count + 1, 0)
  useInput((input, key) => {
    eachKey(input, key, (one, pressed) => {
      if (!answers.isDone && !answers.isLeft) answers.press(one, pressed)
    })
    if (answers.isDone || answers.isLeft) exit()
    else draw()
  })
  const width = Math.max(40, Math.min(stdout.columns || 80, 120)) - 1
  const { step } = answers
  return (
    <Box flexDirection="column">
      <Text dimColor>
        {answers.at + 1} / {answers.steps.length}
      </Text>
      {step.kind === 'files' && <Files draft={answers.draft} texts={texts} width={width} />}
      {step.kind === 'sample' && <Sample answers={answers} texts={texts} width={width} />}
      {step.kind === 'text' && (
        <>
          <Text bold>{step.question}</Text>
          <Text>
            {'› '}
            {safe(answers.text)}▏
          </Text>
        </>
      )}
      {step.kind === 'choice' && (
        <>
          <Text bold>{safe(step.question)}</Text>
          {step.choices.map(({ value, text }, at) => (
            <Text key={value} {...(at === answers.cursor ? { color: 'cyan' as const } : {})}>
              {at === answers.cursor ? '› ' : '  '}
              {safe(text)}
            </Text>
          ))}
        </>
      )}
      {step.kind === 'write' && <Text bold>{texts.wizard.write(safe(file))}</Text>}
      {answers.complaint !== '' && <Text color="red">{answers.complaint}</Text>}
      <Text dimColor wrap="truncate">
        {step.kind === 'choice' ? texts.wizard.chooseHint : texts.wizard.hint}
      </Text>
    </Box>
  )
}

function Files({ draft, texts, width }: { readonly draft: Draft; readonly texts: InitTexts; readonly width: number }) {
  const files = [
    ...draft.channels.flatMap(({ id, files: own }) => own.map((file) => ({ ...file, to: id }))),
    ...draft.stray.map((file) => ({ ...file, to: '?' })),
  ]
  return (
    <>
      <Text bold>{texts.wizard.files}</Text>
      {files.map(({ path, platform, kind, records, to }) => (
        <Text key={path} wrap="truncate-middle">
          {cut(safe(path), Math.floor(width / 2))}{' '}
          <Text dimColor>{`${platform} ${kind}, ${texts.records(records)} → ${safe(to)}`}</Text>
        </Text>
      ))}
      {draft.copies.map(({ path, of }) => (
        <Text key={path} wrap="truncate" dimColor>
          {cut(safe(path), Math.floor(width / 3))} {texts.copyOf(safe(of))}
        </Text>
      ))}
      {draft.unknown.map(({ path, reason }) => (
        <Text key={path} wrap="truncate" color="yellow">
          {cut(safe(path), Math.floor(width / 3))} {texts.unknownFile}: {safe(reason)}
        </Text>
      ))}
    </>
  )
}

const SHARES: Readonly<Record<(typeof SAMPLE_FIELDS)[number], number>> = {
  sku: 0.2,
  gtin: 0.19,
  title: 0.27,
  price: 0.12,
  stock: 0.11,
  status: 0.11,
}

function Sample({
  answers,
  texts,
  width,
}: {
  readonly answers: Answers
  readonly texts: InitTexts
  readonly width: number
}) {
  const { channels } = answers.draft
  const channel = channels[answers.sample]
  if (channel === undefined) return null
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => padded(cell, Math.floor(width * SHARES[SAMPLE_FIELDS[at] ?? 'sku']))).join('')
  return (
    <>
      <Text bold>{texts.wizard.sample(safe(channel.id))}</Text>
      <Text dimColor>{line(SAMPLE_FIELDS.map((field) => texts.fields[field]))}</Text>
      {sampleOf(channel).map((row) => (
        <Text key={JSON.stringify(row)}>{line(SAMPLE_FIELDS.map((field) => safe(row[field] ?? '')))}</Text>
      ))}
      {channels.length > 1 && (
        <Text dimColor>{`${answers.sample + 1} / ${channels.length} · ${texts.wizard.sampleHint}`}</Text>
      )}
    </>
  )
}

function padded(text: string, width: number): string {
  const shown = cut(text, Math.max(2, width - 1))
  return shown + ' '.repeat(Math.max(1, width - widthOf(shown)))
}

/** @returns What the person answered; null when they left. */
export async function askOnScreen(
  draft: Draft,
  texts: InitTexts,
  file: string,
  stdout: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Draft | null> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const answers = new Answers(draft, texts, timeZone)
  const app = await drawnUntilLeft(<Wizard answers={answers} texts={texts} file={file} />, stdout, signal)
  app.clear()
  return answers.isDone ? answers.draft : null
}
