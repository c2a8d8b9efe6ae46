/** Texts of `omniparity apply` and `omniparity undo`, in English. `apply.es.ts` has the same keys. */
const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)
const changes = (n: number): string => `${number(n)} ${n === 1 ? 'change' : 'changes'}`
const findings = (n: number): string => `${number(n)} ${n === 1 ? 'finding' : 'findings'}`

export const applyTexts = {
  help: {
    apply: 'carry a plan out: every value is looked at first, and written only where it is as the plan saw it',
    plan: 'plan.json, or the folder that it stands in',
    channel: 'carry out the changes of this channel alone, repeatable',
    allow: (need: string): string => `write changes that need it: ${need}`,
    canary: 'write the changes of N rows, audit them again, and go on only when their findings are gone',
    dryRun: 'look at everything and say what would be written; write nothing',
    rate: 'changes per second at most',
    maxFailures: 'stop at this number of failures (default: 1)',
    undo: 'make the plan that takes back what a run has written; `omniparity apply` carries it out',
    run: 'the run as `apply` named it, the beginning of its name, or last',
    output: 'folder to write the plan to (default: in the state folder)',
  },
  resumed: (run: string, done: number): string => `going on with the run ${run}: ${changes(done)} settled already`,
  nothingLeft: (run: string): string => `the run ${run} has carried this plan out already; nothing is left to do`,
  settled: (n: number): string =>
    `${changes(n)} had been sent without an answer and ${n === 1 ? 'was' : 'were'} read back`,
  canaryPassed: (n: number): string => `canary: ${findings(n)} gone, going on`,
  title: { run: 'Run', dry: 'Dry run: nothing was written' },
  status: {
    complete: 'Everything is as planned',
    partial: 'Applied in part',
    stopped: 'Stopped',
    interrupted: 'Interrupted; the same command goes on',
  },
  dry: { whole: 'Everything is as the plan saw it', partial: 'Not everything is as the plan saw it' },
  stop: {
    failures: 'too many failures (--max-failures)',
    not_kept: 'the channel keeps none of what is written to it',
    canary: 'the canary did not end its findings; nothing more was written',
    channel: 'the channel cannot be reached',
  },
  outcome: {
    written: (_n: number): string => 'written',
    already: (_n: number): string => 'already so',
    moved: (_n: number): string => 'moved meanwhile, left alone',
    gone: (_n: number): string => 'no such row any more',
    many: (_n: number): string => 'several rows with that key, left alone',
    refused: (_n: number): string => 'refused by the channel',
    altered: (n: number): string => `written, but ${n === 1 ? 'reads' : 'read'} differently now`,
    unclear: (n: number): string => `sent without an answer, ${n === 1 ? 'has' : 'have'} a third value now`,
  },
  wouldWrite: (_n: number): string => 'would be written',
  left: 'not come to',
  listed: 'Not as planned',
  more: (n: number): string => `and ${number(n)} more, all of them in the journal`,
  was: 'plan saw',
  wanted: 'planned',
  is: 'is',
  nothing: 'nothing',
  audit: 'Audited again',
  gone: (n: number): string => `${findings(n)} gone`,
  quiet: 'nothing new about the changed articles',
  remaining: (n: number): string => `${findings(n)} still there`,
  unknown: (n: number): string => `${findings(n)} could not be judged`,
  appeared: (n: number): string => `${findings(n)} about the changed articles ${n === 1 ? 'is' : 'are'} new`,
  undo: (run: string): string => `to take it back: omniparity undo ${run}`,
  planned: (n: number, run: string, folder: string): string =>
    `${changes(n)} ${n === 1 ? 'takes' : 'take'} back what the run ${run} has written\nreview: ${folder}\nthen: omniparity apply ${folder}`,
  unsure: (n: number): string => `${number(n)} of them may never have been written; only what was is taken back`,
  planTitle: (run: string): string => `Plan to take back the run ${run}`,
}

export type ApplyTexts = typeof applyTexts
