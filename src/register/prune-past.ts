import { WINDOW_MS } from './attempts.ts'
import { emptyShelf, foldHolds, type HoldRecord } from './hold-fold.ts'
import { isForgotten } from './hold-state.ts'
import { type JournalEntry, members, textOf } from './journal-entry.ts'
import { createMatters, type Needed } from './matters.ts'
import { paperOf } from './past-entry.ts'
import { type PastFile, type PastItem, ROW_ENTRIES } from './past-file.ts'
import { readRefusal } from './read-refusal.ts'
import { emptyTaskBook, foldTasks, isTaskForgotten, type OpenTask } from './task-fold.ts'

export interface Pruning {
  /** By the journal, not by the clock: a clock that runs ahead for an hour must not make anything forgotten. */
  readonly newest: number
  readonly read: (digest: string) => unknown
  /** Calls that are under way: their outcome will still be counted. */
  readonly isUnderWay: (decision: string) => boolean
  /** Lets others work between two rows; false: leave it. */
  readonly pause: () => Promise<boolean>
}

/** Writes the past anew without what changes nothing any more. It is the same to every book before and after. */
export async function prunePast(file: PastFile, terms: Pruning): Promise<void> {
  const refusals = await findRefusals(file, terms)
  const isMatter = refusals && (await findMatters(file, refusals, terms))
  if (isMatter === null) return
  if (!(await sweep(file, terms))) return
  const draft = file.draft()
  const kept: PastItem[] = []
  const finished = await eachEntry(file, terms, (item, place) => {
    if (isNeeded(item[1], refusals?.[place] === 1, terms) || isMatter(place)) kept.push(item)
    if (kept.length >= ROW_ENTRIES) draft.add(kept.splice(0))
  })
  if (!finished) return
  if (kept.length > 0) draft.add(kept)
  draft.replace()
  await sweep(file, terms)
}

async function sweep(file: PastFile, { pause }: Pruning): Promise<boolean> {
  while (file.sweep()) if (!(await pause())) return false
  return true
}

/** Needed by itself, whatever became of the holds and tasks it had to do with. */
function isNeeded(entry: JournalEntry, isRemembered: boolean, { isUnderWay }: Pruning): boolean {
  if (entry.kind === 'decision') return isRemembered || paperOf(entry) !== '' || isUnderWay(entry.id)
  // What a review lifted is forgotten wherever it was remembered, and that may be longer than the review is.
  if (entry.kind === 'notice' || entry.kind === 'review') return textOf(members(entry.body).lifts) !== ''
  return entry.kind !== 'hold'
}

/**
 * 1 for each refusal that is still remembered, in order. One that was repeated within its day is remembered as the first one, and that as
 * the one before it: of such a chain that reaches into the last day every member counts, however old.
 */
async function findRefusals(file: PastFile, { newest, pause }: Pruning): Promise<Uint8Array | null> {
  const found = new Uint8Array(file.size())
  const since = new Map<string, number>()
  let place = found.length
  for (let row = file.before(); row !== null; row = file.before(row.n)) {
    for (const [at, entry] of row.items.toReversed()) {
      place -= 1
      const own = readRefusal(entry)?.attempts?.own ?? []
      const isChained = own.some(token => (since.get(token) ?? Number.POSITIVE_INFINITY) - at < WINDOW_MS)
      if (!isChained && (newest - at >= WINDOW_MS || readRefusal(entry) === null)) continue
      found[place] = 1
      for (const token of own) since.set(token, at)
    }
    if (!(await pause())) return null
  }
  return found
}

/**
 * Which holds and tasks hang together by their entries: a task that is done must not be opened again by a decision that stays for another
 * task, so all of them stay or none. Found by the folds themselves, so that it is what the books make of it.
 */
async function findMatters(file: PastFile, refusals: Uint8Array, terms: Pruning): Promise<Needed | null> {
  const matters = createMatters(file.size())
  const [shelf, book] = [
    { ...emptyShelf(), known: matters.recorded<HoldRecord>() },
    { ...emptyTaskBook(), known: matters.recorded<OpenTask>() },
  ]
  const finished = await eachEntry(file, terms, ([, entry], place) => {
    foldHolds(shelf, entry, terms.read)
    foldTasks(book, entry, terms.read)
    // Also where it changed nothing: whoever puts back the row that a step was taken with puts back the step.
    const id = textOf(members(entry.body).id)
    if (shelf.known.has(id) || book.known.has(id)) matters.touch(id)
    matters.join(place, entry.kind === 'decision' && isNeeded(entry, refusals[place] === 1, terms))
  })
  for (const [id, record] of shelf.known) if (!isForgotten(record, terms.newest)) matters.need(id)
  for (const [id, task] of book.known) if (!isTaskForgotten(task, terms.newest)) matters.need(id)
  return finished ? matters.needed() : null
}

/** @returns false: it was left */
async function eachEntry(file: PastFile, { pause }: Pruning, take: (item: PastItem, place: number) => void): Promise<boolean> {
  let place = 0
  for (let row = file.after(); row !== null; row = file.after(row.n)) {
    for (const item of row.items) take(item, place++)
    if (!(await pause())) return false
  }
  return true
}
