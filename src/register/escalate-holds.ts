import type { BookParts } from './book.ts'
import type { HoldRecord, HoldShelf } from './hold-fold.ts'
import { isOverdue, viewOf } from './hold-state.ts'
import type { Hold } from './holds.ts'

/** Recorded together: after a long stop thousands may be overdue, and people must not wait until the last of them is written. */
const TOGETHER = 64

/** Escalates what is overdue past whoever has seen it so far, once each. @returns what is overdue now, newly escalated or not */
export async function escalateHolds(shelf: HoldShelf, parts: BookParts): Promise<readonly Hold[]> {
  const overdue = () => [...shelf.open].flatMap(id => shelf.known.get(id) ?? []).filter(record => isOverdue(record, parts.now()))
  const ids = overdue().map(({ ticket }) => ticket.id)
  for (let from = 0; from < ids.length; from += TOGETHER) {
    await parts.inTurn(async () => {
      // Looked up again: somebody may have closed it while the others were written.
      const some = ids.slice(from, from + TOGETHER).flatMap(id => shelf.known.get(id) ?? [])
      await Promise.all(some.filter(one => one.escalatedFrom === null && isOverdue(one, parts.now())).map(one => escalate(parts, one)))
    })
  }
  return overdue().map(record => viewOf(record, parts.now()))
}

function escalate({ take }: BookParts, { ticket, history }: HoldRecord): Promise<void> {
  const people = [...new Set(history.flatMap(({ by }) => by ?? []))]
  return take({ kind: 'hold', id: ticket.id, step: 'escalated', by: null, open: { from: people } })
}
