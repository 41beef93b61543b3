import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { makeSeal, openSealed } from '../../src/register/seal.ts'
import { hall } from '../admin/hall.ts'
import { commander, run } from './run-admin.ts'

t.test('counsel lists, opens with the key, releases and refuses', async t => {
  const at = await hall(t)
  const haven = commander(at)
  const [one, two] = [await at.hold('R-4711'), await at.hold('R-4712')]
  const key = join(at.home, 'counsel.key')
  await writeFile(key, JSON.stringify(at.counselKey), { mode: 0o600 })
  const listed = await haven('dot', 'auditor', 'hold', 'list', '--state', 'open')
  t.match(listed, { code: 0, out: new RegExp(`${one} +counsel +open[\\s\\S]*${two} `) })
  t.notMatch((await haven('ana', 'counsel', 'hold', 'show', one)).out, /R-4711/)
  const opened = await haven('ana', 'counsel', 'hold', 'show', one, '--counsel-key', key)
  t.match(opened, { code: 0, out: /^ +dataSubjects: R-4711$/m })
  t.match((await haven('ana', 'counsel', 'hold', 'show', one, '--counsel-key', key, '--json')).json(), {
    id: one,
    sealed: String,
    query: { dataSubjects: ['R-4711'] },
  })
  t.match(await haven('dot', 'auditor', 'hold', 'show', one, '--counsel-key', key), { code: 1, out: '', err: /you need the role counsel/ })
  await chmod(key, 0o644)
  t.match(await haven('ana', 'counsel', 'hold', 'show', one, '--counsel-key', key), { code: 1, err: /open to others/ })
  const other = join(at.home, 'other.key')
  await run(['hold', 'key', '--out', other])
  t.match(await haven('ana', 'counsel', 'hold', 'show', one, '--counsel-key', other), { code: 1, err: /this key does not open it/ })

  const release = (...more: string[]) => haven('ana', 'counsel', 'hold', 'release', one, '--reason', 'the programme needs it', ...more)
  t.match(await release('--hours', 'many'), { code: 2, err: /write a number from 1 to 168/ })
  t.match(await release('--hours', '169'), { code: 1, err: /hours: / })
  t.match(await release('--class', 'everything'), { code: 1, err: /classes\.0: / })
  t.match(await haven('dot', 'auditor', 'hold', 'release', one, '--reason', 'x'), { code: 1, err: /role counsel/ })
  t.match(await release('--class', 'locating', '--rule', 'a-law/a-rule', '--hours', '2'), { code: 0, out: `${one} is released` })
  t.match(at.register.holds.list()[0], { state: 'released', release: { classes: ['locating'], rules: ['a-law/a-rule'], by: ['ana'] } })
  t.match(await haven('ana', 'counsel', 'hold', 'refuse', one, '--reason', 'x'), { code: 0, out: `${one} is refused` }, 'withdrawn')
  t.match(await haven('ana', 'counsel', 'hold', 'refuse', one, '--reason', 'x'), { code: 1, out: '' })
  t.match(await haven('ana', 'counsel', 'hold', 'refuse', two, '--reason', 'x'), { code: 0, out: `${two} is refused` }, 'twin')
})

t.test('where two must agree, the first is told that another one is needed', async t => {
  const at = await hall(t)
  const id = await at.hold('R-1', { people: 2 })
  const release = (sub: string) => commander(at)(sub, 'counsel', 'hold', 'release', id, '--reason', 'x')
  t.match(await release('ana'), { code: 0, out: /is open: another person with the role counsel must release it too/ })
  t.match(await release('ben'), { code: 0, out: `${id} is released` })
})

t.test('a key for counsel: only its file opens what the gate seals, and only counsel reads the file', async t => {
  const at = await hall(t)
  const file = join(at.home, 'new.key')
  const made = await run(['hold', 'key', '--out', file])
  t.match(made, { code: 0, err: /counselKey: keys\/counsel\.jwk/ })
  t.equal((await stat(file)).mode & 0o777, 0o600)
  const publicJwk = made.json()
  t.same(Object.keys(publicJwk), ['kty', 'crv', 'x', 'y', 'kid', 'use'], 'nothing private is printed')
  const privateJwk = JSON.parse(await readFile(file, 'utf8'))
  t.equal(await openSealed(await makeSeal(publicJwk)('a query'), privateJwk), 'a query')
  t.throws(() => makeSeal(privateJwk), /holds a secret/, 'the gate does not take the private one')
  const before = await readFile(file, 'utf8')
  t.match(await run(['hold', 'key', '--out', file]), { code: 1, out: '' }, 'a key is not overwritten')
  t.equal(await readFile(file, 'utf8'), before)
  t.match((await run(['hold', 'key', '--out', join(at.home, 'second.key'), '--json'])).err, '')
})
