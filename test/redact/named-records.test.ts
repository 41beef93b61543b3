import t from 'tap'
import { redact } from '../../src/redact/redact.ts'
import type { Consulted, Paper } from '../../src/terms/consulted.ts'
import type { DataClass } from '../../src/terms/data-class.ts'
import type { Obligation } from '../../src/terms/law.ts'
import type { AnswerShape } from '../../src/terms/query-facts.ts'
import { answer, envelope, field, LIMITS, receipt, record, records } from './support/build.ts'
import { consulting, paperFor, related } from './support/paper.ts'
import { lifted, relation } from './support/relation.ts'
import { bodyOf, type RunOptions, run, runOrFault } from './support/run.ts'

const MEMBERS = { id: field('id'), name: field('name', 'personal'), ssn: field('ssn', 'status-proxy'), on: field('on') }
const PEOPLE = records(MEMBERS, 'id')
const EVERY = { permitted: (['open', 'personal', 'status-proxy'] as const).map(name => [name, 'select'] as const) }
const NAMED = ['people.id', 'people.name', 'people.on']
const PAPER = paperFor(['7', 'r-8'], NAMED)

const under = (paper: Paper, shape: AnswerShape, body: string, options: RunOptions = {}) => run(shape, body, EVERY, { paper, ...options })

t.test('only records of the named persons leave, and of them only the named fields', async t => {
  const body = '[{"id":7,"name":"a","ssn":1},{"id":8,"name":"b"},{"name":"c","id":"r-8","on":2},{"id":"7","ssn":[1]},null,{"name":"d"}]'
  const expected = '[{"id":7,"name":"a"},{"name":"c","id":"r-8","on":2},{"id":"7"}]'
  const result = under(PAPER, PEOPLE, body)
  t.same(result, { out: expected, records: 3, cut: { 'people.ssn': 2, 'people.*': 3 } })
  for (const sizes of [[1], [3, 5], [64]]) t.same(under(PAPER, PEOPLE, body, { sizes }), result)
  t.equal(run(PEOPLE, body, EVERY).records, 5, 'without the obligation: the twin')
})

t.test('the key is compared as it is written', async t => {
  for (const key of ['"7"', '7', '"\\u0037"']) t.equal(under(PAPER, PEOPLE, `[{"id":${key},"name":"a"}]`).records, 1, key)
  for (const key of ['7.0', '"7 "', '" 7"', '07e0', '70e-1', '-7', '[7]', '{"id":7}', 'null', 'true', '"R-8"', '"７"', '77']) {
    const out = runOrFault(PEOPLE, `[{"id":${key},"name":"a"}]`, EVERY, { paper: PAPER })
    t.ok(out === 'upstream.uninspectable' || (typeof out === 'object' && out.out === '[]'), key)
  }
  t.equal(under(PAPER, PEOPLE, '[{"id":7,"id":7},{"id":7,"id":8},{"id":8,"\\u0069d":7},{"id":7}]').out, '[{"id":7}]')
})

t.test('a household comes back as the one person', async t => {
  const shape = records({ ...MEMBERS, family: related('family', 'people', MEMBERS, 'id') }, 'id')
  const paper = paperFor(['7', 'r-8'], [...NAMED, 'people.family'])
  const body = '[{"id":7,"family":[{"id":9,"name":"x"},{"id":"r-8","name":"b","ssn":1},{"name":"y"}]},{"id":9,"family":[{"id":7}]}]'
  for (const sizes of [[], [1], [7]])
    t.equal(under(paper, shape, body, { sizes }).out, '[{"id":7,"family":[{"id":"r-8","name":"b"}]}]', 'the person named, nobody beside')
  t.equal(under(paper, shape, '[{"id":7,"family":{"id":9},"name":"a"}]').out, '[{"id":7,"name":"a"}]')
  t.equal(under(paper, shape, '[{"family":{"id":7},"id":7,"name":"a"}]').out, '[{"family":{"id":7},"id":7,"name":"a"}]')
  t.equal(under(paper, shape, '[{"id":7,"family":null}]').out, '[{"id":7}]', 'nobody there looks like somebody else there')
  t.equal(under(PAPER, shape, body).out, '[{"id":7}]', 'a relation the process does not name')
  const keyless = records({ ...MEMBERS, family: related('family', 'people', { name: field('name', 'personal') }, null) }, 'id')
  t.equal(under(paper, keyless, '[{"id":7,"family":[{"name":"x"}]}]').out, '[{"id":7}]', 'nobody can tell whose name it is')
})

