import type { DataClass, Treatment, UseKind } from '../terms/data-class.ts'
import type { Permit } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { AnswerShape, QueryFacts, RecordShape, Relation } from '../terms/query-facts.ts'

/** What becomes of one place in the answer. Only what a node keeps can leave; counters are indexes into `Plan.counters`. */
export interface PlanNode {
  readonly kind: 'keep' | 'count' | 'text' | 'cut' | 'null' | 'mask' | 'record' | 'records' | 'envelope'
  /** Counts this field when its value is withheld. */
  readonly field: number
  /** Counts what stands here and is not catalogued: `collection.*`. */
  readonly unlisted: number
  /** Of a `record` or an `envelope`. */
  readonly members: readonly PlanMember[]
  /** Of `records`: what each of them looks like. */
  readonly record: PlanNode | null
  /** A record that no other record contains: these are counted, and `only: self` is judged on them. */
  readonly outermost: boolean
  /** Of a `text`: search also for what only hints at status. */
  readonly proxies: boolean
}

export interface PlanMember {
  readonly name: string
  readonly node: PlanNode
  /** A number of its own within the plan. */
  readonly slot: number
  /** The member that tells whose record it is, where that must be checked. */
  readonly isKey: boolean
}

export interface Plan {
  readonly root: PlanNode
  readonly counters: readonly string[]
  readonly slots: number
}

type Field = Extract<AnswerShape, { node: 'field' }>

interface Planning {
  readonly outcome: (shape: Pick<Field, 'classes' | 'kind' | 'text'>) => {
    readonly kind: 'keep' | 'count' | 'text' | 'cut' | 'null' | 'mask'
    readonly proxies: boolean
  }
  readonly counter: (name: string) => number
  readonly slot: () => number
  readonly collection: string
  readonly ownOnly: boolean
}

const PROTECTION: readonly Treatment[] = ['suppress', 'null', 'tokenize', 'generalize', 'mask']
/** As deep as an answer may be nested; a shape that is deeper, or contains itself, matches nothing further. */
const DEEPEST = 256

/**
 * Turns what the query asked for and what the policy permits into a tree the scanner follows. A field is kept only if every one of its
 * classes is permitted for the kind of use that asked for it; no verdict, or no class, is a cut. Free text is searched unless status as such
 * may leave for that kind of use, or the file is the requester's own. What came through a relation is kept only if the relation may be
 * shown. With `ownOnly`, values outside every record are cut too, because nobody can tell whose they are, and so are related records of
 * the same collection, which are other people's. Throws `obligation.unmet` for treatments this version cannot carry out, and where
 * records must be checked against a key that the answer does not have.
 */
export function planRedaction(query: QueryFacts, permit: Permit, ownOnly: boolean): Plan {
  const counters = new Map<string, number>()
  let slots = 0
  const planning: Planning = {
    outcome: outcomes(permit),
    counter: name => {
      const known = counters.get(name) ?? counters.size
      counters.set(name, known)
      return known
    },
    slot: () => slots++,
    collection: query.collection,
    ownOnly,
  }
  if (ownOnly && query.shape.node === 'field') throw unmet('only: self, for an answer without records')
  const root = planNode(planning, query.shape, null, 0)
  return { root, counters: [...counters.keys()], slots }
}

/** `outer` is the collection of the record that no other contains; null outside every record. */
function planNode(p: Planning, shape: AnswerShape, outer: string | null, depth: number): PlanNode {
  if (depth > DEEPEST) throw unmet('an answer shape nested without end')
  if (shape.node === 'record') return planRecord(p, shape, outer, depth)
  if ('relation' in shape && shape.relation !== null && !mayShow(p, shape.relation)) {
    const { collection, field } = shape.relation
    return node('cut', p.counter(`${collection}.${field}`), p.counter(`${collection}.*`))
  }
  if (shape.node === 'field') {
    const { kind, proxies } = p.outcome(shape)
    const made = node(kind, p.counter(`${shape.collection}.${shape.field}`), p.counter(`${shape.collection}.*`))
    if (!p.ownOnly) return { ...made, proxies }
    return { ...made, kind: outer === null ? 'cut' : kind === 'text' ? 'keep' : kind }
  }
  if (shape.node === 'records') {
    const record = planRecord(p, shape.record, outer, depth + 1)
    return record.kind === 'cut' ? record : { ...node('records', record.field, record.unlisted), record }
  }
  const unlisted = p.counter(`${p.collection}.*`)
  const members = [...shape.members].map(([name, inner]) => member(p, name, planNode(p, inner, outer, depth + 1), false))
  return { ...node('envelope', unlisted, unlisted), members }
}

