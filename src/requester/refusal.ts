import type { PartyRefusal } from '../terms/judgement.ts'
import type { Party } from '../terms/parties.ts'
import { REASONS, type ReasonCode } from '../terms/reason.ts'

/** What one step of identification found wrong; `identify` adds who it was. `detail` is for the caller only. */
export interface Refused {
  readonly refused: ReasonCode
  readonly reply: PartyRefusal['reply']
  readonly detail: string
}

export const isRefused = <T extends object>(value: T | Refused): value is Refused => 'refused' in value

export const malformed = (detail: string, refused: ReasonCode = 'party.bad-declaration'): Refused => ({
  refused,
  reply: 'malformed',
  detail,
})

export const notPermitted = (refused: ReasonCode, detail: string): Refused => ({ refused, reply: 'not-permitted', detail })

export function partyRefusal(problem: Refused, requester: Party | null, login: PartyRefusal['login']): PartyRefusal {
  const { refused: code, reply, detail } = problem
  return { kind: 'party-refusal', reply, requester, login, reason: { code, rule: null, cite: [], text: REASONS[code] }, detail }
}
