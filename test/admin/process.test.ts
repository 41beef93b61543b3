import t from 'tap'
import { hall, warrant } from './hall.ts'

t.test('two people who did not enter it make a warrant active, and each step is one entry of the journal', async t => {
  const at = await hall(t)
  const entered = await at.as('clerk', 'operator', 'POST', '/process', warrant())
  t.equal(entered.status, 201)
  t.match(entered.json(), { state: 'entered', enteredBy: 'clerk', verified: [], canBecomeActive: true })
  const { id } = entered.json()
  t.match((await at.as('ana', 'counsel', 'POST', `/process/${id}/verify`)).json(), { state: 'entered', verified: [{ by: 'ana' }] })
  t.match((await at.as('ben', 'counsel', 'POST', `/process/${id}/verify`, {})).json(), {
    state: 'active',
    verified: [{ by: 'ana' }, { by: 'ben' }],
  })
  const ended = await at.as('cy', 'counsel', 'POST', `/process/${id}/quash`, { why: 'quashed on appeal' })
  t.match(ended.json(), { state: 'quashed', ended: { step: 'quashed', by: 'cy' } })
  t.equal((await at.as('cy', 'counsel', 'POST', `/process/${id}/revoke`, { why: 'again' })).status, 409)
  const steps = await at.steps('process')
  t.match(steps, [{ step: 'entered' }, { step: 'verified', by: 'ana' }, { step: 'verified', by: 'ben' }, { step: 'quashed', by: 'cy' }])
  t.notMatch(JSON.stringify(steps), /4711|quashed on appeal|ERO-26|Olive/, 'no person, docket or word of a person in them')
})

t.test('the same person does not count twice: again, by another login, or who entered it', async t => {
  const at = await hall(t)
  const { id } = (await at.as('ana', ['operator', 'counsel'], 'POST', '/process', warrant())).json()
  const verify = (sub: string, roles: unknown = 'counsel') => at.as(sub, roles, 'POST', `/process/${id}/verify`)
  t.equal((await verify('ana')).status, 403, 'who entered it')
  t.equal((await verify('ana-2')).status, 403, 'who entered it, by another login')
  t.equal((await verify('dot', ['auditor', 'operator'])).status, 403, 'without the role')
  t.equal((await verify('ben')).status, 200)
  t.equal((await verify('ben')).status, 409, 'the same request again')
  t.equal((await verify('ben-2')).status, 409, 'the same person by another login')
  t.equal(at.register.processes.find(id)?.state, 'entered')
  t.equal((await verify('cy-2')).status, 200, 'twin: another person by a second login')
  t.equal(at.register.processes.find(id)?.state, 'active')
  t.equal((await verify('clerk')).status, 409, 'a third is not needed')
})

t.test('one person twenty times at once counts once; so do two people', async t => {
  const at = await hall(t)
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  const storm = async (subs: readonly string[]) =>
    (await Promise.all(subs.map(sub => at.as(sub, 'counsel', 'POST', `/process/${id}/verify`)))).map(({ status }) => status)
  const same = await storm(Array.from({ length: 20 }, (_, i) => (i % 2 ? 'ana' : 'ana-2')))
  t.same([same.filter(s => s === 200).length, same.filter(s => s === 409).length], [1, 19])
  t.match(at.register.processes.find(id), { state: 'entered', verified: [{ by: 'ana' }] })
  const others = await storm(['ben', 'cy', 'ben-2', 'cy-2'])
  t.equal(others.filter(s => s === 200).length, 1, 'twin: one of two others')
  t.equal(at.register.processes.find(id)?.verified.length, 2)
  t.equal((await at.steps('process')).length, 3)
})

t.test('persons, dockets and words of an instrument are shown to counsel alone', async t => {
  const at = await hall(t)
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  const secret = /471[12]|mj-0|attachment A|Olive|R\. Roe|ERO-26|front desk|aaaa/
  for (const [sub, roles] of [
    ['dot', 'auditor'],
    ['clerk', 'operator'],
    ['dot', ['auditor', 'operator']],
  ] as const)
    for (const path of [`/process/${id}`, '/process']) {
      const page = await at.as(sub, roles, 'GET', path)
      t.notMatch(page.text, secret, `${roles} ${path}`)
      const [seen] = path === '/process' ? page.json().processes : [page.json()]
      t.match(seen.instrument, { issuer: { court: String }, usableBy: { oneCase: true }, scope: [{ source: 'residents', persons: 2 }] })
    }
  t.notMatch((await at.as('ana', 'counsel', 'GET', '/process')).text, secret, 'lists are without them for everybody')
  const whole = (await at.as('ana', 'counsel', 'GET', `/process/${id}`)).json()
  t.same(whole.instrument, { sealed: false, nonDisclosure: false, ...warrant() }, 'twin')
  const entered = await at.as('clerk', 'operator', 'POST', '/process', warrant())
  t.notMatch(entered.text, secret, 'not even as the answer to entering it')
})

t.test('a form of the agency that asks is entered, and nobody can verify it', async t => {
  const at = await hall(t)
  const judge = { ...(warrant()['issuer'] as object), title: 'Immigration Judge' }
  for (const more of [{ kind: 'i-205' }, { kind: 'admin-subpoena' }, { issuer: judge }]) {
    const { id, canBecomeActive } = (await at.as('clerk', 'operator', 'POST', '/process', warrant(more))).json()
    t.equal(canBecomeActive, false)
    const page = await at.as('ana', 'counsel', 'POST', `/process/${id}/verify`)
    t.equal(page.status, 409)
    t.match(page.json().detail, /stays entered and opens nothing/)
  }
})

t.test('each mistake in an instrument is named with its place, and its values are not repeated', async t => {
  const at = await hall(t)
  const bad = warrant({
    kind: 'warrant',
    signed: 'yesterday',
    scope: [{ source: 'residents', persons: [] }],
    document: 'R-4711',
    surprise: 1,
  })
  const page = await at.as('clerk', 'operator', 'POST', '/process', bad)
  t.equal(page.status, 400)
  const { type, problems } = page.json()
  t.equal(type, '/.haven/problems/malformed')
  t.same(problems.map(({ path }: { path: string }) => path).toSorted(), ['document', 'kind', 'scope.0.persons', 'signed', 'surprise'])
  t.notMatch(page.text, /R-4711|yesterday/)
  t.same(at.register.processes.list(), [], 'nothing was entered')
  t.equal((await at.as('dot', 'auditor', 'POST', '/process', warrant())).status, 403, 'an auditor only looks')
  for (const body of [{}, { why: '' }, { why: '  ' }, { why: 7 }, { why: 'x', more: 1 }, { why: 'x'.repeat(4001) }])
    t.equal((await at.as('ana', 'counsel', 'POST', '/process/x/revoke', body)).status, 400, JSON.stringify(body).slice(0, 30))
  t.equal((await at.as('ana', 'counsel', 'POST', '/process/x/revoke', { why: 'x' })).status, 404, 'twin: well said, of nothing')
})
