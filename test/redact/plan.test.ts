import t from 'tap'
import { planRedaction } from '../../src/redact/plan.ts'
import type { DataClass, UseKind } from '../../src/terms/data-class.ts'
import { Fault } from '../../src/terms/faults.ts'
import type { AnswerShape } from '../../src/terms/query-facts.ts'
import { envelope, facts, field, permit, record, records, type Terms } from './support/build.ts'
import { lifted, relation } from './support/relation.ts'
import { confinementOf, run } from './support/run.ts'

function kindOf(classes: readonly DataClass[], terms: Terms): string {
  return planRedaction(facts(field('f', classes)), permit(terms), null).root.kind
}

function refusal(shape: AnswerShape, terms: Terms, ownOnly = false): string {
  try {
    planRedaction(facts(shape), permit(terms), ownOnly ? confinementOf({ ownKey: '7' }) : null)
    return 'planned'
  } catch (error) {
    return error instanceof Fault ? `${error.code} ${error.reply}` : 'not a fault'
  }
}

t.test('a field is kept only if all its classes are permitted for its kind of use', async t => {
  const open: Terms = { permitted: [['open', 'select']] }
  t.equal(kindOf(['open'], open), 'keep')
  t.equal(kindOf(['open', 'personal'], open), 'cut')
  t.equal(kindOf(['personal'], open), 'cut')
  t.equal(kindOf([], open), 'cut')
  t.equal(kindOf(['open'], { permitted: [['open', 'implied']] }), 'cut')
  for (const effect of ['withhold', 'hold', 'deny', 'not-permitted'] as const) {
    t.equal(kindOf(['open'], { permitted: [], others: [['open', 'select', effect]] }), 'cut')
    t.equal(kindOf(['open'], { ...open, others: [['open', 'select', effect]] }), 'cut', `${effect} beside a permit`)
    t.equal(kindOf(['open'], { ...open, others: [['status', 'select', effect]] }), 'keep', `${effect} of another class`)
  }
})

t.test('the most protective treatment of a field wins', async t => {
  const permitted: Terms['permitted'] = [
    ['open', 'select'],
    ['personal', 'select'],
  ]
  const both: readonly DataClass[] = ['open', 'personal']
  t.equal(kindOf(both, { permitted }), 'keep')
  t.equal(kindOf(both, { permitted, treatments: [['open', 'mask']] }), 'mask')
  t.equal(kindOf(both, { permitted, treatments: [['open', 'mask']], obligations: [{ treat: 'null', of: ['personal'] }] }), 'null')
  t.equal(kindOf(both, { permitted, treatments: [['open', 'suppress']], obligations: [{ treat: 'tokenize', of: ['personal'] }] }), 'cut')
  t.equal(kindOf(['open'], { permitted, treatments: [['personal', 'suppress']] }), 'keep')
  t.equal(kindOf(['status'], { permitted, treatments: [['status', 'mask']] }), 'cut')
})

t.test('treatments that are not carried out refuse what they would have to treat', async t => {
  for (const treat of ['tokenize', 'generalize'] as const) {
    t.equal(
      refusal(records({ name: field('name', 'personal') }), { obligations: [{ treat, of: ['personal'] }] }),
      'obligation.unmet unavailable',
    )
    t.equal(refusal(records({ name: field('name', 'personal') }), { treatments: [['personal', treat]] }), 'obligation.unmet unavailable')
    t.equal(refusal(records({ id: field('id') }), { treatments: [['personal', treat]] }), 'planned')
  }
})

t.test('only: self needs records, and a key in each that no other contains', async t => {
  const visits = records({ place: field('place') }, null, 'visits')
  t.equal(refusal(records({ id: field('id') }, 'id'), {}, true), 'planned')
  t.equal(refusal(records({ id: field('id'), visits }, 'id'), {}, true), 'planned')
  t.equal(refusal(visits, {}, true), 'obligation.unmet unavailable')
  t.equal(refusal(envelope({ a: records({}, 'id'), b: visits }), {}, true), 'obligation.unmet unavailable')
  t.equal(refusal(field('count'), {}, true), 'obligation.unmet unavailable')
  t.equal(refusal(field('count'), {}, false), 'planned')
})

t.test('a relation that may not be shown is cut whole, under its own name', async t => {
  const stops = (classes: readonly DataClass[], kind: UseKind = 'select'): AnswerShape => {
    const by = relation('bookings', 'bookings', classes, kind)
    const bookings: AnswerShape = { node: 'records', record: record({ id: field('id') }, 'id', 'bookings'), relation: by }
    return records({ id: field('id'), bookings, lifted: lifted(by) })
  }
  const body = '[{"id":1,"bookings":[{"id":2}],"lifted":2},{"id":3,"bookings":[],"lifted":null}]'
  for (const shape of [stops(['custody']), stops(['custody', 'personal']), stops([]), stops(['personal'], 'implied')]) {
    const cut = run(shape, body)
    t.equal(cut.out, '[{"id":1},{"id":3}]')
    t.same(cut.cut, { 'people.bookings': 4 })
  }
  for (const treat of ['mask', 'null', 'suppress'] as const)
    t.equal(run(stops(['personal']), body, { treatments: [['personal', treat]] }).out, '[{"id":1},{"id":3}]', treat)
  t.equal(run(stops(['personal']), body).out, body)
  t.equal(run(stops(['open', 'personal']), body).out, body)
})

t.test('a shape that contains itself is refused, not followed', async t => {
  const members = new Map<string, AnswerShape>()
  const endless: AnswerShape = { node: 'record', collection: 'people', key: null, members }
  members.set('parent', endless)
  t.equal(refusal(endless, {}), 'obligation.unmet unavailable')
  t.equal(refusal(record({ parent: record({ parent: record({}) }) }), {}), 'planned')
})
