import type { Actor, BookParts, Done } from './book.ts'
import { refuse } from './book.ts'
import type { HoldShelf } from './hold-fold.ts'
import { findHold, viewOf } from './hold-state.ts'
import type { HoldDetail } from './holds.ts'
import { KeptCall } from './kept-call.ts'

/** A hold with what was asked. The first look of each counsel is recorded: who knew of it, and whom it is escalated past. */
export async function showHold(shelf: HoldShelf, parts: BookParts, id: string, actor: Actor): Promise<Done<HoldDetail>> {
  const isCounsel = actor.roles.has('counsel')
  if (!isCounsel && !actor.roles.has('auditor')) return refuse('forbidden', 'seeing what is held needs the role counsel or auditor')
  const looked = findHold(shelf, id, parts.now())?.history.some(({ step, by }) => step === 'looked' && by === actor.person)
  if (isCounsel && looked === false) await parts.take({ kind: 'hold', id, step: 'looked', by: actor.person })
  const record = findHold(shelf, id, parts.now())
  if (!record) return refuse('not-found', `there is no hold ${id}`)
  const view = viewOf(record, parts.now())
  const read = KeptCall.safeParse(parts.read(record.kept))
  if (!read.success) return { ok: true, value: { ...view, sealed: null } }
  const { sealed, requested, reasons } = read.data
  return { ok: true, value: { ...view, sealed: isCounsel ? sealed : null, requested, reasons } }
}