t.test('a dropped record inside a record takes its counts back, and nothing else', async t => {
  const shape = records({ ...MEMBERS, family: related('family', 'people', MEMBERS, 'id') }, 'id')
  const paper = paperFor(['7'], [...NAMED, 'people.family'])
  const result = under(paper, shape, '[{"ssn":1,"family":[{"ssn":1,"id":8,"x":1},{"ssn":2,"id":7}],"id":7}]')
  t.same(result, { out: '[{"family":[{"id":7}],"id":7}]', records: 1, cut: { 'people.ssn': 2, 'people.*': 1 } })
})

t.test('records of other collections leave field by field, where process names relation and field', async t => {
  const visits = { place: field('place', 'open', 'select', 'visits'), note: field('note', 'personal', 'select', 'visits') }
  const people = related('people', 'people', MEMBERS, 'id', 'visits')
  const shape = records({ ...MEMBERS, visits: related('visits', 'visits', { ...visits, people }, null) }, 'id')
  const body = '[{"id":7,"visits":[{"place":"p","note":"n","people":[{"id":9},{"id":7}]}]}]'
  const named = [...NAMED, 'people.visits', 'visits.place']
  t.equal(under(paperFor(['7'], named), shape, body).out, '[{"id":7,"visits":[{"place":"p"}]}]')
  t.equal(under(paperFor(['7'], [...named, 'visits.people']), shape, body).out, '[{"id":7,"visits":[{"place":"p","people":[{"id":7}]}]}]')
  t.equal(under(paperFor(['7'], NAMED), shape, body).out, '[{"id":7}]')
})

t.test('what a spread lifted has no key left', async t => {
  const visit = relation('visits', 'visits')
  const shape = (by: ReturnType<typeof relation>) => records({ ...MEMBERS, n: lifted(by) }, 'id')
  const named = [...NAMED, 'people.visits', 'people.family', 'visits.id']
  t.equal(under(paperFor(['7'], named), shape(visit), '[{"id":7,"n":1}]').out, '[{"id":7,"n":1}]')
  t.equal(under(paperFor(['7'], named), shape(relation('family', 'people')), '[{"id":7,"n":1}]').out, '[{"id":7}]')
  t.equal(under(paperFor(['7'], named), shape({ ...visit, through: ['people', 'visits'] }), '[{"id":7,"n":1}]').out, '[{"id":7}]')
  t.equal(under(paperFor(['7'], NAMED), shape(visit), '[{"id":7,"n":1}]').out, '[{"id":7}]')
  const place = { field: 'on', values: ['x'] }
  t.equal(under(paperFor(['7'], named, { at: place }), shape(visit), '[{"id":7,"on":"x","n":1}]').out, '[{"id":7,"on":"x"}]')
})

t.test('days and places: a record that does not show its own does not leave', async t => {
  const days = paperFor(['7'], NAMED, { between: { field: 'on', from: '2026-03-01', until: '2026-03-31' } })
  for (const on of ['"2026-03-01"', '"2026-03-31T23:59:59Z"', '"2026-03-15 10:00:00"'])
    t.equal(under(days, PEOPLE, `[{"id":7,"on":${on}}]`).records, 1, on)
  for (const on of ['"2026-02-28"', '"2026-04-01"', '"x2026-03-05"', '"2026-03-055"', '20260305', 'null', '["2026-03-05"]', '""'])
    t.equal(under(days, PEOPLE, `[{"id":7,"on":${on}}]`).out, '[]', on)
  t.equal(under(days, PEOPLE, '[{"id":7},{"id":7,"on":"2026-03-05","on":"2026-03-05"},{"id":8,"on":"2026-03-05"}]').out, '[]')
  t.equal(under(days, PEOPLE, '[{"on":"2026-03-05","id":7,"name":"a"}]').records, 1, 'before the key')
  t.equal(under(days, records({ id: field('id'), name: field('name') }, 'id'), '[{"id":7,"on":"2026-03-05"}]').out, '[]', 'not asked for')
  const hidden = paperFor(['7'], ['people.id'], { between: { field: 'on', from: '2026-03-01', until: '2026-03-31' } })
  t.equal(under(hidden, PEOPLE, '[{"id":7,"on":"2026-03-05"}]').out, '[{"id":7}]', 'judged by what does not leave itself')
  const place = paperFor(['7'], NAMED, { at: { field: 'name', values: ['Main', '12'] } })
  const body = '[{"id":7,"name":"Main"},{"id":7,"name":12},{"id":7,"name":"main"},{"id":7,"name":"Main "},{"id":7}]'
  t.equal(under(place, PEOPLE, body).out, '[{"id":7,"name":"Main"},{"id":7,"name":12}]')
})

