import { join } from 'node:path'
import t from 'tap'
import { TABLES } from '../../demo/record-api/tables.ts'
import { loadConfiguration } from '../../src/config/load.ts'

const loaded = loadConfiguration(join(import.meta.dirname, '../../demo/haven.yaml'))

t.test('the demo’s configuration loads and keeps all it makes in demo/.city', async t => {
  const { journal, register, sources } = loaded.haven.value
  const kept = [journal.dir, journal.key, register?.file ?? '']
  t.same(
    kept.filter(path => !path.includes('/demo/.city/')),
    [],
  )
  t.same(
    sources.map(source => source.name),
    ['residents', 'utility', 'police', 'clinic', 'benefits'],
  )
})

t.test('every column of every table is catalogued, and nothing that is not there', async t => {
  const collections = loaded.catalogues.flatMap(({ value }) => Object.entries(value.collections))
  t.equal(collections.length, TABLES.size)
  for (const [name, collection] of collections) {
    const table = TABLES.get(name)!
    t.same(Object.keys(collection.fields), [...table.columns.keys(), ...table.relations.keys()], name)
  }
})
