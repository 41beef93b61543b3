import t from 'tap'
import { addAddressees } from '../../src/requester/addressees.ts'
import type { Address } from '../../src/terms/query-facts.ts'
import { HOUSING, ids, parties, shippedLexicon } from '../requester/call.ts'
import { directoryOf } from '../requester/load.ts'

const body = (id: string, domain: string, sources: 'all' | string[], to = 'us-dhs-ice-ero') => ({
  ...{ id, name: `Body ${id}`, category: 'county' as const, jurisdiction: 'us-ca', purposes: ['service-delivery' as const] },
  domains: [domain],
  reshares: [{ to, sources }],
})
const shipped = ['us-dhs-ice', 'us-dhs-ice-ero', 'us-ca-los-angeles', 'us-nlets', 'broker-lexisnexis']
const whole = directoryOf()
const directory = directoryOf([
  ...shipped
    .map(id => whole.byId(id)!)
    .map(agency => (agency.id === 'us-nlets' ? { ...agency, reshares: agency.reshares.slice(0, 1) } : agency)),
  body('exchange', 'region.example', 'all'),
  body('plates', 'plates.example', ['alpr']),
  body('relay', 'relay.example', 'all', 'exchange'),
])
const caller = parties({ agency: HOUSING, purpose: 'service-delivery' })
const added = (address: Address, source = 'residents') =>
  ids(addAddressees(caller, [address], directory, shippedLexicon, 0, source)).slice(1)
const to = (written: string) => added({ kind: 'topic', written })

t.test('what delivers to somebody, in any form, is no topic', async t => {
  for (const written of [
    ...['evil.example?x=1', 'evil.example#x', 'evil.example.', 'evil_host.example/x', 'münchen.example/hook', 'evil。example/hook'],
    ...['<https://evil.example/hook>', '"https://evil.example/hook"', '(https://evil.example)', 'url=https://evil.example/hook'],
    ...['[2001:db8::1]', '[2001:db8::1]:8080', '2001:db8::1', '10.1.2.3', 'localhost:8080', 'host/hook', '\ufeffevil.example'],
    ...['https%3A%2F%2Fevil.example%2Fhook', 'tel:+12025550100', 'sms:+12025550100', '+12025550100', '+1 202 555 0100', '12025550100'],
    ...['202-555-0100', '(202) 555 0100', 'fax 202 555 0100', 'arn:aws:sns:us-east-1:1:leads', 's3:bucket', 'slack:leads'],
    ...['agent at evil.example', 'data:text/plain,x', 'VTICE0901', 'rent, evil.example', '通知'],
  ])
    t.same(to(written), ['unknown'], written)
  for (const written of [
    'Stolen vehicles',
    'true',
    'daily digest',
    'rent_notices',
    'water-outage',
    'stolen,wanted',
    "Renters' news",
    'avería',
    '17',
    '-',
  ])
    t.same(to(written), [], `twin: ${written}`)
  for (const written of ['2026-12-01', '2026-12-01T08:00:00Z', '10:30', '3f2b8c1e-0b7a-4c1d-9e2f-12345678abcd'])
    t.same(to(written), [], `twin: ${written}`)
})

t.test('a body that is named as a topic is named', async t => {
  t.same(to('VTICE0900'), ['us-dhs-ice-ero'])
  t.same(to('us-nlets'), ['us-nlets', 'us-dhs-ice'])
  t.same(to('LexisNexis'), ['broker-lexisnexis'])
  t.same(to('rent; LexisNexis'), ['broker-lexisnexis'], 'in a list')
  t.same(to('ice.dhs.gov?x'), ['us-dhs-ice'])
  t.same(to('agent＠ice.dhs.gov'), ['us-dhs-ice'])
  t.same(to('hooks.lacity.gov/x'), ['us-ca-los-angeles'], 'twin')
})

t.test('whoever gets it hands it on', async t => {
  const url = (written: string, source?: string) => added({ kind: 'url', written }, source)
  t.same(url('https://region.example/hook', 'residents'), ['exchange', 'us-dhs-ice-ero'])
  t.same(url('https://relay.example/hook', 'residents'), ['relay', 'exchange', 'us-dhs-ice-ero'], 'over any number of steps')
  t.same(added({ kind: 'email', written: 'x@region.example' }, 'residents'), ['exchange', 'us-dhs-ice-ero'])
  t.same(url('https://plates.example/', 'alpr'), ['plates', 'us-dhs-ice-ero'])
  t.same(url('https://plates.example/', 'residents'), ['plates'], 'twin: another source')
})

t.test('an address inside an address', async t => {
  const url = (written: string) => new Set(added({ kind: 'url', written }))
  const relays = [
    'https://hooks.lacity.gov/relay?to=https://evil.example/x',
    'https://hooks.lacity.gov/relay?to=https%3A%2F%2Fevil.example%2Fx',
    'https://hooks.lacity.gov/relay?to=https%253A%252F%252Fevil.example',
    'https://hooks.lacity.gov/relay?to=//evil.example',
    'https://hooks.lacity.gov/relay?to=agent%40evil.example',
    'https://hooks.lacity.gov/relay#agent@evil.example',
    'https://hooks.lacity.gov/relay/https://evil.example/x',
  ]
  for (const written of relays) t.same(url(written), new Set(['us-ca-los-angeles', 'unknown']), written)
  t.same(url('https://hooks.lacity.gov/?to=https://ice.dhs.gov'), new Set(['us-ca-los-angeles', 'us-dhs-ice']))
  t.same(new Set(to('hooks.lacity.gov/?to=https://evil.example')), new Set(['us-ca-los-angeles', 'unknown']))
  for (const written of ['https://hooks.lacity.gov/a//b?x=1&y=/c@d', 'https://hooks.lacity.gov/?to=https://x.lacity.gov'])
    t.same(url(written), new Set(['us-ca-los-angeles']), `twin: ${written}`)
})

t.test('what is merely mentioned counts where it leads to enforcement', async t => {
  const mention = (kind: Address['kind'], written: string) => new Set(added({ kind, written, certain: false }, 'residents'))
  t.same(mention('email', 'agent@ice.dhs.gov'), new Set(['us-dhs-ice']))
  t.same(mention('url', 'https://lexisnexis.com/in'), new Set(['broker-lexisnexis']))
  t.same(mention('email', 'x@region.example'), new Set(['exchange', 'us-dhs-ice-ero']), 'one who hands on')
  t.same(mention('url', 'https://hooks.lacity.gov/?to=https://ice.dhs.gov'), new Set(['us-dhs-ice']))
  for (const written of ['ana@mail.example', 'clerk@lacity.gov', 'x@plates.example'])
    t.same(mention('email', written), new Set(), `twin: ${written}`)
  t.same(mention('url', 'https://wiki.example/'), new Set(), 'twin')
})
