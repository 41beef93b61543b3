import t from 'tap'
import { compileLexicon } from '../../src/requester/compile-lexicon.ts'
import { readReason } from '../../src/requester/read-reason.ts'
import { Lexicon } from '../../src/terms/lexicon.ts'
import type { Purpose } from '../../src/terms/purpose.ts'
import { shippedLexicon as lexicon, shipped } from './call.ts'
import { fromFile } from './load.ts'

const TOGETHER = {
  kinds: [
    { id: 'who', words: 'agent, agents', entries: ['ice'] },
    { id: 'does', words: 'arrest, pick up' },
    { id: 'harmless', words: 'arrest report' },
  ],
  combinations: [{ id: 'who-does', of: ['who', 'does'], within: 5, 'unless-purpose': ['court'] }],
  asides: ['fear'],
}
const FILE = {
  entries: [
    { id: 'ice', words: 'ice', 'points-at': { recipient: 'us-dhs-ice' }, 'unless-purpose': ['education'], unless: { after: 'cream' } },
  ],
  asides: [{ id: 'fear', before: 'afraid, fears' }],
  serves: { before: 'served by' },
  denied: { phrases: 'not for' },
  vague: { phrases: 'inv' },
}
const compile = (together: object) => compileLexicon(fromFile(Lexicon.parse({ ...FILE, together })), shipped)
const hitsOf = (text: string, purpose: Purpose) => {
  const compiled = compile(TOGETHER)
  if ('problems' in compiled) throw new Error(compiled.problems.map(({ message }) => message).join())
  return readReason(text, compiled.lexicon, purpose).hits
}

t.test('one word of each kind within reach makes a combination, and less does not', async t => {
  for (const [text, hits] of [
    ['agents arrest him', ['who-does']],
    ['to arrest, says the agent', ['who-does']],
    ['ice will pick up dad', ['who-does']],
    ['agents', []],
    ['ice says hello', []],
    ['agents came and asked the clerk for the arrest', []],
    ['agents want the arrest report', []],
    ['ice cream truck, arrest', []],
    ['afraid agents arrest him', []],
    ['not for agents who arrest', []],
    ['not for us - agents arrest him', ['who-does']],
  ] as const)
    t.same(hitsOf(text, 'education'), hits, text)
  t.same(hitsOf('agents arrest him', 'court'), [], 'an everyday combination')
})

t.test('a combination that says records are asked for counts in care too', async t => {
  const handed = (text: string) => readReason(text, lexicon).handedTo !== null
  t.ok(handed('agent at the desk asking which bed the border crosser is in'))
  t.notOk(handed('border crosser with a broken leg, agent called us'), 'twin')
})

t.test('every mistake in it is told with its place', async t => {
  const compiled = compile({
    kinds: [
      { id: 'who', words: 'agent, ab*', entries: ['ice', 'nothing'] },
      { id: 'does', words: 'arrest, agent' },
    ],
    combinations: [{ id: 'ice', of: ['who', 'whom'], 'unless-purpose': ['vague'] }],
    asides: ['nowhere'],
  })
  t.same('problems' in compiled ? compiled.problems.map(({ message }) => message.split(':')[0]).sort() : [], [
    'together.asides.0',
    'together.combinations.0.id',
    'together.combinations.0.of.1',
    'together.combinations.0.unless-purpose.0',
    'together.kinds.0.entries.1',
    'together.kinds.0.words.1',
    'together.kinds.1.words.1',
  ])
})

t.test('a list of phrases is one text with commas, and a wrong phrase in it is named', async t => {
  const words = (written: unknown) => Lexicon.shape.entries.safeParse([{ id: 'x', words: written, 'points-at': 'enforcement' }])
  t.same(words('la migra,\n  ice ero, ice*').data?.[0]?.words, ['la migra', 'ice ero', 'ice*'])
  t.same(words(['la migra']).data?.[0]?.words, ['la migra'], 'twin')
  for (const wrong of ['', 'ice,', 'ICE, ero', 'ice  ero', []]) t.equal(words(wrong).success, false, JSON.stringify(wrong))
  t.match(JSON.stringify(words('ero, ICE').error?.issues), /'ICE' is no phrase/)
})

t.test('at a counter the topic is everyday, and who wants people for it is not', async t => {
  for (const [purpose, text] of [
    ['education', 'agents want to arrest the undocumented dad at pickup'],
    ['service-delivery', 'lista de ambulantes sin papeles, los federales quieren agarrarlos'],
    ['court', 'who has a removal order, ICE wants to arrest them in the hall'],
    ['eligibility', 'mixed status cases, federal partner is going door to door to deport them'],
  ] as const)
    t.equal(readReason(text, lexicon, purpose).suspected, true, text)
  for (const [purpose, text] of [
    ['education', 'dad was taken by ICE this morning, who else is on the pickup list for the twins'],
    ['service-delivery', 'ice machine at the senior center broken, vendor will pick up tomorrow'],
    ['court', 'defendant asks for a continuance, immigration counsel wants to see the plea form'],
    ['eligibility', 'mixed status household, only the kids apply, mom asks when the card will come'],
    ['treatment', 'pt in ICE custody, facility asking for transport after discharge'],
    ['court', 'victim fears ICE will arrest her at the courthouse, wants remote appearance'],
  ] as const)
    t.equal(readReason(text, lexicon, purpose).suspected, false, text)
})
