import t from 'tap'
import { readNames } from '../../src/proxy/client-certificate.ts'
import { type Certificate, makeAuthority, type Name, writeTls } from '../requester/certificates.ts'
import { client } from '../requester/mtls.ts'
import { city } from '../rulebook/city.ts'
import { json, upstream } from '../support/upstream.ts'

const PATH = '/residents/residents?id=eq.R-1'
const HOUSING = 'us-ca-los-angeles-housing'
const authority = makeAuthority()
const records = await upstream(t, json([{ id: 'R-1', service: 'rent' }]))
const la = await city(t, records.url)
const tls = writeTls(la.dir, authority)
await la.edit('policies/agencies.yaml', ({ agencies }) => {
  agencies.find(({ id }: { id: string }) => id === HOUSING).domains = ['housing.lacity.example']
})
const gate = await la.start(t, { config: { tls } })
const ask = async (names: readonly Name[], claims: object = { agency: HOUSING, purpose: 'service-delivery' }) => {
  const certificate: Certificate = authority.issue(names)
  const { status, json } = await client(t, authority, certificate)(gate.gate + PATH, await gate.token({ ...claims }))
  return status === 200 ? 200 : json.reasons[0].code
}

t.test('a badge of one agency on the machine of another', async t => {
  t.equal(await ask([{ dns: 'desk.ice.dhs.gov' }]), 'party.signals-disagree')
  t.equal(
    await ask([{ dns: 'app.housing.lacity.example' }, { email: 'agent@ice.dhs.gov' }]),
    'party.signals-disagree',
    'the second name counts too',
  )
  t.equal(await ask([{ dns: 'app.internal' }, { uri: 'https://hsi.dhs.gov/agent' }]), 'party.signals-disagree')
  t.equal(await ask([{ dns: 'app.housing.lacity.example' }]), 200, 'twin')
  t.equal(await ask([{ dns: 'app.internal' }, { ip: '10.0.0.1' }]), 200, 'twin: names of nobody')
})

// CVE-2021-44532: Node wrote all names into one text, and a comma inside a name made two of it.
t.test('names with commas and quotes are one name each', async t => {
  const mine = 'app.housing.lacity.example'
  const noAgency = { purpose: 'service-delivery' }
  for (const name of [`x.example, DNS:${mine}`, `x", DNS:${mine}`, `x\\", DNS:${mine}, DNS:"`, `x, DNS:"${mine}"`]) {
    t.equal(await ask([{ dns: name }], noAgency), 'party.unknown-agency', `nobody is placed by ${name}`)
    t.equal(await ask([{ uri: `https://x.example/${name}` }], noAgency), 'party.unknown-agency', 'nor as a URI')
    t.equal(await ask([{ email: `"${name}"@x.example` }], noAgency), 'party.unknown-agency', 'nor as an e-mail')
  }
  t.equal(await ask([{ dns: `${mine}\0.evil.example` }], noAgency), 'party.unknown-agency', 'nor by what stands before a NUL')
  t.equal(await ask([{ dns: mine }], noAgency), 200, 'twin')
  t.equal(await ask([{ uri: `https://${mine}/a,b` }], noAgency), 200, 'twin: a comma may stand in a URI')
  t.equal(await ask([{ email: `"a, \\"b\\""@${mine}` }], noAgency), 200, 'twin: commas and quotes may stand in an address')
  t.equal(await ask([{ email: '"x, DNS:x"@ice.dhs.gov' }]), 'party.signals-disagree', 'and do not hide what it is')
})

t.test('a text of names that does not follow the form refuses: it would hide a name', async t => {
  for (const text of [
    'DNS:a.example,DNS:b.example',
    'DNS:a.example, ',
    'a.example',
    'DNS:"a',
    'DNS:"a"b',
    'DNS:"\\u00zz"',
    ', DNS:a',
    'DNS:a"b',
  ])
    t.throws(() => readNames(text), { code: 'token.invalid', reply: 'unauthenticated' }, text)
  t.same(readNames('othername:<unsupported>, DNS:a.example, IP Address:10.0.0.1, URI:"a\\u002c b", DirName:"CN=x"'), [
    { kind: 'dns', name: 'a.example' },
    { kind: 'uri', name: 'a, b' },
  ])
  t.same(readNames(''), [], 'twin: a certificate may have none')
})
