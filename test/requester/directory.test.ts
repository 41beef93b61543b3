import t from 'tap'
import { compileDirectory, flagsInForce } from '../../src/requester/directory.ts'
import { AgencyDirectory } from '../../src/terms/agency.ts'
import { shipped } from './call.ts'
import { directoryOf, fromFile } from './load.ts'

const agency = (id: string, more: object = {}) => ({
  id,
  name: `Name of ${id}`,
  category: 'city',
  jurisdiction: 'us-ca',
  purposes: ['audit'],
  ...more,
})
const problemsOf = (agencies: object[]): string[] => {
  const compiled = compileDirectory(fromFile(AgencyDirectory.parse({ agencies })))
  return 'problems' in compiled ? compiled.problems.map(problem => problem.message) : []
}

t.test('every problem is told at once, with its place', async t => {
  const problems = problemsOf([
    agency('a', { oris: ['CA0000001'], domains: ['a.example'], names: ['Alpha'] }),
    agency('a', { name: 'Other' }),
    agency('b', { oris: ['CA0000001'], domains: ['a.example'], names: ['ÁLPHA'] }),
    agency('c', { reshares: [{ to: 'nobody', sources: 'all' }] }),
    agency('unknown'),
    agency('d', { purposes: ['vague'] }),
    agency('e', { flags: { '287g': { since: '2026-05-01', until: '2026-04-01', evidence: 'x' } } }),
  ])
  const places = problems.map(message => message.split(':')[0] ?? '')
  t.same(
    new Set(places),
    new Set([
      'agencies.1.id',
      'agencies.2.domains.0',
      'agencies.2.names.0',
      'agencies.2.oris.0',
      'agencies.3.reshares.0.to',
      'agencies.4.id',
      'agencies.5.purposes.0',
      'agencies.6.flags.287g.until',
    ]),
  )
  t.equal(places.length, 8)
})

t.test('a sound directory has no problems', async t => {
  t.same(problemsOf([agency('a', { oris: ['CA0000001'] }), agency('b', { reshares: [{ to: 'a', sources: 'all' }] })]), [])
})

t.test('look-ups', async t => {
  t.equal(shipped.byOri('vtice0900')?.id, 'us-dhs-ice-ero')
  t.equal(shipped.byOri('VTICE0901'), null)
  t.equal(shipped.byDomain('x.ice.dhs.gov')?.id, 'us-dhs-ice', 'a subdomain')
  t.equal(shipped.byDomain('ICE.DHS.GOV.')?.id, 'us-dhs-ice', 'case and the root dot')
  t.equal(shipped.byDomain('hsi.dhs.gov')?.id, 'us-dhs-ice-hsi', 'the longest domain wins')
  t.equal(shipped.byDomain('associates.hq.dhs.gov')?.id, 'us-dhs')
  t.equal(shipped.byDomain('notice.dhs.gov')?.id, 'us-dhs', 'labels are whole')
  t.equal(shipped.byDomain('ice.dhs.gov.evil.example'), null)
  t.equal(shipped.byDomain('gov'), null)
  t.equal(shipped.byDomain(''), null)
  t.equal(shipped.byName('los  angeles police department')?.id, 'us-ca-los-angeles-lapd')
  t.equal(shipped.byId('constructor'), null)
})

t.test('flags hold from their first day to the end of their last', async t => {
  const flags = {
    '287g': { since: '2026-03-01', until: '2026-03-31', evidence: 'agreement' },
    certified: { since: '2026-01-01', evidence: 'form' },
  }
  const found = directoryOf([{ ...agency('a', { flags }), category: 'city', purposes: ['audit'] }]).byId('a')!
  t.same(flagsInForce(found, Date.parse('2026-02-28T23:59:59Z')), ['certified'])
  t.same(flagsInForce(found, Date.parse('2026-03-01T00:00:00Z')), ['287g', 'certified'])
  t.same(flagsInForce(found, Date.parse('2026-03-31T23:59:59Z')), ['287g', 'certified'])
  t.same(flagsInForce(found, Date.parse('2026-04-01T00:00:00Z')), ['certified'])
  t.same(flagsInForce(found, Date.parse('2025-12-31T00:00:00Z')), [])
})
