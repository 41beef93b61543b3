import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { JournalEntry } from '../../src/register/journal-entry.ts'
import { lasts, shorten } from '../../src/register/past-entry.ts'
import { temporary } from '../audit/given.ts'
import { START } from './given.ts'
import { move, take } from './past-moves.ts'
import { entriesOf, restarted, seen, type World, world } from './past-world.ts'

const RUNS = { numRuns: 12, seed: 20261201, endOnFailure: true }
/** Steps, and after each something, or nothing, that is done with the past. */
const histories = fc.array(fc.tuple(move, fc.nat(11)), { minLength: 30, maxLength: 60 })

t.test('whatever was kept, dropped and read back whenever: the register knows what the whole journal says', async t => {
  const tally = { restarts: 0, shorter: 0, retries: 0, released: 0, used: 0, done: 0 }
  const compare = async (before: World): Promise<World> => {
    await before.close()
    const whole = await world(t, before.home, { clock: before.clock, withoutPast: true })
    const known = seen(whole)
    await whole.close()
    const given = await restarted(t, before)
    assert.deepEqual([given.warnings, seen(given)], [[], known])
    tally.restarts += 1
    if (given.read < whole.read) tally.shorter += 1
    if (known.said.some(([{ retry }]) => retry !== null)) tally.retries += 1
    tally.released += known.lists[1].filter(({ state }) => state === 'released').length
    tally.used += known.lists[1].filter(({ state }) => state === 'used').length
    tally.done += known.lists[2].filter(({ state }) => state === 'done').length
    return given
  }
  await fc.assert(
    fc.asyncProperty(histories, async history => {
      let given = await world(t, await temporary(t), { clock: { now: START } })
      for (const [step, then] of history) {
        await take(given, step)
        if (then === 0) given = await compare(given)
        if (then === 1) await given.register.past.prune()
        if (then <= 3) await given.register.past.keep()
      }
      await given.register.past.keep()
      await given.register.past.prune()
      given = await compare(given)
      await given.close()
    }),
    RUNS,
  )
  t.ok(tally.shorter > tally.restarts / 3, `most starts were shorter: ${JSON.stringify(tally)}`)
  t.ok(Math.min(tally.retries, tally.released, tally.used, tally.done) > 0, `and there was something to know: ${JSON.stringify(tally)}`)
})

/** The entry, and what is read of it: the path of each value; `?` asks whether there are any members. */
function watched(entry: JournalEntry): { readonly entry: JournalEntry; readonly read: Map<string, unknown> } {
  const read = new Map<string, unknown>()
  const watch = <T extends object>(value: T, path: string): T =>
    new Proxy(value, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name)
        if (typeof name !== 'string' || !Object.hasOwn(target, name)) return found
        if (typeof found === 'object' && found !== null) return watch(found, `${path}/${name}`)
        read.set(`${path}/${name}`, found)
        return found
      },
      ownKeys(target) {
        read.set(`${path}/?`, Reflect.ownKeys(target).length > 0)
        return Reflect.ownKeys(target)
      },
    })
  return { entry: watch(entry, ''), read }
}

function at(entry: JournalEntry, path: string): unknown {
  let value: unknown = entry
  for (const name of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return null
    value = name === '?' ? Reflect.ownKeys(value).length > 0 : (Reflect.get(value, name) ?? null)
  }
  return value
}

t.test('what is kept of an entry has every member that a book reads', async t => {
  const given = await world(t, await temporary(t), { clock: { now: START } })
  const [history = []] = fc.sample(fc.array(move, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: 5 })
  for (const step of history) await take(given, step)
  await given.close()
  const entries = await entriesOf(given)
  const told = await world(t, given.home, { clock: given.clock, withoutPast: 'and untold' })
  const paths = new Set<string>()
  for (const [index, one] of entries.entries()) {
    const { entry, read } = watched(one)
    told.register.observe(entry, index)
    if (!lasts(one)) continue
    const short = shorten(one)
    assert.deepEqual(shorten(short), short)
    for (const [path, value] of read) {
      paths.add(path)
      if (at(short, path) !== value) t.fail(`${path} of a ${one.kind} is read as ${value} and kept as ${at(short, path)}`)
    }
  }
  for (const path of [
    '/known/lift/hold',
    '/known/paper',
    '/attempts/own/0',
    '/decision/obligations/0/notify',
    '/hold/expiresAt',
    '/body/lifts',
  ])
    t.ok(paths.has(path), `${path} was read`)
})
