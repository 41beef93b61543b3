import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { city, instrument, STAFF } from '../support/city.ts'
import { caseworker, sign } from '../support/haven.ts'
import { spawnGate } from '../support/spawn-gate.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

t.test('a token for one address of a running gate opens nothing at the other', async t => {
  const la = await city(t)
  const get = async (url: string, token: string) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status
  const record = `${la.gate}/residents/people?select=id&id=eq.11`
  const claims = { ...caseworker, sub: 'ana', roles: ['counsel', 'auditor', 'operator'] }
  const forGate = await sign(la.keys, claims, {})
  const forAdmin = await sign(la.keys, claims, { issuer: STAFF, audience: 'haven-admin' })
  t.equal(await get(`${la.admin}/process`, forGate), 401)
  t.equal(await get(record, forAdmin), 401)
  t.equal(
    await get(`${la.admin}/process`, await sign(la.keys, claims, { audience: 'haven-admin' })),
    401,
    "the gate's issuer, for the admin address",
  )
  t.equal(await get(`${la.admin}/process`, await sign(la.keys, claims, { issuer: STAFF })), 401, "the admin's issuer, for the gate")
  t.equal(await get(record, forGate), 200, 'twin')
  t.equal(await get(`${la.admin}/process`, forAdmin), 200, 'twin')
})

t.test('commands beside a running gate, and in its files once it has stopped', async t => {
  const gate = await spawnGate(t)
  const admin = await gate.start()
  const token = join(gate.journal, '..', 'clerk.token')
  const file = join(gate.journal, '..', 'warrant.json')
  await writeFile(token, await sign(gate.keys, { sub: 'clerk', roles: 'operator' }, { issuer: STAFF, audience: 'haven-admin' }))
  await writeFile(file, JSON.stringify(instrument({ scope: [{ source: 'residents', persons: ['11'] }] })))
  const haven = (...words: string[]) => spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' })
  const online = ['--admin', admin, '--token', token]
  const added = haven('process', 'add', '--file', file, ...online, '--json')
  t.equal(added.status, 0, added.stderr)
  const { id } = JSON.parse(added.stdout)
  t.match(haven('process', 'list', ...online), { status: 0, stdout: id })
  const offline = haven('process', 'list', '--config', gate.configFile)
  t.match(offline, { status: 1, stdout: '', stderr: /in use by another gate/ }, 'not beside a gate that would know better')
  t.equal(haven('process', 'verify', id, '--config', gate.configFile).status, 2, 'a step needs a token')
  await gate.stop()
  t.match(haven('process', 'list', ...online), { status: 1, stderr: /nothing answers/ })
  t.match(haven('process', 'show', id, '--config', gate.configFile), { status: 0, stdout: /^ +persons: 1$/m }, 'twin')
  await gate.start()
})
