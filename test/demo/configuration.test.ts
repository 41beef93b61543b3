import { join } from 'node:path'
import t from 'tap'
import { CAST } from '../../demo/cast.ts'
import { ISSUERS } from '../../demo/issuer.ts'
import { TABLES } from '../../demo/record-api/tables.ts'
import { loadConfiguration } from '../../src/config/load.ts'

const loaded = loadConfiguration(join(import.meta.dirname, '../../demo/haven.yaml'))

t.test('the demo’s configuration loads and keeps all it makes in demo/.city', async t => {
  const { journal, register, sources } = loaded.haven.value
  const kept = [journal.dir, journal.key, register?.file ?? '', register?.counselKey ?? '']
  t.same(
    kept.filter(path => !path.includes('/demo/.city/')),
    [],
  )
  t.same(
    sources.map(source => source.name),
    ['residents', 'utility', 'police', 'clinic', 'benefits'],
  )
})

t.test('everybody of the staff is one person of haven.yaml, and three people can enter and verify', async t => {
  const people = loaded.haven.value.identity.admin?.people ?? []
  const staff = Object.values(CAST).filter(({ token }) => token.issuer === 'staff')
  const owners = staff.map(({ token }) =>
    people.filter(({ logins }) => logins.some(({ iss, sub }) => iss === ISSUERS.staff.issuer && sub === token.subject)).map(({ id }) => id),
  )
  t.same(owners, [['counsel-ruiz'], ['counsel-okafor'], ['clerk-ito'], ['auditor-cho']])
})

t.test('every column of every table is catalogued, and nothing that is not there', async t => {
  const collections = loaded.catalogues.flatMap(({ value }) => Object.entries(value.collections))
  t.equal(collections.length, TABLES.size)
  for (const [name, collection] of collections) {
    const table = TABLES.get(name)!
    t.same(Object.keys(collection.fields), [...table.columns.keys(), ...table.relations.keys()], name)
  }
})
