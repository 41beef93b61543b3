import t from 'tap'
import { instrument } from '../support/city.ts'
import { household } from '../support/household.ts'

const gate = await household(t)
const enter = async (more: object) => {
  const answer = await gate.asStaff('POST', '/process', 'clerk', instrument({ ...more }))
  return { status: answer.status, problems: answer.json().problems ?? [], text: answer.text }
}
const scope = (more: object) => ({ scope: [{ source: 'water', persons: ['11'], ...more }] })
const between = { field: 'opened', from: '2026-01-01', until: '2026-12-31' }

t.test('what an instrument names must be there when it is entered', async t => {
  for (const [more, path, message] of [
    [scope({ source: 'watr' }), 'scope.0.source', /did you mean 'water'/],
    [scope({ source: 'maria-lopez' }), 'scope.0.source', /no such source/],
    [scope({ collections: ['people', 'visit'] }), 'scope.0.collections.1', /did you mean 'visits'/],
    [scope({ collections: ['visits'] }), 'scope.0.collections', /name 'people' too/],
    [scope({ fields: ['id', 'adress'] }), 'scope.0.fields.1', /did you mean 'address'/],
    [scope({ fields: ['Address'] }), 'scope.0.fields.0', /did you mean 'address'/],
    [scope({ fields: ['place'] }), 'scope.0.fields.0', /no such field/],
    [scope({ fields: ['home.stret'] }), 'scope.0.fields.0', /did you mean 'home.street'/],
    [scope({ between: { ...between, field: 'open' } }), 'scope.0.between.field', /did you mean 'opened'/],
    [scope({ between: { ...between, field: 'home' } }), 'scope.0.between.field', /no such plain value/],
    [scope({ between: { ...between, until: '2025-01-01' } }), 'scope.0.between.until', /before it begins/],
    [scope({ at: { field: 'home.city', values: ['LA'] } }), 'scope.0.at.field', /no such plain value/],
    [{ usableBy: { agencies: ['us-dhs-ice-ero', 'us-dhs-ice-er'] } }, 'usableBy.agencies.1', /did you mean 'us-dhs-ice-ero'/],
    [{ usableBy: { agencies: ['maria-lopez'] } }, 'usableBy.agencies.0', /no such agency/],
    [{ usableBy: { agencies: ['unknown'] } }, 'usableBy.agencies.0', /no such agency/],
  ] as const) {
    const answer = await enter(more)
    t.equal(answer.status, 400, path)
    t.match(answer.problems, [{ path, message }])
    t.notMatch(answer.text, /maria/i, 'what was written is not repeated')
  }
  const entered = (await gate.entries()).filter(entry => entry['kind'] === 'process')
  t.same(entered, [], 'nothing of it was entered')

  for (const more of [
    scope({ collections: ['people', 'visits'], fields: ['home', 'home.street', 'household', 'place', 'address'] }),
    scope({ between, at: { field: 'address', values: ['11 Olive St'] } }),
    scope({ between: { ...between, until: between.from } }),
    { scope: [] },
    { scope: ['address', 'full_name'].map(field => ({ source: 'water', persons: ['11'], fields: [field] })) },
  ])
    t.equal((await enter(more)).status, 201, 'the twin')
})

t.test('many mistakes are told in part, and soon', async t => {
  const agencies = [...Array(12_000).keys()].map(i => `us-dhs-ice-${i}x`)
  const began = performance.now()
  t.equal((await enter({ usableBy: { agencies } })).problems.length, 20)
  t.ok(performance.now() - began < 2000)
})
