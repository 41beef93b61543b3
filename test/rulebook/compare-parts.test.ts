import { join } from 'node:path'
import t from 'tap'
import { loadConfiguration } from '../../src/config/load.ts'
import { prepare } from '../../src/prepare.ts'
import { compareRulebooks } from '../../src/rulebook/compare.ts'
import { compareParts } from '../../src/rulebook/compare-parts.ts'
import { Invariants } from '../../src/terms/invariant.ts'
import type { RulebookContent } from '../../src/terms/rulebook-content.ts'

const { canonical } = loadConfiguration(join(import.meta.dirname, '../../demo/haven.yaml'))
const content: RulebookContent = {
  ...canonical.content,
  invariants: Invariants.parse({ invariants: [{ id: 'a', text: 'Status is never released.', of: ['status'], never: ['permit'] }] }),
}

// biome-ignore lint/suspicious/noExplicitAny: a test changes every part there is
type Change = (value: any) => unknown

function after(change: Change): RulebookContent {
  const copy = structuredClone(content)
  change(copy)
  return copy
}

const agency = (value: RulebookContent, id: string) => {
  const found = value.agencies.agencies.find(one => one.id === id)
  if (!found) throw new Error(id)
  return found
}
const fields = (value: RulebookContent) => {
  const source = value.sources.find(({ name }) => name === 'residents')
  return Object.values(source?.catalogue.collections ?? {})[0]?.fields ?? {}
}
const someField = Object.keys(fields(content)).find(name => name !== 'id') ?? ''
const FLAG = { since: '2026-01-01', evidence: 'an agreement on the federal list' }

/** What is provably only stricter, and beside it the same change the other way round. */
const PAIRS: readonly (readonly [string, Change, RegExp])[] = [
  ['a field less', v => delete (fields(v) as Record<string, unknown>)[someField], /the field \S+ was added/],
  ['a class more', v => Object.assign(fields(v), { [someField]: ['health', ...classesOf(someField)] }), /is no longer health/],
  [
    'a field searched as text',
    v => Object.assign(fields(v), { [someField]: { class: classesOf(someField), text: true } }),
    /searched as text/,
  ],
  ['a source less', v => v.sources.pop(), /it was not there before/],
  ['a name more in the vocabulary', v => v.vocabulary.names.status.push('visa_colour'), /no longer knows the name visa_colour/],
  ['a phrase more', v => v.vocabulary.phrases.status.push('green paper'), /a phrase was removed/],
  ['a purpose less', v => agency(v, 'us-ca-los-angeles-housing').purposes.pop(), /us-ca-los-angeles-housing changed/],
  ['a 287(g) agreement', v => Object.assign(agency(v, 'us-ca-los-angeles-housing').flags, { '287g': FLAG }), /housing changed/],
  ['a task force', v => Object.assign(agency(v, 'us-ca-los-angeles-housing').flags, { 'task-force': FLAG }), /housing changed/],
  ['an invariant more', v => v.invariants.invariants.push({ id: 'b' }), /an invariant was removed/],
]

function classesOf(name: string): readonly string[] {
  const entry = fields(content)[name]
  if (entry === undefined) throw new Error(name)
  const classes = typeof entry === 'string' || Array.isArray(entry) ? entry : entry.class
  return classes === undefined ? [] : typeof classes === 'string' ? [classes] : classes
}

t.test('what is provably only stricter is not weaker, and its way back is', async t => {
  for (const [name, change, sentence] of PAIRS) {
    const changed = after(change)
    t.strictNotSame(changed, content, `${name}: something changed`)
    t.same(compareParts(content, changed), [], name)
    t.match(compareParts(changed, content).join('\n'), sentence, `${name}, taken back`)
  }
})

const WEAKER: readonly (readonly [string, Change, RegExp])[] = [
  ['another keeper', v => Object.assign(v.sources[0], { keeper: 'library' }), /its keeper was/],
  ['another record class', v => Object.assign(v.sources[0], { records: 'library' }), /its record class was/],
  [
    'a field that overrides the vocabulary',
    v => Object.assign(fields(v), { [someField]: { class: classesOf(someField), vocabularyOverride: 'a payment receipt' } }),
    /overridden/,
  ],
  ['another key', v => Object.assign(Object.values(v.sources[0].catalogue.collections)[0] ?? {}, { key: someField }), /its key changed/],
  ['an agency that may declare', v => toggle(agency(v, 'us-dhs-ice-ero')), /us-dhs-ice-ero changed/],
  ['an agency less', v => v.agencies.agencies.pop(), /was removed/],
  ['an agency more', v => v.agencies.agencies.push({ ...v.agencies.agencies[0], id: 'new' }), /new was added/],
  ['a certificate', v => Object.assign(agency(v, 'us-ca-los-angeles-housing').flags, { certified: FLAG }), /housing changed/],
  ['a word less in the lexicon', v => v.lexicon.entries.pop(), /lexicon/],
  ['a word more in the lexicon', v => v.lexicon['as-written'].push('dhs'), /lexicon/],
  ['an invariant that says something else', v => Object.assign(v.invariants.invariants[0], { never: {} }), /an invariant/],
  ['another owner', v => Object.assign(v, { jurisdiction: 'us-ca' }), /the owner/],
]

const toggle = (one: { declares: boolean }) => {
  one.declares = !one.declares
}

