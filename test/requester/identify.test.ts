import t from 'tap'
import { makeIdentify } from '../../src/requester/identify.ts'
import {
  AGENCIES,
  callWith,
  claimsOf,
  FIRE_ISSUER,
  HOUSING,
  identifyShipped,
  ids,
  LAFD,
  LAPD,
  PEOPLE,
  parties,
  refusal,
  shipped,
  shippedLexicon,
} from './call.ts'

t.test('each signal places the requester', async t => {
  t.equal(parties({ agency: LAPD }).requester.id, LAPD)
  t.equal(parties({ ori: 'VTICE0900' }).requester.id, 'us-dhs-ice-ero')
  t.equal(parties({ email: 'a@hsi.dhs.gov', email_verified: true }).requester.id, 'us-dhs-ice-hsi')
  t.match(parties({ agency: LAPD }).requester, { category: 'local-police', jurisdiction: 'us-ca-los-angeles', flags: [], via: 'requester' })
})

t.test('signals that agree: one body, or a body and a part of it', async t => {
  t.equal(parties({ agency: 'us-dhs-ice-ero', ori: 'VTICE0900' }).requester.id, 'us-dhs-ice-ero')
  t.equal(parties({ agency: 'us-dhs-ice-ero', email: 'a@ice.dhs.gov', email_verified: true }).requester.id, 'us-dhs-ice-ero')
  t.equal(
    parties({ agency: 'us-dhs', email: 'a@ice.dhs.gov', email_verified: true }).requester.id,
    'us-dhs-ice',
    'the part is the requester',
  )
  t.equal(parties({ agency: LAPD, email: 'a@lacity.org', email_verified: true }).requester.id, LAPD)
  t.equal(parties({ agency: LAPD, email: 'a@mail.example', email_verified: true }).requester.id, LAPD, 'an e-mail that says nothing')
  t.equal(parties({ agency: LAPD, ori: 'CA0194200' }).requester.id, LAPD, 'an ORI nobody recorded')
})

t.test('signals that disagree refuse', async t => {
  const disagreeing = [
    { agency: LAPD, ori: 'VTICE0900' },
    { agency: LAPD, email: 'a@ice.dhs.gov', email_verified: true },
    { agency: 'us-dhs-ice-hsi', ori: 'VTICE0900' },
    { agency: LAPD, ori: 'CAICE0001' },
    { agency: 'us-dhs-ice-ero', ori: 'CA0194200' },
  ]
  for (const claims of disagreeing)
    t.match(refusal(claims), { reply: 'not-permitted', reason: { code: 'party.signals-disagree' } }, JSON.stringify(claims))
})

t.test('a requester nobody can place is refused', async t => {
  const unplaced = [
    {},
    { agency: 'us-nobody' },
    { agency: 'us-nobody', ori: 'VTICE0900' },
    { email: 'a@hud.gov' },
    { email: 'a@hud.gov', email_verified: false },
    { client_id: LAPD, azp: LAPD },
    { sub: LAPD },
  ]
  for (const claims of unplaced)
    t.match(refusal(claims), { reply: 'not-permitted', reason: { code: 'party.unknown-agency' } }, JSON.stringify(claims))
  t.equal(parties({ email: 'a@hud.gov', email_verified: true, client_id: LAPD }).requester.id, 'us-hud', 'the twin')
})

t.test('an issuer speaks only for its own', async t => {
  t.equal(parties({ iss: FIRE_ISSUER, agency: LAFD }).requester.id, LAFD)
  t.match(refusal({ iss: FIRE_ISSUER, agency: LAPD }), { reply: 'not-permitted', reason: { code: 'party.issuer-oversteps' } })
  t.match(refusal({ iss: 'https://evil.example', agency: LAFD }), { reply: 'unauthenticated', reason: { code: 'token.invalid' } })
  t.match(refusal({ iss: PEOPLE, agency: LAPD }), { reason: { code: 'party.issuer-oversteps' } })
  t.match(refusal({ iss: PEOPLE, ori: 'VTICE0900' }), { reason: { code: 'party.issuer-oversteps' } })
})

t.test('two issuers of one name are refused at the start', async t => {
  const issuer = { issuer: AGENCIES, kind: 'agencies', agencies: 'any' } as const
  const parts = { directory: shipped, lexicon: shippedLexicon, ownerJurisdiction: 'us-ca-los-angeles' }
  t.throws(() => makeIdentify({ ...parts, issuers: [issuer, { ...issuer, kind: 'people' }] }), /same name/)
  t.equal(typeof makeIdentify({ ...parts, issuers: [issuer] }), 'function')
})

t.test('a person', async t => {
  const found = parties({ iss: PEOPLE, sub: 'resident-7', purpose: 'subject-access', subject_of: { residents: '7' } })
  t.match(found.requester, { id: 'person', category: 'person', jurisdiction: 'us-ca-los-angeles', flags: [] })
  t.same([...found.subjectOf], [['residents', '7']])
  t.same(found.login, { issuer: PEOPLE, subject: 'resident-7' })
  t.equal(found.purpose.code, 'subject-access')
  t.same([...parties({ agency: LAPD, subject_of: { residents: '7' } }).subjectOf], [], 'only people have a record of their own')
})

t.test('a refusal says who it was, as far as known', async t => {
  t.match(refusal({ agency: LAPD, act: 'x' }), { requester: { id: LAPD }, login: { issuer: AGENCIES, subject: 'officer-7' } })
  t.match(refusal({ agency: 'us-nobody' }), { requester: null, login: { subject: 'officer-7' } })
})

t.test('the same call and claims give the same parties', async t => {
  const [call, claims] = [
    callWith({ 'haven-recipient': 'us-hud' }),
    claimsOf({ agency: HOUSING, purpose: 'audit', reason: 'yearly audit' }),
  ]
  t.same(identifyShipped(call, claims), identifyShipped(call, claims))
  t.same(ids(parties({ agency: HOUSING })), [HOUSING])
})
