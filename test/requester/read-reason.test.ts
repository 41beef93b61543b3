import fc from 'fast-check'
import t, { type Test } from 'tap'
import { readReason } from '../../src/requester/read-reason.ts'
import { shippedLexicon as lexicon } from './call.ts'
import { BITES, EVERYDAY, PASSES, TELLING, VAGUE } from './phrases.ts'
import { HARMLESS, WORDINGS } from './wordings.ts'

t.test('phrases that bite', async t => {
  for (const [text, recipients] of [...BITES, ...WORDINGS]) {
    const reading = readReason(text, lexicon)
    t.ok(reading.suspected, `suspected: ${text}`)
    t.same(new Set(reading.recipients), new Set(recipients), `served: ${text}`)
  }
})

t.test('phrases that pass', async t => {
  for (const text of [...PASSES, ...HARMLESS]) t.match(readReason(text, lexicon), { suspected: false, recipients: [] }, text)
})

t.test('texts that say nothing are vague, their twins are not', async t => {
  for (const text of VAGUE) t.ok(readReason(text, lexicon).vague, `vague: '${text}'`)
  for (const text of TELLING) t.match(readReason(text, lexicon), { vague: false, suspected: false }, text)
})

t.test('a body that is no immigration authority becomes a recipient and raises no suspicion', async t => {
  t.same(readReason('assist FBI with a bank robbery', lexicon), {
    hits: ['fbi'],
    recipients: ['us-doj-fbi'],
    suspected: false,
    vague: false,
    unreadable: false,
    serves: false,
    bare: false,
    handedTo: null,
  })
  t.same(readReason('RFI from JRIC', lexicon).recipients, ['us-ca-jric'])
  t.same(readReason('RFI from Phoenix', lexicon).recipients, [])
  t.same(readReason('FBI building evacuated', lexicon).recipients, [])
})

t.test('everyday words of legal aid raise no suspicion for it, and do for others', async t => {
  const texts = [
    'deportation defense for client',
    'client detained by ICE',
    'visa renewal',
    'bond hearing, removal proceedings',
    'NTA review',
  ]
  for (const text of texts) {
    t.equal(readReason(text, lexicon, 'immigration-assistance').suspected, false, text)
    t.equal(readReason(text, lexicon, 'public-safety').suspected, true, text)
  }
  for (const text of ['immigration check', 'ICE operation at the shelter', 'address for ICE'])
    t.equal(readReason(text, lexicon, 'immigration-assistance').suspected, true, text)
})

t.test('what schools, benefits, health and child protection say every day is suspected elsewhere only', async t => {
  for (const [purpose, text] of EVERYDAY) {
    t.match(readReason(text, lexicon, purpose), { suspected: false, recipients: [] }, `${purpose}: ${text}`)
    t.equal(readReason(text, lexicon).suspected, true, text)
    t.equal(readReason(`${text} for ICE`, lexicon, purpose).suspected, true, `served: ${text}`)
  }
})

t.test('a parent with ICE is held there, and nobody is served', async t => {
  for (const text of ['mother with ICE at Adelanto', 'parent with ICE appointment'])
    t.match(readReason(text, lexicon, 'child-protection'), { suspected: false, recipients: [] }, text)
  t.same(readReason('officer with ICE', lexicon, 'child-protection').recipients, ['us-dhs-ice'], 'twin')
})

t.test('hits are ids of the lexicon, never the text', async t => {
  const reading = readReason('for ICE ERO: Maria Example, 12 Elm', lexicon)
  t.same(reading.hits, ['ice', 'ice-named', 'ero'])
})

t.test('one slip of the keyboard in a long word is read, another word is not', async t => {
  for (const text of ['imigration', 'immigratoin', 'immiggration', 'inmigracon', 'deprtation', 'undocumnted'])
    t.ok(readReason(text, lexicon).suspected, text)
  for (const text of ['migration', 'emigration paper of 1870', 'departure', 'reported', 'documented', 'deposition'])
    t.notOk(readReason(text, lexicon).suspected, text)
})