t.test('everything else is', async t => {
  for (const [name, change, sentence] of WEAKER) t.match(compareParts(content, after(change)).join('\n'), sentence, name)
  t.same(compareParts(content, structuredClone(content)), [], 'and nothing is nothing')
  t.same(compareParts({ ...content, invariants: null }, content), [], 'nor are the first invariants')
  t.match(compareParts(content, { ...content, invariants: null }).join(), /an invariant was removed/)
})

t.test('a collection that goes must not make another one that of the data subjects', async t => {
  const of = (...names: string[]): RulebookContent => {
    const collections = Object.fromEntries(names.map(name => [name, { key: 'id', fields: { id: 'open' as const } }]))
    const source = {
      name: 'benefits',
      keeper: 'benefits' as const,
      records: 'benefits' as const,
      catalogue: { source: 'benefits', collections },
    }
    return { ...content, sources: [source] }
  }
  t.match(compareParts(of('inspections', 'people'), of('inspections')).join(), /the data subjects now stand in inspections/)
  t.same(compareParts(of('benefits', 'inspections', 'people'), of('benefits', 'inspections')), [], 'twin')
})

t.test('who may sign is in the comparison, and only the first signers are no weakening', async t => {
  const { rulebook } = prepare(join(import.meta.dirname, '../../demo/haven.yaml'))
  const compare = (before: string[], after: string[]) => {
    const of = (signers: string[]) => ({ content: { ...content, signers }, rulebook })
    return compareRulebooks(of(before), of(after), 0, () => {
      throw new Error('the laws are the same')
    })
  }
  const [ana, ben, cleo] = ['ana+11+aa', 'ben+22+bb', 'cleo+33+cc']
  t.same(compare([ana, ben, cleo], [ana, ben]), { weaker: true, summary: ['signers: cleo+33 was removed'] })
  t.same(compare([ana, ben], [ana, ben, cleo]), { weaker: true, summary: ['signers: cleo+33 was added'] })
  t.match(compare([ana, ben], []), { weaker: true, summary: /nobody is left/ })
  t.same(compare([], [ana]), { weaker: false, summary: ['signers: ana+11 was added'] }, 'twin')
  t.same(compare([ana, ben], [ana, ben]), { weaker: false, summary: [] }, 'twin')
})

t.test('a flag that some grant or exception asks for opens, and is no strengthening', async t => {
  const flagged: Change = v => Object.assign(agency(v, 'us-ca-los-angeles-housing').flags, { 'task-force': FLAG })
  const flags = { flags: ['task-force'] }
  const asking: readonly (readonly [string, boolean, Change])[] = [
    ['a grant asks for it', true, v => Object.assign(v.grants.rules[0].when, { requester: flags })],
    ['a grant asks for it below', true, v => Object.assign(v.grants.rules[0].when, { any: [{ not: { not: { recipient: flags } } }] })],
    ['an exception asks for it', true, v => Object.assign(v.laws[0].law.rules[0], { unless: [{ when: { requester: flags } }] })],
    ['a refusal spares who has it', true, v => Object.assign(v.laws[0].law.rules[0], { when: { not: { requester: flags } } })],
    ['a refusal asks for it', false, v => Object.assign(v.laws[0].law.rules[0], { when: { requester: flags } })],
    ['a grant spares who has it', false, v => Object.assign(v.grants.rules[0].when, { requester: { flags: { not: ['task-force'] } } })],
  ]
  for (const [name, opens, change] of asking) {
    const before = after(change)
    const next = structuredClone(before)
    flagged(next)
    t.equal(compareParts(before, next).join(), opens ? 'directory: us-ca-los-angeles-housing changed' : '', name)
  }
})

t.test('a path that goes is weaker where another takes its calls', async t => {
  const id = { id: { field: 'id', use: 'identify' as const } }
  const of = (paths: Record<string, Record<string, readonly string[]>>): RulebookContent => {
    const entries = Object.entries(paths).map(([name, { own = [] }]) => {
      const listed = Object.fromEntries(own.map(path => [path, path.includes('{') ? id : {}]))
      return [name, { key: 'id', subjects: false, fields: { id: 'open' as const }, paths: listed }]
    })
    const catalogue = { source: 's', collections: Object.fromEntries(entries) }
    return { ...content, sources: [{ name: 's', keeper: 'benefits', records: 'benefits', catalogue }] }
  }
  const gone = (before: Parameters<typeof of>[0], next: Parameters<typeof of>[0]) => compareParts(of(before), of(next)).join()
  const people = { own: ['/people/{id}'] }
  t.match(
    gone({ people: { own: ['/people/{id}', '/people/secret'] } }, { people }),
    /the path \/people\/secret is gone, and its calls may be read as \/people\/\{id\}/,
  )
  t.match(gone({ people: { own: ['/{id}'] }, papers: {} }, { people: { own: ['/{id}'] } }), /the path \/papers is gone/, 'a collection')
  t.equal(gone({ people: { own: ['/people/{id}', '/people/{id}/papers'] } }, { people }), '', 'twin')
  t.equal(gone({ people, papers: { own: ['/papers/{id}'] } }, { people }), '', 'twin')
})

t.test('a class beside open takes open away', async t => {
  const of = (entry: object | string) => after(v => Object.assign(fields(v), { [someField]: entry }))
  t.match(compareParts(of('open'), of(['open', 'status'])).join(), /no longer open alone/)
  t.same(compareParts(of(['open', 'personal']), of(['open', 'personal', 'status'])), [], 'twin')
})
