import { WINDOW_MS } from './attempts.ts'
import { isKept, owedBy } from './duties.ts'
import { isForgotten } from './hold-state.ts'
import { type JournalEntry, members, numberOf, textOf } from './journal-entry.ts'
import { usedBy } from './past-entry.ts'
import type { PastFile, PastItem } from './past-file.ts'
import { readRefusal } from './read-refusal.ts'
import { isTaskForgotten } from './task-fold.ts'

export interface Pruning {
  /** By the journal, not by the clock: a clock that runs ahead for an hour must not make anything forgotten. */
  readonly newest: number
  readonly read: (digest: string) => unknown
  /** Calls that are under way: their outcome will still be counted. */
  readonly isUnderWay: (decision: string) => boolean
  /** Lets others work between two rows; false: leave it. */
  readonly pause: () => Promise<boolean>
}

/** What one reading of the past, from its end, says about each entry. */
interface Survey {
  /** 1 where a memory of refusals still stands on the entry; in order. */
  readonly refusals: Uint8Array
  /** Holds that somebody may still see. */
  readonly holds: Set<string>
  readonly done: Map<string, { readonly by: string; readonly at: number }>
}

const ROW_ENTRIES = 200

/** Writes the past anew without what changes nothing any more. It is the same to every book before and after. */
export async function prunePast(file: PastFile, terms: Pruning): Promise<void> {
  const survey = await surveyPast(file, terms)
  if (survey === null) return
  const isOver = judge(survey, terms)
  const draft = file.draft()
  let [place, kept]: [number, PastItem[]] = [0, []]
  for (let row = file.after(); row !== null; row = file.after(row.n)) {
    for (const item of row.items) if (!isOver(item[1], place++)) kept.push(item)
    if (kept.length >= ROW_ENTRIES) draft.add(kept.splice(0))
    if (!(await terms.pause())) return
  }
  if (kept.length > 0) draft.add(kept)
  draft.replace()
}

async function surveyPast(file: PastFile, { newest, read, pause }: Pruning): Promise<Survey | null> {
  const survey: Survey = { refusals: new Uint8Array(file.size()), holds: new Set(), done: new Map() }
  const isRemembered = remembering(newest)
  let place = file.size()
  for (let row = file.before(); row !== null; row = file.before(row.n)) {
    for (const [at, entry] of row.items.toReversed()) {
      place -= 1
      if (isRemembered(entry, at)) survey.refusals[place] = 1
      const hold = members(entry.hold)
      const ticket = { expiresAt: numberOf(hold.expiresAt) }
      if (hold.opened === true && !isForgotten({ ticket }, newest)) survey.holds.add(textOf(hold.id))
      const { step, id, digest, by } = members(entry.body)
      if (step === 'done' && isKept(textOf(digest), read)) survey.done.set(textOf(id), { by: textOf(by), at: entry.t_wall })
    }
    if (!(await pause())) return null
  }
  return survey
}

/**
 * Asked from the newest entry back. A refusal that was repeated within its day is remembered as the first one, and that as the one before
 * it: of such a chain that reaches into the last day every member counts, however old.
 */
function remembering(newest: number): (entry: JournalEntry, at: number) => boolean {
  const since = new Map<string, number>()
  return (entry, at) => {
    const refusal = readRefusal(entry)
    if (refusal === null) return false
    const own = refusal.attempts?.own ?? []
    const isAlive = newest - at < WINDOW_MS || own.some(token => (since.get(token) ?? Number.POSITIVE_INFINITY) - at < WINDOW_MS)
    if (isAlive) for (const token of own) since.set(token, at)
    return isAlive
  }
}

/** Asked from the oldest entry on, with its place. A step stays as long as what it is a step of: alone it would mean something else. */
function judge({ refusals, holds, done }: Survey, { newest, isUnderWay }: Pruning): (entry: JournalEntry, place: number) => boolean {
  const opened = new Set<string>()
  const owing = new Set<string>()
  return (entry, place) => {
    const { id, lifts } = members(entry.body)
    if (entry.kind === 'hold') return !opened.has(textOf(id))
    // What a review lifted is forgotten wherever it was remembered, and that may be longer than the review is.
    if (entry.kind === 'notice' || entry.kind === 'review') return textOf(lifts) === '' && !owing.has(decisionOf(textOf(id)))
    if (entry.kind !== 'decision') return false
    const [hold, used, owed] = [members(entry.hold), usedBy(entry), owedBy(entry)]
    const isNeeded =
      refusals[place] === 1 ||
      used.paper !== '' ||
      isUnderWay(entry.id) ||
      [...used.holds, ...(hold.opened === true ? [textOf(hold.id)] : [])].some(one => holds.has(one)) ||
      owed.some(task => !isTaskForgotten({ done: done.get(task.id) ?? null }, newest))
    if (isNeeded && hold.opened === true) opened.add(textOf(hold.id))
    if (isNeeded && owed.length > 0) owing.add(entry.id)
    return !isNeeded
  }
}

/** A step names the task, `<decision>.<n>`, or the decision for all of its tasks. */
const decisionOf = (task: string): string => task.replace(/\.\d+$/, '')
