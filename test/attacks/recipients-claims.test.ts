import t from 'tap'
import { HOUSING, ids, LAPD, parties, refusal, shipped } from '../requester/call.ts'

const CITY = 'us-ca-los-angeles'
const ICE = 'us-dhs-ice'
const declared = (recipient: string) => ids(parties({ agency: HOUSING, recipient })).slice(1)

t.test('one text with two mailboxes hides neither', async t => {
  const both = [
    'agent@ice.dhs.gov, clerk@lacity.gov',
    'agent@ice.dhs.gov;clerk@lacity.gov',
    'agent@ice.dhs.gov clerk@lacity.gov',
    'agent@ice.dhs.gov|clerk@lacity.gov',
    'agent@ice.dhs.gov&clerk@lacity.gov',
    'agent@ice.dhs.gov/clerk@lacity.gov',
    'Agent <agent@ice.dhs.gov>, Clerk <clerk@lacity.gov>',
    '@ice.dhs.gov:clerk@lacity.gov',
    'agent%ice.dhs.gov@lacity.gov',
    'ice.dhs.gov!agent@lacity.gov',
    '"agent@ice.dhs.gov"@lacity.gov',
    'agent＠ice.dhs.gov clerk@lacity.gov',
  ]
  for (const written of both) {
    t.same(new Set(declared(written)), new Set([ICE, CITY]), written)
    t.ok(ids(parties({ agency: HOUSING }, { 'haven-recipient': encodeURIComponent(written) })).includes(ICE), `header: ${written}`)
    t.ok(ids(parties({ agency: HOUSING, act: { sub: written } })).includes(ICE), `actor: ${written}`)
    t.ok(ids(parties({ agency: HOUSING, act: { sub: 'x', email: written } })).includes(ICE), `actor's mail: ${written}`)
    t.ok(ids(parties({ agency: HOUSING, email: written })).includes(ICE), `unverified mail: ${written}`)
  }
  t.same(declared('agent@evil.example, clerk@lacity.gov'), ['unknown', CITY], 'one of them nobody can place')
  t.same(declared('agent@[192.0.2.1], clerk@lacity.gov'), ['unknown', CITY], 'or has no domain')
  t.same(declared('clerk@lacity.gov'), [CITY], 'twin')
  t.same(declared('Clerk <clerk@lacity.gov>'), [CITY], 'twin: with a name')
  t.same(declared('Bureau of Alcohol, Tobacco, Firearms and Explosives'), ['us-doj-atf'], 'twin: a comma in a name')
})

t.test('only a host has an end that counts', async t => {
  for (const written of [
    'https://evil.example/?x.lacity.gov',
    'evil.example, x.lacity.gov',
    'evil.example x.lacity.gov',
    'evil/x.lacity.gov',
  ])
    t.same(declared(written), ['unknown'], written)
  t.equal(shipped.byDomain('evil.example/x.lacity.gov'), null)
  t.same(declared('desk.lacity.gov'), [CITY], 'twin')
})

t.test('whatever stands beside it, the sub of an actor counts, and so does its issuer', async t => {
  const actors = (act: object) => ids(parties({ agency: HOUSING, act })).slice(1)
  t.same(actors({ sub: 'agent@ice.dhs.gov', agency: CITY }), [CITY, ICE])
  t.same(actors({ sub: 'us-dhs-ice-ero', agency: HOUSING }), ['us-dhs-ice-ero'])
  t.same(actors({ sub: 'agent@ice.dhs.gov', email: 'a@lacity.gov', email_verified: true }), [CITY, ICE])
  t.same(actors({ sub: 'x', iss: 'https://id.ice.dhs.gov', agency: CITY }), [CITY, ICE])
  t.same(actors({ sub: 'x', iss: 'https://id.lacity.gov' }), [CITY, 'unknown'], 'an issuer is not the actor')
  const twins = [
    { sub: 'case-app', agency: HOUSING },
    { sub: 'clerk@lacity.gov', agency: HOUSING },
    { sub: 'case-app', iss: 'https://id.lacity.gov', agency: HOUSING },
    { sub: 'svc', agency: HOUSING, email: 'svc@apps.internal' },
    { sub: 'svc', agency: HOUSING, email: 'svc@apps.internal', email_verified: true },
    { sub: 'svc', agency: HOUSING, email: 'svc@apps.internal', email_verified: 'true' },
  ]
  for (const act of twins) t.match(parties({ agency: HOUSING, act }), { routed: false, recipients: { length: 1 } }, JSON.stringify(act))
  t.same(actors({ sub: 'svc', email: 'svc@apps.internal', email_verified: true }), ['unknown'], 'and alone it places nobody')
})

t.test('a part of an immigration authority that signs in as the whole, or reads its mail there', async t => {
  const [FEMA, DHS] = ['us-dhs-fema', 'us-dhs']
  const mail = { email: 'a@fema.dhs.gov', email_verified: true }
  t.same(ids(parties({ agency: DHS, ...mail })), [FEMA, DHS])
  t.same(ids(parties({ agency: FEMA, email: 'a@associates.dhs.gov' })), [FEMA, DHS])
  t.same(ids(parties({ agency: FEMA, email: 'a@associates.dhs.gov', email_verified: true })), [FEMA, DHS])
  t.same(ids(parties({ agency: FEMA, ...mail })), [FEMA], 'twin')
  t.same(ids(parties({ agency: LAPD, email: 'a@lacity.gov', email_verified: true })), [LAPD], 'twin: a city shares its mail')
  t.same(ids(parties({ agency: 'us-dhs-ice', email: 'a@dhs.gov', email_verified: true })), ['us-dhs-ice'], 'twin: both enforce')
})

t.test('a verified e-mail that is no single mailbox refuses; with blanks or a name it is read', async t => {
  const verified = (email: string) => ({ agency: HOUSING, email, email_verified: true })
  for (const email of [' agent@ice.dhs.gov ', 'Agent <agent@ice.dhs.gov>', 'Agent < agent@ice.dhs.gov >'])
    t.match(refusal(verified(email)), { reason: { code: 'party.signals-disagree' } }, email)
  for (const email of ['agent@ice.dhs.gov;x@lacity.gov', 'x@lacity.gov <agent@ice.dhs.gov>', 'agent', 'a%ice.dhs.gov@lacity.gov', '<>'])
    t.match(refusal(verified(email)), { reason: { code: 'party.bad-declaration' } }, email)
  for (const email of [' a@lacity.gov ', 'A <a@lacity.gov>', 'a@mail.example']) t.same(ids(parties(verified(email))), [HOUSING], email)
})
