import { decide } from '../policy/decide.ts'
import { foldFields } from '../policy/fold-fields.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { Decision } from '../terms/decision.ts'
import type { Judgement, ShadowDecision } from '../terms/judgement.ts'

/** Where the results of a candidate are counted. */
export interface ShadowCounts {
  readonly decided: (result: 'same' | 'different') => void
  readonly failed: () => void
}

/**
 * Decides what was just decided once more, by a candidate, and adds its decision to the judgement where it differs. It decides nothing:
 * whatever goes wrong here is counted, and the judgement goes on as it came.
 */
export function makeShadow(
  digest: string,
  candidate: Rulebook,
  counts: ShadowCounts,
): <D extends Decision>(judgement: Judgement<D>) => Judgement<D> {
  return judgement => {
    const { inquiry, query, decision } = judgement
    if (!inquiry || query?.kind !== 'facts') return judgement
    try {
      const other = summaryOf(foldFields(decide(candidate, inquiry), query))
      const same = isSame(summaryOf(decision), other)
      counts.decided(same ? 'same' : 'different')
      return same ? judgement : { ...judgement, shadow: { rulebook: digest, ...other } }
    } catch {
      counts.failed()
      return judgement
    }
  }
}

type Summary = Omit<ShadowDecision, 'rulebook'>

/** A decision in the words in which two are compared, and the rules that speak in it. */
export function summaryOf(decision: Decision): Summary {
  const { kind, held, withheld, reasons } = decision
  const rules = [...new Set(reasons.flatMap(({ rule }) => (rule === null ? [] : [rule])))]
  return { kind, released: decision.kind === 'permit' ? decision.released : [], held, withheld, rules }
}

/** The same kind, and the same classes released, held and withheld: another rule that says the same changes nothing. */
export function isSame(a: Summary, b: Summary): boolean {
  const key = ({ kind, released, held, withheld }: Summary) =>
    JSON.stringify([kind, released.toSorted(), held.toSorted(), withheld.toSorted()])
  return key(a) === key(b)
}
