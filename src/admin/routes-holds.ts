import { z } from 'zod'
import { DataClass } from '../terms/data-class.ts'
import { addStep, type Desk, Words } from './desk.ts'
import { viewHold } from './hold-view.ts'

const Release = z.strictObject({
  classes: z.array(DataClass).min(1).optional(),
  rules: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  attests: z.boolean().optional(),
  hours: z.int().min(1).max(168).optional(),
  reason: Words,
})
const Refusal = z.strictObject({ reason: Words })

/** What counsel decides about a hold. */
export function addHoldSteps(desk: Desk): void {
  const { holds } = desk.books
  addStep(desk, '/holds/:id/release', { body: Release, take: ({ id, body, actor }) => holds.release(id, body, actor), view: viewHold })
  addStep(desk, '/holds/:id/refuse', { body: Refusal, take: ({ id, body, actor }) => holds.refuse(id, body.reason, actor), view: viewHold })
}
