import type { Condition } from '../terms/law.ts'
import type { RulebookContent } from '../terms/rulebook-content.ts'

/** The courts and signers of process that some rule or grant names. All other words for them are the callers' own. */
export function namedIssuers({ laws, grants }: RulebookContent): ReadonlySet<string> {
  const rules = laws.flatMap(({ law }) => law.rules)
  const conditions = [...rules, ...rules.flatMap(rule => rule.unless ?? []), ...grants.rules].map(({ when }) => when)
  return new Set(conditions.flatMap(wordsOf))
}

function wordsOf({ process, all, any, not }: Condition): readonly string[] {
  const inner = [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])]
  const named = [process?.court, process?.signer].flatMap(set => (set === undefined ? [] : 'not' in set ? set.not : set))
  return [...named, ...inner.flatMap(wordsOf)]
}
