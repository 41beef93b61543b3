import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { verifierKey } from '../../src/audit/vkey.ts'
import { readNotes, readSigners, signersOf, signStatement, statementOf } from '../../src/rulebook/statement.ts'

const signer = (name: string) => {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { privateKey, vkey: verifierKey(name, privateKey) }
}
const [ana, ben, eve] = [signer('ana'), signer('ben'), signer('eve')]
const [A, B] = ['a'.repeat(64), 'b'.repeat(64)]
const keys = [ana.vkey, ben.vkey]
const note = (by: typeof ana, previous: string | null, digest: string) =>
  `${signStatement(statementOf(previous, digest), by.privateKey, by.vkey)}\n`

t.test('a signature counts for its own change, once, and only of a key that is asked', async t => {
  const notes = readNotes([note(ana, A, B), note(ana, A, B), note(ben, null, B), note(eve, A, B)].join('')) ?? t.fail()
  t.same(signersOf(notes as never, statementOf(A, B), keys), { names: ['ana'] })
  t.same(signersOf(notes as never, statementOf(null, B), keys), { names: ['ben'] })
  t.same(signersOf(notes as never, statementOf(B, A), keys), { names: [] })
})

t.test('a false signature of a known key refuses the others with it', async t => {
  const forged = note(eve, A, B).replace('— eve', '— ana')
  const own = readNotes(note(ana, A, B) + forged)
  t.same(signersOf(own ?? [], statementOf(A, B), keys), { names: ['ana'] }, 'another key id is another key')
  const bytes = Buffer.concat([ana.vkey.id, Buffer.alloc(64, 1)]).toString('base64')
  const falseNote = readNotes(`${statementOf(A, B)}\n— ana ${bytes}\n\n${note(ben, A, B)}`)
  t.same(signersOf(falseNote ?? [], statementOf(A, B), keys), { falseOf: 'ana' })
})

t.test('what is no note is not read', async t => {
  t.same(readNotes(''), [])
  t.same(readNotes('\n\n'), [])
  const good = note(ana, A, B)
  t.equal(readNotes(good)?.length, 1)
  for (const bad of [
    `x${good}`,
    `${good}x`,
    good.replace('haven rulebook', 'haven  rulebook'),
    good.replace(A, 'A'.repeat(64)),
    good.slice(0, -9),
    statementOf(A, B),
    good.replace('— ', '- '),
  ])
    t.equal(readNotes(bad), null, JSON.stringify(bad.slice(0, 40)))
})

t.test('one person does not pass for two signers', async t => {
  t.match(readSigners([ana.vkey.text, ben.vkey.text]), { keys: [{ name: 'ana' }, { name: 'ben' }] })
  const alias = verifierKey('ann', ana.privateKey).text
  t.match(readSigners([ana.vkey.text, alias]), { problems: [{ i: 1, message: /the key of 'ana' under another name/ }] })
  t.match(readSigners([ana.vkey.text, signer('ana').vkey.text]), { problems: [{ i: 1, message: /already listed/ }] })
  t.match(readSigners(['ana']), { problems: [{ i: 0, message: /write a verifier key/ }] })
})
