import t from 'tap'
import { haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const records = await upstream(t, json([{ id: 'R-1', citizenship: 'asylee' }]))
const gate = await haven(t, { upstream: records.url })
const auditor = { agency: 'us-hud', purpose: 'audit', sub: 'auditor-1' }
const STATUS = '/residents/residents?select=citizenship&id=eq.R-1'
const NOBODYS = '/.haven/holds/01900000-0000-7000-8000-000000000000'

t.test('a hold is shown to the one who asked, and to nobody else', async t => {
  const refused = await gate.get(STATUS, auditor)
  t.equal(refused.status, 451)
  const { hold, deadline } = refused.json()
  const own = await gate.get(`/.haven/holds/${hold}`, auditor)
  t.equal(own.status, 200)
  t.same(Object.keys(own.json()), ['id', 'state', 'openedAt', 'dueAt', 'scope', 'expiresAt'])
  t.match(own.json(), { id: hold, state: 'open', dueAt: deadline, scope: 'residents.residents: citizenship' })
  t.match(own.headers.get('haven-decision'), /^[0-9a-f-]{36}$/)

  const plain = (text: string, id: string | null) => text.replaceAll(id ?? '-', '')
  const missing = await gate.get(NOBODYS, auditor)
  t.equal(missing.status, 404)
  const bytes = plain(missing.text, missing.headers.get('haven-decision'))
  for (const other of [
    { ...auditor, sub: 'auditor-2' },
    { agency: 'us-ca-los-angeles-housing', purpose: 'service-delivery', sub: 'auditor-x' },
  ]) {
    const theirs = await gate.get(`/.haven/holds/${hold}`, other)
    t.equal(theirs.status, 404)
    t.equal(plain(theirs.text, theirs.headers.get('haven-decision')), bytes, 'the same bytes as a hold that does not exist')
    t.same([...theirs.headers.keys()], [...missing.headers.keys()])
  }
})

t.test('asking again opens no second hold; asking for more does', async t => {
  const [first, again] = [await gate.get(STATUS, auditor), await gate.get(STATUS, auditor)]
  t.equal(first.json().hold, again.json().hold)
  t.not(first.headers.get('haven-decision'), again.headers.get('haven-decision'), 'though each call is a decision of its own')
  const other = await gate.get(STATUS.replace('R-1', 'R-2'), auditor)
  t.not(other.json().hold, first.json().hold)
})

t.test('places that are none', async t => {
  for (const path of [
    '/.haven',
    '/.haven/',
    '/.haven/holds',
    '/.haven/holds/',
    '/.haven/holds/x',
    '/.haven/nowhere',
    '/.haven/residents?x=1',
    '/.haven/residents/',
    '/.haven/%72esidents',
  ])
    t.ok([400, 404].includes((await gate.get(path, auditor)).status), path)
  t.equal((await fetch(`${gate.gate}/.haven/residents`)).status, 401, 'and nobody without a token')
})

t.test('what this token may ask, field by field and use by use', async t => {
  const { status, json } = await gate.get('/.haven/residents', auditor)
  t.equal(status, 200)
  const { source, purpose, fields } = json()
  t.same([source, purpose], ['residents', 'audit'])
  const field = (name: string) =>
    fields.find((one: { field: string; uses: { select?: string } }) => one.field === name && one.uses.select)?.uses
  t.match(field('full_name'), { select: 'permitted', implied: 'permitted', sort: 'permitted' })
  t.match(field('citizenship'), { select: 'held for counsel', implied: /not permitted|left out/, filter: /not permitted|denied/ })
  t.match(field('ssn'), { select: 'not permitted' }, 'the stricter of two classes wins')
  const ice = await gate.get('/.haven/residents', { agency: 'us-dhs-ice-ero' })
  t.equal(ice.status, 200)
  t.match(ice.json().fields[0].uses, { select: 'denied by law' })
  t.equal(ice.json().purpose, 'unstated')
})

t.test('what it says is what happens', async t => {
  const listed = (await gate.get('/.haven/residents', auditor)).json().fields
  for (const { field, uses } of listed) {
    if (field === '*' || !uses.select) continue
    const answer = await gate.get(`/residents/residents?select=id,${field}`, auditor)
    const word = uses.select === 'permitted' ? null : `residents.${field}`
    t.equal(answer.headers.get('haven-withheld'), word, field)
    const sorted = await gate.get(`/residents/residents?select=id&order=${field}`, auditor)
    t.equal(
      sorted.status === 200,
      listed
        .filter((one: { field: string; uses: { sort?: string } }) => one.field === field && one.uses.sort)
        .every((one: { uses: { sort: string } }) => one.uses.sort === 'permitted'),
      `order=${field}`,
    )
  }
})

t.test('these calls stand in the journal like any other', async t => {
  await gate.close()
  const own = (await gate.entries()).filter(({ kind, source }) => kind === 'decision' && source === null)
  t.ok(own.length >= 10, `${own.length} entries`)
  t.ok(own.some(({ opaque, decision }) => opaque === null && JSON.stringify(decision).includes('hold.none')))
})
