import { createHash } from 'node:crypto'
import t from 'tap'
import { makeDice, makePeople } from '../../demo/people.ts'
import { makeRows } from '../../demo/record-api/rows.ts'
import { TABLES } from '../../demo/record-api/tables.ts'

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

t.test('the same city every time', async t => {
  t.equal(digest([...makeRows()]), digest([...makeRows()]))
  t.not(digest(makePeople(makeDice(1), 50)), digest(makePeople(makeDice(2), 50)))
})

t.test('every table has its rows, and every row its columns', async t => {
  const rows = makeRows()
  t.same([...rows.keys()], [...TABLES.keys()])
  for (const [name, table] of TABLES) {
    const widths = new Set(rows.get(name)!.map(row => row.length))
    t.same([...widths], [table.columns.size], name)
  }
  t.same(
    [...rows].map(([name, { length }]) => `${name} ${length}`),
    ['residents 2000', 'inspections 1200', 'accounts 2000', 'bills 4000', 'stops 3000', 'bookings 400', 'visits 1500', 'cases 800'],
  )
})

t.test('nobody real: numbers come from ranges nobody is issued', async t => {
  const people = makePeople(makeDice(7), 2000)
  const ssns = people.map(person => person.ssn).filter(ssn => ssn !== null)
  t.ok(ssns.length > 1000 && ssns.length < 2000, 'some have none')
  // 9xx is never an SSN; a group from 50 on could be an ITIN.
  t.same(
    ssns.filter(ssn => !/^9\d\d-[1-4]\d-\d{4}$/.test(ssn)),
    [],
  )
  t.same(
    people.filter(person => !/^\(213\) 555-01\d\d$/.test(person.phone)),
    [],
  )
  t.same(
    people.filter(person => !person.email.endsWith('.example')),
    [],
  )
})

t.test('status is told in several places', async t => {
  const people = makePeople(makeDice(7), 2000)
  t.ok(people.some(person => /indocumentada/.test(person.note)))
  t.ok(people.some(person => /overstayed her visa/.test(person.note)))
  t.ok(people.some(person => person.alienNumber !== null && person.note.includes(person.alienNumber)))
  t.same(
    people.filter(person => person.citizenship === 'citizen' && person.alienNumber !== null),
    [],
  )
})
