import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor, Done } from '../register/book.ts'
import type { ScopeProblem } from '../register/check-scope.ts'
import type { Register } from '../register/register.ts'
import type { Instrument } from '../terms/instrument.ts'
import { CREATED, refuse } from './problem.ts'

export type Books = Pick<Register, 'processes' | 'holds' | 'tasks' | 'certificates'>

/** What an instrument names that the rulebook in force does not know. */
export type CheckScope = (instrument: Instrument) => readonly ScopeProblem[]

/** Where people with a role take steps: only verified ones get this far. */
export interface Desk {
  readonly pages: FastifyInstance
  readonly books: Books
  readonly checkScope: CheckScope
  /** Whom this one request was verified as. */
  readonly actorOf: (request: FastifyRequest) => Actor
}

/** A step that a person takes with a POST. */
export interface Step<Body, Value> {
  readonly body: z.ZodType<Body>
  /** What is wrong with a body that can be read. */
  readonly check?: (body: Body) => readonly ScopeProblem[]
  readonly take: (asked: { readonly id: string; readonly body: Body; readonly actor: Actor }) => Promise<Done<Value>>
  readonly view: (value: Value, actor: Actor) => object
}

/** Words of a person that the register keeps: said, and not a book. */
export const Words = z.string().trim().min(1, 'say it in a few words').max(4000)
export const Nothing = z.strictObject({})

/** One route for one step: the body is read whole or refused, and the answer is the thing as it is afterwards. */
export function addStep<Body, Value>({ pages, actorOf }: Desk, url: string, { body, check, take, view }: Step<Body, Value>): void {
  pages.post<{ Params: { id?: string } }>(url, async (request, reply) => {
    const sent: unknown = request.body
    const read = body.safeParse(sent ?? {})
    const problems = read.success ? (check?.(read.data) ?? []) : listed(read.error)
    if (!read.success || problems.length > 0)
      return refuse(reply, 'invalid', 'Some members of the body cannot stand as they are.', { problems })
    const { id } = request.params
    const actor = actorOf(request)
    const done = await take({ id: id ?? '', body: read.data, actor })
    if (!done.ok) return refuse(reply, done.code, done.message)
    if (id === undefined) reply.code(CREATED)
    return view(done.value, actor)
  })
}

/** Each mistake with its place. Never the value: a body may name persons, and answers end up in logs. */
export function listed(error: z.ZodError): readonly ScopeProblem[] {
  return error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ path: [...issue.path, key].join('.'), message: 'there is no such member; remove it, or correct it' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  )
}
