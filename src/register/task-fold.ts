import { createHash } from 'node:crypto'
import type { BookParts } from './book.ts'
import { dueDate } from './due-date.ts'
import { isKept, type OwedTask, owedBy } from './duties.ts'
import { type JournalEntry, listOf, members, textOf } from './journal-entry.ts'

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
  /** What refusals have in common that are one matter for whoever must act; empty where it is a matter of its own. */
  readonly likeness: string
  /** `as`: the task that was marked done, where this one is the same matter. */
  readonly done: { readonly by: string; readonly at: number; readonly as: string } | null
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
  const body = members(entry.body)
  // Counsel said that nothing is disclosed: nobody needs to be told beforehand any more.
  if (entry.kind === 'hold' && body.step === 'refused')
    for (const task of book.known.values()) if (task.before === body.id && !task.done) close(book, task, entry)
  if (entry.kind !== 'notice' && entry.kind !== 'review') return
  const [id, digest] = [textOf(body.id), textOf(body.digest)]
  if (body.step === 'kept') keep(book, id, digest)
  const task = book.known.get(id)
  if (body.step !== 'done' || !task || !isKept(digest, read)) return
  close(book, task, entry)
}

function close({ known }: TaskBook, task: OpenTask, { body, t_wall: at }: JournalEntry): void {
  const said = members(body)
  known.set(task.id, { ...task, done: { by: textOf(said.by), at, as: textOf(said.as) || task.id } })
}

function openTasks({ known, words }: TaskBook, entry: JournalEntry): void {
  const word = (text: string) => {
    if (!words.has(text)) words.set(text, text)
    return words.get(text) ?? text
  }
  for (const owed of owedBy(entry)) {
    const { id, kind, what, term, before, retryOf } = owed
    known.set(id, {
      ...{ id, kind, decision: entry.id, what: word(what), before, retryOf },
      agency: word(textOf(members(entry.requester).agency)),
      purpose: word(textOf(members(entry.purpose).code)),
      source: word(textOf(entry.source)) || null,
      openedAt: entry.t_wall,
      dueAt: dueDate(entry.t_wall, term),
      ...{ kept: '', likeness: likenessOf(owed, entry), done: null },
    })
  }
}

/**
 * What makes two refusals one matter: the same caller about the same persons (where none is named: the same call), or the same earlier
 * refusal tried again. Otherwise one script that is refused all night would bury counsel. Empty for what let something out or waits for a
 * notice of its own.
 */
function likenessOf({ kind, what, term, before, retryOf }: OwedTask, entry: JournalEntry): string {
  if (members(entry.decision).kind === 'permit' || before !== null) return ''
  const { agency, person } = members(entry.requester)
  const named = listOf(entry.subjects)
  const about = named.length > 0 ? named.toSorted() : textOf(members(entry.req).digest)
  if (about === '' && retryOf === null) return ''
  const matter = retryOf === null ? [agency ?? null, person ?? null, entry.source ?? null, about] : [retryOf]
  return createHash('sha256')
    .update(JSON.stringify([kind, what, term, matter]))
    .digest('base64url')
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
export const isTaskForgotten = ({ done }: Pick<OpenTask, 'done'>, now: number): boolean => done !== null && now >= done.at + LISTED_MS

/** The tasks that are one matter with this one, itself among them: all that are open, or that were done with it. In order. */
export function alikeTo({ known }: TaskBook, task: OpenTask): readonly OpenTask[] {
  const isAlike = (other: OpenTask) =>
    other === task || (task.likeness !== '' && other.likeness === task.likeness && other.done?.as === task.done?.as)
  return [...known.values()].filter(isAlike)
}

export function sweepTasks({ known }: TaskBook, now: number): void {
  for (const [id, task] of known) if (isTaskForgotten(task, now)) known.delete(id)
}
