/** The closed catalogue of reasons: code -> sentence. `docs/reasons.md` lists the same codes; a test compares the two. */
export const REASONS = {
  'law.denies': 'A law in force forbids this disclosure.',
  'law.holds': 'A law in force sends this to counsel before anything is released.',
  'law.withholds': 'A law in force leaves this out of the answer.',
  'grant.none': 'No grant of the city covers this recipient, purpose, record class and data class.',
  'grant.permits': 'A grant of the city covers this.',
  'process.permits': 'Active court process covers this query.',
  'purpose.unstated': 'No purpose was stated.',
  'purpose.vague': 'The stated purpose does not say enough.',
  'purpose.suspected': 'The free text points at immigration enforcement.',
  'party.unknown-agency': 'The requester is not in the agency directory.',
  'party.unknown-recipient': 'A recipient is not in the agency directory.',
  'party.issuer-oversteps': 'The issuer of the token may not speak for this agency.',
  'party.signals-disagree': 'The signals about who asks do not agree.',
  'party.declarations-disagree': 'The token and the headers declare different things.',
  'party.bad-declaration': 'A declaration could not be read.',
  'source.unknown': 'There is no such source at this gate.',
  'source.unknown-path': 'The path is not one the source offers through this gate.',
  'query.unknown-field': 'The query names a field or an operation that is not permitted.',
  'query.unreadable': 'The query could not be read completely.',
  'query.duplicate': 'A parameter was given more than once.',
  'query.nothing-left': 'Nothing of what was asked for is permitted.',
  'query.undeclared-operation': 'The source does not declare this operation.',
  'query.key-needed': 'Each record must be checked against its key, and the query does not select the key.',
  'call.malformed': 'The call is malformed.',
  'call.ambiguous': 'The call can be read in more than one way.',
  'call.method': 'The method is not one this source answers.',
  'call.media-type': 'The media type is not one this source reads.',
  'call.too-large': 'The call is larger than the gate reads.',
  'call.header-too-large': 'The headers are larger than the gate reads.',
  'token.missing': 'There is no bearer token.',
  'token.invalid': 'The token was not accepted.',
  'process.unknown': 'The register has no such process for this caller; it opens nothing.',
  'process.not-active': 'The process is not active: it was not verified by two people, has ended or was withdrawn; it opens nothing.',
  'process.not-yours': 'The process names another agency or another case; it opens nothing.',
  'process.not-covering': 'The process does not cover this query: it names other persons, records or fields.',
  'process.name-person': 'The process opens the records of persons, and the record API cannot be asked for these alone: name the person.',
  'process.limit-unseen': 'The process opens some days or places alone, and the query does not select the field that tells which.',
  'hold.released': 'Counsel released this after review.',
  'hold.not-released': 'The hold is not released, or its release is over or was used; it opens nothing.',
  'hold.other-call': 'The release is for another call, caller, purpose or recipient; it opens nothing.',
  'notice.before': 'The law wants a notice to be given before this is disclosed.',
  'purpose.retry':
    'The same question was refused to the same requester for another purpose; it is judged as that one until counsel lifts it.',
  'purpose.contradicted': 'The stated purpose does not fit the case number or the kind of record.',
  'recipient.in-call': 'An address in the call would receive the answer and is not in the agency directory.',
  'rate.exceeded': 'The agency or login asks more often than the gate serves it for this kind of purpose.',
  'hold.none': 'There is nothing of yours at this address.',
  'upstream.refused': 'The record API refused the call.',
  'upstream.failed': 'The record API failed.',
  'upstream.timeout': 'The record API did not answer in time.',
  'upstream.uninspectable': 'The record API answered something that cannot be inspected.',
  'obligation.unmet': 'The decision carries an obligation this gate cannot carry out.',
  'fault.stage-failed': 'A part of the gate failed; nothing was released.',
  'fault.journal': 'The journal cannot record; nothing is released without it.',
  'fault.register': 'The register of legal process and holds cannot be used; nothing is released without it.',
  'fault.keys': 'The keys that verify tokens could not be fetched.',
  'fault.overload': 'The gate is at its limit.',
} as const
export type ReasonCode = keyof typeof REASONS

/** Why a decision is what it is. */
export interface Reason {
  readonly code: ReasonCode
  /** `law/rule`, or `grants/grant`, where one speaks. */
  readonly rule: string | null
  readonly cite: readonly string[]
  readonly text: string
}
