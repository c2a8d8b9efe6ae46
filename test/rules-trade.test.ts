import { tryRules } from './rule-suite.ts'

await tryRules((family) => family === 'price' || family === 'stock' || family === 'promotion')
