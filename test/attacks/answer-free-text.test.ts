import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { haven, PEOPLE } from '../support/haven.ts'
import { json, upstream } from '../support/upstream.ts'

const ROWS = [
  { id: 1, notes: 'Asylum hearing pending; asked for a ground floor flat.' },
  { id: 2, notes: 'Dice que es indocumentada y teme dar su dirección.' },
  { id: 3, notes: 'File A123456789, lift out of order.' },
  { id: 4, notes: 'Is a US citizen, prefers Tuesdays.' },
  { id: 5, notes: 'Paid with visa card; parole officer called.' },
  { id: 6, notes: null },
]
const LEFT = [
  { id: 1, notes: '*** pending; asked for a ground floor flat.' },
  { id: 2, notes: 'Dice que es *** y teme dar su dirección.' },
  { id: 3, notes: 'File ***, lift out of order.' },
  { id: 4, notes: 'Is a ***, prefers Tuesdays.' },
  { id: 5, notes: 'Paid with visa card; parole officer called.' },
  { id: 6, notes: null },
]
const SECRETS = ['Asylum', 'indocumentada', '123456789', 'citizen']

async function filesUnder(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  // The archive of rulebooks holds the law and its vocabulary, and nothing of any call.
  const files = entries.filter(entry => entry.isFile() && !entry.parentPath.endsWith('/rulebooks'))
  return (await Promise.all(files.map(entry => readFile(join(entry.parentPath, entry.name), 'latin1')))).join('\n')
}

t.test('a caseworker reads notes without what they say of status', async t => {
  const api = await upstream(t, json(ROWS))
  const gate = await haven(t, { upstream: api.url })
  for (const select of ['id,notes', 'id,notes:notes']) {
    const answer = await gate.get(`/residents/residents?select=${select}`)
    t.equal(answer.status, 200, select)
    t.same(answer.json(), LEFT, select)
  }
  // Whether a cast is allowed at all is the query's business; what it shows is searched all the same.
  const cast = await gate.get('/residents/residents?select=id,notes::text')
  for (const secret of SECRETS) t.notMatch(cast.text, secret, 'under a cast')
  const alias = await gate.get('/residents/residents?select=id,service:notes')
  for (const secret of SECRETS) t.notMatch(alias.text, secret, 'under an alias the answer does not have')
  const outcome = (await gate.entries()).findLast(entry => entry['kind'] === 'outcome')
  t.match(JSON.stringify(outcome), /released/)
  const written = await filesUnder(join(gate.dir, 'journal'))
  for (const secret of SECRETS) t.notOk(written.includes(secret), `${secret} is not in the journal`)
  t.ok(written.includes('residents.notes'), 'the name of the field is')
})

t.test('by an asterisk, in the rest dialect and for the police it is the same', async t => {
  const api = await upstream(t, json(ROWS))
  const gate = await haven(t, { upstream: api.url })
  const star = await gate.get('/residents/residents?select=*')
  t.same(star.json(), LEFT)
  const officer = { agency: 'us-ca-los-angeles-lapd', purpose: 'criminal-investigation' }
  const police = await gate.get('/residents/residents?select=id,notes', officer)
  t.equal(police.status, 200)
  t.same(police.json(), LEFT)
})

t.test('a person reads their own notes as they are', async t => {
  const api = await upstream(t, json([ROWS[1]]))
  const gate = await haven(t, { upstream: api.url })
  const own = { iss: PEOPLE, purpose: 'subject-access', subject_of: { residents: '2' } }
  const headers = { authorization: `Bearer ${await gate.token(own, { issuer: PEOPLE })}` }
  const answer = await fetch(`${gate.gate}/residents/residents?select=id,notes&id=eq.2`, { headers })
  t.equal(answer.status, 200)
  t.same(await answer.json(), [ROWS[1]])
})

t.test('a note too long to be searched does not leave, whatever it says', async t => {
  const long = 'x'.repeat(70_000)
  const api = await upstream(t, json([{ id: 1, notes: long }]))
  const tight = await haven(t, { upstream: api.url, limits: { valueBytes: '64KiB' } })
  t.equal((await tight.get('/residents/residents?select=id,notes')).status, 502)
  const wide = await haven(t, { upstream: api.url })
  t.same((await wide.get('/residents/residents?select=id,notes')).json(), [{ id: 1, notes: long }])
})