t.test('a day under another field’s alias proves nothing', async t => {
  const days = paperFor(['7'], NAMED, { between: { field: 'on', from: '2026-03-01', until: '2026-03-31' } })
  const swapped = records({ id: field('id'), on: field('name', 'personal'), d: field('on') }, 'id')
  t.equal(under(days, swapped, '[{"id":7,"on":"2026-03-05","d":"2025-01-01"}]').out, '[]')
  t.equal(under(days, swapped, '[{"id":7,"on":"2025-01-01","d":"2026-03-05"}]').records, 1)
  const computed = records({ id: field('id'), on: field('on', 'open', 'computed') }, 'id')
  t.equal(under(days, computed, '[{"id":7,"on":"2026-03-05"}]').out, '[]')
})

t.test('what stands outside every record leaves only where nobody else was asked about', async t => {
  const shape = envelope({ total: field('*'), items: PEOPLE })
  const named = paperFor(['7'], [...NAMED, 'people.*'])
  const body = '{"total":40,"items":[{"id":8},{"id":7}]}'
  t.equal(under(named, shape, body).out, '{"items":[{"id":7}]}')
  t.equal(under(named, shape, body, { dataSubjects: ['8'] }).out, '{"items":[{"id":7}]}')
  t.equal(under(named, shape, '{"total":1,"items":[{"id":7}]}', { dataSubjects: ['7'] }).out, '{"total":1,"items":[{"id":7}]}')
  const days = paperFor(['7'], [...NAMED, 'people.*'], { between: { field: 'on', from: '2026-03-01', until: '2026-03-31' } })
  t.equal(under(days, shape, '{"total":1,"items":[]}', { dataSubjects: ['7'] }).out, '{"items":[]}', 'of all days')
})

t.test('a statistic is about the named alone, or nothing leaves', async t => {
  const shape = records({ count: field('*', 'open', 'count') })
  const terms = { permitted: [['open', 'count'] as const] }
  const paper = paperFor(['7'], ['people.*'])
  t.equal(run(shape, '[{"count":3}]', terms, { paper, dataSubjects: ['7'] }).out, '[{"count":3}]')
  for (const dataSubjects of [[], ['7', '8']])
    t.equal(runOrFault(shape, '[{"count":3}]', terms, { paper, dataSubjects }), 'obligation.unmet')
  const grouped = records({ zip: field('zip'), count: field('*', 'open', 'count') })
  t.equal(runOrFault(grouped, '[]', terms, { paper, dataSubjects: ['7'] }), 'obligation.unmet', 'records without a key')
})

t.test('one line a record', async t => {
  const options = { lines: true }
  t.equal(under(PAPER, PEOPLE, '{"id":8}\n{"id":7,"ssn":1}\r\n{"id":9}\n{"id":"r-8"}', options).out, '{"id":7}\r\n{"id":"r-8"}')
})

const NAMED_ONLY: Obligation = { only: 'named-in-process' }
const SELF: Obligation = { only: 'self' }

