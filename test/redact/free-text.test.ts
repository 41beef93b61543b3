import t from 'tap'
import { records, text } from './support/build.ts'
import { BITES, PASSES } from './support/free-text.ts'
import { escaped } from './support/generate.ts'
import { run } from './support/run.ts'

const NOTES = records({ note: text('note') })

function note(value: string): string {
  return JSON.parse(run(NOTES, JSON.stringify([{ note: value }])).out)[0].note
}

t.test('what says something about status is masked, and the rest of the note stays', async t => {
  for (const [value, expected] of BITES) {
    t.equal(note(value), expected, value)
    t.equal(note(`${value} `).trim(), expected, `${value}, and a blank`)
  }
})

t.test('ordinary notes and look-alikes leave byte for byte', async t => {
  for (const value of PASSES)
    for (const body of [JSON.stringify([{ note: value }]), `[ {"note" : ${escaped(value)} } ]`]) {
      const { out, cut } = run(NOTES, body)
      t.equal(out, body, value)
      t.same(cut, {}, value)
    }
})

t.test('written with escapes it is the same text', async t => {
  for (const [value, expected] of BITES) {
    const { out } = run(NOTES, `[{"note":${escaped(value)}}]`)
    t.equal(JSON.parse(out)[0].note, expected, value)
  }
})
