// One answer of a gigabyte through the gate, in little memory. `npm run big`. Linux only (/proc).
import { parseArgs } from 'node:util'
import { runBig } from './run-big.ts'

const MEGABYTE = 1_000_000

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    /** Resident memory over idle, in megabytes. */
    bound: { type: 'string', default: '100' },
    'slow-seconds': { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
})
const [megabytes, bound, slowSeconds] = [values.megabytes, values.bound, values['slow-seconds']].map(Number) as [number, number, number]
if (!(megabytes > 0) || !(bound > 0) || !(slowSeconds > 0)) {
  process.stderr.write('usage: node test/long/big-answer.ts [--megabytes N] [--bound MB] [--slow-seconds N] [--json]\n')
  process.exit(2)
}

const fail = (error: unknown): never => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
const report = await runBig({
  bytes: megabytes * MEGABYTE,
  bound: bound * MEGABYTE,
  slowSeconds,
  slowBytesPerSecond: 2 * MEGABYTE,
  say: line => void (process.stderr.isTTY && process.stderr.write(`${line}\n`)),
}).catch(fail)
const { idle, fast, slow, problems } = report
const mb = (bytes: number) => `${(bytes / MEGABYTE).toFixed(1)} MB`

if (values.json) process.stdout.write(`${JSON.stringify({ ok: problems.length === 0, ...report })}\n`)
else
  process.stdout.write(
    `${[
      `the gate idle: ${mb(idle)} resident`,
      `full speed: ${mb(fast.bytes)} of ${megabytes} MB left in ${fast.seconds.toFixed(1)} s, peak ${mb(fast.rise)} over idle`,
      `a slow client, ${slowSeconds} s: took ${mb(slow.bytes)}, the gate had read ${mb(slow.readFromApi)}, peak ${mb(slow.rise)} over idle`,
      ...problems.map(problem => `PROBLEM: ${problem}`),
      problems.length === 0 ? `ok: within ${bound} MB` : 'FAILED',
    ].join('\n')}\n`,
  )
process.exitCode = problems.length === 0 ? 0 : 1
