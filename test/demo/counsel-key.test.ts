import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { makeCounselKey } from '../../demo/counsel-key.ts'
import { makeSeal, openSealed } from '../../src/register/seal.ts'

const folder = await mkdtemp(join(tmpdir(), 'haven-demo-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const read = (name: string) => readFile(join(folder, name), 'utf8')

t.test('the gate seals with one half, and only the other half opens', async t => {
  await makeCounselKey(folder)
  const [open, secret] = [JSON.parse(await read('counsel.jwk')), JSON.parse(await read('counsel.private.jwk'))]
  const sealed = await makeSeal(open)('whom it concerns')
  t.equal(await openSealed(sealed, secret), 'whom it concerns')
  t.equal(open.kid, secret.kid)
  await t.rejects(openSealed(sealed, open), /no private part/)
  t.equal((await stat(join(folder, 'counsel.private.jwk'))).mode & 0o777, 0o600)
})

t.test('a second demo keeps the key, and restores the half the gate reads', async t => {
  const secret = await read('counsel.private.jwk')
  await rm(join(folder, 'counsel.jwk'))
  await makeCounselKey(folder)
  t.equal(await read('counsel.private.jwk'), secret)
  t.equal(JSON.parse(await read('counsel.jwk')).kid, JSON.parse(secret).kid)
})

t.test('a file that is no key is not replaced', async t => {
  await writeFile(join(folder, 'counsel.private.jwk'), 'mine')
  await t.rejects(makeCounselKey(folder), SyntaxError)
  t.equal(await read('counsel.private.jwk'), 'mine')
})
