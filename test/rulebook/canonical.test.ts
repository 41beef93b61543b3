import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { canonicalJson } from '../../src/config/canonical.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import { compileContent, prepare } from '../../src/prepare.ts'
import { archiveRulebook, readArchived } from '../../src/rulebook/archive.ts'
import { FilesRefused } from '../../src/terms/faults.ts'
import { writeFolder } from '../support/haven.ts'
import { city, ORDINANCE } from './city.ts'

t.test('one value has one spelling', async t => {
  t.equal(canonicalJson({ b: [1, { d: null, c: 'é' }], a: true, gone: undefined }), '{"a":true,"b":[1,{"c":"é","d":null}]}')
  t.equal(canonicalJson({ 10: 1, 9: 2 }), '{"10":1,"9":2}', 'keys are text')
  t.throws(() => canonicalJson({ a: Number.NaN }), TypeError)
})

t.test('the name of a rulebook is that of what it says, not of how it is written', async t => {
  const la = await city(t, 'http://127.0.0.1:1')
  await writeFolder({
    upstream: 'http://127.0.0.1:1',
    dir: la.dir,
    config: { policies: { dir: 'policies', laws: ['us-ca-los-angeles', 'us-ca'] } },
  })
  const digest = () => loadConfiguration(join(la.dir, 'haven.yaml')).rulebookDigest
  const before = digest()
  for (const file of [ORDINANCE, 'policies/agencies.yaml', 'policies/purposes.yaml', 'catalogue.yaml']) {
    await la.edit(file, () => undefined)
    await la.text(file, text => `# written anew\n${text}\n`)
  }
  t.equal(digest(), before, 'comments, order of keys within reason, quotes and folding do not count')
  // biome-ignore lint/suspicious/noExplicitAny: a test changes every file there is
  const changes: [string, (value: any) => unknown][] = [
    [ORDINANCE, law => Object.assign(law, { title: 'Another title' })],
    ['policies/agencies.yaml', ({ agencies }) => Object.assign(agencies[0], { name: 'Another name' })],
    ['policies/vocabulary.yaml', ({ names }) => names.status.push('visa_colour')],
    ['catalogue.yaml', ({ collections }) => Object.assign(collections.residents.fields, { zip: 'personal' })],
    ['haven.yaml', ({ sources }) => Object.assign(sources[0], { keeper: 'library' })],
  ]
  const seen = new Set([before])
  for (const [file, change] of changes) {
    await la.edit(file, change)
    seen.add(digest())
  }
  await writeFile(join(la.policies, 'invariants.yaml'), 'invariants: [{ id: a, text: Status is never released., never: [permit] }]\n')
  seen.add(digest())
  t.equal(seen.size, 7, 'and everything that decides does')
  await writeFile(join(la.policies, 'invariants.yaml'), 'invariants: .nan\n')
  t.throws(digest, FilesRefused)
})

t.test('a rulebook is compiled again from its archive, and a forged archive is none', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'haven-archive-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const { loaded, rulebook } = prepare(join(import.meta.dirname, '../../demo/haven.yaml'))
  const { canonical } = loaded
  await archiveRulebook(dir, canonical)
  const read = await readArchived(dir, canonical.digest)
  t.equal(read?.text, canonical.text)
  const ids = ({ rules }: typeof rulebook) => rules.map(({ id }) => id)
  t.same(ids(compileContent(read?.content ?? canonical.content)), ids(rulebook))
  t.equal(canonicalJson(read?.content), canonical.text, 'reading adds nothing')

  const file = join(dir, 'rulebooks', `${canonical.digest}.json`)
  await writeFile(file, (await readFile(file, 'utf8')).replace('"deny"', '"hold"'))
  t.equal(await readArchived(dir, canonical.digest), null)
  t.equal(await readArchived(dir, '../../etc/passwd'), null)
  await archiveRulebook(dir, canonical)
  t.equal((await readArchived(dir, canonical.digest))?.text, canonical.text, 'it is mended by who holds the rulebook itself')
})
