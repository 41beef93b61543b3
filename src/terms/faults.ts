import type { RefusalKind } from './decision.ts'
import type { ReasonCode } from './reason.ts'

/** An operating error: something broke, nobody decided. Becomes a reply in one place, `proxy/reply`. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: ReasonCode
  readonly reply: Extract<RefusalKind, 'unauthenticated' | 'malformed' | 'upstream' | 'unavailable'>
  /** For `upstream` faults: the answer did not come in time. */
  readonly timedOut: boolean
  /** For `upstream` faults: the status the record API gave; 0 when it gave none. */
  readonly upstreamStatus: number
  /** `message` is for the operator's log; the caller gets the sentence of the code. */
  constructor(
    code: ReasonCode,
    reply: Fault['reply'],
    message: string,
    options: { cause?: unknown; timedOut?: boolean; upstreamStatus?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.reply = reply
    this.timedOut = options.timedOut ?? false
    this.upstreamStatus = options.upstreamStatus ?? 0
  }
}

/** One thing wrong with a file the operator wrote: where it is, and what to write instead. */
export interface FileProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Files that do not load. Carries every problem at once, sorted by place. */
export class FilesRefused extends Error {
  override readonly name = 'FilesRefused'
  readonly problems: readonly FileProblem[]
  constructor(problems: readonly FileProblem[]) {
    super(`${problems.length} problem${problems.length === 1 ? '' : 's'} in the configuration`)
    this.problems = problems.toSorted(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.message.localeCompare(b.message),
    )
  }
}
