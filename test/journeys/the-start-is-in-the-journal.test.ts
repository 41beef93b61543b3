import t from 'tap'
import { haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const eventOf = (entries: readonly Record<string, unknown>[], kind: string) =>
  entries.find(entry => entry['kind'] === kind)?.['body'] as Record<string, unknown> | undefined

t.test('the journal says under which rulebook and which settings a gate began', async t => {
  const records = await upstream(t, json([]))
  const gate = await haven(t, { upstream: records.url })
  await gate.close()
  const entries = await gate.entries()
  t.match(eventOf(entries, 'rulebook'), { digest: /^[0-9a-f]{64}$/, previous: null })
  t.match(eventOf(entries, 'config'), {
    digest: /^[0-9a-f]{64}$/,
    laws: ['us-ca-los-angeles', 'us-ca'],
    sources: [{ name: 'residents', url: records.url, insecure: false, writes: false }],
  })
})

t.test('another setting is another digest', async t => {
  const records = await upstream(t, json([]))
  const digests = []
  for (const limits of [{}, { requestBytes: '2MiB' }]) {
    const gate = await haven(t, { upstream: records.url, limits, source: { writes: false } })
    await gate.close()
    digests.push(eventOf(await gate.entries(), 'config')?.['digest'])
  }
  t.not(digests[0], digests[1])
})
