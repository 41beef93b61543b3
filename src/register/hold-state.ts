import type { HoldTicket } from '../terms/judgement.ts'
import { type HoldRecord, type HoldShelf, shut } from './hold-fold.ts'
import type { Hold } from './holds.ts'

/** How long a hold that is over stays listed. */
const LISTED_MS = 30 * 86_400_000

/** What a hold is at a moment (milliseconds since 1970). Time ends it and never releases it. */
export function stateAt({ ticket, release, refused, used }: HoldRecord, now: number): HoldTicket['state'] {
  if (used) return 'used'
  if (refused) return 'refused'
  if (now >= ticket.expiresAt || (release && now >= release.until)) return 'expired'
  return release ? 'released' : 'open'
}

export function viewOf(record: HoldRecord, now: number): Hold {
  const { ticket, history, escalatedFrom, release, decision, purpose } = record
  const expiresAt = release?.until ?? ticket.expiresAt
  const state = stateAt(record, now)
  return {
    ...{ ...ticket, state, expiresAt, history, release, decision, purpose },
    overdue: isOverdue(record, now),
    escalatedFrom: escalatedFrom ?? [],
  }
}

export const isOverdue = (record: HoldRecord, now: number): boolean => stateAt(record, now) === 'open' && now > record.ticket.dueAt

/** A hold by its id; one that is forgotten is none. */
export function findHold(shelf: HoldShelf, id: string, now: number): HoldRecord | undefined {
  const record = shelf.known.get(id)
  return record && !isForgotten(record, now) ? record : undefined
}

/** Whether it is so long over that nothing shows it any more. It depends on the ticket alone, so a restart forgets the same ones. */
export const isForgotten = ({ ticket }: { readonly ticket: Pick<HoldTicket, 'expiresAt'> }, now: number): boolean =>
  now >= ticket.expiresAt + LISTED_MS

/** Gives back the memory of what is over. Nothing that can still be asked for, shown or used depends on when this is done. */
export function sweep(shelf: HoldShelf, now: number): void {
  for (const [id, record] of shelf.known) {
    if (now >= record.ticket.expiresAt) shut(shelf, record.ticket)
    if (!isForgotten(record, now)) continue
    shelf.known.delete(id)
    if (shelf.byBinding.get(record.ticket.binding) === id) shelf.byBinding.delete(record.ticket.binding)
  }
  for (const [token, until] of shelf.attested) if (now >= until) shelf.attested.delete(token)
}
