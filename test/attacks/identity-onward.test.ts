import t from 'tap'
import { makeIdentify } from '../../src/requester/identify.ts'
import type { AgencyDirectory } from '../../src/terms/agency.ts'
import { AGENCIES, callWith, claimsOf, ids, LAPD, parties, refusal } from '../requester/call.ts'
import { directoryOf, lexiconOf } from '../requester/load.ts'

type Entry = Partial<AgencyDirectory['agencies'][number]> & { id: string }
const entry = (more: Entry) => ({
  name: `Body ${more.id}`,
  category: 'local-police' as const,
  jurisdiction: 'us-ca',
  purposes: ['public-safety' as const],
  ...more,
})

function identifyAt(agencies: Entry[], date: string, claims: Parameters<typeof claimsOf>[0]) {
  const identify = makeIdentify({
    directory: directoryOf(agencies.map(entry)),
    lexicon: lexiconOf(directoryOf()),
    issuers: [{ issuer: AGENCIES, kind: 'agencies', agencies: 'any' }],
    ownerJurisdiction: 'us-ca-los-angeles',
  })
  const found = identify({ ...callWith(), receivedAt: Date.parse(date) }, claimsOf(claims))
  if ('kind' in found) throw new Error(found.detail)
  return found
}

// Case 115: a state-wide network shared on to more than 250 agencies nobody had approved.
t.test('115: everyone a recipient stands to re-share with is a recipient', async t => {
  const members = Array.from({ length: 250 }, (_, i) => ({ id: `member-${i}` }))
  const network = { id: 'network', reshares: members.map(({ id }) => ({ to: id, sources: 'all' as const })) }
  const agencies = [{ id: 'police', reshares: [{ to: 'network', sources: ['residents'] }] }, network, ...members, { id: 'quiet' }]
  t.equal(identifyAt(agencies, '2026-12-01', { agency: 'police' }).recipients.length, 252)
  t.equal(identifyAt(agencies, '2026-12-01', { agency: 'quiet', recipient: 'network' }).recipients.length, 252, 'also of a declared one')
  t.equal(identifyAt(agencies, '2026-12-01', { agency: 'quiet', act: { sub: 'network' } }).recipients.length, 252, 'also of an actor')
  t.same(ids(identifyAt(agencies, '2026-12-01', { agency: 'quiet' })), ['quiet'], 'twin: who shares with nobody is alone')
})

t.test('115, shipped: what Nlets gets, its federal members get; what a credit exchange gets, brokers get', async t => {
  t.ok(ids(parties({ agency: LAPD, recipient: 'us-nlets' })).includes('us-dhs-ice'))
  t.ok(ids(parties({ agency: 'us-ca-los-angeles-dwp', recipient: 'NCTUE' })).includes('broker-thomson-reuters-clear'))
  t.same(ids(parties({ agency: 'us-ca-los-angeles-dwp', recipient: LAPD })), ['us-ca-los-angeles-dwp', LAPD], 'twin')
})

// Case 118: the requester is a 287(g) signatory: a local badge with delegated federal power.
t.test('118: the agreement shows on the party for as long as it is in force, wherever the party stands', async t => {
  const signatory = { id: 'sheriff', flags: { '287g': { since: '2026-03-01', until: '2026-12-31', evidence: 'agreement of 1 March' } } }
  const agencies = [signatory, { id: 'police', reshares: [{ to: 'sheriff', sources: 'all' as const }] }]
  const during = identifyAt(agencies, '2026-12-31T23:00:00Z', { agency: 'sheriff' })
  t.same(during.requester.flags, ['287g'])
  t.same(during.recipients[0], during.requester)
  t.same(identifyAt(agencies, '2026-12-01', { agency: 'police' }).recipients[1]?.flags, ['287g'], 'as one shared with')
  t.same(identifyAt(agencies, '2026-12-01', { agency: 'police', act: { sub: 'sheriff' } }).recipients[1]?.flags, ['287g'], 'as an actor')
  t.same(identifyAt(agencies, '2027-01-01', { agency: 'sheriff' }).requester.flags, [], 'twin: the agreement ended')
  t.same(identifyAt(agencies, '2026-12-01', { agency: 'police' }).requester.flags, [], 'twin: never signed')
})

t.test('nobody borrows a badge', async t => {
  t.match(refusal({ agency: LAPD, email: 'agent@ice.dhs.gov', email_verified: true }), { reason: { code: 'party.signals-disagree' } })
  t.match(refusal({ email: 'chief@lapl.org', email_verified: false }), { reason: { code: 'party.unknown-agency' } })
  t.match(refusal({ client_id: LAPD }), { reason: { code: 'party.unknown-agency' } })
  t.equal(parties({ agency: LAPD, email: 'officer@lacity.org', email_verified: true }).requester.id, LAPD, 'twin')
})

t.test('an e-mail nobody verified places nobody, and its agency receives the data', async t => {
  for (const mail of [{ email: 'agent@ice.dhs.gov' }, { email: 'agent@ice.dhs.gov', email_verified: false }]) {
    const found = parties({ agency: LAPD, ...mail })
    t.equal(found.requester.id, LAPD)
    t.match(found.recipients, [{ id: LAPD }, { id: 'us-dhs-ice', via: 'declared' }])
    t.equal(found.routed, false)
  }
  for (const email of ['officer@lacity.org', 'officer@mail.example'])
    t.same(ids(parties({ agency: LAPD, email })), [LAPD], `twin: ${email}`)
  t.same(ids(parties({ agency: 'us-dhs', email: 'agent@ice.dhs.gov' })), ['us-dhs', 'us-dhs-ice'], 'a part may be another body')
})

t.test('a friendly recipient hides no other', async t => {
  const found = parties({ agency: LAPD, act: { sub: 'us-hud', act: { sub: 'us-dhs-ice' } }, recipient: ['us-hud', 'x@evil-hud.example'] })
  t.same(ids(found), [LAPD, 'us-hud', 'us-dhs-ice', 'unknown'])
  t.same(ids(parties({ agency: LAPD, recipient: 'us-hud' })), [LAPD, 'us-hud'], 'twin')
})
