import { z } from 'zod'
import { refuse } from '../register/book.ts'
import { addStep, type Desk, Words } from './desk.ts'
import { viewTask } from './task-view.ts'

const NoticeGiven = z.strictObject({ note: Words })
const Reviewed = z.strictObject({ note: Words, lift: z.boolean().optional() })

/** What somebody did because the law wants it. */
export function addTaskSteps(desk: Desk): void {
  const { tasks } = desk.books
  const missing = (kind: 'notice' | 'review', id: string) =>
    tasks.list(kind).some(task => task.id === id) ? null : refuse('not-found', `there is no ${kind} ${id}`)
  addStep(desk, '/notices/:id/done', {
    body: NoticeGiven,
    take: async ({ id, body, actor }) => missing('notice', id) ?? tasks.done(id, body, actor),
    view: viewTask,
  })
  addStep(desk, '/reviews/:id/done', {
    body: Reviewed,
    take: async ({ id, body, actor }) => missing('review', id) ?? tasks.done(id, body, actor),
    view: viewTask,
  })
}
