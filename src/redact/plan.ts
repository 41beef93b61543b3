import type { DataClass, Treatment, UseKind } from '../terms/data-class.ts'
import type { Permit } from '../terms/decision.ts'
import { Fault } from '../terms/faults.ts'
import type { AnswerShape, QueryFacts, RecordShape, Relation } from '../terms/query-facts.ts'
import type { Confinement } from './confinement.ts'
import { type Proof, proofsOf } from './proofs.ts'

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
  /** A record that no other record contains: these are counted. */
  readonly outermost: boolean
  /** Of a `record`: the proofs it must show before it leaves, one bit each by its place in `Plan.proofs`; 0 where it needs none. */
  readonly proofs: number
  /** Of a `text`: search also for what only hints at status. */
  readonly proxies: boolean
}

export interface PlanMember {
  readonly name: string
  readonly node: PlanNode
  /** A number of its own within the plan. */
  readonly slot: number
  /** The proofs that its value is, one bit each: whose record it is, of which day, of which place. */
  readonly proves: number
}

export interface Plan {
  readonly root: PlanNode
  readonly counters: readonly string[]
  readonly slots: number
  /** What judges the values that tell whether a record may leave; empty where every record may. */
  readonly proofs: readonly Proof[]
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
  readonly confinement: Confinement | null
  readonly proofs: readonly Proof[]
}

const PROTECTION: readonly Treatment[] = ['suppress', 'null', 'tokenize', 'generalize', 'mask']
/** As deep as an answer may be nested; a shape that is deeper, or contains itself, matches nothing further. */
const DEEPEST = 256

/**
 * Turns what the query asked for and what the policy permits into a tree the scanner follows. A field is kept only if every one of its
 * classes is permitted for the kind of use that asked for it; no verdict, or no class, is a cut. Free text is searched unless status as such
 * may leave for that kind of use, or the file is the requester's own. What came through a relation is kept only if the relation may be
 * shown. Under a confinement only records of its persons leave, and under process only what it names of them; values outside every record
 * are cut, because nobody can tell whose they are. Throws `obligation.unmet` for treatments this version cannot carry out, and where
 * records must be checked against a key that the answer does not have.
 */
export function planRedaction(query: QueryFacts, permit: Permit, confinement: Confinement | null): Plan {
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
    confinement,
    proofs: confinement === null ? [] : proofsOf(confinement),
  }
  if (confinement !== null && query.shape.node === 'field')
    throw unmet('an answer without records, under an obligation for some records only')
  const root = planNode(planning, query.shape, null, 0)
  return { root, counters: [...counters.keys()], slots, proofs: planning.proofs }
}

/** `outer` is the collection of the record that no other contains; null outside every record. */
function planNode(p: Planning, shape: AnswerShape, outer: string | null, depth: number): PlanNode {
  if (depth > DEEPEST) throw unmet('an answer shape nested without end')
  if (shape.node === 'record') return planRecord(p, shape, outer, depth, false)
  if (shape.node === 'field') return planField(p, shape, outer)
  if (shape.node === 'records') {
    const { relation } = shape
    if (relation !== null && !mayShow(p, relation, shape.record.collection !== relation.through.at(-1))) return cutRelation(p, relation)
    const record = planRecord(p, shape.record, outer, depth + 1, relation !== null)
    return record.kind === 'cut' ? record : { ...node('records', record.field, record.unlisted), record }
  }
  const unlisted = p.counter(`${p.collection}.*`)
  const members = [...shape.members].map(([name, inner]) => member(p, name, planNode(p, inner, outer, depth + 1), 0))
  return { ...node('envelope', unlisted, unlisted), members }
}

function planField(p: Planning, shape: Field, outer: string | null): PlanNode {
  const { collection, field, relation } = shape
  if (relation !== null && !mayShow(p, relation, true)) return cutRelation(p, relation)
  const { kind, proxies } = p.outcome(shape)
  const made = { ...node(kind, p.counter(`${collection}.${field}`), p.counter(`${collection}.*`)), proxies }
  const { confinement } = p
  if (confinement === null) return made
  const { own, paper } = confinement
  const cut = (paper !== null && !paper.named.has(`${collection}.${field}`)) || (outer === null && !speaksOfThemAlone(p))
  return { ...made, kind: cut ? 'cut' : own && kind === 'text' ? 'keep' : kind }
}

