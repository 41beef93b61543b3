import fc from 'fast-check'
import type { Obligation } from '../../src/terms/law.ts'
import { ana, ben, clerk, DAY, HOUR } from './given.ts'
import { type Asked, active, answer, call, certificate, type Law, MINUTE, OFFICERS, PERSONS, PURPOSES, type World } from './past-world.ts'

const LAWS: readonly Law[] = ['permit', 'permit', 'deny', 'deny', 'hold', 'two people', 'notice']
const DUTIES: readonly (readonly Obligation[])[] = [
  [],
  [],
  [{ notify: 'the person', within: '3 days' }],
  [{ notify: 'the person', before: '14 days' }],
  [{ review: 'the access' }],
]
/** An hour and ten minutes is what is never kept; a day what refusals are remembered for; a month what is over stays listed. */
const WAITS = [MINUTE, 6 * MINUTE, 20 * MINUTE, 71 * MINUTE, 5 * HOUR, 20 * HOUR, 25 * HOUR, 8 * DAY, 31 * DAY, 95 * DAY, -3 * HOUR]

/** One step of a history: who does what, in numbers that each kind of step reads in its own way. */
export const move = fc.record({ kind: fc.nat(15), a: fc.nat(6), b: fc.nat(6), c: fc.nat(6), d: fc.nat(6) })
export type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

export async function take(given: World, { kind, a, b, c, d }: Move): Promise<void> {
  const { register, clock } = given
  const { processes, holds, tasks, certificates } = register
  const person = [ana, ben, clerk][a % 3] ?? ana
  const of = <T>(list: readonly T[]) => list[list.length - 1 - (b % Math.max(1, list.length))]
  const asked: Asked = {
    ...OFFICERS[a % 3],
    ...{ purpose: PURPOSES[b % 4] ?? 'audit', persons: PERSONS[c % 3] ?? [], caseNumber: d % 3 === 0 ? '7' : null },
    ...{ reason: d % 2 === 0 ? 'welfare' : null, forIce: c === 6 },
  }
  const [law, duties] = [LAWS[d] ?? 'permit', DUTIES[(a + c) % DUTIES.length] ?? []]
  if (kind <= 4) await call(given, asked, law, duties)
  if (kind === 5) await call(given, { ...asked, hold: of(holds.list())?.id ?? null }, law, duties)
  if (kind === 6) await call(given, { ...asked, persons: ['11'], process: of(processes.list())?.id ?? null }, 'deny', duties)
  if (kind === 7) await answer(given, 1 + d)
  if (kind === 8) {
    const hold = of(holds.list().filter(({ state }) => state === 'open'))
    const more = c % 3 === 0 ? { attests: true } : {}
    for (const who of d < 5 ? [ana, ben] : [ana]) await holds.release(hold?.id ?? '', { reason: 'reviewed', ...more }, who)
    if (hold && d >= 3) await reask(given, hold.decision ?? '')
  }
  if (kind === 9) await holds.refuse(of(holds.list())?.id ?? '', 'no', person)
  if (kind === 10) await holds.escalate()
  if (kind === 11) {
    const open = tasks.list(c % 3 === 0 ? 'notice' : 'review').filter(({ state }) => state === 'open')
    const task = open.find(({ retryOf }) => retryOf !== null && d < 5) ?? of(open)
    await tasks.done(task?.id ?? '', { note: 'done', lift: task?.retryOf !== null && d < 4 }, ana)
  }
  if (kind === 12) {
    if (c < 3) await active(given, c === 0 ? { uses: 1 } : {})
    else await processes.end(of(processes.list())?.id ?? '', 'revoked', 'withdrawn', ana)
  }
  if (kind === 13) {
    if (c < 4) await certificates.add(certificate(clock.now), clerk)
    else await certificates.revoke(of(certificates.list())?.id ?? '', 'withdrawn', ana)
  }
  if (kind >= 14) clock.now += WAITS[(a * 7 + b) % WAITS.length] ?? 0
}

/** The call that a hold is about, once more and with the hold. */
async function reask(given: World, decision: string): Promise<void> {
  const asked = given.asked.get(decision)
  const hold = given.register.holds.list().find(one => one.decision === decision)
  if (asked && hold) await call(given, { ...asked, hold: hold.id }, 'hold')
}