function ask(obligations: readonly Obligation[], known: Partial<Consulted> | null, own: Record<string, string> = {}, method = 'GET') {
  const upstream = answer(method === 'HEAD' ? [] : ['[{"id":7,"name":"a"},{"id":8},{"id":9}]'])
  const terms = { obligations, permitted: EVERY.permitted as readonly (readonly [DataClass, 'select'])[] }
  const made = receipt(PEOPLE, terms, own)
  return { upstream, released: redact(upstream, known === null ? made : consulting(made, known), LIMITS, method) }
}

t.test('through the door: the obligation is carried out, or nothing leaves', async t => {
  const { released } = ask([NAMED_ONLY], { paper: PAPER })
  t.equal(await bodyOf(await released), '[{"id":7,"name":"a"}]')
  t.same([(await released).report().records, [...(await released).report().cut]], [1, [['people.*', 2]]])
  const elsewhere = { ...PAPER, scope: { ...PAPER.scope, source: 'jail' } }
  for (const known of [null, {}, { paper: elsewhere }]) {
    const refused = ask([NAMED_ONLY], known)
    await t.rejects(refused.released, { code: 'obligation.unmet', reply: 'unavailable' })
    t.ok(refused.upstream.destroyed() > 0)
  }
})

t.test('through the door: with both obligations, both hold', async t => {
  const both = [SELF, NAMED_ONLY]
  t.equal(await bodyOf(await ask(both, { paper: PAPER }, { city: '7' }).released), '[{"id":7,"name":"a"}]')
  t.equal(await bodyOf(await ask(both, { paper: PAPER }, { city: '8' }).released), '[]', 'one’s own, which the process does not name')
  t.equal(await bodyOf(await ask(both, { paper: paperFor(['7', '8'], ['people.id']) }, { city: '8' }).released), '[{"id":8}]')
  await t.rejects(ask(both, { paper: PAPER }).released, { code: 'obligation.unmet' })
  await t.rejects(ask(both, {}, { city: '7' }).released, { code: 'obligation.unmet' })
})

t.test('through the door: one record of somebody else looks like no record, and HEAD says no more', async t => {
  const single = record(MEMBERS, 'id')
  const one = (body: string) =>
    redact(answer([body]), consulting(receipt(single, { ...EVERY, obligations: [NAMED_ONLY] }), { paper: PAPER }), LIMITS, 'GET')
  t.equal(await bodyOf(await one('{"name":"a","id":7}')), '{"name":"a","id":7}')
  for (const body of ['{"name":"b","id":8}', 'null', '{}']) await t.rejects(one(body), { code: 'upstream.refused', upstreamStatus: 404 })
  const head = await ask([NAMED_ONLY], { paper: PAPER }, {}, 'HEAD').released
  t.same([head.status, await bodyOf(head), head.report().records], [200, '', 0])
})

t.test('through the door: a notice that is due first was given, or nothing leaves', async t => {
  const notify: Obligation = { notify: 'data-subject', before: '3 business days' }
  await t.rejects(ask([notify], {}).released, { code: 'obligation.unmet' })
  await t.rejects(ask([notify], null).released, { code: 'obligation.unmet' })
  t.match(await bodyOf(await ask([notify], { noticed: 'h1' }).released), /"name":"a"/)
  t.match(await bodyOf(await ask([{ notify: 'data-subject', within: '3 days' }], null).released), /"name":"a"/)
  await t.rejects(ask([{ minimumCount: 11 }], { noticed: 'h1', paper: PAPER }).released, { code: 'obligation.unmet' })
})

t.test('a held record is bounded, however deep the one that is too large stands', async t => {
  const shape = records({ ...MEMBERS, family: related('family', 'people', MEMBERS, 'id') }, 'id')
  const paper = paperFor(['7'], [...NAMED, 'people.family'])
  const body = (size: number) => `[{"id":7,"family":[{"name":"${'n'.repeat(size)}","id":8},{"id":7}]}]`
  for (const sizes of [[], [1], [50]]) {
    t.equal(runOrFault(shape, body(300), EVERY, { paper, valueBytes: 200, sizes }), 'upstream.uninspectable')
    t.equal(under(paper, shape, body(100), { valueBytes: 200, sizes }).out, '[{"id":7,"family":[{"id":7}]}]')
  }
})
