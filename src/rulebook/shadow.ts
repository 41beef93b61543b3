import { awaitNotice } from '../policy/await-notice.ts'
import { decide } from '../policy/decide.ts'
import { foldFields } from '../policy/fold-fields.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { Decision, Effect } from '../terms/decision.ts'
import type { Judgement, ShadowDecision } from '../terms/judgement.ts'
import type { Obligation } from '../terms/law.ts'

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
    const { inquiry, query, decision, consulted } = judgement
    if (!inquiry || query?.kind !== 'facts') return judgement
    try {
      // With what the register knew: else every call that counsel released would be a difference.
      const folded = foldFields(decide(candidate, inquiry, consulted?.lift ?? null), query)
      const other = summaryOf(awaitNotice(folded, (consulted?.noticed ?? null) !== null))
      const same = isSame(summaryOf(decision), other)
      counts.decided(same ? 'same' : 'different')
      if (same) return judgement
      const { kind, released, held, withheld, rules } = other
      return { ...judgement, shadow: { rulebook: digest, kind, released, held, withheld, rules } }
    } catch {
      counts.failed()
      return judgement
    }
  }
}

/** A decision in the words in which two are compared. */
export interface Summary extends Omit<ShadowDecision, 'rulebook'> {
  /** What is owed, each in one spelling. */
  readonly obligations: readonly string[]
  /** How long counsel has; null where nothing is held. */
  readonly deadlineHours: number | null
  /** How many people must release it; null where nothing is held. */
  readonly people: number | null
  /** What becomes of each class in each kind of use; empty where the call is refused whole, as then nothing of it happens. */
  readonly uses: readonly string[]
}

/** A decision in the words in which two are compared, and the rules that speak in it. */
export function summaryOf(decision: Decision): Summary {
  const { kind, held, withheld, reasons, hold, verdicts } = decision
  const rules = [...new Set(reasons.flatMap(({ rule }) => (rule === null ? [] : [rule])))]
  const uses = kind === 'deny' ? [] : verdicts.map(({ use, effect }) => `${use.class}/${use.kind}: ${happens(effect)}`)
  return {
    ...{ kind, released: decision.kind === 'permit' ? decision.released : [], held, withheld, rules },
    obligations: [...new Set(decision.obligations.map(spelling))].toSorted(byText),
    deadlineHours: hold?.deadlineHours ?? null,
    people: hold?.people ?? null,
    uses: [...new Set(uses)].toSorted(byText),
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Which law left something out, or that none permitted it, is the same to who asks. */
const happens = (effect: Effect): string => (effect === 'permit' ? 'permitted' : effect === 'hold' ? 'held' : 'left out')

/** Two files that say the same in another order of words owe the same. */
const spelling = (obligation: Obligation): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(obligation)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, Array.isArray(value) ? value.toSorted() : value]),
    ),
  )

/**
 * The same kind, the same classes released, held and withheld, the same for each kind of use, on the same terms: another rule that says the
 * same changes nothing.
 */
export function isSame(a: Summary, b: Summary): boolean {
  const key = ({ kind, released, held, withheld, obligations, deadlineHours, people, uses }: Summary) =>
    JSON.stringify([kind, released.toSorted(), held.toSorted(), withheld.toSorted(), obligations, deadlineHours, people, uses])
  return key(a) === key(b)
}
