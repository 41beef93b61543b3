import t from 'tap'
import { compileLexicon } from '../../src/requester/compile-lexicon.ts'
import { readReason } from '../../src/requester/read-reason.ts'
import { Lexicon } from '../../src/terms/lexicon.ts'
import { shipped } from './call.ts'
import { fromFile } from './load.ts'

const lexiconFile = (entries: object[]) => fromFile(Lexicon.parse({ entries, serves: { before: ['for'] }, vague: { phrases: ['inv'] } }))

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

t.test('a sound lexicon compiles and reads', async t => {
  const compiled = compileLexicon(lexiconFile([{ id: 'x', words: ['ice'], 'points-at': { recipient: 'us-dhs-ice' } }]), shipped)
  if ('problems' in compiled) throw new Error('refused')
  t.same(readReason('for ice', compiled.lexicon), { hits: ['x'], recipients: ['us-dhs-ice'], suspected: true, vague: false })
})

t.test('the file schema refuses what cannot match', async t => {
  for (const words of [['Ice'], ['inmigración'], [''], ['a  b'], ['*'], []])
    t.equal(Lexicon.shape.entries.safeParse([{ id: 'x', words, 'points-at': 'enforcement' }]).success, false, JSON.stringify(words))
  t.equal(Lexicon.shape.entries.safeParse([{ id: 'x', words: ['la migra'], 'points-at': 'enforcement' }]).success, true)
  const forEnforcement = { id: 'x', words: ['ice'], 'points-at': 'enforcement', 'unless-purpose': ['immigration-enforcement'] }
  t.equal(Lexicon.shape.entries.safeParse([forEnforcement]).success, false, 'enforcement is no excuse')
})
