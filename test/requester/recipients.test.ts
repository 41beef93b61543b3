import t from 'tap'
import { makeIdentify } from '../../src/requester/identify.ts'
import type { Claims } from '../../src/terms/parties.ts'
import { AGENCIES, callWith, claimsOf, HOUSING, ids, LAPD, parties, refusal } from './call.ts'
import { directoryOf, lexiconOf } from './load.ts'

const nested = (depth: number): unknown => (depth === 0 ? undefined : { sub: 'us-hud', act: nested(depth - 1) })

t.test('everybody in the act chain is a recipient', async t => {
  const found = parties({
    agency: LAPD,
    act: { sub: 'x', agency: 'us-dhs-ice-hsi', act: { sub: 'us-ca-jric', act: { sub: 'y', ori: 'VTICE0900' } } },
  })
  t.same(ids(found), [LAPD, 'us-dhs-ice-hsi', 'us-ca-jric', 'us-dhs-ice-ero'])
  t.equal(found.routed, true)
  t.equal(found.requester.id, LAPD, 'nobody is replaced')
  t.same(
    found.recipients.slice(1).map(party => party.via),
    ['act', 'act', 'act'],
  )
})

t.test('an actor nobody can place stays, unknown', async t => {
  const found = parties({ agency: LAPD, act: { sub: 'svc-1', act: { sub: 'svc-2' } } })
  t.same(ids(found), [LAPD, 'unknown', 'unknown'])
  t.equal(found.routed, true)
  t.same(ids(parties({ agency: LAPD, act: { sub: 'svc', agency: 'us-nobody', email: 'a@hud.gov', email_verified: true } })), [
    LAPD,
    'unknown',
    'us-hud',
  ])
  t.same(
    ids(parties({ agency: LAPD, act: { sub: 'svc', email: 'a@hud.gov' } })),
    [LAPD, 'us-hud', 'unknown'],
    'an unverified e-mail vouches for nobody',
  )
})

t.test('the own agency in the chain is no route', async t => {
  t.match(parties({ agency: LAPD, act: { sub: 'portal', agency: LAPD } }), { routed: false, recipients: [{ id: LAPD }] })
  t.equal(parties({ agency: LAPD }).routed, false)
})

t.test('act chains of the wrong shape or depth are malformed', async t => {
  for (const act of [
    'x',
    null,
    [],
    {},
    { sub: '' },
    { sub: 5 },
    { sub: 'x', act: 'y' },
    { sub: 'x', act: null },
    { sub: 'x', agency: 5 },
    nested(9),
  ])
    t.match(refusal({ agency: LAPD, act }), { reply: 'malformed', reason: { code: 'party.bad-declaration' } }, JSON.stringify(act))
  t.same(ids(parties({ agency: LAPD, act: nested(8) })), [LAPD, 'us-hud'], 'eight are read')
})

t.test('declared recipients add up, from the token and the headers', async t => {
  const found = parties(
    { agency: LAPD, recipient: ['us-hud', 'a@fbi.gov'] },
    { 'haven-recipient': ['VTICE0900, us-ca-dmv', 'someone%20else', 'a@mail.example'] },
  )
  t.same(ids(found), [LAPD, 'us-hud', 'us-doj-fbi', 'us-dhs-ice-ero', 'us-ca-dmv', 'unknown', 'unknown'])
  t.same(ids(parties({ agency: LAPD, recipient: 'US-HUD' })), [LAPD, 'us-hud'])
  t.same(ids(parties({ agency: LAPD, recipient: [LAPD, 'us-hud', 'us-hud'] })), [LAPD, 'us-hud'], 'each once')
  t.notOk(JSON.stringify(found.recipients).includes('someone'), 'what was written never becomes a name')
})

t.test('unreadable recipients are malformed', async t => {
  const cases = [[''], ['us-hud,'], ['%'], ['%ff'], ['é'], ['%00'], Array.from({ length: 33 }, () => 'us-hud')]
  for (const values of cases)
    t.match(refusal({ agency: LAPD }, { 'haven-recipient': values }), { reply: 'malformed' }, JSON.stringify(values).slice(0, 40))
  t.match(refusal({ agency: LAPD, recipient: ['us-hud', ' '] }), { reply: 'malformed' })
})

t.test('standing re-sharing counts, transitively, per source, without end or loop', async t => {
  const agency = (id: string, reshares: object[] = []) => ({
    id,
    name: `Body ${id}`,
    category: 'city' as const,
    jurisdiction: 'us',
    purposes: ['audit' as const],
    reshares: reshares.map(reshare => ({ to: '', sources: 'all' as const, ...reshare })),
  })
  const directory = directoryOf([
    agency('a', [{ to: 'b' }]),
    agency('b', [{ to: 'c', sources: ['residents'] }, { to: 'a' }]),
    agency('c', [{ to: 'd', sources: ['plates'] }, { to: 'b' }]),
    agency('d'),
    agency('e'),
  ])
  const shippedDirectory = directoryOf()
  const issuers = [{ issuer: AGENCIES, kind: 'agencies', agencies: 'any' }] as const
  const identify = makeIdentify({ directory, lexicon: lexiconOf(shippedDirectory), issuers, ownerJurisdiction: 'us' })
  const recipientsOf = (claims: Partial<Claims>, source: string) => {
    const found = identify(callWith({}, source), claimsOf(claims))
    return 'kind' in found ? found.reason.code : ids(found)
  }
  t.same(recipientsOf({ agency: 'a' }, 'residents'), ['a', 'b', 'c'])
  t.same(recipientsOf({ agency: 'a' }, 'plates'), ['a', 'b'])
  t.same(recipientsOf({ agency: 'e' }, 'residents'), ['e'])
  t.same(recipientsOf({ agency: 'e', recipient: 'b' }, 'residents'), ['e', 'b', 'c', 'a'])
  t.same(recipientsOf({ agency: 'e', act: { sub: 'c' } }, 'plates'), ['e', 'c', 'd', 'b', 'a'])
})

t.test('whom the reason serves is a recipient, and so is whoever they share with', async t => {
  t.same(ids(parties({ agency: LAPD, reason: 'for CBP' })), [LAPD, 'us-dhs-cbp'])
  t.same(ids(parties({ agency: HOUSING, recipient: 'broker-nctue' })), [
    HOUSING,
    'broker-nctue',
    'broker-equifax',
    'broker-thomson-reuters-clear',
  ])
  t.same(ids(parties({ agency: LAPD, reason: 'black ice' })), [LAPD])
})
