import t from 'tap'
import { facts, inspect, refusal } from '../query/support/residents.ts'

/** A path must be refused under both dialects, whatever its segments would become after another round of normalising. */
function refused(test: Pick<typeof t, 'match'>, path: string) {
  test.match(refusal(inspect(`GET /people${path}`)), /^(call\.ambiguous|source\.unknown-path)$/, path)
  test.match(refusal(inspect(`GET /residents${path}`)), /^(call\.ambiguous|source\.unknown-path)$/, path)
}

t.test('74 dot segments with matrix parameters', async t => {
  for (const path of [
    '/residents/..;foo=bar/admin',
    '/residents/..;/admin',
    '/residents;status=tps',
    '/residents/1;x=y',
    '/residents/%3Bx',
    '/residents%3Bstatus=tps',
  ])
    refused(t, path)
})

t.test('75 and 79 normalising: dot segments, encoded dots, doubled and encoded slashes', async t => {
  for (const path of [
    '/residents/../admin',
    '/residents/%2e%2e%2fadmin',
    '/residents/%2e%2e/admin',
    '/residents/.%2e',
    '/residents/.',
    '/residents//1',
    '//residents',
    '/residents/',
    '/residents%2F1',
    '/residents/1%2F2',
    '/residents/%5C..%5Cadmin',
    '/residents\\1',
    '/residents/%252e%252e',
    '/residents/1%00',
    '/residents/1%0a',
  ]) {
    refused(t, path)
  }
})

t.test('76 a fragment in the request line', async t => {
  for (const path of ['/residents#foo', '/residents/1#foo', '/residents/%23foo']) refused(t, path)
  t.equal(refusal(inspect('GET /people/residents?age=1#x')), 'call.ambiguous')
})

t.test('83 a parameter that would end the path', async t => {
  for (const path of ['/residents/a%2Fb%3F', '/residents/a%3Fb=c', '/residents/1%3Fstatus=tps']) refused(t, path)
})

t.test('twins: ordinary paths pass, written anew', async t => {
  t.equal(facts(inspect('GET /people/residents/C-1006')).upstream.target, '/residents/C-1006')
  t.equal(facts(inspect('GET /people/%72esidents/a.b@c')).upstream.target, '/residents/a.b%40c')
  t.equal(facts(inspect('GET /people/residents/by-zip/90%20012')).upstream.target, '/residents/by-zip/90%20012')
  t.ok(facts(inspect('GET /residents/%72esidents')).upstream.target.startsWith('/residents?'))
})
