import fc from 'fast-check'
import type { Test } from 'tap'

/** Asserts that a property holds for many inputs, and shows the smallest counterexample if not. */
export function holds<Ts>(t: Pick<Test, 'equal'>, property: fc.IProperty<Ts>, numRuns: number): void {
  const result = fc.check(property, { numRuns })
  t.equal(result.failed ? fc.defaultReportMessage(result) : 'holds', 'holds', `for ${numRuns} inputs`)
}
