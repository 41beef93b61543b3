import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { hall, partsOf, reopen, warrant } from '../admin/hall.ts'
import { commander, run } from './run-admin.ts'

t.test('a warrant is entered from a file, verified by two, shown, and ended', async t => {
  const at = await hall(t)
  const haven = commander(at)
  const [file, paper] = [join(at.home, 'warrant.yaml'), join(at.home, 'warrant.pdf')]
  const { document: _, ...rest } = warrant()
  await writeFile(file, stringify(rest))
  await writeFile(paper, 'the paper itself')
  const digest = createHash('sha256').update('the paper itself').digest('hex')
  const entered = await haven('clerk', 'operator', 'process', 'add', '--file', file, '--document', paper)
  t.match(entered, { code: 0, out: /^entered as [0-9a-f]{32}: it opens nothing until two other people/, err: '' })
  const id = /[0-9a-f]{32}/.exec(entered.out)?.[0] ?? ''
  t.equal(at.register.processes.find(id)?.instrument?.document, digest)
  t.match(await haven('clerk', ['operator', 'counsel'], 'process', 'verify', id), {
    code: 1,
    out: '',
    err: /whoever entered an instrument may not verify it/,
  })
  t.match(await haven('ana', 'counsel', 'process', 'verify', id), {
    code: 0,
    out: /verified by ana: it opens nothing until one more person/,
  })
  t.match(await haven('ana', 'counsel', 'process', 'verify', id), { code: 1, err: /you verified it already/ })
  t.match(await haven('ben', 'counsel', 'process', 'verify', id), { code: 0, out: /verified by ana and ben: it is active/ })
  const shown = await haven('ana', 'counsel', 'process', 'show', id)
  t.match(shown, { code: 0, out: /^ +docket: 2:26-mj-04711$[\s\S]*persons: R-4711, R-4712$/m })
  t.match((await haven('dot', 'auditor', 'process', 'show', id)).out, /persons: 2$/m)
  t.match(await haven('dot', 'auditor', 'process', 'list'), { code: 0, out: new RegExp(`^id .*\n${id}  judicial-warrant  active `) })
  t.match(await haven('cy', 'counsel', 'process', 'revoke', id, '--why', 'withdrawn'), { code: 0, out: /is revoked/ })
  t.equal((await haven('dot', 'auditor', 'process', 'list', '--state', 'active')).out, 'none')
  t.match((await haven('dot', 'auditor', 'process', 'list', '--json')).json(), { processes: [{ id, state: 'revoked' }] })
  t.match((await haven('cy', 'counsel', 'process', 'quash', id, '--why', 'x', '--json')).json(), {
    ok: false,
    problems: [{ message: /revoked already/ }],
  })
})

t.test('mistakes in a file are named with their place before anything is sent', async t => {
  const at = await hall(t)
  const haven = commander(at)
  const [file, paper] = [join(at.home, 'w.yaml'), join(at.home, 'w.pdf')]
  await writeFile(paper, 'x')
  await writeFile(file, stringify(warrant({ kind: 'judicial-warant' })))
  t.match(await haven('clerk', 'operator', 'process', 'add', '--file', file), {
    code: 1,
    err: /w\.yaml:1:1: .*did you mean 'judicial-warrant'/,
  })
  await writeFile(file, stringify(warrant()))
  t.match(await haven('clerk', 'operator', 'process', 'add', '--file', file, '--document', paper), {
    code: 1,
    err: /correct one of the two/,
  })
  t.match(await haven('clerk', 'operator', 'process', 'add', '--file', join(at.home, 'no.yaml')), { code: 1, err: /there is no such file/ })
  t.match(await haven('clerk', 'operator', 'process', 'add', '--file', file, '--document', join(at.home, 'no.pdf')), {
    code: 1,
    err: /no\.pdf/,
  })
  t.same(at.register.processes.list(), [])
  await writeFile(file, JSON.stringify(warrant()))
  t.equal((await haven('clerk', 'operator', 'process', 'add', '--file', file)).code, 0, 'twin: JSON, with its digest')
})

t.test('a form of the agency that asks is entered with a warning that it opens nothing', async t => {
  const at = await hall(t)
  const file = join(at.home, 'i-205.yaml')
  await writeFile(file, stringify(warrant({ kind: 'i-205' })))
  t.match(await commander(at)('clerk', 'operator', 'process', 'add', '--file', file), { code: 0, out: /stays entered and opens nothing/ })
})

