import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { openCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts'
import { isOrigin, parseVkey, verifierKey } from '../../src/audit/vkey.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const vkey = verifierKey('haven.test/journal', privateKey)
const root = createHash('sha256').update('root').digest()
const note = signCheckpoint({ origin: vkey.name, size: 42, root }, privateKey, vkey)
const [, body = '', signature = ''] = /^([\s\S]*\n)\n(— [^\n]*\n)$/.exec(note) ?? []

t.test('a vkey is written as C2SP says and reads back', async t => {
  const raw = Buffer.from(String(privateKey.export({ format: 'jwk' }).x), 'base64url')
  const typed = Buffer.concat([Buffer.of(1), raw])
  const id = createHash('sha256').update('haven.test/journal\n').update(typed).digest().subarray(0, 4).toString('hex')
  t.equal(vkey.text, `haven.test/journal+${id}+${typed.toString('base64')}`)
  t.equal(parseVkey(vkey.text)?.text, vkey.text)
})

t.test('a key with anything wrong in it is no vkey', async t => {
  const [name, id, key] = [vkey.name, vkey.id.toString('hex'), vkey.text.slice(vkey.text.indexOf('+', vkey.name.length + 1) + 1)]
  t.ok(parseVkey(`${name}+${id}+${key}`))
  const bad = [
    '',
    name,
    `${name}+${id}`,
    `x${name}+${id}+${key}`,
    `${name}+00000000+${key}`,
    `${name}+${id}+${key.slice(1)}`,
    `${vkey.text}\n`,
    ` ${vkey.text}`,
  ]
  for (const text of bad) t.equal(parseVkey(text), null, JSON.stringify(text))
})

t.test('an origin has no scheme, space or plus', async t => {
  t.ok(isOrigin('haven.city.example/journal'))
  for (const bad of ['', 'https://haven.city.example', 'a b', 'a+b', 'a\nb', 'é']) t.notOk(isOrigin(bad), bad)
})

t.test('a checkpoint opens with the key of its log', async t => {
  t.same(openCheckpoint(note, vkey), { ok: true, head: { origin: vkey.name, size: 42, root } })
  t.equal(body, `haven.test/journal\n42\n${root.toString('base64')}\n`)
})

t.test("a witness's signature stands beside the log's, never in its place", async t => {
  const other = generateKeyPairSync('ed25519')
  const witness = verifierKey('witness.test', other.privateKey)
  const cosigned = signCheckpoint({ origin: vkey.name, size: 42, root }, other.privateKey, witness)
  const line = cosigned.slice(cosigned.lastIndexOf('\n\n') + 2)
  t.equal(openCheckpoint(note + line.repeat(16), vkey).ok, true)
  t.match(openCheckpoint(`${body}\n${line}`, vkey), { ok: false, problem: /own signature/ })
})

t.test('notes that are nearly right are refused', async t => {
  const flipped = Buffer.from(note)
  flipped[flipped.length - 20]! ^= 1
  const bad: Record<string, string> = {
    'not a note': 'hello',
    'changed size': note.replace('\n42\n', '\n43\n'),
    'flipped signature': flipped.toString(),
    'no final newline': note.slice(0, -1),
    CRLF: note.replaceAll('\n', '\r\n'),
    'no blank line': body + signature,
    'extra blank line': `${body}\n\n${signature}`,
    'own signature twice': note + signature,
    'hyphen for dash': `${body}\n${signature.replace('—', '-')}`,
    'too many signatures': note + '— w.test AAAAAAAA\n'.repeat(64),
    'two lines only': resign(`${body.split('\n').slice(0, 2).join('\n')}\n`),
  }
  for (const [what, text] of Object.entries(bad)) t.match(openCheckpoint(text, vkey), { ok: false, problem: /./ }, what)
})

t.test('signed text with a wrong form is refused too', async t => {
  for (const size of ['042', '+42', '4.2e1', '9007199254740993', '-1', '']) {
    const text = `${vkey.name}\n${size}\n${root.toString('base64')}\n`
    t.match(openCheckpoint(resign(text), vkey), { ok: false }, size)
  }
  t.match(openCheckpoint(resign(`${body}extension\n`), vkey), { ok: false, problem: /three lines/ })
  t.match(openCheckpoint(resign(`other.test\n42\n${root.toString('base64')}\n`), vkey), { ok: false, problem: /origin/ })
  t.match(openCheckpoint(resign(`${vkey.name}\n42\n${root.toString('base64url')}\n`), vkey), { ok: false, problem: /root/ })
  t.match(openCheckpoint(resign(body), vkey), { ok: true })
})

/** A note over any text, with a true signature. */
function resign(text: string): string {
  return `${text}\n— ${vkey.name} ${Buffer.concat([vkey.id, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`
}
