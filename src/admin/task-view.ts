import type { Task, TaskDetail } from '../register/tasks.ts'

/** A notice or a review as JSON; times in milliseconds since 1970. */
export function viewTask(task: Task | TaskDetail): object {
  const { id, kind, decision, what, agency, purpose, source, before, retryOf, state, done, overdue, openedAt, dueAt, times } = task
  return {
    ...{ id, kind, state, decision, what, agency, purpose, source, before, retryOf, overdue, times },
    ...{ openedAt, dueAt, done },
    ...('sealed' in task ? { sealed: task.sealed } : {}),
  }
}
