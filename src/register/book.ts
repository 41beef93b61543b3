import type { JournalEntry } from './journal-entry.ts'

/** A person with roles, as the admin address verified it for this one request. */
export interface Actor {
  /** Id of the entry in `identity.admin.people`: one person, however many logins. */
  readonly person: string
  readonly roles: ReadonlySet<'counsel' | 'auditor' | 'operator'>
}

/** What came of a step somebody wanted to take. */
export type Done<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly code: 'not-found' | 'forbidden' | 'conflict' | 'invalid'
      /** What is wrong and what to do instead, for the person. */
      readonly message: string
    }

export const refuse = (code: Extract<Done<never>, { ok: false }>['code'], message: string): Done<never> => ({ ok: false, code, message })

/** One part of the register: a fold of the journal. What no entry says, it does not know. */
export interface Book {
  /** Told of every entry: those of the past at the start, each new one in the moment it has its place. */
  readonly observe: (entry: JournalEntry) => void
}

/** What an event may say in clear: ids, closed words, names of fields and classes, keyed tokens, numbers. */
type Open = string | number | boolean | null | readonly string[]

/** One step as the journal keeps it, with what only the register may hold. */
export interface Step {
  readonly kind: 'process' | 'hold' | 'notice' | 'review' | 'certificate'
  readonly id: string
  readonly step: string
  /** Null: the gate itself. */
  readonly by: string | null
  readonly open?: Readonly<Record<string, Open>>
  /** Kept in the register's file under the digest that the entry carries; absent where there is nothing to keep. */
  readonly content?: unknown
}

/** What every book is made of. */
export interface BookParts {
  /** Milliseconds since 1970: the later of the clock and the journal's newest entry, so that a clock set back revives nothing. */
  readonly now: () => number
  /** 128 random bits, as 32 hex digits. */
  readonly newId: () => string
  /** Keyed tokens, one domain for the whole register. */
  readonly token: (
    kind: 'owner' | 'binding' | 'attempt' | 'attempt-agency' | 'case' | 'document' | 'past',
    ...parts: readonly string[]
  ) => string
  /** Content by the digest an entry carries; null where the file does not have exactly it. */
  readonly read: (digest: string) => unknown
  /** Keeps the content, then records the step; the books have observed it when this resolves. @throws Fault: nothing was done */
  readonly take: (step: Step) => Promise<void>
  /** One step after the other: what a step checked is still so when it is taken. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}
