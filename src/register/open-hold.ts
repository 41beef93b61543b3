import type { HoldOrder } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { HoldTicket } from '../terms/judgement.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { BookParts } from './book.ts'
import { bindingOf, caseTokenOf, namesPersons, ownerOf } from './hold-binding.ts'
import { type HoldShelf, openedBy } from './hold-fold.ts'
import { stateAt, sweep } from './hold-state.ts'

const HOUR_MS = 3_600_000
/** How long counsel's answer may be fetched after it was due. */
const KEPT_MS = 30 * 24 * HOUR_MS
const OPEN_MAX = 50_000
/** One agency, or one person, must not take the room of all others. */
const OPEN_MAX_EACH = 1_000

/**
 * The ticket of what waits: the open one of the same caller about the same call, or a new one. It is no hold before the journal has it.
 * @throws Fault `fault.overload` when too many are open, of all or of one agency
 */
export function openHold(
  shelf: HoldShelf,
  parts: BookParts,
  order: HoldOrder,
  parties: Parties,
  facts: QueryFacts,
  attestable: boolean,
): HoldTicket {
  const now = Math.floor(parts.now())
  const binding = bindingOf(parts.token, order.for, parties, facts)
  const known = shelf.known.get(shelf.byBinding.get(binding) ?? '')
  // A rule that wants two people since then is not satisfied by the one that an older ticket asks for.
  if (known && stateAt(known, now) === 'open' && known.ticket.people >= order.people) return { ...known.ticket, opened: false }
  const owner = ownerOf(parts.token, parties.login)
  if (shelf.open.size >= OPEN_MAX) sweep(shelf, now)
  if (shelf.open.size >= OPEN_MAX) throw new Fault('fault.overload', 'unavailable', `${OPEN_MAX} holds are open`)
  // What is over makes room within the hour: to look for it here would let one agency keep the gate busy with looking.
  if ((shelf.openOf.get(openedBy({ agency: parties.requester.id, owner })) ?? 0) >= OPEN_MAX_EACH)
    throw new Fault('fault.overload', 'unavailable', `${OPEN_MAX_EACH} holds of ${parties.requester.id} are open`)
  const dueAt = now + order.deadlineHours * HOUR_MS
  return {
    ...{ id: uuidOf(parts.newId()), for: order.for, state: 'open', openedAt: now, dueAt, expiresAt: dueAt + KEPT_MS },
    ...{ scope: scopeOf(facts, order.classes), owner, binding },
    ...{ caseToken: caseTokenOf(parts.token, parties, facts), agency: parties.requester.id },
    ...{ classes: order.classes, rules: order.rules, people: order.people, attestable: attestable && namesPersons(facts), opened: true },
  }
}

/** `source.collection: field, field`, the fields that have a held class. */
function scopeOf({ source, collection, uses }: QueryFacts, classes: HoldOrder['classes']): string {
  const fields = uses.filter(use => use.classes.some(dataClass => classes.includes(dataClass))).map(({ field }) => field)
  return `${source}.${collection}: ${[...new Set(fields)].toSorted((a, b) => a.localeCompare(b)).join(', ')}`
}

const uuidOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
