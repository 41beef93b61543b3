import t from 'tap'
import { CATALOGUE, haven } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

t.test('a withheld field whose name no header can carry is listed percent-encoded, and the call ends', async t => {
  const { residents } = CATALOGUE.collections
  const catalogue = { ...CATALOGUE, collections: { residents: { ...residents, fields: { ...residents.fields, 国籍: 'status' } } } }
  const records = await upstream(t, json([{ id: 'R-1', 国籍: 'asylee' }]))
  const gate = await haven(t, { upstream: records.url, catalogue })
  const headers = { authorization: `Bearer ${await gate.token()}` }
  const answer = await fetch(`${gate.gate}/residents/residents?id=eq.R-1`, { headers, signal: AbortSignal.timeout(5_000) })
  t.equal(answer.status, 200)
  t.same(await answer.json(), [{ id: 'R-1' }])
  t.match(answer.headers.get('haven-withheld'), /residents\.%E5%9B%BD%E7%B1%8D/)
  t.match(answer.headers.get('haven-withheld'), /residents\.citizenship/, 'other names stay as they are')
})
