import { type DataClass, Treatment } from '../terms/data-class.ts'
import type { Decision, Effect, HoldOrder, Permit, RefusalKind, Verdict } from '../terms/decision.ts'
import type { Use } from '../terms/inquiry.ts'
import type { Obligation } from '../terms/law.ts'
import type { Reason } from '../terms/reason.ts'
import type { UseJudgement } from './judge.ts'

/** Kinds of use that can be left out of an answer without changing the question. */
const LEFT_OUT = new Set(['select', 'implied'])

/**
 * Folds the verdicts on all uses into one decision (docs/laws.md, how a decision comes about).
 * A use that cannot be left out refuses the call unless it is permitted, or is held with it. Otherwise what is permitted goes out, the
 * rest is left out, and what is held opens a hold. `identify` shares the fate of what is selected with it.
 * @param business some grant speaks for every recipient and this purpose: then a refusal is about the query, not about the caller.
 * The only place that makes a Permit.
 */
export function combine(judged: readonly UseJudgement[], business: boolean, about: readonly Reason[]): Decision {
  const decisive = withoutIdentify(judged)
  const asked = decisive.filter(({ use }) => !LEFT_OUT.has(use.kind))
  const refusing = asked.filter(({ effect }) => effect !== 'permit' && effect !== 'hold')
  const permitted = decisive.filter(({ effect }) => effect === 'permit')
  const held = decisive.filter(({ effect }) => effect === 'hold')
  const hold = orderHold(held)
  if (refusing.length > 0) return deny(judged, refusing, replyFor(decisive, business), about)
  if (hold && (permitted.length === 0 || asked.some(({ effect }) => effect === 'hold'))) {
    const heldClasses = classesOf(held)
    return {
      kind: 'hold',
      verdicts: verdictsOf(judged, 'hold'),
      withheld: minus(classesOf(decisive), heldClasses),
      held: heldClasses,
      hold,
      obligations: dutiesOf(decisive),
      // The caller reads the first reason: what is held comes before what is denied beside it.
      reasons: distinct([...rank(held), ...rank(decisive.filter(({ effect }) => effect !== 'permit'))]),
    }
  }
  if (permitted.length === 0) return deny(judged, decisive, replyFor(decisive, business), about)
  return permit(judged, decisive, permitted, held, hold)
}

/** An equality that only names the data subject has no fate of its own, unless nothing is selected with it. */
function withoutIdentify(judged: readonly UseJudgement[]): readonly UseJudgement[] {
  const others = judged.filter(({ use }) => use.kind !== 'identify')
  return others.length > 0 ? others : judged
}

function replyFor(judged: readonly UseJudgement[], business: boolean): RefusalKind {
  // A law's reason outranks "no grant": the caller must learn which law, and the journal must cite it.
  if (judged.some(({ effect }) => effect === 'deny')) return 'law'
  return business ? 'query' : 'not-permitted'
}

function deny(judged: readonly UseJudgement[], refusing: readonly UseJudgement[], reply: RefusalKind, about: readonly Reason[]): Decision {
  const lawful = judged.filter(({ effect }) => effect === 'deny')
  return {
    kind: 'deny',
    reply,
    blame: refusing.filter(({ effect }) => effect !== 'permit').map(({ use }) => use),
    verdicts: verdictsOf(judged, 'not-permitted'),
    withheld: classesOf(withoutIdentify(judged)),
    held: [],
    hold: null,
    obligations: dutiesOf(withoutIdentify(judged)),
    reasons: distinct([...rank(lawful.length > 0 ? lawful : refusing), ...about]),
  }
}

function permit(
  judged: readonly UseJudgement[],
  decisive: readonly UseJudgement[],
  permitted: readonly UseJudgement[],
  held: readonly UseJudgement[],
  hold: HoldOrder | null,
): Permit {
  const released = classesOf(permitted)
  const obligations = distinct([...permitted.flatMap(judgement => judgement.obligations), ...dutiesOf(decisive)])
  const folded = {
    kind: 'permit',
    verdicts: verdictsOf(judged, 'permit'),
    released,
    withheld: minus(minus(classesOf(decisive), released), classesOf(held)),
    held: classesOf(held),
    hold,
    obligations,
    treatments: treatmentsOf(obligations),
    reasons: rank(decisive),
  }
  return folded as Permit
}

/** For the gate's own answers (`/.haven/...`): there is no record behind them, so there is nothing to judge and nothing to forward. */
export function permitOwnAnswer(): Permit {
  return permit([], [], [], [], null)
}

function orderHold(held: readonly UseJudgement[]): HoldOrder | null {
  const orders = held.flatMap(({ matches }) =>
    matches.flatMap(({ rule, bite, lifted }) => (bite.hold && !lifted ? [{ rule, ...bite.hold }] : [])),
  )
  if (orders.length === 0) return null
  return {
    for: 'counsel',
    deadlineHours: Math.min(...orders.map(order => order.deadlineHours)),
    people: orders.some(order => order.people === 2) ? 2 : 1,
    classes: classesOf(held),
    rules: [...new Set(orders.map(({ rule }) => rule))],
    reasons: distinct(held.flatMap(({ reasons }) => reasons)),
  }
}

/** What is owed although nothing, or not all, is released. */
function dutiesOf(judged: readonly UseJudgement[]): readonly Obligation[] {
  return distinct(judged.flatMap(({ effect, obligations }) => (effect === 'permit' ? [] : obligations)))
}

function treatmentsOf(obligations: readonly Obligation[]): ReadonlyMap<DataClass, Treatment> {
  const treatments = new Map<DataClass, Treatment>()
  for (const obligation of obligations) {
    if (!('treat' in obligation)) continue
    for (const dataClass of obligation.of) {
      const stricter = [treatments.get(dataClass), obligation.treat].flatMap(t => (t ? [Treatment.options.indexOf(t)] : []))
      const treatment = Treatment.options[Math.min(...stricter)]
      if (treatment) treatments.set(dataClass, treatment)
    }
  }
  return treatments
}

function verdictsOf(judged: readonly UseJudgement[], identified: Effect): readonly Verdict[] {
  return judged.map(({ use, effect, reasons }) => ({ use, effect: use.kind === 'identify' ? identified : effect, reasons }))
}

const ORDER: readonly Effect[] = ['deny', 'hold', 'withhold', 'not-permitted', 'permit']

/** Reasons without repetition, the most protective first. */
function rank(judged: readonly UseJudgement[]): readonly Reason[] {
  const sorted = judged.toSorted((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect))
  return distinct(sorted.flatMap(({ reasons }) => reasons))
}

function distinct<T>(values: readonly T[]): readonly T[] {
  const seen = new Map(values.map(value => [JSON.stringify(value), value]))
  return [...seen.values()]
}

const classesOf = (judged: readonly { readonly use: Use }[]): readonly DataClass[] => [...new Set(judged.map(({ use }) => use.class))]

const minus = (from: readonly DataClass[], away: readonly DataClass[]): readonly DataClass[] => from.filter(c => !away.includes(c))
