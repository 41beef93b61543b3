// How well the lexicon tells a reason that serves immigration enforcement from an innocent one. `npm run reasons [-- --misses] [--json]`.
// Each tuned part decides the exit code. The held-out part is counted and never shown: who tuned on its lines would measure nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CorpusLine, loadReader, parseCorpus, type Score, type Scored, score, scoreLine } from './score-reasons.ts'

const RECALL_MINIMUM = 0.98
const FALSE_ALARMS_MAXIMUM = 0.01

const { values } = parseArgs({ options: { misses: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } })
const root = join(import.meta.dirname, '..')
const reader = loadReader(join(root, 'policies'))
const read = (name: string): readonly Scored[] =>
  parseCorpus(readFileSync(join(root, 'test/corpus', name), 'utf8')).map(line => scoreLine(line, reader))

function tableOf(lines: readonly Scored[]): Readonly<Record<string, Score>> {
  const rows = CorpusLine.shape.language.options.map(
    language => [language, score(lines.filter(({ line }) => line.language === language))] as const,
  )
  return { all: score(lines), ...Object.fromEntries(rows) }
}

const percent = (share: number | null) => (share === null ? '-' : `${(share * 100).toFixed(1)}%`)

function print(name: string, table: Readonly<Record<string, Score>>): void {
  console.log(`\n${name}\n${'language'.padEnd(10)}label          lines  flagged  share           missed and asked again`)
  for (const [language, { immigration, innocent }] of Object.entries(table)) {
    const row = (label: string, lines: number, flagged: number) =>
      `${language.padEnd(10)}${label.padEnd(13)}${`${lines}`.padStart(7)}${`${flagged}`.padStart(9)}  `
    console.log(
      `${row('immigration', immigration.lines, immigration.flagged)}recall ${percent(immigration.recall).padEnd(9)}${`${immigration.askedAgain}`.padStart(7)}`,
    )
    console.log(`${row('innocent', innocent.lines, innocent.flagged)}false alarms ${percent(innocent.falseAlarms)}`)
  }
}

const tuned = ['reasons.tsv', 'reasons-2.tsv'].map(name => ({ name, lines: read(name) }))
const tables = { tuned: Object.fromEntries(tuned.map(({ name, lines }) => [name, tableOf(lines)])), heldOut: tableOf(read('held-out.tsv')) }
const holds = tuned.every(({ lines }) => {
  const { immigration, innocent } = score(lines)
  return (immigration.recall ?? 0) >= RECALL_MINIMUM && (innocent.falseAlarms ?? 1) <= FALSE_ALARMS_MAXIMUM
})

const wrong = tuned.flatMap(({ lines }) => lines).filter(({ line, flagged }) => flagged !== (line.label === 'immigration'))
const misses = wrong.map(({ line, vague, hits }) => ({ ...line, vague, hits }))
if (values.json) console.log(JSON.stringify({ ...tables, holds, ...(values.misses && { misses }) }, null, 2))
else {
  for (const [name, table] of Object.entries(tables.tuned)) print(`tuned on (test/corpus/${name})`, table)
  print('held out (test/corpus/held-out.tsv), never tuned on; decides nothing', tables.heldOut)
  if (values.misses)
    for (const { id, label, language, agency, purpose, text, vague, hits } of misses)
      console.log(
        `${label === 'immigration' ? 'missed' : 'false alarm'}\t${id}\t${language}\t${agency}\t${purpose}${vague ? '\tvague' : ''}\t${text}\t${hits.join(' ')}`,
      )
}
process.exitCode = holds ? 0 : 1
