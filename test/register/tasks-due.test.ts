import fc from 'fast-check'
import t from 'tap'
import { dueDate } from '../../src/register/due-date.ts'
import { Obligation } from '../../src/terms/law.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const at = (iso: string) => Date.parse(iso)
const due = (from: string, term: string | null) => new Date(dueDate(at(from), term)).toISOString().replace('.000Z', 'Z')

t.test('a term ends where the calendar says', t => {
  const cases: readonly [string, string | null, string][] = [
    ['2026-12-01T12:00:00Z', '72 hours', '2026-12-04T12:00:00Z'],
    ['2026-12-01T12:00:00Z', '1 hour', '2026-12-01T13:00:00Z'],
    ['2026-12-01T12:00:00Z', '3 days', '2026-12-04T12:00:00Z'],
    ['2026-12-04T12:00:00Z', '3 days', '2026-12-07T12:00:00Z'], // days are days, also at a weekend
    ['2026-12-01T18:00:00Z', '3 business days', '2026-12-04T18:00:00Z'], // Tuesday to Friday
    ['2026-12-04T18:00:00Z', '1 business day', '2026-12-07T18:00:00Z'], // Friday to Monday
    ['2026-12-04T18:00:00Z', '3 business days', '2026-12-09T18:00:00Z'],
    ['2026-12-05T18:00:00Z', '1 business day', '2026-12-07T18:00:00Z'], // Saturday
    ['2026-12-06T18:00:00Z', '1 business day', '2026-12-07T18:00:00Z'], // Sunday
    ['2026-12-01T18:00:00Z', '10 business days', '2026-12-15T18:00:00Z'],
    ['2026-12-24T18:00:00Z', '1 business day', '2026-12-25T18:00:00Z'], // holidays are not known: early, never late
    ['2026-12-01T12:00:00Z', '1 month', '2027-01-01T12:00:00Z'],
    ['2026-01-31T12:00:00Z', '1 month', '2026-02-28T12:00:00Z'],
    ['2028-01-31T12:00:00Z', '1 month', '2028-02-29T12:00:00Z'],
    ['2026-11-30T12:00:00Z', '3 months', '2027-02-28T12:00:00Z'],
    ['2026-12-01T12:00:00Z', null, '2026-12-04T12:00:00Z'],
    ['2026-12-01T12:00:00Z', 'soon', '2026-12-04T12:00:00Z'],
    ['2026-12-01T12:00:00Z', '', '2026-12-04T12:00:00Z'],
  ]
  for (const [from, term, until] of cases) t.equal(due(from, term), until, `${from} + ${term}`)
  t.end()
})

t.test('the day is that of the city, not of Greenwich: Thursday evening in Los Angeles plus one is Friday evening', t => {
  t.equal(due('2026-12-04T01:00:00Z', '1 business day'), '2026-12-05T01:00:00Z')
  t.end()
})

t.test('business days never end later than in any zone of the United States, and never before as many plain days', t => {
  const zone = fc.integer({ min: 4, max: 10 })
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-01-01T00:00:00Z') / 60_000, max: at('2027-01-01T00:00:00Z') / 60_000 }),
      fc.integer({ min: 1, max: 30 }),
      zone,
      (minute, n, west) => {
        const from = minute * 60_000
        const end = dueDate(from, `${n} business days`)
        if (end < from + n * DAY) return false
        const local = (ms: number) => new Date(ms - west * HOUR).getUTCDay()
        let [day, left] = [from, n]
        while (left > 0) {
          day += DAY
          if (local(day) !== 0 && local(day) !== 6) left -= 1
        }
        return end <= day
      },
    ),
  )
  t.end()
})

t.test('every term that a law may write is understood', t => {
  for (const unit of ['hour', 'day', 'business day', 'month'])
    for (const term of [`1 ${unit}`, `5 ${unit}s`]) {
      t.equal(Obligation.safeParse({ notify: 'x', within: term }).success, true, term)
      t.not(dueDate(at('2026-12-01T12:00:00Z'), term), at('2026-12-04T12:00:00Z'), `${term} is not taken for an unknown one`)
    }
  t.end()
})
