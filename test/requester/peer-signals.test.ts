import t from 'tap'
import { makeIdentify } from '../../src/requester/identify.ts'
import type { PeerCertificate } from '../../src/terms/call.ts'
import { FIRE_ISSUER, HOUSING, ISSUERS, identifyOver, ids, LAFD, LAPD, PEOPLE } from './call.ts'
import { directoryOf, lexiconOf } from './load.ts'

const LA = 'us-ca-los-angeles'
const entry = (id: string, networks: string[], domains: string[] = []) => ({
  ...{ id, name: `Body ${id}`, category: 'local-police' as const, jurisdiction: LA, purposes: ['public-safety' as const] },
  networks,
  domains,
})
const identify = makeIdentify({
  directory: directoryOf([
    entry(LA, ['10.0.0.0/8'], ['lacity.org']),
    entry(LAPD, ['10.1.0.0/16'], ['lapd.lacity.org', 'lapdonline.org']),
    entry(LAFD, ['10.2.0.0/16'], ['lafd.org']),
    entry('us-dhs-ice', ['198.51.100.0/24'], ['ice.dhs.gov']),
  ]),
  lexicon: lexiconOf(directoryOf()),
  issuers: ISSUERS,
  ownerJurisdiction: LA,
})
const over = identifyOver.bind(null, identify)
const certificate = (...names: PeerCertificate['names']) => ({ certificate: { thumbprint: 'x', names } })
const dns = (name: string) => certificate({ kind: 'dns', name })
const who = (found: ReturnType<typeof over>) => (typeof found === 'string' ? found : found.requester.id)

t.test('a name in the client certificate is a signal like a verified e-mail', async t => {
  t.equal(who(over({}, dns('cad.lapdonline.org'))), LAPD, 'alone it places')
  t.equal(who(over({ agency: LAPD }, dns('cad.lapdonline.org'))), LAPD)
  t.equal(who(over({ agency: LAPD }, dns('*.lapdonline.org'))), LAPD)
  t.equal(who(over({ agency: LAPD }, certificate({ kind: 'email', name: 'desk@LAPDonline.org' }))), LAPD)
  t.equal(who(over({ agency: LAPD }, certificate({ kind: 'uri', name: 'spiffe://lapdonline.org/cad' }))), LAPD)
  t.equal(who(over({ agency: LAPD }, dns('proxy.lacity.org'))), LAPD, 'of the whole')
  t.equal(who(over({ agency: LA }, dns('cad.lapdonline.org'))), LAPD, 'of a part: the part asks')
  for (const name of ['ice.dhs.gov', '*.ice.dhs.gov', 'cad.lafd.org'])
    t.equal(who(over({ agency: LAPD }, dns(name))), 'party.signals-disagree', name)
  const two = certificate({ kind: 'dns', name: 'cad.lapdonline.org' }, { kind: 'uri', name: 'https://ice.dhs.gov/x' })
  t.equal(who(over({ agency: LAPD }, two)), 'party.signals-disagree', 'each name counts')
  t.equal(who(over({ iss: FIRE_ISSUER }, dns('cad.lapdonline.org'))), 'party.issuer-oversteps')
  t.equal(who(over({ iss: FIRE_ISSUER }, dns('cad.lafd.org'))), LAFD, 'twin')
})

t.test('a name of nobody is no signal', async t => {
  for (const name of [
    'host-7',
    'app.internal',
    'lapdonline.org.evil.example',
    'x.example, DNS:ice.dhs.gov',
    'a"b.ice.dhs.gov',
    'ice.dhs.gov\0',
    '',
    '.',
    ' ice.dhs.gov',
  ])
    t.equal(who(over({ agency: LAPD }, dns(name))), LAPD, JSON.stringify(name))
  t.equal(who(over({ agency: LAPD }, certificate({ kind: 'uri', name: 'not a URI ice.dhs.gov' }))), LAPD)
  t.equal(who(over({}, dns('app.internal'))), 'party.unknown-agency', 'twin: it places nobody either')
})

t.test('the network may disagree; it places nobody', async t => {
  t.equal(who(over({ agency: LAPD }, { address: '10.1.2.3' })), LAPD)
  t.equal(who(over({ agency: LAPD }, { address: '::ffff:10.1.2.3' })), LAPD)
  t.equal(who(over({ agency: LAPD }, { address: '10.9.0.1' })), LAPD, 'the network of the whole')
  t.equal(who(over({ agency: LAPD }, { address: '203.0.113.9' })), LAPD, 'the network of nobody')
  t.equal(who(over({ agency: LAPD }, { address: null })), LAPD)
  for (const address of ['198.51.100.7', '10.2.0.1', '::ffff:198.51.100.7'])
    t.equal(who(over({ agency: LAPD }, { address })), 'party.signals-disagree', address)
  t.equal(who(over({}, { address: '10.1.2.3' })), 'party.unknown-agency', 'a visitor with an address of the police is no police')
  t.equal(who(over({ agency: 'us-dhs-ice' }, { address: '198.51.100.7' })), 'us-dhs-ice')
  t.equal(
    who(over({ agency: LAPD }, { address: '198.51.100.7', ...dns('cad.lapdonline.org') })),
    'party.signals-disagree',
    'beside a certificate too',
  )
})

t.test('a part in whose network the call stands receives, and gives the requester nothing', async t => {
  const found = over({ agency: LA }, { address: '10.1.2.3' })
  if (typeof found === 'string') throw new Error(found)
  t.equal(found.requester.id, LA, 'a clerk at the police station is no officer')
  t.same(ids(found), [LA, LAPD])
  const own = over({ agency: LAPD }, { address: '10.1.2.3' })
  t.same(typeof own === 'string' ? own : ids(own), [LAPD], 'twin')
})

t.test('a person stays a person on any connection', async t => {
  for (const peer of [{ address: '10.1.2.3' }, { address: '198.51.100.7' }, dns('cad.lapdonline.org'), dns('ice.dhs.gov')]) {
    const found = over({ iss: PEOPLE }, peer)
    t.same(typeof found === 'string' ? found : ids(found), ['person'])
  }
  t.equal(who(over({ iss: PEOPLE, agency: HOUSING }, { address: '10.1.2.3' })), 'party.issuer-oversteps')
})
