import t from 'tap'
import { compileLexicon } from '../../src/requester/compile-lexicon.ts'
import { readReason } from '../../src/requester/read-reason.ts'
import { Lexicon } from '../../src/terms/lexicon.ts'
import { shipped } from './call.ts'
import { fromFile } from './load.ts'

const lexiconFile = (entries: object[], more: object = {}) =>
  fromFile(Lexicon.parse({ entries, serves: { before: ['for'] }, vague: { phrases: ['inv'] }, ...more }))
const problemsOf = (entries: object[], more: object = {}) => {
  const compiled = compileLexicon(lexiconFile(entries, more), shipped)
  return 'problems' in compiled ? compiled.problems.map(problem => problem.message.split(':')[0]).sort() : []
}
const ICE = { id: 'x', words: ['ice'], 'points-at': { recipient: 'us-dhs-ice' } }

t.test('every problem is told at once, with its place', async t => {
  const compiled = compileLexicon(
    lexiconFile([
      { id: 'x', words: ['ice'], 'points-at': { recipient: 'us-dhs-ice' } },
      { id: 'x', words: ['fine', 'ab*'], 'points-at': 'enforcement' },
      { id: 'y', words: ['cbp'], 'points-at': { recipient: 'us-dhs-nobody' }, unless: { near: ['a b*'] }, asides: ['nowhere'] },
    ]),
    shipped,
  )
  const places = 'problems' in compiled ? compiled.problems.map(problem => problem.message.split(':')[0]).sort() : []
  t.same(places, ['entries.1.id', 'entries.1.words.1', 'entries.2.asides.0', 'entries.2.points-at.recipient', 'entries.2.unless.near.0'])
})

t.test('groups of purposes and contradictions are checked, with their places', async t => {
  const group = (id: string) => ({ id, purposes: ['court'] })
  const say = 'This contradicts that; state the purpose which the call is for.'
  const contradicts = [
    { purpose: ['education', 'treatment'], records: ['alpr'], say },
    { purpose: ['treatment'], records: ['alpr'], say },
    { purpose: ['payment'], case: ['ab*'], say },
  ]
  t.same(
    problemsOf([{ ...ICE, 'unless-purpose': ['court', 'offices', 'vague'] }], { everyday: ['court', 'a', 'a'].map(group), contradicts }),
    [
      'contradicts.1.records.0',
      'contradicts.2.case.0',
      'entries.0.unless-purpose.1',
      'entries.0.unless-purpose.2',
      'everyday.0.id',
      'everyday.2.id',
    ],
  )
  t.same(
    problemsOf([{ ...ICE, 'unless-purpose': ['court', 'a'] }], { everyday: [group('a')], contradicts: contradicts.slice(0, 1) }),
    [],
    'twin',
  )
})

t.test('nothing contradicts a purpose in which nobody waits', async t => {
  const file = (purpose: string, more: object) =>
    Lexicon.shape.contradicts.safeParse([{ purpose: [purpose], say: 'This contradicts that; state the purpose the call is for.', ...more }])
      .success
  for (const purpose of ['emergency', 'child-protection', 'court', 'audit', 'subject-access', 'public-records', 'immigration-enforcement'])
    t.equal(file(purpose, { records: ['alpr'] }), false, purpose)
  t.equal(file('treatment', { records: ['alpr'] }), true)
  t.equal(file('treatment', {}), false, 'neither records nor case')
  t.equal(file('treatment', { records: ['alpr'], case: ['warrant'] }), false, 'both')
})

t.test('a sound lexicon compiles and reads', async t => {
  const compiled = compileLexicon(lexiconFile([ICE]), shipped)
  if ('problems' in compiled) throw new Error('refused')
  t.same(readReason('for ice', compiled.lexicon), {
    hits: ['x'],
    recipients: ['us-dhs-ice'],
    suspected: true,
    vague: false,
    unreadable: false,
    serves: true,
    bare: true,
    handedTo: null,
  })
})

t.test('the file schema refuses what cannot match', async t => {
  for (const words of [['Ice'], ['inmigración'], [''], ['a  b'], ['*'], []])
    t.equal(Lexicon.shape.entries.safeParse([{ id: 'x', words, 'points-at': 'enforcement' }]).success, false, JSON.stringify(words))
  t.equal(Lexicon.shape.entries.safeParse([{ id: 'x', words: ['la migra'], 'points-at': 'enforcement' }]).success, true)
  for (const words of [['a _ b'], ['get* _ _ out']])
    t.equal(Lexicon.shape.entries.safeParse([{ id: 'x', words, 'points-at': 'enforcement' }]).success, true, words.join())
  for (const words of [['_ a'], ['a _'], ['_']])
    t.equal(
      Lexicon.shape.entries.safeParse([{ id: 'x', words, 'points-at': 'enforcement' }]).success,
      false,
      `a gap at the edge: ${words.join()}`,
    )
  t.same(
    problemsOf([{ ...ICE, 'unless-purpose': ['immigration-enforcement'] }]),
    ['entries.0.unless-purpose.0'],
    'enforcement is no excuse',
  )
  t.equal(Lexicon.shape.misspelt.safeParse(['removal']).success, false, 'a short word is one letter from another')
})
