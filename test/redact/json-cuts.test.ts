import t from 'tap'
import { envelope, field, PEOPLE, record, records, type Terms } from './support/build.ts'
import { run, runOrFault, scanner } from './support/run.ts'

const TREATED: Terms = {
  permitted: [
    ['open', 'select'],
    ['personal', 'select'],
    ['locating', 'select'],
  ],
  treatments: [
    ['personal', 'mask'],
    ['locating', 'null'],
  ],
}

t.test('commas stay right wherever a member is cut', async t => {
  const cases = [
    ['{"ssn":1,"id":2,"name":3}', '{"id":2,"name":3}'],
    ['{"id":2,"ssn":1,"name":3}', '{"id":2,"name":3}'],
    ['{"id":2,"name":3,"ssn":1}', '{"id":2,"name":3}'],
    ['{"ssn":1,"x":[{}],"id":2,"y":{"id":9},"ssn":3}', '{"id":2}'],
    ['{"ssn":1,"x":2}', '{}'],
    ['{ "ssn" : 1 , "id" : 2 }', '{   "id" : 2 }'],
    ['{"ssn":1, "x":2,\n"id":3}', '{ \n"id":3}'],
    ['{ "id" : 2 , "ssn" : 1 }', '{ "id" : 2  }'],
  ] as const
  for (const [body, expected] of cases) t.equal(run(PEOPLE, body).out, expected, body)
})

t.test('counts carry names of the catalogue, never names of the answer', async t => {
  const result = run(PEOPLE, '[{"id":1,"ssn":"a","ssn":"b","canary":1,"citizenship":{"x":1}},{"other":[1,{"id":2}],"name":{"o":1}},null]')
  t.equal(result.out, '[{"id":1},{},null]')
  t.same(result.cut, { 'people.ssn': 2, 'people.*': 3, 'people.citizenship': 1 })
  t.equal(result.records, 2)
})

t.test('objects in a field are cut: the member as a whole, or the element from its array', async t => {
  const result = run(PEOPLE, '[{"id":{"a":1},"name":[{"a":1},1,{},[2,{"b":[3]}],null,{}]}]')
  t.equal(result.out, '[{"name":[1,[2],null]}]')
  t.same(result.cut, { 'people.*': 5 })
})

t.test('null and mask say the same for every value and type, and count as withheld', async t => {
  const shape = records({ id: field('id'), name: field('name', 'personal'), home: field('home', 'locating') })
  for (const value of ['"x"', '""', 'null', '12', 'true', '["a",{"b":1}]', '{"a":1}']) {
    const result = run(shape, `[{"name":${value},"id":1,"home":${value}}]`, TREATED)
    t.equal(result.out, '[{"name":"***","id":1,"home":null}]', value)
    t.same(result.cut, { 'people.name': 1, 'people.home': 1 })
  }
})

t.test('nested records follow their own collection, and count within the outermost', async t => {
  const visits = records({ place: field('place'), why: field('why', 'health', 'select', 'visits') }, null, 'visits')
  const shape = envelope({
    items: records({ id: field('id'), visits, home: record({ zip: field('zip') }, null, 'homes') }),
    total: field('total'),
  })
  const body = '{"total":9,"debug":1,"items":[{"id":1,"visits":[{"place":"p","why":"w"},7,[{"place":"q"}]],"home":{"zip":1,"x":2}},"s"]}'
  const result = run(shape, body)
  t.equal(result.out, '{"total":9,"items":[{"id":1,"visits":[{"place":"p"}],"home":{"zip":1}}]}')
  t.same(result.cut, { 'people.*': 2, 'visits.*': 2, 'homes.*': 1, 'visits.why': 1 })
  t.equal(result.records, 1)
  t.equal(run(shape, '{"items":{"id":1,"visits":null,"home":[{"zip":1}]}}').out, '{"items":{"id":1,"visits":null}}')
})

t.test('a string longer than every limit streams through as it comes', async t => {
  const json = scanner(PEOPLE, {}, { valueBytes: 1000 })
  const part = Buffer.alloc(100_000, 'é"'.slice(0, 1))
  let left = json.write(Buffer.from('[{"name":"')).length
  for (let i = 0; i < 50; i++) {
    const out = json.write(part)
    t.ok(out.length >= part.length - 2, 'nothing is kept back')
    left += out.length
  }
  left += json.write(Buffer.from('"}]')).length + json.end().length
  t.equal(left, 50 * 100_000 + 13)
})

t.test('names are matched as exact code points', async t => {
  const shape = records({ é: field('e'), '😀': field('smile'), '': field('empty') })
  t.equal(run(shape, '[{"\\u00e9":1,"e\u0301":2,"\\ud83d\\ude00":3,"":4}]').out, '[{"\\u00e9":1,"\\ud83d\\ude00":3,"":4}]')
  t.equal(runOrFault(shape, '[{"\\ud83d":1}]'), 'upstream.uninspectable')
  t.equal(runOrFault(shape, '[{"x":{"\\ude00":1}}]'), 'upstream.uninspectable')
  t.equal(run(shape, '[{"é":"\\ud83d"}]').out, '[{"é":"\\ud83d"}]')
})
