import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import { instrument, STAFF } from '../support/city.ts'
import { sign } from '../support/haven.ts'
import { spawnGate } from '../support/spawn-gate.ts'

/** What a client was told: which step of which process was taken. */
interface Told {
  readonly id: string
  readonly step: 'entered' | 'verified' | 'revoked'
  readonly by: string
}

interface Listed {
  readonly id: string
  readonly verified: readonly { readonly by: string }[]
  readonly ended: { readonly step: string } | null
  readonly instrument: unknown
}

t.test('eight writers, kill -9: every step a client was told of is there, and none is there by half', async t => {
  const gate = await spawnGate(t)
  const told: Told[] = []
  const started = new Set<string>()
  const staff = async (person: string, roles: string[]) =>
    sign(gate.keys, { sub: person, roles }, { issuer: STAFF, audience: 'haven-admin' })
  const tokens = { clerk: await staff('clerk', ['operator']), ana: await staff('ana', ['counsel']), ben: await staff('ben', ['counsel']) }
  let admin = await gate.start()
  const writing = new AbortController()
  const post = async (path: string, person: keyof typeof tokens, body: object) => {
    const headers = { authorization: `Bearer ${tokens[person]}`, 'content-type': 'application/json' }
    const answer = await fetch(admin + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return answer.ok ? ((await answer.json()) as { id: string }) : null
  }
  const writer = async () => {
    while (!writing.signal.aborted) {
      try {
        const entered = await post('/process', 'clerk', instrument({ scope: [{ source: 'residents', persons: ['11'] }] }))
        if (!entered) continue
        const { id } = entered
        started.add(id)
        told.push({ id, step: 'entered', by: 'clerk' })
        for (const by of ['ana', 'ben'] as const) if (await post(`/process/${id}/verify`, by, {})) told.push({ id, step: 'verified', by })
        if (await post(`/process/${id}/revoke`, 'ana', { why: 'a test' })) told.push({ id, step: 'revoked', by: 'ana' })
      } catch {
        await wait(20) // the gate is gone: that is the test
      }
    }
  }
  const writers = Array.from({ length: 8 }, writer)
  for (let kill = 0; kill < 3; kill++) {
    const before = told.length
    await wait(700)
    t.ok(told.length > before, `steps were taken before kill ${kill + 1} (${told.length - before})`)
    await gate.kill()
    admin = await gate.start()
  }
  await wait(300)
  writing.abort()
  await Promise.all(writers)

  const after = new Map<string, Listed>()
  for (let page = ''; ; ) {
    const answer = await fetch(`${admin}/process?limit=1000${page}`, { headers: { authorization: `Bearer ${tokens.ana}` } })
    const { processes } = (await answer.json()) as { processes: Listed[] }
    for (const one of processes) after.set(one.id, one)
    const last = processes.at(-1)
    if (processes.length < 1000) break
    page = `&after=${last?.id}`
  }
  const lost = told.filter(({ id, step, by }) => {
    const found = after.get(id)
    if (!found) return true
    return step === 'verified' ? !found.verified.some(one => one.by === by) : step === 'revoked' ? found.ended?.step !== 'revoked' : false
  })
  t.same(lost, [], `${told.length} steps were told, none is lost`)
  const half = [...after.values()].filter(({ instrument: content }) => content === null)
  t.same(half, [], 'no process without its content')
  const twice = [...after.values()].filter(({ verified }) => new Set(verified.map(({ by }) => by)).size !== verified.length)
  t.same(twice, [], 'nobody counts twice')
  await gate.stop()
  let steps = 0
  for await (const { entry } of readJournal(gate.journal)) if (entry.kind === 'process') steps++
  t.ok(steps >= told.length, `${steps} steps in the journal`)
})
