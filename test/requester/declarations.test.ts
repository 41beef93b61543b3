import t from 'tap'
import { HOUSING, LAPD, parties, refusal } from './call.ts'

const police = { agency: LAPD, purpose: 'public-safety' }

t.test('headers are percent-encoded UTF-8', async t => {
  t.equal(parties(police, { 'haven-reason': 'choque por hielo, avenida Cor%C3%B3n' }).reason, 'choque por hielo, avenida Corón')
  t.equal(parties(police, { 'haven-reason': 'apoyo%20a%20inmigraci%C3%B3n' }).purpose.code, 'suspected')
  for (const value of ['avenida Corón', '100%', '%zz', '%C3', '%ED%A0%80', 'a%00b', 'a%0Ab', 'a\tb', '%C2%85'])
    t.match(
      refusal(police, { 'haven-reason': value }),
      { reply: 'malformed', reason: { code: 'party.bad-declaration' } },
      JSON.stringify(value),
    )
})

t.test('a header that is single stays single', async t => {
  for (const name of ['purpose', 'reason', 'case', 'process']) {
    const value = name === 'process' ? 'i-205' : 'public-safety'
    t.match(refusal({ agency: LAPD }, { [`haven-${name}`]: [value, value] }), { reply: 'malformed' }, name)
    t.equal(parties({ agency: LAPD }, { [`haven-${name}`]: [value] }).requester.id, LAPD, `${name} once`)
  }
})

t.test('claim and header that differ refuse, and that agree do not', async t => {
  const pairs = { purpose: ['public-safety', 'emergency'], reason: ['fire', 'flood'], case: ['24-1', '24-2'], process: ['i-200', 'i-205'] }
  for (const [name, [one, other]] of Object.entries(pairs)) {
    t.match(
      refusal({ agency: LAPD, [name]: one }, { [`haven-${name}`]: other! }),
      { reply: 'malformed', reason: { code: 'party.declarations-disagree' } },
      name,
    )
    t.equal(parties({ agency: LAPD, [name]: one }, { [`haven-${name}`]: one! }).requester.id, LAPD, `${name} the same`)
  }
})

t.test('a reason is bounded at 4 KiB', async t => {
  t.match(refusal({ ...police, reason: 'é'.repeat(2049) }), { reply: 'malformed' })
  t.match(refusal({ ...police, reason: 'fire \ud800' }), { reply: 'malformed' }, 'half a character')
  t.equal(parties({ ...police, reason: 'é'.repeat(2048) }).purpose.code, 'public-safety')
})

t.test('a caller only enters process: it is never verified and covers nothing', async t => {
  const entered = { kind: 'judicial-warrant', state: 'entered', covers: 'none', sealed: false }
  t.same(parties({ ...police, process: 'Judicial-Warrant' }).process, entered)
  t.same(
    parties({
      ...police,
      process: { kind: 'judicial-warrant', state: 'active', covers: 'query', issuer: { court: 'federal' }, sealed: true },
    }).process,
    entered,
  )
  t.same(parties(police, { 'haven-process': 'judicial-warrant' }).process, entered)
  t.equal(parties(police).process, null)
})

t.test('forms have many spellings', async t => {
  const spellings = {
    'I-247A': 'i-247',
    'i-247D': 'i-247',
    I247: 'i-247',
    'I 205': 'i-205',
    'i-200': 'i-200',
    '1373-LETTER': '1373-letter',
  }
  for (const [written, kind] of Object.entries(spellings)) t.equal(parties({ agency: LAPD, process: written }).process?.kind, kind, written)
})

t.test('any other process is malformed, and the reply lists the kinds', async t => {
  for (const process of ['', 'warrant', 'none', 'i-999', 5, null, [], ['i-205'], {}, { kind: 5 }, true])
    t.match(refusal({ agency: LAPD, process }), { reply: 'malformed', detail: /judicial-warrant, court-order/ }, JSON.stringify(process))
})

t.test('nothing declared is nothing stated', async t => {
  t.match(parties({ agency: HOUSING }), { reason: null, process: null, lexiconHits: [], purpose: { code: 'unstated' } })
})
