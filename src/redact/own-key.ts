import type { Permit } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { Judgement } from '../terms/judgement.ts'

/**
 * The key whose records alone may leave, or null when the permit does not say `only: self`. Throws `obligation.unmet` for obligations this
 * version cannot carry out, and when nobody knows which record is the requester's own. Treatments are the plan's; `notify` and `review`
 * are carried out where the decision is recorded.
 */
export function readOwnKey(judgement: Judgement<Permit>, source: string): string | null {
  let own = false
  for (const obligation of judgement.decision.obligations) {
    if ('minimumCount' in obligation) throw unmet('minimumCount')
    if ('notify' in obligation && obligation.before) throw unmet(`notify before: ${obligation.notify}`)
    if (!('only' in obligation)) continue
    if (obligation.only !== 'self') throw unmet(`only: ${obligation.only}`)
    own = true
  }
  if (!own) return null
  const { parties } = judgement
  const key = 'kind' in parties ? undefined : parties.subjectOf.get(source)
  if (key === undefined) throw unmet('only: self, for a requester without a record here')
  return key
}

function unmet(what: string): Fault {
  return new Fault('obligation.unmet', 'unavailable', `cannot be carried out: ${what}`)
}
