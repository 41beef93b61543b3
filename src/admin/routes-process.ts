import { z } from 'zod'
import type { Actor } from '../register/book.ts'
import type { ProcessView } from '../register/processes.ts'
import { Instrument } from '../terms/instrument.ts'
import { addStep, type Desk, Nothing, Words } from './desk.ts'
import { viewProcess } from './process-view.ts'

const Why = z.strictObject({ why: Words })
const view = (process: ProcessView, { roles }: Actor) => viewProcess(process, roles.has('counsel'))

/** Entering, verifying and ending legal process. Who may is the register's to say. */
export function addProcessSteps(desk: Desk): void {
  const { processes } = desk.books
  addStep(desk, '/process', {
    body: Instrument,
    check: desk.checkScope,
    take: ({ body, actor }) => processes.add(body, actor),
    view,
  })
  addStep(desk, '/process/:id/verify', { body: Nothing, take: ({ id, actor }) => processes.verify(id, actor), view })
  for (const [word, step] of [
    ['revoke', 'revoked'],
    ['quash', 'quashed'],
  ] as const)
    addStep(desk, `/process/:id/${word}`, { body: Why, take: ({ id, body, actor }) => processes.end(id, step, body.why, actor), view })
}
