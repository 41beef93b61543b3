import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { diff } from '/tmp/past/diff.ts'
import { lasts } from '/work/main/src/register/past-entry.ts'
import { temporary } from '/work/main/test/audit/given.ts'
import { START } from '/work/main/test/register/given.ts'
import { move, take } from '/work/main/test/register/past-moves.ts'
import { entriesOf, restarted, seen, world } from '/work/main/test/register/past-world.ts'

const RUNS = { numRuns: Number(process.env['PAST_RUNS'] ?? 20), seed: Number(process.env['PAST_SEED'] ?? 20261201), endOnFailure: true }
/** Steps, and between them: 0 to 2 keeps, prunes or restarts. */
const histories = fc.array(fc.tuple(move, fc.nat(11)), { minLength: 30, maxLength: 70 })

t.test('whatever was kept, dropped and read back whenever: the register knows what the whole journal says', async t => {
  const tally = { kept: 0, shorter: 0, restarts: 0, pruned: 0 }
  await fc.assert(
    fc.asyncProperty(histories, async history => {
      let given = await world(t, await temporary(t), { clock: { now: START } })
      const compare = async () => {
        await given.close()
        const whole = await world(t, given.home, { clock: given.clock, withoutPast: true })
        const known = seen(whole)
        await whole.close()
        given = await restarted(t, given)
        {
          const d = diff([given.warnings, seen(given)], [[], known])
          if (d.length) throw new Error(d.slice(0, 12).join('\n'))
        }
        tally.restarts += 1
        if (given.read < whole.read) tally.shorter += 1
      }
      for (const [step, then] of history) {
        await take(given, step)
        if (then === 0) await compare()
        if (then === 1) await given.register.past.prune()
        if (then <= 3) await given.register.past.keep()
      }
      await given.register.past.keep()
      await given.register.past.prune()
      await compare()
      const entries = await entriesOf(given)
      tally.kept += entries.filter(lasts).length
      await given.close()
    }),
    RUNS,
  )
  t.ok(tally.shorter > tally.restarts / 2, JSON.stringify(tally))
})
