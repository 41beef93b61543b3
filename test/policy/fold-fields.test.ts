import t from 'tap'
import { compileRulebook } from '../../src/policy/compile.ts'
import { decide } from '../../src/policy/decide.ts'
import { foldFields } from '../../src/policy/fold-fields.ts'
import type { Inquiry } from '../../src/terms/inquiry.ts'
import { GrantsFile } from '../../src/terms/law.ts'
import type { Party } from '../../src/terms/parties.ts'
import type { AnswerShape, QueryFacts } from '../../src/terms/query-facts.ts'
import { AT } from './support/inquiries.ts'

const party: Party = { id: 'a', name: 'A', category: 'city', jurisdiction: 'us-ca-x', flags: [], via: 'requester' }
const inquiry: Inquiry = {
  requester: party,
  recipients: [party],
  purpose: 'audit',
  process: { kind: 'judicial-warrant', state: 'active', covers: 'query', sealed: false },
  source: { keeper: 'general', records: 'general' },
  uses: [{ class: 'personal', kind: 'select' }],
  ...{ bulk: false, routed: false, retry: false, attested: false, self: false, at: AT },
}
const records = (key: string | null): AnswerShape => ({
  node: 'records',
  record: { node: 'record', collection: 'people', key, members: new Map() },
  relation: null,
})
const facts = (shape: AnswerShape): QueryFacts => ({
  kind: 'facts',
  source: 's',
  collection: 'people',
  uses: [{ collection: 'people', field: 'name', classes: ['personal'], kind: 'select', where: 'select', spelling: 'name' }],
  dataSubjects: [],
  writes: false,
  whole: false,
  addresses: [],
  confine: null,
  shape,
  upstream: { method: 'GET', target: '/', headers: new Map(), body: null },
})

t.test('records that a court named are told apart by their key: without it none leaves', async t => {
  const warranted = decide(compileRulebook([], null), inquiry)
  t.match(warranted, { kind: 'permit', obligations: [{ only: 'named-in-process' }] })
  t.match(foldFields(warranted, facts(records(null))), { kind: 'deny', reply: 'query', reasons: [{ code: 'query.key-needed' }] })
  t.equal(foldFields(warranted, facts(records('id'))), warranted)
  const enveloped = (key: string | null) => facts({ node: 'envelope', members: new Map([['data', records(key)]]) })
  t.equal(foldFields(warranted, enveloped(null)).kind, 'deny', 'also in an envelope')
  t.equal(foldFields(warranted, enveloped('id')), warranted)
})

t.test('what an ordinary grant gives needs no key', async t => {
  const grant = { id: 'g', text: 'A grant for a test.', when: { purpose: ['audit'] }, uses: ['select'], of: ['personal'] }
  const value = GrantsFile.parse({ grants: 'us-ca', title: 'Grants', source: 'Test', rules: [grant] })
  const problem = () => ({ file: 'test.yaml', line: 1, column: 1, message: '' })
  const granted = decide(compileRulebook([], { file: 'test.yaml', value, problem }), { ...inquiry, process: null })
  t.equal(foldFields(granted, facts(records(null))), granted)
})
