import type { Condition } from '../../terms/law.ts'
import type { Party } from '../../terms/parties.ts'
import { BY_COURT_PROCESS, compels, reads } from '../grant.ts'
import { compileCondition } from '../match.ts'
import type { GrantRule, Rule, Rulebook } from '../rulebook.ts'
import { Diagrams, type Node } from './diagram.ts'
import { axesOf, leavesOf } from './leaves.ts'
import { type Bites, biteOf, both, EFFECTS, NO_BITE, Numbered, type Outcome, towardsBoth, verdict } from './outcome.ts'
import { type AxisName, occurs, type Point, partyAt, processAt, processOccurs, situationOf } from './point.ts'
import { PAIRS, type Space } from './space.ts'

const TERNARY = { no: 0, missing: 1, yes: 2 } as const
export const NO = TERNARY.no
export const YES = TERNARY.yes

const NOTHING_SAID: Outcome = { effect: 'not-permitted', obligations: [], deadlineHours: null, people: null }

const PROCESS: readonly AxisName[] = ['processKind', 'processState', 'processCovers', 'processSealed', 'processCourt', 'processSigner']

/** What a drawing keeps: the effects alone, or the terms too (obligations, duties, deadlines, people), which makes more outcomes differ. */
export type Detail = 'effects' | 'terms'

/** A rulebook drawn as decision diagrams over one space: every decision it can take, at once. */
export class Chart {
  readonly space: Space
  readonly diagrams: Diagrams
  readonly bites: Numbered<Bites>
  readonly outcomes: Numbered<Outcome>
  readonly #detail: Detail
  /** Tells apart what charts on one canvas call by the same name. */
  readonly #tag: number
  readonly #leaves = new Map<string, Node>()
  /** Which grant covers a use towards a recipient: 0 none; n the n-th. Undefined while the grants themselves are drawn. */
  #granted: Node | undefined

  /** @param beside a chart to compare with: drawn over the same space, so that equal decisions are the same node */
  constructor(space: Space, detail: Detail, beside: Chart | null = null) {
    this.#detail = detail
    this.space = space
    this.diagrams = beside?.diagrams ?? new Diagrams(space.axes.map(axis => axis.classes.length))
    this.bites = beside?.bites ?? new Numbered(NO_BITE)
    this.outcomes = beside?.outcomes ?? new Numbered(NOTHING_SAID)
    this.#tag = beside === null ? 0 : beside.#tag + 1
  }

  /** Which grant covers a use towards a recipient: 0 none, n the n-th, and after the last one court process. */
  get granted(): Node {
    return this.#granted ?? this.diagrams.terminal(0)
  }