t.test('what is handed to a body is told from what is said of it', async t => {
  const handed: readonly (readonly [string, string])[] = [
    ['copy of the run sheet for ERO', 'us-dhs-ice-ero'],
    ['email the chart to ICE', 'us-dhs-ice'],
    ['mandar el reporte a la migra', 'us-dhs-ice'],
    ['immigration agents in lobby want to know her discharge time', 'us-dhs-ice'],
    ['ICE agents quieren saber a qué hora sale', 'us-dhs-ice'],
  ]
  for (const [text, body] of handed) t.same(readReason(text, lexicon).handedTo, { recipients: [body] }, text)
  const told = [
    'patient in ICE custody, need his records',
    'records for ICE detainee with chest pain',
    'transport patient with ICE agents to hospital',
    'medical aid requested by Border Patrol',
    'patient afraid somebody sends her address to ICE',
  ]
  for (const text of told) t.equal(readReason(text, lexicon).handedTo, null, text)
})

const biting = fc.constantFrom(...BITES)
const invisible = fc.constantFrom('\u200b', '\u200c', '\u200d', '\u00ad', '\u2060', '\ufeff', '\u0336', '\ufe0f', '\u180e', '\u{e0041}')
const LOOKALIKE: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  h: 'һ',
  r: 'г',
  t: 'т',
  b: 'В',
  m: 'м',
}

const readsAlike = (disguised: string, [, recipients]: (typeof BITES)[number]): boolean => {
  const reading = readReason(disguised, lexicon)
  return reading.suspected && reading.recipients.toSorted().join() === recipients.toSorted().join()
}

const holds = <T>(t: Test, result: fc.RunDetails<T>, name: string) =>
  t.equal(result.failed, false, `${name}: ${fc.defaultReportMessage(result) ?? 'holds'}`)

t.test('no disguise stops a biting phrase', async t => {
  const disguises: Record<string, fc.Arbitrary<(letter: string) => string>> = {
    'invisible characters': invisible.map(hidden => letter => letter + hidden),
    'letter case': fc.constantFrom<(letter: string) => string>(
      l => l.toUpperCase(),
      l => l.toLowerCase(),
    ),
    'look-alike letters': fc.constant(letter => LOOKALIKE[letter.toLowerCase()] ?? letter),
    'fullwidth letters': fc.constant(letter => (/[!-~]/.test(letter) ? String.fromCodePoint(letter.codePointAt(0)! + 0xfee0) : letter)),
  }
  for (const [name, disguise] of Object.entries(disguises)) {
    const property = fc.property(biting, disguise, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (phrase, change, where) => {
      const letters = [...phrase[0]].map((letter, i) => (where[i % where.length] && /\p{L}/u.test(letter) ? change(letter) : letter))
      return readsAlike(letters.join(''), phrase)
    })
    holds(t, fc.check(property, { numRuns: 300 }), name)
  }
})

t.test('harmless words never add a recipient and never raise suspicion', async t => {
  const words = fc.constantFrom(
    ...'burglary collision tenant water meter library fire hydrant permit kitchen for to assist the with request per hero zero police notice service price office dice juice advice nice slice'.split(
      ' ',
    ),
  )
  const property = fc.property(fc.array(words, { maxLength: 12 }), list => {
    const reading = readReason(list.join(' '), lexicon)
    return !reading.suspected && reading.recipients.length === 0
  })
  holds(t, fc.check(property, { numRuns: 500 }), 'harmless')
  t.ok(readReason('burglary collision for ice', lexicon).suspected, 'the twin bites')
})

t.test('any text is read without a fault, and a long one in short time', async t => {
  const property = fc.property(fc.string({ unit: 'binary', maxLength: 400 }), text => {
    readReason(text, lexicon)
  })
  holds(t, fc.check(property), 'any text')
  const time = (text: string) => {
    const start = performance.now()
    readReason(text, lexicon)
    return performance.now() - start
  }
  for (const unit of ['ice ', 'i c e ', 'for ', 'ﷺ', 'i.', 'for the ice and ', '1ce-'])
    t.ok(time(unit.repeat(Math.ceil(4096 / unit.length))) < 1000, `4 KiB of '${unit}'`)
})
