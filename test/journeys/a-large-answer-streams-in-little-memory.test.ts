import t from 'tap'
import { runBig } from '../long/run-big.ts'

const MEGABYTE = 1_000_000
const linux = process.platform === 'linux' ? {} : { skip: 'resident memory is read from /proc, which only Linux has' }

// The short form of `npm run big`.
t.test('64 MB pass through the gate, and a slow reader waits, in less than 100 MB over idle', linux, async t => {
  const slow = { slowSeconds: 2, slowBytesPerSecond: 2 * MEGABYTE }
  const report = await runBig({ bytes: 64 * MEGABYTE, bound: 100 * MEGABYTE, ...slow, say: line => t.comment(line) })
  t.same(report.problems, [])
  t.comment(`over idle: ${report.fast.rise} bytes at full speed, ${report.slow.rise} with the slow reader`)
  t.ok(report.fast.bytes > 60 * MEGABYTE, 'the whole list came')
  t.ok(report.fast.rise > MEGABYTE, 'a rise was measured at all')
  t.ok(report.slow.readFromApi < 40 * MEGABYTE, 'the gate did not read ahead of the slow reader')
})
