import t from 'tap'
import { CHAPTERS } from '../../demo/chapters.ts'
import { HOUSEHOLD, makeI205, makeWarrant } from '../../demo/instruments.ts'
import { makeRows } from '../../demo/record-api/rows.ts'
import { TABLES } from '../../demo/record-api/tables.ts'
import { canBeActive } from '../../src/register/processes.ts'
import { Instrument } from '../../src/terms/instrument.ts'

const requests = CHAPTERS.flatMap(chapter => chapter.requests)

t.test('every request has an id of its own', async t => {
  t.equal(new Set(requests.map(({ id }) => id)).size, requests.length)
})

t.test('a request uses what an earlier one was given', async t => {
  let used = 0
  for (const [i, { id, call, headers }] of requests.entries()) {
    for (const [, name] of [call, ...Object.values(headers ?? {})].join(' ').matchAll(/\{([a-z0-9-]+)\.\w+\}/g)) {
      used++
      t.ok(
        requests.slice(0, i).some(earlier => earlier.id === name),
        `${id} uses ${name}`,
      )
    }
  }
  t.ok(used > 10)
})

t.test('only staff takes steps in the register', async t => {
  const steps = requests.filter(({ step }) => step !== undefined)
  t.ok(steps.length > 5)
  t.same(
    steps.filter(({ who }) => who?.token.issuer !== 'staff').map(({ id }) => id),
    [],
  )
})

t.test('the instruments are good today, and only the court’s can become active', async t => {
  const [form, warrant] = [Instrument.parse(makeI205()), Instrument.parse(makeWarrant())]
  const today = new Date().toISOString().slice(0, 10)
  t.equal(warrant.signed, today)
  t.ok(warrant.until !== undefined && warrant.until > today)
  t.equal(canBeActive(warrant), true)
  t.equal(canBeActive(form), false)
})

t.test('the two of the household live at one address, and the warrant names one of them', async t => {
  const columns = [...TABLES.get('accounts')!.columns.keys()]
  const cell = (row: readonly unknown[], name: string) => String(row[columns.indexOf(name)])
  const there = makeRows()
    .get('accounts')!
    .filter(row => cell(row, 'service_address') === HOUSEHOLD.address)
  t.same(
    there.map(row => [cell(row, 'id'), cell(row, 'holder')]),
    [
      [HOUSEHOLD.named, 'Irina Aguilar'],
      [HOUSEHOLD.other, 'Ernesto Castillo'],
    ],
  )
  t.same(
    Instrument.parse(makeWarrant()).scope.flatMap(({ persons }) => persons),
    [HOUSEHOLD.named],
  )
})
