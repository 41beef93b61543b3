import type { Actor } from './cast.ts'

/** What must come back. Texts are looked for in the whole body as sent. */
export interface Expectation {
  readonly status: number
  /** The end of the problem's `type`. */
  readonly type?: string
  readonly contains?: readonly string[]
  readonly lacks?: readonly (string | RegExp)[]
  /** Fields that `Haven-Withheld` must list. */
  readonly withheld?: readonly string[]
  /** Must occur in a citation of some reason. */
  readonly cites?: string
  /** The answer must carry a hold id. */
  readonly hold?: true
}

export interface DemoRequest {
  readonly id: string
  /** Null: no token at all. The city's staff speaks to the admin address, everybody else to the gate. */
  readonly who: Actor | null
  /** What they ask for and why, as the rest of a sentence that starts with who. */
  readonly wants: string
  /** In these and in `call`, `{<id>.hold}`, `{<id>.decision}` and `{<id>.entered}` stand for what an earlier request was given. */
  readonly headers?: Readonly<Record<string, string>>
  /** Path and query. */
  readonly call: string
  /** A step in the register: posted as JSON. Left out: the call is a GET. */
  readonly step?: object
  readonly expect: Expectation
}

/** A chapter of the demo. */
export interface Chapter {
  readonly title: string
  readonly requests: readonly DemoRequest[]
}
