import t from 'tap'
import { haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

t.test('a count that is no number is some other value under its name, and does not leave', async t => {
  for (const value of ['asylee', ['asylee'], { citizenship: 'asylee' }, null, true]) {
    const records = await upstream(t, json([{ count: value }]))
    const gate = await haven(t, { upstream: records.url })
    const answer = await gate.get('/residents/residents?select=count()')
    t.equal(answer.status, 200)
    t.same(answer.json(), [{}], JSON.stringify(value))
    await gate.close()
  }
})

t.test('a count that is a number leaves as it is', async t => {
  const records = await upstream(t, json([{ count: 1234567890123 }]))
  const gate = await haven(t, { upstream: records.url })
  t.equal((await gate.get('/residents/residents?select=count()')).text, '[{"count":1234567890123}]')
})
