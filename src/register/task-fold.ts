import type { BookParts } from './book.ts'
import { dueDate } from './due-date.ts'
import { isKept, owedBy } from './duties.ts'
import { type JournalEntry, members, textOf } from './journal-entry.ts'

const LISTED_MS = 30 * 86_400_000

/** One notice or review as the journal has it; kept small, because nothing that is open is ever dropped. */
export interface OpenTask {
  readonly id: string
  readonly kind: 'notice' | 'review'
  readonly decision: string
  readonly what: string
  readonly agency: string
  readonly purpose: string
  readonly source: string | null
  readonly openedAt: number
  readonly dueAt: number
  readonly before: string | null
  readonly retryOf: string | null
  /** Digest of whom a notice concerns; empty where nothing was kept. */
  readonly kept: string
  readonly done: { readonly by: string; readonly at: number } | null
}

export interface TaskBook {
  readonly known: Map<string, OpenTask>
  /** The few names that all tasks share, once each. */
  readonly words: Map<string, string>
}

export const emptyTaskBook = (): TaskBook => ({ known: new Map(), words: new Map() })

/** Takes one entry of the journal into account. */
export function foldTasks(book: TaskBook, entry: JournalEntry, read: BookParts['read']): void {
  if (entry.kind === 'decision') openTasks(book, entry)
  if (entry.kind !== 'notice' && entry.kind !== 'review') return
  const body = members(entry.body)
  const [id, digest] = [textOf(body.id), textOf(body.digest)]
  if (body.step === 'kept') keep(book, id, digest)
  const task = book.known.get(id)
  if (body.step !== 'done' || !task || !isKept(digest, read)) return
  book.known.set(id, { ...task, done: { by: textOf(body.by), at: entry.t_wall } })
}

function openTasks({ known, words }: TaskBook, entry: JournalEntry): void {
  const word = (text: string) => {
    if (!words.has(text)) words.set(text, text)
    return words.get(text) ?? text
  }
  for (const { id, kind, what, term, before, retryOf } of owedBy(entry)) {
    known.set(id, {
      ...{ id, kind, decision: entry.id, what: word(what), before, retryOf },
      agency: word(textOf(members(entry.requester).agency)),
      purpose: word(textOf(members(entry.purpose).code)),
      source: word(textOf(entry.source)) || null,
      openedAt: entry.t_wall,
      dueAt: dueDate(entry.t_wall, term),
      ...{ kept: '', done: null },
    })
  }
}

/** One sealed call serves all notices of its decision. The first alone: whom it concerns is not replaced later. */
function keep({ known }: TaskBook, decision: string, digest: string): void {
  for (let n = 1; ; n++) {
    const task = known.get(`${decision}.${n}`)
    if (!task) return
    if (task.kind === 'notice' && task.kept === '') known.set(task.id, { ...task, kept: digest })
  }
}

/** What was done stays listed for 30 days. It depends on the entries alone, so a restart forgets the same ones. */
export const isTaskForgotten = ({ done }: OpenTask, now: number): boolean => done !== null && now >= done.at + LISTED_MS

export function sweepTasks({ known }: TaskBook, now: number): void {
  for (const [id, task] of known) if (isTaskForgotten(task, now)) known.delete(id)
}
