import { permitOwnAnswer } from '../policy/combine.ts'
import type { ListedUse } from '../query/list-uses.ts'
import type { Hold } from '../register/holds.ts'
import type { Call } from '../terms/call.ts'
import type { Decision, Effect, Permit } from '../terms/decision.ts'
import type { Use } from '../terms/inquiry.ts'
import type { Parties } from '../terms/parties.ts'

/** What the gate itself can be asked, and from which parts the answers come. */
export interface OwnAnswerParts {
  readonly findHold: (id: string, login: Parties['login']) => Hold | null
  readonly listUses: (source: string) => readonly ListedUse[] | null
  readonly decideUses: (source: string, parties: Parties, uses: readonly Use[]) => Decision
}

const WORDS: Readonly<Record<Effect, string>> = {
  permit: 'permitted',
  withhold: 'left out or refused',
  hold: 'held for counsel',
  deny: 'denied by law',
  'not-permitted': 'not permitted',
}
const STRICTEST: readonly Effect[] = ['deny', 'hold', 'withhold', 'not-permitted', 'permit']

/**
 * Answers `GET /.haven/holds/<id>` (the caller's own hold) and `GET /.haven/<source>` (what this token may ask, field by field and use by
 * use). Null when there is nothing of the caller's there.
 */
export function answerOwn(parts: OwnAnswerParts, call: Call, parties: Parties): { body: unknown; permit: Permit } | null {
  if ((call.method !== 'GET' && call.method !== 'HEAD') || call.query !== '' || call.body) return null
  const hold = /^\/holds\/([0-9a-f-]{36})$/.exec(call.path)?.[1]
  const body = hold ? describeHold(parts, hold, parties) : describeSource(parts, call.path.slice(1), parties)
  return body && { body, permit: permitOwnAnswer() }
}

function describeHold({ findHold }: OwnAnswerParts, id: string, parties: Parties): object | null {
  const ticket = findHold(id, parties.login)
  if (!ticket) return null
  const { state, openedAt, dueAt, expiresAt, scope } = ticket
  const iso = (ms: number) => new Date(ms).toISOString()
  return { id, state, openedAt: iso(openedAt), dueAt: iso(dueAt), scope, expiresAt: iso(expiresAt) }
}

function describeSource({ listUses, decideUses }: OwnAnswerParts, source: string, parties: Parties): object | null {
  const listed = listUses(source)
  if (!listed) return null
  const uses = listed.flatMap(({ classes, kinds }) => classes.flatMap(c => kinds.map(kind => ({ class: c, kind }))))
  const effects = new Map(decideUses(source, parties, uses).verdicts.map(({ use, effect }) => [`${use.class}/${use.kind}`, effect]))
  const word = (classes: ListedUse['classes'], kind: Use['kind']) =>
    WORDS[strictest(classes.map(c => effects.get(`${c}/${kind}`) ?? 'not-permitted'))]
  const fields = listed.map(({ collection, field, classes, kinds }) => ({
    collection,
    field,
    classes,
    // An equality that names the data subject shares the fate of what is selected with it.
    uses: Object.fromEntries(kinds.map(kind => [kind, word(classes, kind === 'identify' ? 'select' : kind)])),
  }))
  const own = parties.subjectOf.has(source) ? { note: 'for your own record, named by its key' } : {}
  return { source, purpose: parties.purpose.code, ...own, fields }
}

const strictest = (effects: readonly Effect[]): Effect => STRICTEST.find(effect => effects.includes(effect)) ?? 'not-permitted'
