import type { HoldOrder } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { HoldTicket } from '../terms/judgement.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'

const HOUR_MS = 3_600_000
/** How long counsel's answer may be fetched after it was due. */
const KEPT_MS = 30 * 24 * HOUR_MS
const OPEN_MAX = 50_000

type Login = HoldTicket['owner']

export interface Holds {
  /** Opens a hold, or gives the open one of the same caller about the same fields: asking again must not bury counsel. */
  readonly open: (order: HoldOrder, parties: Parties, facts: QueryFacts) => HoldTicket
  /** The caller's own hold. Anybody else's is null, as if it did not exist. */
  readonly find: (id: string, login: Login) => HoldTicket | null
}

/** What waits for counsel, in memory; every hold is also in the journal. @throws Fault `fault.overload` when too many are open. */
export function openHolds(now: () => number, newId: () => string): Holds {
  const byId = new Map<string, HoldTicket>()
  const byQuestion = new Map<string, string>()

  function dropExpired(): void {
    for (const [id, ticket] of byId) if (ticket.expiresAt <= now()) byId.delete(id)
    for (const [question, id] of byQuestion) if (!byId.has(id)) byQuestion.delete(question)
  }

  return {
    open(order, { login, purpose, process, caseNumber }, facts) {
      const fields = facts.uses.filter(use => use.classes.some(c => order.classes.includes(c))).map(use => use.field)
      const scope = `${facts.source}.${facts.collection}: ${[...new Set(fields)].toSorted((a, b) => a.localeCompare(b)).join(', ')}`
      // Whoever it is about and on what paper belongs to the question: a second warrant must not vanish into the first one's ticket.
      const question = JSON.stringify([login, scope, facts.upstream.target, purpose.code, process, caseNumber])
      const known = byId.get(byQuestion.get(question) ?? '')
      if (known && known.expiresAt > now()) return known
      if (byId.size >= OPEN_MAX) dropExpired()
      if (byId.size >= OPEN_MAX) throw new Fault('fault.overload', 'unavailable', `${OPEN_MAX} holds are open`)
      const openedAt = now()
      const dueAt = openedAt + order.deadlineHours * HOUR_MS
      const ticket: HoldTicket = { id: newId(), state: 'open', openedAt, dueAt, expiresAt: dueAt + KEPT_MS, scope, owner: login }
      byId.set(ticket.id, ticket)
      byQuestion.set(question, ticket.id)
      return ticket
    },
    find(id, login) {
      const ticket = byId.get(id)
      return ticket && ticket.owner.issuer === login.issuer && ticket.owner.subject === login.subject ? ticket : null
    },
  }
}
