import t from 'tap'
import { planRedaction } from '../../src/redact/plan.ts'
import type { DataClass } from '../../src/terms/data-class.ts'
import { envelope, facts, field, permit, record, records, type Terms, text } from './support/build.ts'
import { confinementOf, run, runOrFault } from './support/run.ts'

const NOTES = records({ id: field('id'), note: text('note') }, 'id')
const READS: NonNullable<Terms['permitted']> = [
  ['open', 'select'],
  ['personal', 'select'],
]

function leaf(terms: Terms, ownOnly = false, classes: DataClass = 'personal'): string {
  const { root } = planRedaction(
    facts(record({ note: text('note', classes), id: field('id') }, 'id')),
    permit(terms),
    ownOnly ? confinementOf({ ownKey: '7' }) : null,
  )
  const { kind, proxies } = root.members[0]!.node
  return kind === 'text' ? `${kind}${proxies ? ' and proxies' : ''}` : kind
}

t.test('free text is searched unless status may leave for the same kind of use', async t => {
  t.equal(leaf({ permitted: READS }), 'text and proxies')
  t.equal(leaf({ permitted: [...READS, ['status', 'select']] }), 'keep')
  t.equal(leaf({ permitted: [...READS, ['status', 'implied']] }), 'text and proxies', 'another kind of use')
  t.equal(leaf({ permitted: [...READS, ['status-identifier', 'select']] }), 'text and proxies', 'another class')
  t.equal(leaf({ permitted: [...READS, ['status-proxy', 'select']] }), 'text')
  t.equal(leaf({ permitted: [...READS, ['status', 'select']], others: [['status', 'select', 'hold']] }), 'text and proxies')
  t.equal(leaf({ permitted: [...READS, ['status', 'select']], treatments: [['status', 'mask']] }), 'text and proxies')
  t.equal(leaf({ permitted: READS }, false, 'open'), 'text and proxies', 'open text is text')
})

t.test('the other outcomes of a field stand', async t => {
  t.equal(leaf({ permitted: [['open', 'select']] }), 'cut')
  t.equal(leaf({ permitted: READS, treatments: [['personal', 'mask']] }), 'mask')
  t.equal(leaf({ permitted: READS, treatments: [['personal', 'null']] }), 'null')
})

t.test("one's own file leaves as it is", async t => {
  t.equal(leaf({ permitted: READS }, true), 'keep')
  const body = '[{"id":7,"note":"undocumented, A123456789"},{"id":8,"note":"DACA"}]'
  t.equal(run(NOTES, body, {}, { ownKey: '7' }).out, '[{"id":7,"note":"undocumented, A123456789"}]')
  t.equal(run(NOTES, body).out, '[{"id":7,"note":"***"},{"id":8,"note":"***"}]', 'anybody else’s reader')
})

t.test('a social security number stays for those who may see proxies', async t => {
  const body = '[{"note":"SSN 123-45-6789, undocumented"}]'
  t.equal(run(NOTES, body).out, '[{"note":"SSN ***"}]')
  t.equal(run(NOTES, body, { permitted: [...READS, ['status-proxy', 'select']] }).out, '[{"note":"SSN 123-45-6789, ***"}]')
})

t.test('strings in arrays are searched, everything else in a text field stays or goes as before', async t => {
  const result = run(NOTES, '[{"note":["DACA",["x","TPS"],null,12,true,{"a":"TPS"}],"id":"DACA"}]')
  t.equal(result.out, '[{"note":["***",["x","***"],null,12,true],"id":"DACA"}]')
  t.same(result.cut, { 'people.note': 2, 'people.*': 1 })
  t.equal(run(text('note'), '"is DACA"').out, '"is ***"', 'a value alone')
  t.equal(run(envelope({ note: text('note') }), '{"note":"TPS","x":"TPS"}').out, '{"note":"***"}')
  t.equal(run(NOTES, '{"note":"TPS"}\n{"note":"x"}\n', {}, { lines: true }).out, '{"note":"***"}\n{"note":"x"}\n')
})

t.test('a text is counted once, however much of it is masked', async t => {
  t.same(run(NOTES, '[{"note":"TPS x DACA x visa"},{"note":""},{"note":"lift"}]').cut, { 'people.note': 1 })
})

t.test('a text too long to be held is not released, wherever the chunks are cut', async t => {
  const body = (size: number) => `[{"note":"${'x'.repeat(size)}"}]`
  for (const sizes of [[], [1], [7, 100]]) {
    t.equal(runOrFault(NOTES, body(1001), {}, { valueBytes: 1000, sizes }), 'upstream.uninspectable')
    t.match(runOrFault(NOTES, body(1000), {}, { valueBytes: 1000, sizes }), { out: body(1000) })
  }
  const named = records({ name: field('name', 'personal') })
  t.match(runOrFault(named, `[{"name":"${'x'.repeat(5000)}"}]`, {}, { valueBytes: 1000 }), { records: 1 }, 'what is no free text streams')
})

t.test('a text that breaks the grammar refuses like any string', async t => {
  for (const inside of ['\\x', '\u0001', '\\u12', 'DACA']) {
    const end = inside === 'DACA' ? '' : '"}]'
    t.equal(runOrFault(NOTES, `[{"note":"${inside}${end}`), 'upstream.uninspectable', inside)
    t.equal(runOrFault(NOTES, `[{"note":"${inside}${end}`, {}, { sizes: [1] }), 'upstream.uninspectable', inside)
  }
})
