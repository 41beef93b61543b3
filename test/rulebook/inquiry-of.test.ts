import t from 'tap'
import { decisionEntry } from '../../src/audit/entry.ts'
import { inquiryOf } from '../../src/audit/inquiry-of.ts'
import type { Entry } from '../../src/audit/parse-entry.ts'
import { decide } from '../../src/policy/decide.ts'
import { prepare } from '../../src/prepare.ts'
import { namedIssuers } from '../../src/rulebook/named-issuers.ts'
import { summaryOf } from '../../src/rulebook/shadow.ts'
import { PARTIES, permitted } from '../audit/given.ts'
import { PEOPLE } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'
import { city, ORDINANCE } from './city.ts'

const COURT = 'Superior Court of California, County of Los Angeles'

/** A rule that names a court, so that the journal may. */
const NAMES_A_COURT = (law: { rules: { unless: object[] }[] }) => {
  const { unless } = law.rules[0] ?? { unless: [] }
  const when = { process: { kind: ['judicial-warrant'], state: ['entered'], court: [COURT] } }
  unless.unshift({ ...unless.at(-1), when })
}

t.test('every decision can be decided again from the journal alone, and comes out the same', async t => {
  const records = await upstream(t, json([{ id: 'R-1', address: '1 Main St' }]))
  const la = await city(t, records.url)
  await la.edit(ORDINANCE, NAMES_A_COURT)
  const gate = await la.start(t)
  const warrant = (court: string, signer: string) => ({ kind: 'judicial-warrant', issuer: { court, signer } })
  const asked: [string, object][] = [
    ['?select=address,full_name,citizenship&id=eq.R-1', {}],
    ['?select=*&order=zip', {}],
    ['?citizenship=eq.asylee', {}],
    ['?select=address&id=eq.R-1', { agency: 'us-dhs-ice-ero' }],
    ['?select=address&id=eq.R-1', { agency: 'us-dhs-ice-ero', process: warrant(COURT, 'Hon. Secret Name') }],
    ['?select=address&id=eq.R-1', { agency: 'us-dhs-ice-ero', process: warrant('Court of Nowhere 4711', 'unknown') }],
    ['?select=address', { act: { sub: 'x', agency: 'us-dhs-ice-ero' } }],
    ['?select=citizenship&id=eq.R-1', { agency: 'us-dhs-uscis', purpose: 'eligibility' }],
  ]
  for (const [query, claims] of asked)
    await gate.get(`/residents/residents${query}`, { agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery', ...claims })
  const own = await gate.token({ subject_of: { residents: 'R-1' }, purpose: 'subject-access' }, { issuer: PEOPLE })
  await gate.get('/residents/residents?select=id,address&id=eq.R-1', undefined, { authorization: `Bearer ${own}` })
  await gate.close()
  const { rulebook } = prepare(gate.configFile)
  const entries = (await gate.entries()).filter(({ kind }) => kind === 'decision') as Entry[]
  let again = 0
  for (const entry of entries) {
    const inquiry = inquiryOf(entry)
    if (!inquiry) continue
    const { kind, released, held } = summaryOf(decide(rulebook, inquiry))
    const decided = entry['decision'] as { kind: string; released: string[]; held: string[]; reply: string }
    again += 1
    // What is left of a call after field by field folding is not for the law alone.
    if (kind === decided.kind) t.same({ released, held }, { released: decided.released, held: decided.held }, entry.id)
    else t.equal(decided.reply, 'query')
  }
  t.ok(again >= 7, `${again} of ${entries.length}`)
  const text = JSON.stringify(entries)
  t.notMatch(text, /Secret Name|Nowhere|4711/, "the callers' own words are not in it")
  t.ok(
    entries.some(entry => (entry['asked'] as Record<string, unknown> | null)?.['self'] === true),
    "one's own record",
  )
})

t.test('what the law was not asked cannot be asked again', async t => {
  const records = await upstream(t, json([]))
  const gate = await (await city(t, records.url)).start(t)
  await gate.get('/residents/residents?nonsense=eq.1')
  await gate.get('/residents/residents?select=id', { agency: 'nobody' })
  await gate.get('/.haven/residents')
  const entries = (await gate.entries()).filter(({ kind }) => kind === 'decision') as Entry[]
  t.equal(entries.length, 3)
  t.same(entries.map(inquiryOf), [null, null, null])
  t.same(
    entries.map(entry => entry['asked']),
    [null, null, null],
  )
  const [entry] = entries
  t.equal(inquiryOf({ ...entry, kind: 'outcome' } as Entry), null)
})

t.test('the words of a court stand in an entry only where a rule in force names them', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  await la.edit(ORDINANCE, NAMES_A_COURT)
  const gate = await la.start(t)
  const issuers = namedIssuers(prepare(gate.configFile).loaded.canonical.content)
  t.same([...issuers], [COURT])
  const process = (court: string, signer: string) =>
    ({ kind: 'judicial-warrant', state: 'entered', covers: 'none', sealed: false, issuer: { court, signer } }) as const
  const terms = { tokens: () => () => 'token', sources: new Set<string>(), issuers: () => issuers }
  const written = (court: string, signer: string) => {
    const parties = { ...PARTIES, process: process(court, signer) }
    const { requester, recipients, purpose, routed } = parties
    const facts = {
      bulk: false,
      retry: false,
      attested: false,
      self: false,
      uses: [],
      source: { keeper: 'jail', records: 'custody' },
    } as const
    const inquiry = { requester, recipients, purpose: purpose.code, process: parties.process, routed, at: 0, ...facts }
    const entry = {
      ...decisionEntry({ ...permitted('d'), parties, inquiry }, terms),
      v: 1,
      seq: 0,
      boot: 'b',
      t_wall: 0,
    } as Entry
    return inquiryOf(entry)?.process?.issuer
  }
  t.same(written(COURT, 'Hon. Secret Name'), { court: COURT, signer: 'other' })
  t.same(written('Court of Nowhere', 'unknown'), { court: 'other', signer: 'unknown' })
})