/** What stands outside every record is about these persons only if the record API was asked for nobody, and for no time or place, else. */
function speaksOfThemAlone({ confinement, proofs }: Planning): boolean {
  return confinement !== null && !confinement.own && confinement.asked && proofs.length === 1
}

/**
 * That somebody has a relation, and how many, shows even where every field behind it is cut. Behind a relation of one's own record may be
 * other people, whatever their collection is called (the other tenants of one's building), so one's own file ends there. Process must name
 * the relation; what was lifted out of its record has no key or day left to be judged by.
 */
function mayShow(p: Planning, relation: Relation, isLifted: boolean): boolean {
  const { confinement, proofs, collection } = p
  if (confinement?.own) return false
  if (confinement?.paper) {
    const { through } = relation
    if (through.length !== 1 || !confinement.paper.named.has(`${relation.collection}.${relation.field}`)) return false
    if (isLifted && (through[0] === collection || proofs.length > 1)) return false
  }
  return p.outcome({ ...relation, text: false }).kind === 'keep'
}

function planRecord(p: Planning, shape: RecordShape, outer: string | null, depth: number, isRelated: boolean): PlanNode {
  const unlisted = p.counter(`${shape.collection}.*`)
  const needed = neededProofs(p, shape, outer, isRelated)
  if (needed === 'cut') return node('cut', unlisted, unlisted)
  const { all, by } = needed
  const inside = outer ?? shape.collection
  const members = [...shape.members].map(([name, inner]) => member(p, name, planNode(p, inner, inside, depth + 1), by.get(name) ?? 0))
  // Empty records would still say how many there are.
  if (isRelated && p.confinement?.paper && members.every(one => one.node.kind === 'cut')) return node('cut', unlisted, unlisted)
  for (const [name, bits] of by) if (!shape.members.has(name)) members.push(member(p, name, node('cut', unlisted, unlisted), bits))
  return { ...node('record', unlisted, unlisted), members, outermost: outer === null, proofs: all }
}

/** The proofs a record must show, and the members that give them. */
interface Needed {
  readonly all: number
  readonly by: ReadonlyMap<string, number>
}

/** A record of the collection that was asked is a person's, wherever it stands: whatever led to it, inside one's own record it is another's. */
function neededProofs(p: Planning, shape: RecordShape, outer: string | null, isRelated: boolean): Needed | 'cut' {
  const { confinement, proofs } = p
  const isPersons = outer === null || outer === shape.collection
  if (confinement === null || (!isPersons && !isRelated)) return { all: 0, by: new Map() }
  if (confinement.own && outer !== null) return 'cut'
  if (outer === null && shape.key === null) {
    if (speaksOfThemAlone(p) && isStatistic(shape)) return { all: 0, by: new Map() }
    throw unmet('records without a key, under an obligation for some records only')
  }
  const by = new Map<string, number>()
  let all = 0
  let given = 0
  for (const [index, proof] of proofs.entries()) {
    if (index === 0 && !isPersons) continue
    all |= 1 << index
    const name = proof.memberOf(shape)
    if (name === null) continue
    given |= 1 << index
    by.set(name, (by.get(name) ?? 0) | (1 << index))
  }
  return outer !== null && given !== all ? 'cut' : { all, by }
}

/** Numbers made from many records: nothing in it is one person's, so it has no key. */
function isStatistic({ members }: RecordShape): boolean {
  const isNumber = (shape: AnswerShape) =>
    shape.node === 'field' && shape.relation === null && (shape.kind === 'count' || shape.kind === 'aggregate')
  return members.size > 0 && [...members.values()].every(isNumber)
}

function cutRelation(p: Planning, { collection, field }: Relation): PlanNode {
  return node('cut', p.counter(`${collection}.${field}`), p.counter(`${collection}.*`))
}

function member(p: Planning, name: string, inner: PlanNode, proves: number): PlanMember {
  return { name, node: inner, slot: p.slot(), proves }
}

function node(kind: PlanNode['kind'], field: number, unlisted: number): PlanNode {
  return { kind, field, unlisted, members: [], record: null, outermost: false, proofs: 0, proxies: false }
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
