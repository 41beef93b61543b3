import t from 'tap'
import { compileDirectory } from '../../src/requester/directory.ts'
import { AgencyDirectory } from '../../src/terms/agency.ts'
import { directoryOf, fromFile } from './load.ts'

const body = (id: string, networks: string[]) => ({
  ...{ id, name: `Body ${id}`, category: 'city' as const, jurisdiction: 'us-ca', purposes: ['audit' as const] },
  networks,
})

function problemsOf(...networks: string[][]): string[] {
  const agencies = networks.map((written, i) => body(`body-${i}`, written))
  const compiled = compileDirectory(fromFile(AgencyDirectory.parse({ agencies })))
  return 'problems' in compiled ? compiled.problems.map(({ message }) => message) : []
}

t.test('the longest prefix wins, in both families', async t => {
  const { byNetwork } = directoryOf([
    body('county', ['10.0.0.0/8', '2001:db8::/32']),
    body('police', ['10.1.2.0/24', '2001:db8:1::/48', '192.0.2.7/32', '2001:db8:2::1/128']),
  ])
  const who = (address: string) => byNetwork(address)?.id ?? null
  t.equal(who('10.1.2.255'), 'police')
  t.equal(who('10.1.3.0'), 'county')
  t.equal(who('2001:db8:1:ffff::'), 'police')
  t.equal(who('2001:DB8:0001:0::1'), 'police', 'however it is written')
  t.equal(who('2001:db8:2::2'), 'county')
  t.equal(who('2001:db8:2::1'), 'police')
  t.equal(who('192.0.2.7'), 'police')
  t.equal(who('192.0.2.8'), null)
  t.equal(who('11.0.0.0'), null)
  t.equal(who('2001:db9::'), null)
})

t.test('an IPv4-mapped address is the IPv4 one, and no network of IPv6 holds it', async t => {
  const { byNetwork } = directoryOf([body('police', ['10.1.2.0/24']), body('others', ['::/64', '8000::/1'])])
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203', '0:0:0:0:0:FFFF:0a01:0203'])
    t.equal(byNetwork(address)?.id, 'police', address)
  t.equal(byNetwork('10.1.3.3'), null)
  t.equal(byNetwork('::ffff:10.1.3.3'), null)
  t.equal(byNetwork('::10.1.2.3')?.id, 'others', 'another thing: IPv4-compatible, long gone')
  t.equal(directoryOf([body('police', ['::ffff:10.1.2.0/120'])]).byNetwork('10.1.2.3')?.id, 'police', 'a network written so')
})

t.test('what is no address is in no network', async t => {
  const { byNetwork } = directoryOf([body('police', ['10.0.0.0/8', 'fe80::/16'])])
  for (const address of ['', '10', '10.1.2', '10.1.2.3.4', '010.1.2.3', '10.1.2.3 ', '10.1.2.3:80', 'fe80::1%eth0', '[fe80::1]', 'unknown'])
    t.equal(byNetwork(address), null, address)
  t.equal(byNetwork('fe80::1')?.id, 'police', 'twin')
})

t.test('a network that is none, or is not the start of one, or is everybody, is a problem with its place', async t => {
  for (const network of [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/',
    '/8',
    'x',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '2001:db8::/129',
    'fe80::1%a/64',
  ])
    t.match(problemsOf(['192.0.2.0/24', network]), [/^agencies\.0\.networks\.1: .*(is no network|prefix longer)/], network)
  for (const network of ['10.0.0.1/8', '2001:db8::1/32', '192.0.2.128/24'])
    t.match(problemsOf([network]), [/does not begin where its prefix says/], network)
  for (const network of ['0.0.0.0/0', '::/0', '::ffff:0:0/96']) t.match(problemsOf([network]), [/is everybody/], network)
  t.same(problemsOf(['10.0.0.0/8', '10.0.0.1/32', '2001:db8::/32', '::1/128']), [], 'twin')
})

t.test('one network has one holder, however it is written', async t => {
  t.match(problemsOf(['10.0.0.0/8'], ['10.0.0.0/8']), [/^agencies\.1\.networks\.0: .*already belongs to 'body-0'/])
  t.match(problemsOf(['2001:db8::/32'], ['2001:0DB8:0::/32']), [/already belongs to 'body-0'/])
  t.match(problemsOf(['10.0.0.0/8'], ['::ffff:10.0.0.0/104']), [/already belongs to 'body-0'/])
  t.same(problemsOf(['10.0.0.0/8'], ['10.0.0.0/9']), [], 'twin: a part of it may be of a part of the body')
})
