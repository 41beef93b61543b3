import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readJournal } from '../../src/audit/read.ts'
import { prepare } from '../../src/prepare.ts'
import { recordRefusalOnce, takeForce } from '../../src/rulebook/take-force.ts'
import { journalIn, temporary } from '../audit/given.ts'

const { loaded } = prepare(join(import.meta.dirname, '../../demo/haven.yaml'))
const PROPOSAL = { canonical: loaded.canonical, signatures: '', serial: null, weakenings: [] }
const OLD = 'a'.repeat(64)

/** A journal that names a rulebook which is not in the archive. */
async function withoutArchive(t: Test, keys: object) {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  await journal.recordEvent('rulebook', { digest: OLD, previous: null, serial: null, ...keys })
  return { journal, journalDir: join(home, 'journal'), compare: async () => ({ weaker: false, summary: [] }) }
}

t.test('where nobody knows who may sign, nobody may change anything', async t => {
  let swapped = 0
  const swap = () => {
    swapped += 1
  }
  const force = await takeForce(await withoutArchive(t, {}), PROPOSAL, swap)
  t.match(force, { taken: false, code: 'not-signed', message: /neither the archive nor the journal/ })
  t.equal(swapped, 0)
  t.match(await takeForce(await withoutArchive(t, { keys: [] }), PROPOSAL, swap), { taken: true }, 'twin: the journal says there are none')
  t.equal(swapped, 1)
})

t.test('the same refusal is journalled once in a row', async t => {
  const { journal, journalDir } = await withoutArchive(t, { keys: [] })
  const refuse = (digest: string, code: 'not-signed' | 'signature-false' = 'not-signed') =>
    recordRefusalOnce(journal, journalDir, digest, code, [])
  const count = async () => {
    let found = 0
    for await (const _ of readJournal(journalDir, { kind: 'rulebook-refused' })) found += 1
    return found
  }
  const [one, two] = ['1'.repeat(64), '2'.repeat(64)]
  for (const digest of [one, one, one]) await refuse(digest)
  t.equal(await count(), 1)
  await refuse(one, 'signature-false')
  await refuse(two)
  await refuse(one)
  t.equal(await count(), 4, 'twin: another code, another rulebook, and back')
  await journal.recordEvent('config', {})
  await refuse(one)
  t.equal(await count(), 5, 'twin: after a start that succeeded it is news')
})
