/** A condition's answer. `missing`: an attribute it speaks of could not be established (Kleene's third value). */
export type Ternary = 'yes' | 'no' | 'missing'

export const truth = (value: boolean): Ternary => (value ? 'yes' : 'no')

/** Kleene's strong "and": one no is enough, else one missing keeps it open. */
export function everyOf(answers: readonly Ternary[]): Ternary {
  if (answers.includes('no')) return 'no'
  return answers.includes('missing') ? 'missing' : 'yes'
}

/** Kleene's strong "or". */
export function someOf(answers: readonly Ternary[]): Ternary {
  if (answers.includes('yes')) return 'yes'
  return answers.includes('missing') ? 'missing' : 'no'
}

/** Missing stays missing under negation: otherwise `not` would turn ignorance into a permission. */
export function opposite(answer: Ternary): Ternary {
  if (answer === 'missing') return 'missing'
  return answer === 'yes' ? 'no' : 'yes'
}
