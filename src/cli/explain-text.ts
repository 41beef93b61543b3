import { summarize } from '../policy/check-case.ts'
import type { Explanation, RuleExplanation } from '../policy/explain.ts'
import type { NotMatched, Place, Why, Winner } from '../policy/why.ts'

/**
 * An explanation for a person: the decision, what settled each use, what matched with its exceptions, and what did not, by reason.
 * @param places pairs of recipient and use that were judged: what was said in all of them is said once.
 */
export function describeExplanation(explanation: Explanation, why: Why, places: number): readonly string[] {
  const { decision, released, withheld, held, obligations, for: counsel, deadline, people } = summarize(explanation)
  const shown = (name: string, values: readonly unknown[]) => (values.length > 0 ? [`  ${name}: ${values.map(String).join(', ')}`] : [])
  return [
    `decision: ${decision}`,
    ...shown('released', released),
    ...shown('left out', withheld),
    ...shown('held', held),
    ...shown(
      'obligations',
      obligations.map(obligation => JSON.stringify(obligation)),
    ),
    ...(counsel ? [`  for ${counsel}, within ${deadline}${people === 2 ? ', and two people must release it' : ''}`] : []),
    'because:',
    ...explanation.decision.reasons.map(({ text, cite }) => `  ${text}${citing(cite)}`),
    'use by use:',
    ...why.winners.map(describeWinner),
    'rules that matched:',
    ...orNone(describeMatched(explanation.rules, why)),
    'rules and grants that did not match:',
    ...orNone(describeSilent(why.notMatched, places)),
  ]
}

const orNone = (lines: readonly string[]): readonly string[] => (lines.length > 0 ? lines : ['  none'])

const citing = (cite: readonly string[]): string => (cite.length > 0 ? ` [${cite.join('; ')}]` : '')

function describeWinner({ class: c, kind, effect, rules, text, follows }: Winner): string {
  const by = rules.length > 0 ? `, by ${rules.join(', ')}` : `: ${text}`
  return `  ${c}/${kind}: ${effect}${by}${follows ? ' (follows what is selected with it)' : ''}`
}

function describeMatched(rules: readonly RuleExplanation[], why: Why): string[] {
  const byRule = Map.groupBy(rules, ({ rule }) => rule)
  return [...byRule].flatMap(([rule, lines]) => [
    ...group(lines, ({ effect, exception, cite }) => {
      const taken = exception === null ? '' : ` (exception ${exception})`
      return `${effect}, ${rule}${taken}${citing(cite)}`
    }).map(([said, at]) => `  ${describePlaces(at)}: ${said}`),
    ...group(
      why.unknown.filter(one => one.rule === rule).map(one => ({ ...one, said: texts(one) })),
      ({ said }) => said,
    ).map(([said]) => `    matched only because ${said}`),
    ...why.exceptions
      .filter(tried => tried.rule === rule && !tried.taken)
      .map(tried => {
        const everywhere = tried.at.length === lines.length
        return `    exception ${tried.exception} does not apply${everywhere ? '' : ` to ${describePlaces(tried.at)}`}: ${texts(tried)}`
      }),
  ])
}

/** What did not match, by reason. A rule that says the same in every place is named for that alone. */
function describeSilent(silent: readonly NotMatched[], places: number): string[] {
  const byRule = Map.groupBy(silent, ({ rule }) => rule)
  const lines = [...byRule].flatMap(([rule, entries]) => {
    const everywhere = entries.reduce((sum, { at }) => sum + at.length, 0) === places
    const [first, ...others] = entries
    const common = (first?.why ?? []).filter(({ text }) => others.every(({ why }) => why.some(other => other.text === text)))
    if (everywhere && common.length > 0) return [{ rule, reason: texts({ why: common }) }]
    return entries.map(entry => ({ rule, reason: `${describePlaces(entry.at)}: ${texts(entry)}` }))
  })
  return group(lines, ({ reason }) => reason).flatMap(([reason, rules]) => [
    `  ${reason}`,
    `    ${[...new Set(rules.map(({ rule }) => rule))].join(', ')}`,
  ])
}

const texts = ({ why }: Pick<NotMatched, 'why'>): string => [...new Set(why.map(({ text }) => text))].join('; ')

/** `us-fbi: locating/select, personal/filter`. */
function describePlaces(places: readonly Place[]): string {
  return group(places, ({ recipient }) => recipient)
    .map(([recipient, at]) => `${recipient}: ${[...new Set(at.map(({ class: c, kind }) => `${c}/${kind}`))].join(', ')}`)
    .join('; ')
}

const group = <T>(values: readonly T[], by: (value: T) => string): readonly (readonly [string, readonly T[]])[] => [
  ...Map.groupBy(values, by),
]
