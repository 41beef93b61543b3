// Verifies a journal with software this project did not write: Python with python3-cryptography, and openssl. Run: node test/debian/journal.test.ts
import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { journalIn, permitted, RELEASED, temporary } from '../audit/given.ts'

const run = promisify(execFile)
const PYTHON = '/usr/bin/python3' // Debian's own: the package is not seen by another Python in PATH
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** A reason to skip, if the tool does not run. */
async function missing(tool: string, words: readonly string[], what: string): Promise<string | false> {
  try {
    await run(tool, words)
    return false
  } catch {
    return `${what} is not installed`
  }
}

/** About a thousand entries, in three checkpoints, and one more size that fills tiles exactly. */
async function givenJournal(t: Parameters<typeof temporary>[0]): Promise<{ home: string; vkey: string }> {
  const home = await temporary(t)
  const journal = await journalIn(t, home)
  for (const [round, count] of [90, 166, 250].entries()) {
    const receipts = await Promise.all(Array.from({ length: count }, (_, i) => journal.recordDecision(permitted(`r${round}-${i}`))))
    await Promise.all(receipts.map(receipt => journal.recordOutcome(receipt, RELEASED)))
    await journal.publish()
  }
  await journal.close()
  return { home, vkey: journal.vkey }
}

const noPython = await missing(PYTHON, ['-c', 'import cryptography'], 'python3-cryptography')
const noOpenssl = await missing('openssl', ['version'], 'openssl')

t.test('Python rebuilds the root from the entries and checks the signature', { skip: noPython }, async t => {
  const { home, vkey } = await givenJournal(t)
  const script = join(import.meta.dirname, 'verify_journal.py')
  const verify = (dir: string, key = vkey) => run(PYTHON, [script, join(dir, 'journal/public'), key])
  const [, size, root] = (await readFile(join(home, 'journal/public/checkpoint'), 'utf8')).split('\n')
  t.equal(size, '1012')
  t.equal((await verify(home)).stdout, `ok ${size} ${root}\n`)

  const forged = await temporary(t)
  const cases = [
    ['public/tile/entries/001', 1000, /tile 1 is false/],
    ['public/tile/0/002', 100, /tile 2 is false/],
    ['public/checkpoint', 25, /false: (InvalidSignature|ValueError)/],
  ] as const
  for (const [file, at, said] of cases) {
    await cp(home, forged, { recursive: true })
    const path = join(forged, 'journal', file)
    const bytes = await readFile(path)
    bytes[at]! ^= 1
    await writeFile(path, bytes)
    await t.rejects(verify(forged), { code: 1, stderr: said }, file)
  }
  const other = await givenJournal(t)
  await t.rejects(verify(home, other.vkey), { code: 1, stderr: /signed with another key/ })
})

t.test('openssl accepts the signature of the checkpoint', { skip: noOpenssl }, async t => {
  const { home, vkey } = await givenJournal(t)
  const note = await readFile(join(home, 'journal/public/checkpoint'), 'utf8')
  const split = note.lastIndexOf('\n\n')
  const [, , encoded = ''] = note
    .slice(split + 2)
    .trim()
    .split(' ')
  const key = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1)
  const [text, signature, pub] = ['text', 'signature', 'key.der'].map(name => join(home, name)) as [string, string, string]
  await writeFile(signature, Buffer.from(encoded, 'base64').subarray(4))
  await writeFile(pub, Buffer.concat([SPKI, key]))
  const words = ['pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER', '-inkey', pub, '-sigfile', signature, '-in', text]
  await writeFile(text, note.slice(0, split + 1))
  t.match((await run('openssl', words)).stdout, /Signature Verified Successfully/)
  await writeFile(text, note.slice(0, split + 1).replace('\n1012\n', '\n1013\n'))
  await t.rejects(run('openssl', words), { code: 1, stdout: /Verification Failure/i })
})
