import type { Judgement } from '../terms/judgement.ts'
import type { Actor, Book, Done } from './book.ts'
import { refuse } from './book.ts'
import type { HoldParts } from './holds.ts'
import { sealCall } from './kept-call.ts'
import { alikeTo, emptyTaskBook, foldTasks, isTaskForgotten, type OpenTask, sweepTasks, type TaskBook } from './task-fold.ts'

const HOUR_MS = 3_600_000
/** Recorded together where many are one matter. */
const TOGETHER = 64

/** Something the law wants done because of a decision: somebody is told (`notice`), or counsel looks again (`review`). */
export interface Task {
  /** `<decision id>.<n>`: every decision entry with such a duty opens it, nothing else does. */
  readonly id: string
  readonly kind: 'notice' | 'review'
  readonly decision: string
  /** Whom to tell, or what to review, as the rule says it. */
  readonly what: string
  readonly agency: string
  readonly purpose: string
  readonly source: string | null
  readonly openedAt: number
  readonly dueAt: number
  /** The disclosure waits for it under this hold; null where it is owed afterwards. */
  readonly before: string | null
  /** The earlier refusal a retry was judged by; done with `lift`, it no longer binds. */
  readonly retryOf: string | null
  readonly state: 'open' | 'done'
  readonly done: { readonly by: string; readonly at: number } | null
  readonly overdue: boolean
  /** How many tasks it stands for: the same caller who is refused the same again is one matter while it is open, and is done at once. */
  readonly times: number
}

export type TaskDetail = Task & { readonly sealed: string | null }

export interface Tasks extends Book {
  /** Keeps whom a notice concerns, sealed to counsel's key, for a decision that opened one. */
  readonly keep: (judgement: Judgement) => Promise<void>
  readonly list: (kind: Task['kind']) => readonly Task[]
  readonly show: (id: string, actor: Actor) => Promise<Done<TaskDetail>>
  /** `lift` is for the review of a retry: the earlier refusal no longer binds. @returns the task, done */
  readonly done: (id: string, how: { readonly note: string; readonly lift?: boolean | undefined }, actor: Actor) => Promise<Done<Task>>
}

/** What the law wants done because of decisions. Nothing that is open is ever dropped; what was done stays listed for 30 days. */
export function createTasks(parts: HoldParts): Tasks {
  const book = emptyTaskBook()
  const find = (id: string): OpenTask | undefined => {
    const task = book.known.get(id)
    return task && !isTaskForgotten(task, parts.now()) ? task : undefined
  }
  let swept = 0
  return {
    observe(entry) {
      foldTasks(book, entry, parts.read)
      if (entry.t_wall < swept + HOUR_MS) return
      swept = entry.t_wall
      sweepTasks(book, parts.now())
    },
    async keep(judgement) {
      const decision = judgement.call.id
      // Without a key there is nothing that only counsel could read; without a notice there is nobody to tell.
      const owes = judgement.decision.obligations.some((_, i) => book.known.get(`${decision}.${i + 1}`)?.kind === 'notice')
      const sealed = owes ? await sealCall(judgement, parts.seal) : null
      if (sealed !== null) await parts.take({ kind: 'notice', id: decision, step: 'kept', by: null, content: { sealed } })
    },
    list: kind => listTasks(book, kind, parts.now()),
    async show(id, actor) {
      const task = find(id)
      const refused = mayNot(task, id, actor, ['counsel', 'auditor'])
      if (refused) return refused
      if (!task) return refuse('not-found', `there is no notice or review ${id}`)
      const sealed = actor.roles.has('counsel') ? sealedOf(parts.read(task.kept)) : null
      return { ok: true, value: { ...viewOf(task, alikeTo(book, task).length, parts.now()), sealed } }
    },
    done: (id, how, actor) => parts.inTurn(() => markDone(parts, book, find, id, how, actor)),
  }
}

/** What is one matter is listed once, under its first task. */
function listTasks({ known }: TaskBook, kind: Task['kind'], now: number): readonly Task[] {
  const matters = new Map<string, { readonly first: OpenTask; times: number }>()
  for (const task of known.values()) {
    if (task.kind !== kind || isTaskForgotten(task, now)) continue
    const matter = task.likeness === '' ? task.id : `${task.likeness} ${task.done?.as}`
    const found = matters.get(matter)
    if (found) found.times += 1
    else matters.set(matter, { first: task, times: 1 })
  }
  return [...matters.values()].map(({ first, times }) => viewOf(first, times, now))
}

async function markDone(
  parts: HoldParts,
  book: TaskBook,
  find: (id: string) => OpenTask | undefined,
  id: string,
  { note, lift }: { readonly note: string; readonly lift?: boolean | undefined },
  actor: Actor,
): Promise<Done<Task>> {
  const task = find(id)
  const refused = mayNot(task, id, actor, ['counsel'])
  if (refused) return refused
  if (!task) return refuse('not-found', `there is no notice or review ${id}`)
  if (task.done) return refuse('conflict', `the ${task.kind} ${id} is done already`)
  if (note.trim() === '') return refuse('invalid', 'say what was done, in a few words')
  if (lift && task.retryOf === null) return refuse('invalid', 'only the review of a retry lifts something; leave lift out')
  const { kind, before, retryOf } = task
  const open = { ...(before === null ? {} : { before }), ...(lift && retryOf !== null ? { lifts: retryOf } : {}) }
  const alike = alikeTo(book, task)
  const take = (one: string, more: typeof open) =>
    parts.take({ kind, id: one, step: 'done', by: actor.person, open: { ...more, as: id }, content: { note } })
  // The lift is said once: the journal's reader keeps what lifts for ever.
  await take(id, open)
  const others = alike.filter(one => one.id !== id)
  while (others.length > 0) await Promise.all(others.splice(0, TOGETHER).map(one => take(one.id, {})))
  const after = find(id)
  return after ? { ok: true, value: viewOf(after, alike.length, parts.now()) } : refuse('not-found', `there is no notice or review ${id}`)
}

/** Notices are an operator's business too. */
function mayNot(task: OpenTask | undefined, id: string, { roles }: Actor, may: readonly ('counsel' | 'auditor')[]): Done<never> | null {
  if (may.some(role => roles.has(role))) return null
  if (!roles.has('operator')) return refuse('forbidden', `notices and reviews need the role ${[...may, 'operator'].join(' or ')}`)
  if (!task) return refuse('not-found', `there is no notice or review ${id}`)
  return task.kind === 'notice' ? null : refuse('forbidden', 'a review needs the role counsel')
}

function viewOf(task: OpenTask, times: number, now: number): Task {
  const { id, kind, decision, what, agency, purpose, source, openedAt, dueAt, before, retryOf } = task
  const done = task.done && { by: task.done.by, at: task.done.at }
  const open = { id, kind, decision, what, agency, purpose, source, openedAt, dueAt, before, retryOf, done, times }
  return { ...open, state: done ? 'done' : 'open', overdue: done === null && now > dueAt }
}

function sealedOf(content: unknown): string | null {
  const sealed = typeof content === 'object' && content !== null && 'sealed' in content ? content.sealed : null
  return typeof sealed === 'string' ? sealed : null
}
