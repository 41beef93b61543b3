import type { Opaque } from '../terms/query-facts.ts'
import type { ReasonCode } from '../terms/reason.ts'

/**
 * Why a call cannot be read. It is thrown inside a dialect, because a parser meets it at any depth, and
 * caught in one place, `inspect`, which hands the `opaque` value on.
 */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly opaque: Opaque
  constructor(opaque: Opaque) {
    super(opaque.code)
    this.opaque = opaque
  }
}

function unreadable(
  reply: Opaque['reply'],
  code: ReasonCode,
  where: string,
  detail: string,
  refused: Opaque['refused'] = null,
): Unreadable {
  return new Unreadable({ kind: 'opaque', reply, refused, code, detail, where })
}

/** The call can be read in two ways, and Haven and the record API might choose different ones. */
export const ambiguous = (where: string, detail: string) => unreadable('malformed', 'call.ambiguous', where, detail)

export const malformed = (where: string, detail: string) => unreadable('malformed', 'call.malformed', where, detail)

export const wrongMethod = (method: string) =>
  unreadable('malformed', 'call.method', 'method', `${JSON.stringify(method)} is not a method this source answers`, 'method')

export const wrongMediaType = (where: string, detail: string) => unreadable('malformed', 'call.media-type', where, detail, 'media-type')

/** One wording for a field nobody knows; the decider refuses a protected one in the same words, so that the refusal is no oracle. */
export const unknownField = (where: string, spelling: string) =>
  unreadable('query', 'query.unknown-field', where, `${where}: ${JSON.stringify(spelling)} cannot be used here`)

export const undeclared = (where: string, detail: string) => unreadable('query', 'query.undeclared-operation', where, detail)

export const notUnderstood = (where: string, detail: string) => unreadable('query', 'query.unreadable', where, detail)

export const duplicate = (where: string, name: string) =>
  unreadable('query', 'query.duplicate', where, `${JSON.stringify(name)} is given more than once; give it once`)

export const unknownPath = (path: string) =>
  unreadable('not-permitted', 'source.unknown-path', 'path', `${JSON.stringify(path)} is not a path this source offers`)

export const unknownSource = (source: string) =>
  unreadable('not-permitted', 'source.unknown', 'source', `there is no source ${JSON.stringify(source)} at this gate`)
