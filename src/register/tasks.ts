import type { Judgement } from '../terms/judgement.ts'
import type { Actor, Book, Done } from './book.ts'
import type { HoldParts } from './holds.ts'

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

export function createTasks(_parts: HoldParts): Tasks {
  throw new Error('not written yet')
}