  /** Where a condition holds: 0 no, 1 missing, 2 yes. */
  condition(condition: Condition): Node {
    const { all, any, not, ...rest } = condition
    const { diagrams } = this
    const parts = [
      ...leavesOf(rest).map(leaf => this.#leaf(leaf)),
      ...(all ?? []).map(inner => this.condition(inner)),
      ...(any ? [any.map(inner => this.condition(inner)).reduce((a, b) => diagrams.apply('or', Math.max, a, b))] : []),
      ...(not ? [diagrams.map('not', value => YES - value, this.condition(not))] : []),
    ]
    return parts.reduce((a, b) => diagrams.apply('and', Math.min, a, b), diagrams.terminal(YES))
  }

  /** Where a rule speaks at all, whatever its exceptions say: 0 no, 1 missing, 2 yes. */
  scope(rule: Rule): Node {
    const { diagrams } = this
    const said = diagrams.apply('and', Math.min, this.condition(rule.written.binds), this.condition(rule.written.rule.when))
    const asked = this.over(['class', 'moment'], point =>
      rule.of.has(point.class) && rule.from <= point.moment && point.moment < rule.until ? YES : NO,
    )
    return diagrams.apply('and', Math.min, asked, said)
  }

  /** What a rule says, as numbers of `bites`. */
  rule(rule: Rule): Node {
    const { diagrams, bites } = this
    const scope = this.scope(rule)
    const said = (bite: Rule['bite'], certain: boolean) => bites.of(this.#shown(biteOf(bite, certain)))
    const own = diagrams.map(`${this.#tag} rule ${rule.id}`, value => (value === NO ? 0 : said(rule.bite, value === YES)), scope)
    return rule.unless.reduceRight((otherwise, { bite }, i) => {
      const applies = this.exception(rule, i)
      // An exception must be established; and it is as certain as its rule.
      const pick = (holds: number, now: number) => (now === 0 || holds !== YES ? now : said(bite, bites.at(now).certain))
      return diagrams.apply(`${this.#tag} rule ${rule.id} unless ${i}`, pick, applies, otherwise)
    }, own)
  }

  /** Where the condition of an exception holds. */
  exception(rule: Rule, i: number): Node {
    return this.condition(rule.written.rule.unless?.[i]?.when ?? {})
  }

  /** What several laws say together. */
  together(laws: readonly Node[]): Node {
    const merge = (a: number, b: number) => this.bites.of(both(this.bites.at(a), this.bites.at(b)))
    return laws.reduce((a, b) => this.diagrams.apply('both', merge, a, b), this.diagrams.terminal(0))
  }

  /** Draws the grants; conditions that ask `granted` are answered by them from then on. */
  drawGrants(grants: readonly GrantRule[]): void {
    const { diagrams } = this
    const compelled = this.over(['processKind', 'processState', 'processCovers', 'kind'], point =>
      compels(processAt(point)) && reads(point.kind) ? YES : NO,
    )
    const named = [
      ...grants.map((grant, i) => {
        const covers = this.over(['class', 'kind'], point => (grant.of.has(point.class) && grant.uses.has(point.kind) ? YES : NO))
        const holds = diagrams.apply('and', Math.min, covers, this.condition(grant.written.when))
        return diagrams.map(`grant ${i}`, value => (value === YES ? i + 1 : 0), holds)
      }),
      diagrams.map(`${this.#tag} court process`, value => (value === YES ? grants.length + 1 : 0), compelled),
    ]
    this.#granted = named.reduceRight((later, first) => diagrams.apply('first', (a, b) => a || b, first, later))
  }

  /** The verdict on every point, as numbers of `outcomes`. `laws` is what they say together. */
  verdicts({ grants }: Rulebook, laws: Node): Node {
    const { diagrams, bites, outcomes } = this
    const given = [null, ...grants.map(({ id, obligations }) => ({ id, obligations })), BY_COURT_PROCESS].map(
      grant => grant && this.#grantShown(grant),
    )
    const unknown = this.over(['recipientCategory'], ({ recipientCategory }) => (recipientCategory === 'unknown' ? YES : NO))
    const impossible = outcomes.of({ ...NOTHING_SAID, effect: 'impossible' })
    // Grant and "unknown" in one number, so that one pass over the laws is enough.
    const terms = diagrams.apply('terms', (grant, who) => grant * 2 + (who === YES ? 1 : 0), this.granted, unknown)
    const judge = (bite: number, term: number) => outcomes.of(verdict(bites.at(bite), given[term >> 1] ?? null, term % 2 === 1))
    const judged = diagrams.apply(`${this.#tag} verdict`, judge, laws, terms)
    return diagrams.apply('where parties exist', (outcome, exist) => (exist === YES ? outcome : impossible), judged, this.possible())
  }

  /** The verdict on inquiries of a requester and one further recipient. More recipients add nothing: the most protective of all pairs wins. */
  joint(verdicts: Node): Node {
    const merge = (a: number, b: number) => this.outcomes.of(towardsBoth(this.outcomes.at(a), this.outcomes.at(b)))
    return this.diagrams.apply('joint', merge, verdicts, this.diagonal(verdicts))
  }

  /** Yes where such a requester, such a recipient and such process exist. */
  possible(): Node {
    const exists = (which: 'requester' | 'recipient') =>
      this.over([`${which}Category`, `${which}Flags`, `${which}Place`, `${which}Id`], point =>
        occurs(point, which) && this.#isWho(partyAt(point, which)) ? YES : NO,
      )
    const said = this.over(PROCESS, point => (processOccurs(point) ? YES : NO))
    return [exists('requester'), exists('recipient'), said].reduce((a, b) => this.diagrams.apply('and', Math.min, a, b))
  }

  /** What is said towards the requester alone: each variable of the recipient takes the requester's value. */
  diagonal(node: Node): Node {
    const { diagrams, space } = this
    return PAIRS.reduce((drawn, [requester, recipient]) => {
      const [asks, receives] = [space.level[requester], space.level[recipient]]
      const pick = (child: Node, i: number): Node => (diagrams.level(child) === receives ? diagrams.child(child, i) : child)
      return diagrams.rebuild(`diagonal ${requester}`, drawn, n => {
        if (diagrams.level(n) < asks) return null
        if (diagrams.level(n) > receives) return n
        const at = (i: number): Node => pick(diagrams.level(n) === asks ? diagrams.child(n, i) : n, i)
        return diagrams.node(
          asks,
          Array.from({ length: diagrams.widths[asks] ?? 0 }, (_, i) => at(i)),
        )
      })
    }, node)
  }

  /** Whoever has the id of an agency is that agency. */
  #isWho({ id, category, flags, jurisdiction }: Party): boolean {
    const agency = this.space.agencies.get(id)
    return !agency || (agency.category === category && agency.flags.join() === flags.join() && agency.jurisdiction === jurisdiction)
  }

  #shown(bites: Bites): Bites {
    return this.#detail === 'terms' ? bites : { ...NO_BITE, law: bites.law, certain: bites.certain }
  }

