import t from 'tap'
import { redact } from '../../src/redact/redact.ts'
import { Fault } from '../../src/terms/faults.ts'
import type { Obligation } from '../../src/terms/law.ts'
import { answer, envelope, field, LIMITS, PEOPLE, receipt, record, records } from './support/build.ts'
import { lifted, relation } from './support/relation.ts'
import { bodyOf, run, runOrFault, scanner } from './support/run.ts'

const MEMBERS = { id: field('id'), name: field('name', 'personal'), ssn: field('ssn', 'status-proxy') }
const OWN = records(MEMBERS, 'id')
const ANA = { ownKey: '7' }

t.test('only records whose key is the own one leave, and commas stay right', async t => {
  const cases = [
    ['[{"id":7,"name":"a"},{"id":8,"name":"b"}]', '[{"id":7,"name":"a"}]'],
    ['[{"id":8,"name":"b"},{"id":7,"name":"a"}]', '[{"id":7,"name":"a"}]'],
    ['[{"id":8},{"name":"a","ssn":1,"id":"7"},{"id":9},{"id":7},{"id":77}]', '[{"name":"a","id":"7"},{"id":7}]'],
    ['[{"id":8},{"id":9}]', '[]'],
    ['[null,{"id":8},null]', '[]'],
    [' [{"id":7}, null ] ', '[{"id":7} ] '],
    ['[{"name":"without a key"},{"id":7}]', '[{"id":7}]'],
    ['[{"id":7,"id":8},{"id":7,"id":7},{"id":8,"id":7},{"id":7}]', '[{"id":7}]'],
    ['[{"id":7.0},{"id":70e-1},{"id":[7]},{"id":{"id":7}},{"id":null},{"id":" 7"},{"id":"\\u0037"}]', '[{"id":"\\u0037"}]'],
    ['[{"\\u0069d":7,"id":8},{"\\u0069d":7}]', '[{"\\u0069d":7}]'],
    ['[{"x":{"id":7},"id":8},{"x":{"id":8},"id":7}]', '[{"id":7}]'],
  ] as const
  for (const [body, expected] of cases) {
    t.equal(run(OWN, body, {}, ANA).out, expected, body)
    for (const sizes of [[1], [3, 5]]) t.same(run(OWN, body, {}, { ...ANA, sizes }), run(OWN, body, {}, ANA))
  }
  t.equal(run(OWN, '[{"id":7},{"id":8}]').out, '[{"id":7},{"id":8}]', 'without the obligation')
})

t.test('what a dropped record held is not counted; the record itself is', async t => {
  const result = run(OWN, '[{"id":8,"ssn":1,"x":1},{"id":7,"ssn":2},{"id":9,"x":[]}]', {}, ANA)
  t.same(result, { out: '[{"id":7}]', records: 1, cut: { 'people.*': 2, 'people.ssn': 1 } })
})

t.test('the key is judged where it is not released itself', async t => {
  const hidden = records({ id: field('id', 'status'), name: field('name', 'personal') }, 'id')
  t.equal(run(hidden, '[{"id":7,"name":"a"},{"id":8,"name":"b"}]', {}, ANA).out, '[{"name":"a"}]')
  const unlisted = records({ name: field('name', 'personal') }, 'id')
  t.equal(run(unlisted, '[{"name":"a","id":7},{"name":"b","id":8}]', {}, ANA).out, '[{"name":"a"}]')
})

t.test('in an envelope: one record or many; values outside every record are cut', async t => {
  const shape = envelope({ total: field('total'), items: OWN, one: record(MEMBERS, 'id') })
  t.equal(run(shape, '{"total":2,"items":[{"id":8},{"id":7}],"one":{"id":8}}', {}, ANA).out, '{"items":[{"id":7}]}')
  t.equal(run(shape, '{"one":{"id":7},"items":{"id":8}}', {}, ANA).out, '{"one":{"id":7}}')
  t.equal(run(shape, '{"items":{"id":8},"one":{"id":7}}', {}, ANA).out, '{"one":{"id":7}}')
  t.equal(run(shape, '{"items":{"id":7},"one":{"id":8}}', {}, ANA).out, '{"items":{"id":7}}')
  for (const none of ['null', '{"id":8}']) t.equal(run(shape, `{"items":${none},"one":${none}}`, {}, ANA).out, '{}', none)
})

t.test('nested records share the fate of the outer one', async t => {
  const shape = records({ ...MEMBERS, visits: records(MEMBERS, 'id', 'visits') }, 'id')
  const body = '[{"visits":[{"id":8}],"id":7},{"visits":[{"id":7}],"id":8}]'
  t.equal(run(shape, body, {}, ANA).out, '[{"visits":[{"id":8}],"id":7}]')
})

t.test('inside one’s own record, records of the same collection are other people’s', async t => {
  const family = records(MEMBERS, 'id')
  const visits = records({ place: field('place'), people: family }, null, 'visits')
  const shape = records({ ...MEMBERS, family, one: record(MEMBERS, 'id'), visits, lifted: lifted(relation('family', 'people')) }, 'id')
  const body = '[{"id":7,"family":[{"id":8}],"one":{"id":8},"visits":[{"place":"p","people":[{"id":8}]}],"lifted":"Leo"}]'
  const own = run(shape, body, {}, ANA)
  t.equal(own.out, '[{"id":7,"visits":[{"place":"p"}]}]')
  t.same(own.cut, { 'people.*': 3, 'people.family': 1 })
  t.equal(run(shape, body).out, body, 'without the obligation')
  const around = envelope({ items: records({ ...MEMBERS, family }, 'id') })
  t.equal(run(around, '{"items":[{"id":7,"family":[{"id":8}]}]}', {}, ANA).out, '{"items":[{"id":7}]}')
})

