/** Texts of `init` and `doctor`, in English. `init.es.ts` has the same keys. */

const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)

export const initTexts = {
  help: 'look at the exports of a folder, write a configuration for them, and audit',
  helpDir: 'folder with the exports (default: here)',
  helpYes: 'ask nothing: what only you can know stays open in the configuration',
  helpForce: 'write over a configuration that is there',
  doctorHelp: 'check configuration, environment, every source, the state folder and the disk, and say what to do',
  scanning: 'looking at the files',
  found: (files: number, known: number): string => `${number(known)} of ${number(files)} files are understood:`,
  records: (n: number): string => `${number(n)} ${n === 1 ? 'record' : 'records'}`,
  unknownFile: 'not understood',
  copyOf: (file: string) => `left out, because it is ${file} byte for byte`,
  written: (file: string): string => `Written: ${file}`,
  open: 'What only you can know is marked in it with «?».',
  wizard: {
    files: 'These files were found',
    sample: (channel: string): string => `The first records of ${channel}, as they were understood`,
    sampleHint: '← → the next channel',
    project: 'What is the project called? It stands on every report.',
    market: 'Which country do the channels sell in? (two letters, such as ES; empty: not said)',
    currency: 'Which currency are the prices in? (three letters, such as EUR; empty: not said)',
    timezone: 'Which time zone do dates without one mean?',
    kind: (channel: string): string => `What is ${channel}?`,
    tax: (channel: string): string => `Do the prices of ${channel} include tax?`,
    assigned: (file: string): string => `Which channel does ${file} belong to?`,
    authority: {
      catalog: 'Who is right about articles (names, codes, states)?',
      price: 'Who is right about prices?',
      stock: 'Who is right about stock?',
      promotion: 'Who is right about promotions?',
    },
    nobody: 'nobody, or not decided yet',
    tellsTax: { true: 'yes', false: 'no', unknown: 'I do not know' },
    write: (file: string): string => `Write ${file} and audit`,
    hint: 'Enter next · Esc back · Ctrl-C leave without writing',
    chooseHint: '↑ ↓ choose · Enter next · Esc back · Ctrl-C leave without writing',
    bad: {
      market: 'two letters: ES, PT, MX, …',
      currency: 'three letters: EUR, USD, MXN, …',
      timezone: 'a name such as Europe/Madrid',
      project: 'a name',
    },
    left: 'Nothing was written.',
  },
  kinds: { store: 'store (POS)', web: 'web shop', app: 'app', marketplace: 'marketplace', feed: 'feed', erp: 'ERP' },
  fields: { sku: 'SKU', gtin: 'GTIN', title: 'Title', price: 'Price', stock: 'Stock', status: 'Status' },
  config: {
    head: 'Written by omniparity init. Lines with «?» are what only you can know: fill them in and remove the #.',
    market: '? the country: decides tax rates and legal rules',
    currency: '? the currency of the prices',
    currencyOfSome: '? the currency of the prices: some files say this one, others say none',
    timezone: '? the zone of dates that name none',
    packs: 'rules: recommended is a good start; `omniparity rules` lists them all',
    kind: 'taken from the platform and the names of the files: store, web, app, marketplace, feed or erp',
    tax: '? whether prices include tax; without it, gaps that look like tax stay undecided',
    stockPool: '? channels with the same pool sell the same units',
    assortment: '? full: every article of the catalogue should be here; open: it need not',
    notAssigned: '? files that belong to a channel that nobody named: move them there',
    notUnderstood: 'files that were not understood:',
    authority: '? who is right: without it there are findings, and no fixes',
  },
  doctor: {
    ok: 'ok',
    warning: 'look',
    failed: 'bad',
    config: (file: string): string => `configuration ${file}`,
    noConfig: 'no omniparity.yaml here or above: `omniparity init` writes one',
    node: (version: string): string => `Node.js ${version}`,
    engine: (version: string): string => `engine ${version}`,
    file: (channel: string, path: string): string => `${channel}: ${path}`,
    files: (n: number, bytes: string, age: string): string =>
      `${number(n)} ${n === 1 ? 'file' : 'files'}, ${bytes}, the newest ${age} old`,
    database: (channel: string): string => `${channel}: database`,
    databaseOk: (server: string): string => `${server}, every query can be asked`,
    state: (folder: string): string => `state folder ${folder}`,
    stateNew: 'is made by the first audit',
    stateHas: (audits: number): string => `${number(audits)} ${audits === 1 ? 'audit' : 'audits'}`,
    disk: 'free disk',
    diskFree: (bytes: string): string => `${bytes} free`,
    diskLow: 'an audit needs about three times what it reads: make room',
    temp: (folder: string): string => `temporary folder ${folder}`,
    writable: 'can be written',
    notWritable: (reason: string): string =>
      `cannot be written (${reason}): change its permissions, or name another with --state or TMPDIR`,
    silences: 'suppressions and baseline',
    rules: 'rules',
    rulesCount: (n: number): string => `${number(n)} in force`,
    summary: (failed: number, warnings: number): string =>
      failed === 0
        ? warnings === 0
          ? 'Everything is in order.'
          : `${number(warnings)} ${warnings === 1 ? 'thing' : 'things'} to look at.`
        : `${number(failed)} ${failed === 1 ? 'thing stands' : 'things stand'} in the way of an audit.`,
  },
}

export type InitTexts = typeof initTexts