  #grantShown({ obligations }: Pick<GrantRule, 'obligations'>) {
    const owed = obligations.map(one => JSON.stringify(one)).toSorted((a, b) => (a < b ? -1 : 1))
    return { obligations: this.#detail === 'terms' ? owed : [] }
  }

  /** How protective an outcome is: 0 releases, 5 is denied by a law. */
  rank(outcome: number): number {
    return EFFECTS.indexOf(this.outcomes.at(outcome).effect)
  }

  #leaf(leaf: Condition): Node {
    const key = JSON.stringify(leaf)
    const known = this.#leaves.get(key)
    if (known !== undefined) return known
    const drawn = this.#drawLeaf(leaf)
    // Before the grants are drawn, a `granted` leaf means the free variable; it must not be remembered beyond that.
    if (leaf.granted === undefined) this.#leaves.set(key, drawn)
    return drawn
  }

  #drawLeaf(leaf: Condition): Node {
    if (leaf.granted !== undefined && this.#granted !== undefined) {
      const { granted } = leaf
      return this.diagrams.map(`granted ${granted}`, value => ((value !== 0) === granted ? YES : NO), this.#granted)
    }
    const test = compileCondition(leaf)
    return this.over(axesOf(leaf), point => TERNARY[test(situationOf(point))])
  }

  /** Draws a function of a few variables from its values at the first member of each class. */
  over(names: readonly AxisName[], valueAt: (point: Point) => number): Node {
    const { space, diagrams } = this
    const levels = names.toSorted((a, b) => space.level[a] - space.level[b])
    const draw = (i: number, at: Partial<Record<AxisName, number>>): Node => {
      const name = levels[i]
      if (name === undefined) return diagrams.terminal(valueAt(space.pointAt(at)))
      const width = space.axes[space.level[name]]?.classes.length ?? 0
      return diagrams.node(
        space.level[name],
        Array.from({ length: width }, (_, value) => draw(i + 1, { ...at, [name]: value })),
      )
    }
    return draw(0, {})
  }
}
