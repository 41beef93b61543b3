import { Instrument } from '../terms/instrument.ts'
import { CAN_BE_ACTIVE, COURT_PROCESS, type ProcessState } from '../terms/legal-process.ts'
import { isForm } from './administrative-paper.ts'
import type { Actor, Book, BookParts, Done } from './book.ts'
import { refuse } from './book.ts'
import { badDates, spent, tooMany } from './entering-process.ts'
import { type JournalEntry, members, numberOf, textOf } from './journal-entry.ts'
import { stateAt } from './process-state.ts'

/** An instrument and every step that was taken with it, as the journal has them. */
export interface Process {
  readonly id: string
  /** Null where the register's file does not hold what the journal says was entered: then it opens nothing. */
  readonly instrument: Instrument | null
  readonly kind: string
  /** Keyed token of the document's digest: two entries of one paper have the same. */
  readonly document: string
  readonly enteredBy: string
  readonly enteredAt: number
  readonly verified: readonly { readonly by: string; readonly at: number }[]
  readonly ended: { readonly step: 'revoked' | 'quashed'; readonly by: string; readonly at: number } | null
  readonly used: number
  /** How often it may be used; null: any number of times. */
  readonly uses: number | null
}

export type ProcessView = Process & { readonly state: ProcessState }

export interface Processes extends Book {
  /** Enters an instrument. It opens nothing before two other people verified it. */
  readonly add: (instrument: Instrument, actor: Actor) => Promise<Done<ProcessView>>
  readonly verify: (id: string, actor: Actor) => Promise<Done<ProcessView>>
  /** One person is enough: it only takes away. `why` is kept in the register alone. */
  readonly end: (id: string, step: 'revoked' | 'quashed', why: string, actor: Actor) => Promise<Done<ProcessView>>
  readonly find: (id: string) => ProcessView | null
  readonly list: () => readonly ProcessView[]
}

/** The register of legal process: entered -> verified by two different people -> active -> expired, exhausted, revoked or quashed. */
export function createProcesses(parts: BookParts, isPerson: (id: string) => boolean): Processes {
  const known = new Map<string, Process>()
  const view = (process: Process): ProcessView => ({ ...process, state: stateAt(process, parts.now()) })
  const seen = (id: string): Done<ProcessView> => {
    const process = known.get(id)
    return process ? { ok: true, value: view(process) } : refuse('not-found', `there is no process ${id}`)
  }
  return {
    observe: entry => observe(known, entry, parts),
    find: id => {
      const process = known.get(id)
      return process ? view(process) : null
    },
    list: () => [...known.values()].map(view),
    add: (instrument, actor) =>
      parts.inTurn(async () => {
        if (!actor.roles.has('counsel') && !actor.roles.has('operator'))
          return refuse('forbidden', 'entering process needs the role counsel or operator')
        const refused = badDates(instrument, parts.now()) ?? tooMany(known, actor)
        if (refused) return refused
        const id = parts.newId()
        await parts.take({ kind: 'process', id, step: 'entered', by: actor.person, open: summary(instrument, parts), content: instrument })
        return seen(id)
      }),
    verify: (id, actor) =>
      parts.inTurn(async () => {
        const process = known.get(id)
        const refused = mayVerify(process, actor, parts.now(), isPerson) ?? spent(known, process)
        if (refused) return refused
        await parts.take({ kind: 'process', id, step: 'verified', by: actor.person })
        return seen(id)
      }),
    end: (id, step, why, actor) =>
      parts.inTurn(async () => {
        const process = known.get(id)
        if (!actor.roles.has('counsel')) return refuse('forbidden', 'ending process needs the role counsel')
        if (!process) return refuse('not-found', `there is no process ${id}`)
        if (process.ended) return refuse('conflict', `process ${id} is ${process.ended.step} already`)
        if (why.trim() === '') return refuse('invalid', 'say why, in a few words')
        await parts.take({ kind: 'process', id, step, by: actor.person, content: { why } })
        return seen(id)
      }),
  }
}

