import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { loadReader, parseCorpus, score, scoreLine } from '../../scripts/score-reasons.ts'

const root = join(import.meta.dirname, '../..')
const read = (name: string) => parseCorpus(readFileSync(join(root, 'test/corpus', name), 'utf8'))
const parts = { 'reasons.tsv': read('reasons.tsv'), 'reasons-2.tsv': read('reasons-2.tsv') }
const tuned = Object.values(parts).flat()
const HEADER = 'id\tlabel\tlanguage\tagency\tpurpose\ttext'

t.test('the tuned parts are what their README says', async t => {
  for (const [name, letter, each] of [
    ['reasons.tsv', 'r', 350],
    ['reasons-2.tsv', 'h', 120],
  ] as const) {
    const part = parts[name]
    t.same(
      part.map(({ id }) => id),
      Array.from({ length: 2 * each }, (_, i) => `${letter}${`${i + 1}`.padStart(3, '0')}`),
    )
    for (const label of ['immigration', 'innocent'] as const) {
      const lines = part.filter(line => line.label === label)
      const english = lines.filter(({ language }) => language === 'en').length / lines.length
      t.equal(lines.length, each, `${name}: ${label}`)
      t.ok(english > 0.4 && english < 0.65, `${name}: about half of ${label} is not English`)
    }
  }
  t.equal(new Set(tuned.map(({ text }) => text)).size, tuned.length, 'no text is written twice')
})

t.test('a corpus that is not well formed is refused with its line', async t => {
  const line = 'r1\tinnocent\ten\tcity\tservice-delivery\tpothole'
  t.equal(parseCorpus(`${HEADER}\n${line}\n`)[0]?.text, 'pothole', 'twin')
  t.throws(() => parseCorpus(line), /header/)
  t.throws(() => parseCorpus(`${HEADER}\n${line}\tmore\n`), /line 2 has 7 columns/)
  for (const [from, to] of [
    ['innocent', 'harmless'],
    ['en', 'fr'],
    ['city', 'town'],
    ['service-delivery', 'immigration-enforcement'],
    ['pothole', ''],
  ] as const)
    t.throws(() => parseCorpus(`${HEADER}\n${line.replace(`\t${from}`, `\t${to}`)}`), /line 2/, to)
})

t.test('the lexicon holds its goal on each part it was tuned on', async t => {
  const reader = loadReader(join(root, 'policies'))
  for (const [name, part] of Object.entries(parts)) {
    const { immigration, innocent } = score(part.map(line => scoreLine(line, reader)))
    t.ok((immigration.recall ?? 0) >= 0.98, `${name}: recall ${immigration.recall}`)
    t.ok((innocent.falseAlarms ?? 1) <= 0.01, `${name}: false alarms ${innocent.falseAlarms}`)
  }
})

const Printed = z.object({
  heldOut: z.object({
    all: z.object({ immigration: z.object({ recall: z.number() }), innocent: z.object({ falseAlarms: z.number() }) }),
  }),
  holds: z.literal(true),
  misses: z.array(z.object({ id: z.string(), text: z.string() })),
})

// Whoever sees a line of the held-out part will tune on it, and then it measures nothing.
t.test('the held-out part is well formed, is counted, and none of its lines is shown', async t => {
  const heldOut = read('held-out.tsv')
  t.ok(heldOut.length > 0)
  t.equal(new Set(heldOut.map(({ id }) => id)).size, heldOut.length, 'ids are unique')
  const run = (...options: string[]) =>
    spawnSync(process.execPath, ['scripts/measure-reasons.ts', '--misses', ...options], { cwd: root, encoding: 'utf8' })
  const { status, stdout } = run('--json')
  t.equal(status, 0)
  const { misses } = Printed.parse(JSON.parse(stdout))
  t.ok(misses.every(({ text }) => tuned.some(line => line.text === text)))
  const table = run().stdout
  t.match(table, /held out .*\n(.*\n)+?all +immigration/)
  t.notOk(
    heldOut.some(({ text }) => text.length > 20 && table.includes(text)),
    'no text of the held-out part',
  )
})
