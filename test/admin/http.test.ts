import t from 'tap'
import { hall, warrant } from './hall.ts'
import { wireTo } from './wire.ts'

t.test('methods and addresses that are none', async t => {
  const at = await hall(t)
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  for (const [method, path, allow] of [
    ['DELETE', `/process/${id}`, 'GET, HEAD'],
    ['PUT', `/process/${id}`, 'GET, HEAD'],
    ['PATCH', '/process', 'GET, HEAD, POST'],
    ['GET', `/process/${id}/verify`, 'POST'],
    ['PUT', `/process/${id}/verify`, 'POST'],
    ['POST', '/holds', 'GET, HEAD'],
    ['DELETE', `/certificates/${id}`, 'GET, HEAD'],
  ] as const) {
    t.equal((await at.ask(method, path, null)).status, 401, `${method} ${path}: not without a token`)
    const page = await at.as('ana', 'counsel', method, path)
    t.equal(page.status, 405, `${method} ${path}`)
    t.equal(page.headers.get('allow'), allow)
    t.match(page.json(), { type: '/.haven/problems/malformed', status: 405 })
  }
  for (const path of ['/', '/process/', '/Process', `/process/${id}/`, `/process/${id}/approve`, '/people', '/admin', '/.haven/holds/x'])
    t.equal((await at.as('ana', 'counsel', 'GET', path)).status, 404, path)
  t.equal(at.register.processes.find(id)?.verified.length, 0)
  t.equal((await at.as('ana', 'counsel', 'POST', `/process/${id}/verify`)).status, 200, 'twin')
})

t.test('an id is a name in a book and never a path', async t => {
  const at = await hall(t)
  const token = await at.token('ana', 'counsel')
  const raw = (path: string) =>
    wireTo(at.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`)
  for (const path of [
    '/process/../healthz',
    '/process/..%2f..%2fetc%2fpasswd',
    '/process/%2e%2e',
    '/process/%00',
    '/process/__proto__',
    '/process/constructor',
    `/process/${'x'.repeat(5000)}`,
    '/process/*',
    '/holds/..%5c..',
    '/notices/%2e%2e%2freviews',
    '/process/%',
    '/process/%ff',
    '/journal/tile/..%2f..%2f..%2fjournal.key',
    '/journal/tile/../../journal.key',
  ]) {
    const answer = await raw(path)
    t.match(answer, /^HTTP\/1\.1 (400|404|414) /, path.slice(0, 40))
    t.notMatch(answer, /root:|\n\s+at |node_modules|PRIVATE/, path.slice(0, 40))
  }
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  t.match(await raw(`/process/${id}`), /^HTTP\/1\.1 200 /, 'twin')
})

t.test('bodies that are none', async t => {
  const at = await hall(t)
  const token = await at.token('clerk', 'operator')
  const post = (body: string, type = 'application/json', path = '/process') => at.ask('POST', path, token, body, { 'content-type': type })
  const good = JSON.stringify(warrant())
  for (const [what, status, page] of [
    ['not JSON', 400, post('kind: judicial-warrant')],
    ['half of it', 400, post(good.slice(0, -2))],
    ['a list', 400, post(`[${good}]`)],
    ['a text', 400, post(JSON.stringify(good))],
    ['null', 400, post('null')],
    ['nothing', 400, post('')],
    ['a poisoned prototype', 400, post('{"__proto__":{"roles":["counsel"]}}')],
    ['text', 415, post(good, 'text/plain')],
    ['a form', 415, post('kind=x', 'application/x-www-form-urlencoded')],
    ['XML', 415, post('<a/>', 'application/xml')],
    ['JSON by another name', 415, post(good, 'application/jsonx')],
    ['too much', 413, post(JSON.stringify(warrant({ records: 'x'.repeat(300 * 1024) })))],
    ['an unknown member for a step that takes none', 400, post('{"as":"ben"}', 'application/json', '/process/x/verify')],
  ] as const) {
    const answer = await page
    t.equal(answer.status, status, what)
    t.match(answer.json(), { type: '/.haven/problems/malformed', status }, what)
    t.notMatch(answer.text, /SyntaxError|Unexpected|\n\s+at /, what)
  }
  t.same(at.register.processes.list(), [])
  t.equal((await post(good)).status, 201, 'twin')
  t.equal((await post(good, 'application/json; charset=utf-8')).status, 201, 'twin')
  const large = JSON.stringify(
    warrant({ scope: [{ source: 'residents', persons: Array.from({ length: 1000 }, (_, i) => `R-${i}`.padEnd(200, 'x')) }] }),
  )
  t.ok(large.length > 200_000)
  t.equal((await post(large)).status, 201, 'twin: large, and within the limit')
})

t.test('pages: every thing once, in order, whatever the limit', async t => {
  const at = await hall(t)
  const ids: string[] = []
  for (let i = 0; i < 7; i++) ids.push((await at.as('clerk', 'operator', 'POST', '/process', warrant())).json().id)
  const get = async (query: string) => at.as('dot', 'auditor', 'GET', `/process${query}`)
  for (const limit of [1, 2, 3, 6, 7, 8, 1000]) {
    const found: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: { processes: { id: string }[]; next: string | null } = (await get(`?limit=${limit}${after && `&after=${after}`}`)).json()
      t.ok(page.processes.length <= limit)
      found.push(...page.processes.map(({ id }) => id))
      after = page.next
    }
    t.same(found, ids, `limit ${limit}`)
  }
  t.equal((await get('')).json().processes.length, 7)
  t.same((await get(`?after=${ids.at(-1)}`)).json(), { processes: [], next: null })
  for (const query of [
    '?limit=0',
    '?limit=-1',
    '?limit=1001',
    '?limit=1e2',
    '?limit=',
    '?limit=1&limit=2',
    '?after=',
    '?after=nobody',
    '?state=open',
    '?after[]=x',
  ])
    t.equal((await get(query)).status, 400, query)
})

t.test('what only a person with a role may see is kept by no cache', async t => {
  const at = await hall(t)
  const page = await at.as('ana', 'counsel', 'GET', '/process')
  t.equal(page.headers.get('cache-control'), 'no-store')
  t.equal(page.headers.get('x-content-type-options'), 'nosniff')
  t.notOk(page.headers.get('etag'))
  t.equal((await at.ask('GET', '/nowhere', null)).headers.get('cache-control'), 'no-store')
})
