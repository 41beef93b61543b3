import fc from 'fast-check'
import t from 'tap'
import type { AnswerShape } from '../../src/terms/query-facts.ts'
import { envelope, field, records } from './support/build.ts'
import { escaped } from './support/generate.ts'
import { holds } from './support/holds.ts'
import { paperFor, related } from './support/paper.ts'
import { type RunOptions, run } from './support/run.ts'

/** People with family, and visits that other people came along to. */
const MEMBERS = { id: field('id'), name: field('name', 'personal'), ssn: field('ssn', 'status-proxy') }
const PERSON = { ...MEMBERS, family: related('family', 'people', MEMBERS, 'id') }
const VISIT = {
  place: field('place', 'open', 'select', 'visits'),
  note: field('note', 'personal', 'select', 'visits'),
  guests: related('guests', 'people', MEMBERS, 'id', 'visits'),
}
const PEOPLE = records({ ...PERSON, visits: related('visits', 'visits', VISIT, null) }, 'id')
const AROUND = envelope({ total: field('*'), items: PEOPLE })
const EVERY = { permitted: (['open', 'personal', 'status-proxy'] as const).map(name => [name, 'select'] as const) }
const FIELDS = ['people.id', 'people.name', 'people.ssn', 'people.family', 'people.visits', 'visits.place', 'visits.note', 'visits.guests']

/** A record as it is written: its key as the text of the values that stand under `id`, none or several, and its other members in order. */
interface Made {
  readonly keys: readonly string[]
  readonly keysAt: number
  readonly spelt: boolean
  readonly members: readonly (readonly [string, readonly Made[] | null])[]
}

const KEYS = ['7', '"7"', '8', '"8"', '7.0', '"7 "', 'null', '[7]', '"\\u0037"', '{"id":7}', '77', '"r"']
const text = (key: string) => (key.startsWith('"') ? String(JSON.parse(key)) : /^[\d.]+$/.test(key) ? key : null)

function made(names: readonly string[], inside: Readonly<Record<string, fc.Arbitrary<Made>>>): fc.Arbitrary<Made> {
  const members = names.map(name => {
    const inner = inside[name]
    const value = inner === undefined ? fc.constant(null) : fc.array(inner, { maxLength: 3 })
    return fc.option(
      value.map(list => [name, list] as const),
      { nil: undefined, freq: 4 },
    )
  })
  const keys = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...KEYS).map(key => [key]) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...KEYS), { maxLength: 3 }) },
  )
  return fc
    .record({ keys, keysAt: fc.nat(5), spelt: fc.boolean(), members: fc.tuple(...members), turn: fc.nat(5) })
    .map(({ members: all, turn, ...rest }) => {
      const present = all.filter(one => one !== undefined)
      return { ...rest, members: [...present.slice(turn), ...present.slice(0, turn)] }
    })
}

const someone = made(['name', 'ssn', 'ghost'], {})
const visit = made(['place', 'note', 'guests'], { guests: someone }).map(one => ({ ...one, keys: [] }))
const people = fc.array(made(['name', 'ssn', 'ghost', 'family', 'visits'], { family: someone, visits: visit }), { maxLength: 4 })
const asked = fc.record({
  people,
  persons: fc.subarray(['7', '8', 'r', '77'], { minLength: 1, maxLength: 2 }),
  named: fc.oneof(fc.subarray(FIELDS), fc.constant(FIELDS)),
})

/** Writes a record; every plain value is a canary that says where it stood. */
function write(record: Made, next: { canary: number }): string {
  const key = record.spelt ? escaped('id') : '"id"'
  const members = record.members.map(([name, list]) =>
    list === null ? `"${name}":"canary-${next.canary++}-"` : `"${name}":[${list.map(inner => write(inner, next)).join(',')}]`,
  )
  members.splice(record.keysAt, 0, ...record.keys.map(one => `${key}:${one}`))
  return `{${members.join(',')}}`
}

/** The canaries that may leave, worked out on the tree. */
function mayLeave(list: readonly Made[], named: ReadonlySet<string>, persons: ReadonlySet<string>): readonly string[] {
  const next = { canary: 0 }
  const walk = (one: Made, of: string, isOpen: boolean): string[] => {
    const key = one.keys.length === 1 ? text(one.keys[0]!) : null
    const leaves = isOpen && (of === 'visits' || (key !== null && persons.has(key)))
    return one.members.flatMap(([name, inner]) => {
      const shown = leaves && named.has(`${of}.${name}`)
      if (inner !== null) return inner.flatMap(each => walk(each, name === 'visits' ? 'visits' : 'people', shown))
      const canary = `canary-${next.canary++}-`
      return shown ? [canary] : []
    })
  }
  return list.flatMap(one => walk(one, 'people', true))
}

const canaries = (out: string) => out.match(/canary-\d+-/g) ?? []
function written(list: readonly Made[]): readonly string[] {
  const next = { canary: 0 }
  return list.map(one => write(one, next))
}

const bodyOf = (list: readonly Made[]) => `[${written(list).join(',')}]`
const envelopeOf = (list: readonly Made[]) => `{"total":${list.length},"items":${bodyOf(list)}}`

t.test('what leaves is what the process names, of whom it names: no byte more, and nothing less', async t => {
  let left = 0
  let stayed = 0
  holds(
    t,
    fc.property(asked, fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }), ({ people: list, persons, named }, sizes) => {
      const body = bodyOf(list)
      const expected = mayLeave(list, new Set(named), new Set(persons))
      const { out, records } = run(PEOPLE, body, EVERY, { paper: paperFor(persons, named), sizes })
      JSON.parse(out)
      left += expected.length
      stayed += canaries(body).length - expected.length
      const mine = list.filter(({ keys }) => keys.length === 1 && persons.includes(text(keys[0]!) ?? ''))
      return records === mine.length && canaries(out).join() === expected.join() && !out.includes('ghost')
    }),
    3000,
  )
  t.ok(left > 500 && stayed > 2000, `${left} values left and ${stayed} did not`)
})

t.test('cut at every byte, in lines and in an envelope, the answer and the report are the same', async t => {
  const same = (body: string, options: RunOptions, shape: AnswerShape = PEOPLE) => {
    const whole = JSON.stringify(run(shape, body, EVERY, options))
    for (let at = 1; at < body.length; at++)
      if (JSON.stringify(run(shape, body, EVERY, { ...options, sizes: [at, body.length] })) !== whole) return false
    return JSON.stringify(run(shape, body, EVERY, { ...options, sizes: [1] })) === whole
  }
  holds(
    t,
    fc.property(asked, ({ people: list, persons, named }) => same(bodyOf(list), { paper: paperFor(persons, named) })),
    60,
  )
  holds(
    t,
    fc.property(asked, ({ people: list, persons, named }) => {
      const paper = paperFor(persons, named)
      const { out } = run(AROUND, envelopeOf(list), EVERY, { paper })
      const alone = run(PEOPLE, bodyOf(list), EVERY, { paper }).out
      return out === `{"items":${alone}}` && same(envelopeOf(list), { paper }, AROUND)
    }),
    40,
  )
  holds(
    t,
    fc.property(asked, ({ people: list, persons, named }) => {
      const lines = written(list).map(one => `${one}\n`)
      if (lines.length === 0) return true
      const paper = paperFor(persons, named)
      const alone = run(PEOPLE, bodyOf(list), EVERY, { paper })
      const { out, records } = run(PEOPLE, lines.join(''), EVERY, { paper, lines: true })
      return (
        records === alone.records && canaries(out).join() === canaries(alone.out).join() && same(lines.join(''), { paper, lines: true })
      )
    }),
    40,
  )
})
