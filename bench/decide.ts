// What one decision costs over all packs in force together, beside Cedar deciding the two California packs' personal-information rules:
// `node bench/decide.ts [--rounds N] [--json]`.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { decide } from '../src/policy/decide.ts'
import { rememberDecisions } from '../src/policy/decide-cached.ts'
import { loadProvablePolicies } from '../src/prepare-proof.ts'
import type { DataClass } from '../src/terms/data-class.ts'
import type { Inquiry } from '../src/terms/inquiry.ts'
import type { Party } from '../src/terms/parties.ts'
import { CALIFORNIA, toCedar } from './cedar.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } } })
const ROUNDS = Number(values.rounds)
if (!Number.isInteger(ROUNDS) || ROUNDS < 1) {
  process.stderr.write('usage: node bench/decide.ts [--rounds N] [--json]\n')
  process.exit(2)
}
const AT = Date.parse('2026-12-01T12:00:00Z')
const policies = join(import.meta.dirname, '../policies')
const everything = loadProvablePolicies(policies, { laws: null, grants: null, at: AT })
const california = loadProvablePolicies(policies, { laws: ['us-ca', 'us-ca-los-angeles'], grants: null, at: AT })

const CLASSES: readonly DataClass[] = ['open', 'personal', 'locating', 'status', 'status-proxy']
const SOURCES = [
  ['general', 'general'],
  ['police', 'police'],
  ['housing', 'housing'],
  ['utility', 'utility'],
  ['health', 'health'],
  ['jail', 'custody'],
] as const

/** Every agency of the directory for each purpose it may state, asking six sources for a record of five classes. */
function inquiries(): Inquiry[] {
  const asking = (party: Party, purpose: Inquiry['purpose']): Inquiry[] =>
    SOURCES.map(([keeper, records]) => ({
      requester: party,
      recipients: [party],
      purpose,
      process: null,
      source: { keeper, records },
      uses: [...CLASSES.map(c => ({ class: c, kind: 'select' as const })), { class: 'open', kind: 'identify' }],
      bulk: false,
      routed: false,
      retry: false,
      attested: false,
      self: false,
      at: AT,
    }))
  return everything.parties.flatMap(({ party, purposes }) => purposes.flatMap(purpose => asking(party, purpose)))
}

/** Microseconds a call takes, for each call: the clock is read around batches, for one call is too short for it. */
function time(calls: readonly (() => unknown)[], batch: number): number[] {
  const each: number[] = []
  for (let i = 0; i + batch <= calls.length; i += batch) {
    const start = process.hrtime.bigint()
    for (let j = i; j < i + batch; j++) calls[j]?.()
    each.push(Number(process.hrtime.bigint() - start) / 1000 / batch)
  }
  return each
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

function measure() {
  const all = inquiries()
  const remember = rememberDecisions(everything.rulebook)
  for (const inquiry of all) remember(inquiry)
  // One in a hundred is new: a process nobody presented before.
  let seed = 0
  const fresh = (inquiry: Inquiry): Inquiry => ({
    ...inquiry,
    process: { kind: 'nsl', state: 'entered', covers: 'none', sealed: false, issuer: { court: 'unknown', signer: `new ${seed++}` } },
  })
  const mixed = all.map((inquiry, i) => (i % 100 === 0 ? () => remember(fresh(inquiry)) : () => remember(inquiry)))
  const uncached = all.map(inquiry => () => decide(everything.rulebook, inquiry))
  const ours = all.map(inquiry => () => decide(california.rulebook, inquiry))
  const parsed = cedar.preparsePolicySet('california', { staticPolicies: CALIFORNIA, templates: {}, templateLinks: [] })
  if (parsed.type !== 'success') throw new Error(`Cedar refused the policies: ${JSON.stringify(parsed)}`)
  // Cedar answers for one action on one resource: five classes are five questions.
  const theirs = all.map(inquiry => {
    const asked = CLASSES.map(c => toCedar(inquiry, c))
    return () => asked.map(call => cedar.statefulIsAuthorized(call))
  })
  return {
    inquiries: all.length,
    'all packs, 99 % remembered': median(time(mixed, 100)),
    'all packs, not remembered': median(time(uncached, 10)),
    'California packs, not remembered': median(time(ours, 10)),
    'California, Cedar': median(time(theirs, 10)),
  }
}

measure() // the compiler's warm-up
const rounds = Array.from({ length: ROUNDS }, measure)
const names = ['all packs, 99 % remembered', 'all packs, not remembered', 'California packs, not remembered', 'California, Cedar'] as const
const result = Object.fromEntries(names.map(name => [name, median(rounds.map(round => round[name]))]))
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ rules: everything.rulebook.rules.length, grants: everything.rulebook.grants.length, rounds: ROUNDS, microseconds: result })}\n`,
  )
else {
  process.stdout.write(
    `${everything.rulebook.rules.length} rules and ${everything.rulebook.grants.length} grants; ${rounds[0]?.inquiries} inquiries of 6 uses, median of ${ROUNDS} rounds\n`,
  )
  for (const name of names) process.stdout.write(`${(result[name] ?? Number.NaN).toFixed(2).padStart(10)} us  ${name}\n`)
  process.stdout.write(
    `${((result['California, Cedar'] ?? 0) / (result['California packs, not remembered'] ?? 1)).toFixed(1).padStart(10)} x   Cedar against Haven, not remembered\n`,
  )
}
