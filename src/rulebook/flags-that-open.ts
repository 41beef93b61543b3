import type { FlagName } from '../terms/agency.ts'
import type { Condition, PartyCondition } from '../terms/law.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'

/** The flags that open something to an agency once it has them: a grant or an exception asks for them, or a refusal spares who has them. */
export function flagsThatOpen({ laws, grants }: Pick<RulebookContent, 'laws' | 'grants'>): ReadonlySet<FlagName> {
  const rules = laws.flatMap(({ law }) => law.rules)
  const opening = [...grants.rules, ...rules.flatMap(rule => rule.unless ?? [])]
  return new Set([...opening.flatMap(({ when }) => named(when, true)), ...rules.flatMap(({ when }) => named(when, false))])
}

/** The flags whose presence makes a condition hold (`wanted`), or whose presence keeps it from holding. */
function named({ requester, recipient, all, any, not }: Condition, wanted: boolean): readonly FlagName[] {
  const inner = [...(all ?? []), ...(any ?? [])].flatMap(condition => named(condition, wanted))
  return [...ofParty(requester, wanted), ...ofParty(recipient, wanted), ...inner, ...(not ? named(not, !wanted) : [])]
}

function ofParty(party: PartyCondition | undefined, wanted: boolean): readonly FlagName[] {
  const flags = party?.flags
  if (flags === undefined) return []
  if ('not' in flags) return wanted ? [] : flags.not
  return wanted ? flags : []
}