/** What the journal may say of an instrument: no person, no docket, no text. */
function summary({ kind, issuer, usableBy, from, signed, until, uses, sealed, scope, document }: Instrument, { token }: BookParts) {
  return {
    // Keyed: who has the paper and the journal must not learn from a plain digest that the city has it too.
    document: token('document', document),
    of: kind,
    court: COURT_PROCESS.includes(kind) && issuer.court !== undefined,
    agencies: usableBy.agencies,
    oneCase: usableBy.case !== undefined,
    from: from ?? signed,
    until: until ?? null,
    uses: uses ?? null,
    sealed,
    sources: [...new Set(scope.map(({ source }) => source))],
    persons: scope.reduce((sum, { persons }) => sum + persons.length, 0),
  }
}

function observe(known: Map<string, Process>, entry: JournalEntry, parts: BookParts): void {
  if (entry.kind === 'decision') {
    const used = known.get(textOf(members(entry.known).paper))
    if (used) known.set(used.id, { ...used, used: used.used + 1 })
    return
  }
  if (entry.kind !== 'process') return
  const body = members(entry.body)
  const [id, step, by] = [textOf(body.id), textOf(body.step), textOf(body.by)]
  if (step === 'entered') {
    const read = Instrument.safeParse(parts.read(textOf(body.digest)))
    const fresh = {
      document: textOf(body.document),
      enteredBy: by,
      enteredAt: entry.t_wall,
      verified: [],
      ended: null,
      used: 0,
      uses: body.uses === null ? null : numberOf(body.uses),
    }
    known.set(id, { id, kind: textOf(body.of), instrument: read.success ? read.data : null, ...fresh })
    return
  }
  const process = known.get(id)
  if (!process) return
  if (step === 'verified') known.set(id, { ...process, verified: [...process.verified, { by, at: entry.t_wall }] })
  if (step === 'revoked' || step === 'quashed') known.set(id, { ...process, ended: { step, by, at: entry.t_wall } })
}

/** Two people, and neither of them the one who entered it: one person with a stolen form, or two logins, must not open a record. */
function mayVerify(process: Process | undefined, actor: Actor, now: number, isPerson: (id: string) => boolean): Done<never> | null {
  if (!actor.roles.has('counsel')) return refuse('forbidden', 'verifying needs the role counsel')
  if (!process) return refuse('not-found', 'there is no such process')
  const { instrument, verified, enteredBy, id } = process
  if (!instrument) return refuse('conflict', `the register's file does not hold what was entered as ${id}; enter it again`)
  const form = isForm(instrument)
  if (form) return refuse('conflict', form)
  if (process.ended) return refuse('conflict', `process ${id} is ${process.ended.step}`)
  if (stateAt(process, now) === 'expired') return refuse('conflict', `process ${id} has expired`)
  if (enteredBy === actor.person) return refuse('forbidden', 'whoever entered an instrument may not verify it; two other people must')
  if (verified.some(({ by }) => by === actor.person))
    return refuse('conflict', 'you verified it already; another person must verify it too')
  if (verified.length >= 2) return refuse('conflict', `process ${id} is verified already`)
  // An id that nobody has any more may be somebody's earlier name: who entered it would then be one of the two who verify it.
  if (!isPerson(enteredBy))
    return refuse('conflict', `who entered it (${enteredBy}) is no longer among identity.admin.people; enter it again`)
  const gone = verified.find(({ by }) => !isPerson(by))
  if (gone) return refuse('conflict', `who verified it first (${gone.by}) is no longer among identity.admin.people; enter it again`)
  return incomplete(instrument)
}

function incomplete({ kind, issuer, scope }: Instrument): Done<never> | null {
  if (scope.length === 0) return refuse('invalid', 'the instrument names no scope; enter it again with the persons and records it names')
  if (COURT_PROCESS.includes(kind) && (issuer.court === undefined || issuer.docket === undefined))
    return refuse('invalid', 'court process names its court and docket; enter it again with issuer.court and issuer.docket')
  return null
}

/** Whether two people can make this kind active at all. */
export const canBeActive = (instrument: Instrument): boolean => CAN_BE_ACTIVE.includes(instrument.kind) && isForm(instrument) === null