t.test('an escape sequence in an instrument does not reach the terminal', async t => {
  const at = await hall(t)
  const records = 'one person\u001b[2K\u001b[1Aeverybody\u202e\u009b31m\r\nstate: active'
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant({ records }))).json()
  const { out } = await commander(at)('ana', 'counsel', 'process', 'show', id)
  t.match(out, /records: one person/)
  t.notMatch(out.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
  t.notMatch(out, /^state: active/m, 'nor does it make a line of its own')
})

t.test('what is not understood is usage', async t => {
  const at = await hall(t)
  const token = join(at.home, 't')
  await writeFile(token, await at.token('ana', 'counsel'))
  const to = ['--admin', at.url, '--token', token]
  for (const words of [
    ['process', 'list'],
    ['process', 'list', '--admin', at.url],
    ['process', 'list', '--token', token],
    ['process', 'list', ...to, '--config', 'haven.yaml'],
    ['process', 'list', '--admin', 'http://haven.city.example', '--token', token],
    ['process', 'list', '--admin', 'file:///etc/passwd', '--token', token],
    ['process', 'list', '--admin', 'http://ana:x@127.0.0.1', '--token', token],
    ['process', 'show', '../holds', ...to],
    ['process', 'show', '..', ...to],
    ['process', 'verify', 'a?b', ...to],
    ['process', 'verify', ...to],
    ['process', 'revoke', 'x', ...to],
    ['process', 'verify', 'x', '--config', 'haven.yaml'],
    ['process', 'approve', 'x', ...to],
  ])
    t.match(await run(words), { code: 2, out: '' }, words.join(' '))
  t.equal((await run(['process', 'list', ...to])).code, 0, 'twin')
})

t.test('a token, and where it goes', async t => {
  const at = await hall(t)
  const token = join(at.home, 't')
  const list = (admin = at.url) => run(['process', 'list', '--admin', admin, '--token', token])
  t.match(await list(), { code: 1, err: /no such file/ })
  for (const text of ['', 'a b', 'x\r\nHost: y', 'ey.ey']) {
    await writeFile(token, text)
    t.match(await list(), { code: 1, err: /does not hold one token/ }, JSON.stringify(text))
  }
  await writeFile(token, await at.token('ana', 'counsel', { expires: 1 }))
  t.match(await list(), { code: 1, err: /token was not accepted/ })
  await writeFile(token, await at.token('stranger', 'counsel'))
  t.match(await list(), { code: 1, err: /identity\.admin\.people/ })
  const bearer = await at.token('ana', 'counsel')
  await writeFile(token, `\n  ${bearer}\n\n`)
  t.equal((await list(`${at.url}/`)).code, 0, 'twin: blanks around it')
  t.match(await list('http://127.0.0.1:1'), { code: 1, err: /nothing answers at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/ })

  const seen: (string | undefined)[] = []
  const thief = createServer((request, reply) => {
    seen.push(request.headers.authorization)
    reply.end('{}')
  })
  const lure = createServer((_request, reply) => reply.writeHead(307, { location: `http://127.0.0.1:${portOf(thief)}/process` }).end())
  for (const server of [thief, lure]) await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.teardown(() => [thief, lure].map(server => server.close()))
  t.match(await list(`http://127.0.0.1:${portOf(lure)}`), { code: 1, err: /answered 307/ })
  t.same(seen, [], 'the token does not follow a redirect')
})

t.test('list and show also look into the files of a gate that does not run; a step never does', async t => {
  const at = await hall(t)
  const { id } = (await at.as('clerk', 'operator', 'POST', '/process', warrant())).json()
  await at.as('ana', 'counsel', 'POST', `/process/${id}/verify`)
  const held = await at.hold('R-4711')
  await at.close()
  const offline = partsOf(() => reopen(at.home))
  t.match((await run(['process', 'list', '--config', 'haven.yaml', '--json'], offline)).json(), {
    processes: [{ id, state: 'entered', verified: [{ by: 'ana' }] }],
  })
  const shown = await run(['process', 'show', id, '--config', 'haven.yaml'], offline)
  t.match(shown, { code: 0, out: /persons: 2$/m })
  t.notMatch(shown.out, /471[12]|mj-0/, 'nobody has a role there')
  t.match(await run(['hold', 'list', '--config', 'haven.yaml'], offline), { code: 0, out: held })
  t.match(await run(['process', 'show', 'nobody', '--config', 'haven.yaml'], offline), { code: 1, err: /there is no nobody/ })
  const locked = partsOf(() => Promise.reject(new Error('journal x is in use by another gate')))
  t.match(await run(['process', 'list', '--config', 'haven.yaml'], locked), { code: 1, err: /in use by another gate/ })
  t.equal((await run(['process', 'verify', id, '--config', 'haven.yaml'], offline)).code, 2)
})

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
