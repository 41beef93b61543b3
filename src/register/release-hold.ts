import type { Actor, Done } from './book.ts'
import { refuse } from './book.ts'
import type { HoldRecord, HoldShelf, ReleaseTerms } from './hold-fold.ts'
import { findHold, stateAt, viewOf } from './hold-state.ts'
import type { Hold, HoldParts, ReleaseOrder } from './holds.ts'

const HOUR_MS = 3_600_000
const HOURS_MAX = 168
const HOURS = 24

/** A release as it is ordered, every term said. */
type Ordered = ReleaseTerms & { readonly hours: number }

/** What a release comes to: the first of two people agrees, the second one, or the only one, releases. */
type Releasing = Ordered & { readonly step: 'agreed' | 'released' }

/** Releases a hold, in whole or in part, or agrees to it as the first of two people. The reason is kept in the register alone. */
export async function releaseHold(shelf: HoldShelf, parts: HoldParts, id: string, order: ReleaseOrder, actor: Actor): Promise<Done<Hold>> {
  const now = Math.floor(parts.now())
  const found = closable(shelf, id, order.reason, actor, now, ['open'])
  if (!found.ok) return found
  if (parts.seal !== null && found.value.kept === '')
    return refuse('conflict', `the register could not keep what hold ${id} asks; nobody can see it until the caller asks again`)
  const ordered = releasing(found.value, order, actor, parts.isPerson ?? (() => true))
  if (!ordered.ok) return ordered
  const { step, classes, rules, attests, hours } = ordered.value
  // Nobody can fetch it once the ticket is over, whatever was promised.
  const until = Math.min(now + hours * HOUR_MS, found.value.ticket.expiresAt)
  const open = { classes, rules, attests, ...(step === 'agreed' ? { hours } : { until }) }
  await parts.take({ kind: 'hold', id, step, by: actor.person, open, content: { reason: order.reason } })
  return seen(shelf, id, parts.now())
}

/** Refuses what is held, or withdraws its release. One person is enough: it only takes away. */
export async function refuseHold(shelf: HoldShelf, parts: HoldParts, id: string, reason: string, actor: Actor): Promise<Done<Hold>> {
  const found = closable(shelf, id, reason, actor, parts.now(), ['open', 'released'])
  if (!found.ok) return found
  await parts.take({ kind: 'hold', id, step: 'refused', by: actor.person, content: { reason } })
  return seen(shelf, id, parts.now())
}

function seen(shelf: HoldShelf, id: string, now: number): Done<Hold> {
  const record = findHold(shelf, id, now)
  return record ? { ok: true, value: viewOf(record, now) } : refuse('not-found', `there is no hold ${id}`)
}

function closable(
  shelf: HoldShelf,
  id: string,
  reason: string,
  actor: Actor,
  now: number,
  states: readonly Hold['state'][],
): Done<HoldRecord> {
  if (!actor.roles.has('counsel')) return refuse('forbidden', 'releasing or refusing what is held needs the role counsel')
  const record = findHold(shelf, id, now)
  if (!record) return refuse('not-found', `there is no hold ${id}`)
  const state = stateAt(record, now)
  if (!states.includes(state))
    return refuse('conflict', `hold ${id} is ${state}; an open one can be released, an open or released one refused`)
  return reason.trim() === '' ? refuse('invalid', 'say why, in a few words') : { ok: true, value: record }
}

/**
 * Which step an order is. Where two people are needed, the second must be somebody else and order the same; the first may order anew.
 * @param isPerson whether somebody is still among the people with roles: the word of one who has left counts for nothing
 */
function releasing(record: HoldRecord, order: ReleaseOrder, actor: Actor, isPerson: (id: string) => boolean): Done<Releasing> {
  if (record.ticket.for === 'notice')
    return refuse('conflict', 'this waits for a notice, not for counsel; record the notice as given and it is free')
  const read = readOrder(record, order)
  if (!read.ok) return read
  const ordered = read.value
  if (record.ticket.people === 1) return { ok: true, value: { ...ordered, step: 'released' } }
  const first = record.agreed && isPerson(record.agreed.by) ? record.agreed : null
  if (first === null) return { ok: true, value: { ...ordered, step: 'agreed' } }
  const differing = differences(first, ordered)
  if (first.by !== actor.person) {
    if (differing !== '')
      return refuse('conflict', `${first.by} ordered something else: ${differing}; order the same, or agree on one order`)
    return { ok: true, value: { ...ordered, hours: Math.min(first.hours, ordered.hours), step: 'released' } }
  }
  if (differing === '' && first.hours === ordered.hours)
    return refuse('conflict', 'you ordered this already; another person with role counsel must order the same')
  return { ok: true, value: { ...ordered, step: 'agreed' } }
}

function readOrder({ ticket }: HoldRecord, order: ReleaseOrder): Done<Ordered> {
  const hours = order.hours ?? HOURS
  if (!Number.isInteger(hours) || hours < 1 || hours > HOURS_MAX)
    return refuse('invalid', `a release is good for 1 to ${HOURS_MAX} whole hours`)
  if (order.attests) {
    if (!ticket.attestable)
      return refuse('invalid', 'no rule asks counsel to attest the purpose of this call; release it by classes and rules')
    if (order.classes || order.rules) return refuse('invalid', 'an attestation is about the purpose; leave classes and rules out')
    return { ok: true, value: { classes: [], rules: [], attests: true, hours } }
  }
  const [classes, rules] = [chosen(ticket.classes, order.classes), chosen(ticket.rules, order.rules)]
  if (classes === null) return refuse('invalid', `name some of the classes that are held: ${ticket.classes.join(', ')}`)
  if (rules === null) return refuse('invalid', `name some of the rules that hold: ${ticket.rules.join(', ')}`)
  return { ok: true, value: { classes, rules, attests: false, hours } }
}

/** In the ticket's order, each once; null for none, or for one that is not the ticket's: a release never reaches beyond what was held. */
function chosen<T extends string>(held: readonly T[], named: readonly T[] | undefined): readonly T[] | null {
  if (named === undefined) return held
  if (named.length === 0 || named.some(one => !held.includes(one))) return null
  return held.filter(one => named.includes(one))
}

function differences(first: ReleaseTerms, second: ReleaseTerms): string {
  const attests = ({ attests }: ReleaseTerms) => (attests ? 'that the purpose is attested' : 'a release')
  const named = (what: string, a: readonly string[], b: readonly string[]) => {
    const [first, second] = [a, b].map(list => list.toSorted().join(', '))
    return first === second ? [] : [`${what} ${first || 'none'}, not ${second || 'none'}`]
  }
  if (first.attests !== second.attests) return `${attests(first)}, not ${attests(second)}`
  return [...named('classes', first.classes, second.classes), ...named('rules', first.rules, second.rules)].join('; ')
}
