import type { Lift } from '../terms/consulted.ts'
import type { DataClass } from '../terms/data-class.ts'
import type { HoldOrder } from '../terms/decision.ts'
import type { HoldTicket, Judgement } from '../terms/judgement.ts'
import type { Parties } from '../terms/parties.ts'
import type { QueryFacts } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'
import type { Actor, Book, BookParts, Done } from './book.ts'
import { escalateHolds } from './escalate-holds.ts'
import { ownerOf } from './hold-binding.ts'
import { emptyShelf, foldHolds } from './hold-fold.ts'
import { findHold, isForgotten, stateAt, sweep, viewOf } from './hold-state.ts'
import { type KeptCall, keepCall } from './kept-call.ts'
import { openHold } from './open-hold.ts'
import { presentHold } from './present-hold.ts'
import { refuseHold, releaseHold } from './release-hold.ts'
import { showHold } from './show-hold.ts'

const HOUR_MS = 3_600_000

/** A hold and every step that was taken with it, as the journal has them. */
export interface Hold extends HoldTicket {
  /** The decision that opened it, and the purpose it was judged by. */
  readonly decision?: string
  readonly purpose?: string
  /** Steps by people and by the gate, in order. */
  readonly history: readonly { readonly step: string; readonly by: string | null; readonly at: number }[]
  readonly overdue: boolean
  /** Who must not be the only one to look at it any more: escalated past these. */
  readonly escalatedFrom: readonly string[]
  /** What counsel decided, where somebody did. */
  readonly release: {
    readonly classes: readonly DataClass[]
    readonly rules: readonly string[]
    readonly attests: boolean
    readonly until: number
    readonly by: readonly string[]
  } | null
}

/** A hold as counsel sees it: with the query, sealed to counsel's key (JWE, compact). Null where no key is configured or the file lacks it. */
export type HoldDetail = Hold & {
  readonly sealed: string | null
  /** Names of the fields and their uses, and why the law holds them; absent where the register's file does not have them. */
  readonly requested?: readonly string[]
  readonly reasons?: KeptCall['reasons']
}

export interface ReleaseOrder {
  /** Left out: all that is held. */
  readonly classes?: readonly DataClass[] | undefined
  /** Left out: every rule that holds. */
  readonly rules?: readonly string[] | undefined
  /** Counsel attests that the stated purpose is the real one, instead of lifting the rules. */
  readonly attests?: boolean | undefined
  /** How long the release is good, hours; 24 if unsaid, 168 at most. */
  readonly hours?: number | undefined
  /** Kept in the register alone. */
  readonly reason: string
}

export interface Holds extends Book {
  /** Opens a hold, or gives the open one of the same caller about the same question: asking again must not bury counsel. */
  readonly open: (order: HoldOrder, parties: Parties, facts: QueryFacts, attestable: boolean) => HoldTicket
  /** Keeps what counsel must be able to see of a hold, sealed, unless it is kept already: an earlier call may have failed to. */
  readonly keep: (judgement: Judgement) => Promise<void>
  /** The caller's own hold. Anybody else's is null, as if it did not exist. */
  readonly findOwn: (id: string, login: Parties['login']) => Hold | null
  /** What the presented hold, or an attestation for the case, does for this call. */
  readonly present: (
    parties: Parties,
    facts: QueryFacts,
  ) => { readonly lift: Lift | null; readonly attested: boolean; readonly noticed: string | null; readonly remark: ReasonCode | null }
  readonly list: () => readonly Hold[]
  readonly show: (id: string, actor: Actor) => Promise<Done<HoldDetail>>
  readonly release: (id: string, order: ReleaseOrder, actor: Actor) => Promise<Done<Hold>>
  readonly refuse: (id: string, reason: string, actor: Actor) => Promise<Done<Hold>>
  /**
   * The notice under which this hold waits was given. Where notice tasks were opened for it, recording these as done says so already, and
   * this does nothing; nor does it for anybody without role counsel or operator.
   */
  readonly noticed: (id: string, actor: Actor) => Promise<void>
  /** Escalates what is overdue, once each; gives those that are overdue now. Never releases anything. */
  readonly escalate: () => Promise<readonly Hold[]>
}

export interface HoldParts extends BookParts {
  /** Whether somebody is still among the people with roles; everybody is, if unsaid. */
  readonly isPerson?: (id: string) => boolean
  /** Seals a text to counsel's key; null where none is configured. */
  readonly seal: ((text: string) => Promise<string>) | null
}

/** What waits for counsel, or for a notice. A release is good once, for one call, for a limited time; time alone releases nothing. */
export function createHolds(parts: HoldParts): Holds {
  const shelf = emptyShelf()
  const find = (id: string) => findHold(shelf, id, parts.now())
  let swept = 0
  return {
    observe(entry) {
      foldHolds(shelf, entry, parts.read)
      if (entry.t_wall < swept + HOUR_MS) return
      swept = entry.t_wall
      sweep(shelf, parts.now())
    },
    open: (order, parties, facts, attestable) => openHold(shelf, parts, order, parties, facts, attestable),
    present: (parties, facts) => presentHold(shelf, parts, parties, facts),
    findOwn(id, login) {
      const record = find(id)
      return record?.ticket.owner === ownerOf(parts.token, login) ? viewOf(record, parts.now()) : null
    },
    list: () => [...shelf.known.values()].filter(record => !isForgotten(record, parts.now())).map(record => viewOf(record, parts.now())),
    async keep(judgement) {
      const id = judgement.hold?.id ?? ''
      if (shelf.known.get(id)?.kept !== '') return
      const content = await keepCall(judgement, parts.seal)
      if (content) await parts.take({ kind: 'hold', id, step: 'kept', by: null, content })
    },
    show: (id, actor) => parts.inTurn(() => showHold(shelf, parts, id, actor)),
    release: (id, order, actor) => parts.inTurn(() => releaseHold(shelf, parts, id, order, actor)),
    refuse: (id, reason, actor) => parts.inTurn(() => refuseHold(shelf, parts, id, reason, actor)),
    noticed: (id, actor) =>
      parts.inTurn(async () => {
        const record = find(id)
        const waits = record?.ticket.for === 'notice' && record.notices.size === 0 && stateAt(record, parts.now()) === 'open'
        if (!waits || !(actor.roles.has('counsel') || actor.roles.has('operator'))) return
        await parts.take({ kind: 'hold', id, step: 'noticed', by: actor.person })
      }),
    escalate: () => escalateHolds(shelf, parts),
  }
}
