import t from 'tap'
import { listUses } from '../../src/query/list-uses.ts'
import { POSTGREST, REST } from './support/residents.ts'

const find = (source: typeof REST, field: string, collection = 'residents') =>
  listUses(source).filter(listed => listed.field === field && listed.collection === collection)

t.test('postgrest offers every kind of its grammar on a column', async t => {
  t.same(find(POSTGREST, 'ssn'), [
    {
      collection: 'residents',
      field: 'ssn',
      classes: ['personal', 'status-proxy'],
      kinds: ['select', 'implied', 'group', 'filter', 'sort', 'aggregate', 'computed'],
    },
  ])
  t.ok(find(POSTGREST, 'id')[0]?.kinds.includes('identify'))
  t.notOk(find(POSTGREST, 'alien_number', 'numbers')[0]?.kinds.includes('identify'), 'a key that is an A-number does not merely name')
  t.same(find(POSTGREST, '*')[0]?.kinds, ['count'])
})

t.test('free text has a second line for the uses that touch status', async t => {
  const [plain, text] = find(POSTGREST, 'caseworker_notes')
  t.same(plain?.classes, ['personal'])
  t.notOk(plain?.kinds.includes('filter'))
  t.same(
    [text?.classes, text?.kinds],
    [
      ['personal', 'status'],
      ['group', 'filter', 'sort', 'aggregate', 'computed'],
    ],
  )
})

t.test('a relation is listed with what it reveals and what can be asked through it', async t => {
  const kinds = ['select', 'filter', 'sort', 'group', 'aggregate', 'count', 'computed']
  t.same(find(POSTGREST, 'visits'), [{ collection: 'residents', field: 'visits', classes: ['personal'], kinds }])
  t.same(find(POSTGREST, 'custody')[0]?.classes, ['custody'])
  t.same(find(REST, 'visits'), [
    { collection: 'residents', field: 'visits', classes: ['personal'], kinds: ['implied', 'select', 'expand'] },
  ])
})

t.test('rest offers what its catalogue declares and nothing else', async t => {
  t.same(find(REST, 'immigration_status')[0]?.kinds, ['implied', 'filter', 'sort', 'select', 'group', 'aggregate'])
  t.same(find(REST, 'place', 'visits')[0]?.kinds, ['implied'])
  t.same(find(REST, 'address.street')[0]?.kinds, ['implied'])
})

t.test('write is offered only where the source takes writes', async t => {
  t.notOk(find(POSTGREST, 'ssn')[0]?.kinds.includes('write'))
  t.ok(find({ ...POSTGREST, writes: true }, 'ssn')[0]?.kinds.includes('write'))
})