t.test('one line a record: foreign lines go with their newline', async t => {
  const options = { ...ANA, lines: true }
  t.equal(run(OWN, '{"id":8}\n{"id":7}\r\n{"id":9}\r\n{"id":7}', {}, options).out, '{"id":7}\r\n{"id":7}')
  t.equal(run(OWN, '{"id":8}\n', {}, options).out, '')
})

t.test('a held record is bounded by valueBytes, wherever the chunks are cut', async t => {
  const body = (size: number) => `[{"name":"${'n'.repeat(size)}","id":7}]`
  for (const sizes of [[], [1], [10, 90]]) {
    t.equal(runOrFault(OWN, body(200), {}, { ...ANA, valueBytes: 100, sizes }), 'upstream.uninspectable')
    t.equal(run(OWN, body(80), {}, { ...ANA, valueBytes: 100, sizes }).out, body(80))
  }
  const endless = scanner(OWN, {}, { ...ANA, valueBytes: 100 })
  endless.write(Buffer.from('[{"name":"'))
  endless.write(Buffer.alloc(80, 'n'))
  t.throws(() => endless.write(Buffer.alloc(80, 'n')), { code: 'upstream.uninspectable' }, 'before the record ends')
  const key = (size: number) => `[{"id":"${'7'.repeat(size)}"},{"id":7}]`
  for (const sizes of [[], [999]]) {
    t.equal(runOrFault(OWN, key(40_000), {}, { ...ANA, sizes }), 'upstream.uninspectable')
    t.equal(run(OWN, key(30_000), {}, { ...ANA, sizes }).out, '[{"id":7}]')
  }
})

const SELF: readonly Obligation[] = [{ only: 'self' }]

t.test('through the door: one foreign record looks like no record, small or long', async t => {
  const single = record(MEMBERS, 'id')
  const one = (id: number, size: number) =>
    redact(answer([`{"name":"${'n'.repeat(size)}",`, `"id":${id}}`]), receipt(single, { obligations: SELF }, { city: '7' }), LIMITS, 'GET')
  for (const size of [10, 200_000]) {
    t.equal((await bodyOf(await one(7, size))).length, size + 18)
    await t.rejects(one(8, size), { code: 'upstream.refused', reply: 'upstream', upstreamStatus: 404 })
  }
  const ask = (body: string) => redact(answer([body]), receipt(single, { obligations: SELF }, { city: '7' }), LIMITS, 'GET')
  for (const none of ['null', `${' '.repeat(70_000)}{"id":8}`, `${' '.repeat(70_000)}null`]) {
    await t.rejects(ask(none), { code: 'upstream.refused', reply: 'upstream', upstreamStatus: 404 })
  }
  t.equal(await bodyOf(await ask(`${' '.repeat(70_000)}{"id":7}`)), '{"id":7}')
})

t.test('through the door: obligations nobody carries out stop the answer before a byte', async t => {
  const ask = (obligations: readonly Obligation[], own: Record<string, string>, shape = OWN) => {
    const upstream = answer(['[{"id":7}]'])
    return { upstream, released: redact(upstream, receipt(shape, { obligations }, own), LIMITS, 'GET') }
  }
  const unmet: readonly (readonly [readonly Obligation[], Record<string, string>, typeof OWN])[] = [
    [[{ only: 'named-in-process' }], { city: '7' }, OWN],
    [[{ minimumCount: 11 }], { city: '7' }, OWN],
    [[{ treat: 'tokenize', of: ['open'] }], { city: '7' }, OWN],
    [SELF, { other: '7' }, OWN],
    [SELF, { city: '7' }, PEOPLE],
  ]
  for (const [obligations, own, shape] of unmet) {
    const { upstream, released } = ask(obligations, own, shape)
    await t.rejects(released, { code: 'obligation.unmet', reply: 'unavailable' })
    t.ok(upstream.destroyed() > 0)
  }
  t.equal(await bodyOf(await ask(SELF, { city: '7' }).released), '[{"id":7}]')
  t.equal(await bodyOf(await ask([{ notify: 'attorney-general' }, { review: 'yearly' }], {}).released), '[{"id":7}]')
})

t.test('through the door: a call that was not placed has nothing of its own', async t => {
  const placed = receipt(OWN, { obligations: SELF }, { city: '7' })
  const reason = { code: 'party.unknown-agency', rule: null, cite: [], text: '' } as const
  const parties = { kind: 'party-refusal', reply: 'not-permitted', requester: null, login: null, reason, detail: '' } as const
  const unplaced = { ...placed, judgement: { ...placed.judgement, parties } }
  await t.rejects(redact(answer(['[]']), unplaced, LIMITS, 'GET'), { code: 'obligation.unmet' })
  await t.rejects(redact(answer(['[]']), { ...placed, judgement: { ...placed.judgement, query: null } }, LIMITS, 'GET'), Fault)
  t.equal(await bodyOf(await redact(answer(['[]']), placed, LIMITS, 'GET')), '[]')
})