/**
 * That somebody has a relation, and how many, shows even where every field behind it is cut. Behind a relation of one's own record may be
 * other people, whatever their collection is called (the other tenants of one's building), so one's own file ends there.
 */
function mayShow(p: Planning, relation: Relation): boolean {
  return !p.ownOnly && p.outcome({ ...relation, text: false }).kind === 'keep'
}

function planRecord(p: Planning, shape: RecordShape, outer: string | null, depth: number): PlanNode {
  const unlisted = p.counter(`${shape.collection}.*`)
  const checked = p.ownOnly && outer === null
  // Whatever led here: inside one's own record, another of its collection is somebody else's.
  if (p.ownOnly && outer === shape.collection) return node('cut', unlisted, unlisted)
  if (checked && shape.key === null) throw unmet('only: self, for records without a key')
  const members = [...shape.members].map(([name, inner]) =>
    member(p, name, planNode(p, inner, outer ?? shape.collection, depth + 1), checked && name === shape.key),
  )
  if (checked && shape.key !== null && !shape.members.has(shape.key))
    members.push(member(p, shape.key, node('cut', unlisted, unlisted), true))
  return { ...node('record', unlisted, unlisted), members, outermost: outer === null }
}

function member(p: Planning, name: string, inner: PlanNode, isKey: boolean): PlanMember {
  return { name, node: inner, slot: p.slot(), isKey }
}

function node(kind: PlanNode['kind'], field: number, unlisted: number): PlanNode {
  return { kind, field, unlisted, members: [], record: null, outermost: false, proxies: false }
}

function outcomes(permit: Permit): Planning['outcome'] {
  const judged = new Map<string, boolean>()
  for (const { use, effect } of permit.verdicts) {
    const pair = pairOf(use.class, use.kind)
    judged.set(pair, effect === 'permit' && judged.get(pair) !== false)
  }
  const treatments = [...permit.treatments].map(([of, treat]) => ({ of: [of], treat }))
  for (const obligation of permit.obligations) if ('treat' in obligation) treatments.push(obligation)
  const treatmentOf = (classes: readonly DataClass[]) => {
    const due = treatments.filter(({ of }) => of.some(name => classes.includes(name))).map(({ treat }) => treat)
    return PROTECTION.find(one => due.includes(one))
  }
  const mayLeave = (name: DataClass, kind: UseKind) => judged.get(pairOf(name, kind)) === true && treatmentOf([name]) === undefined
  return ({ classes, kind, text }) => {
    const searched = { proxies: !mayLeave('status-proxy', kind) }
    if (classes.length === 0 || !classes.every(name => judged.get(pairOf(name, kind)))) return { kind: 'cut', ...searched }
    const treatment = treatmentOf(classes)
    if (treatment === 'tokenize' || treatment === 'generalize') throw unmet(`treat: ${treatment}`)
    // A count that is no number is some other value under its name.
    if (treatment === undefined && kind === 'count') return { kind: 'count', ...searched }
    if (treatment === undefined) return { kind: text && !mayLeave('status', kind) ? 'text' : 'keep', ...searched }
    return { kind: treatment === 'suppress' ? 'cut' : treatment, ...searched }
  }
}

function pairOf(name: DataClass, kind: UseKind): string {
  return `${name} ${kind}`
}

function unmet(what: string): Fault {
  return new Fault('obligation.unmet', 'unavailable', `cannot be carried out: ${what}`)
}
