// Half a minute of load on a gate that is killed in the middle: no answer without its entry. `npm run soak`
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runSoak } from './run-soak.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    connections: { type: 'string', default: '64' },
    kills: { type: 'string', default: '1' },
    /** Gives the checker one id nobody was given, and fails unless that one, and no other, is reported. */
    'prove-checker': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const [seconds, connections, kills] = [values.seconds, values.connections, values.kills].map(Number) as [number, number, number]
if (!(seconds > 0) || !Number.isInteger(connections) || connections < 1 || !Number.isInteger(kills) || kills < 0) {
  process.stderr.write('usage: node test/long/soak.ts [--seconds N] [--connections N] [--kills N] [--prove-checker] [--json]\n')
  process.exit(2)
}

const invented = values['prove-checker'] ? randomUUID() : null
const say = (line: string) => void process.stderr.write(`${line}\n`)
const fail = (error: unknown): never => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
const report = await runSoak({ seconds, connections, kills, invented, say: process.stderr.isTTY ? say : () => {} }).catch(fail)
const { counts, check, problems } = report
const proved = invented !== null && problems.length === 1 && check.missing.length === 1 && check.missing[0] === invented
const good = invented === null ? problems.length === 0 : proved

if (values.json) process.stdout.write(`${JSON.stringify({ ok: good, ...report })}\n`)
else
  process.stdout.write(
    `${[
      `${seconds} s, ${connections} connections, ${kills} kill -9; answers by stretch: ${report.received.join(', ')}`,
      `whole ${counts.whole}, broken off after the head ${counts.brokenOff}, unanswered ${counts.unanswered}`,
      `the journal: ${report.entries} entries, ${check.decisions} decisions, ${report.withoutOutcome} permits without an outcome`,
      `missing ${check.missing.length}, twice ${check.doubled.length}, contradicted ${check.contradicted.length}`,
      ...problems.slice(0, 20).map(problem => `PROBLEM: ${problem}`),
      invented === null ? (good ? 'ok' : 'FAILED') : good ? 'ok: the checker reported the invented id' : 'FAILED: the checker is blind',
    ].join('\n')}\n`,
  )
process.exitCode = good ? 0 : 1
