import { DataClass, UseKind } from '../terms/data-class.ts'
import type { Coverage } from './coverage.ts'

/** A law that is not written yet, and what is missing of it. */
export interface Stub {
  readonly law: string
  readonly missing: readonly string[]
}

/** Coverage for a person: how much of what there is, then only what no case touches; everything with its count if `verbose`. */
export function describeCoverage(coverage: Coverage, stubs: readonly Stub[], verbose: boolean): readonly string[] {
  const { rules, exceptions, citations, neverBite, neverSpare } = coverage
  const total = Object.keys(rules).length
  return [
    'coverage:',
    share('rules and grants', rules, 'touched'),
    share('exceptions', exceptions, 'taken'),
    share('citations', citations, 'touched'),
    `  rules both ways: ${total - neverBite.length} of ${total} bite, ${total - neverSpare.length} of ${total} spare somebody`,
    ...(stubs.length > 0 ? [`  stubs, not in force anywhere: ${stubs.length}`] : []),
    ...describeUses(coverage.uses),
    ...untouched('no case touches these rules', rules),
    ...list('no case takes these exceptions', exceptionsByRule(exceptions)),
    ...untouched('no case touches these citations', citations),
    ...list('these rules bite in no case: none matches, or an exception is taken each time', minusUntouched(neverBite, rules)),
    ...list('these rules match in every case they are in force in: no case shows where they end', neverSpare),
    ...list(
      'stubs',
      stubs.map(({ law, missing }) => `${law}: ${missing.join(' ')}`),
    ),
    ...(verbose
      ? [...full('cases by rule', rules), ...full('cases by exception', exceptions), ...full('cases by citation', citations)]
      : []),
  ]
}

type Counts = Readonly<Record<string, number>>

function share(what: string, found: Counts, verb: string): string {
  const all = Object.values(found)
  return `  ${what}: ${all.filter(count => count > 0).length} of ${all.length} ${verb}`
}

/** A matrix of data classes and kinds of use; a dot where no case is. */
function describeUses(uses: Coverage['uses']): string[] {
  const width = Math.max(...DataClass.options.map(({ length }) => length))
  const cell = (text: string, kind: UseKind) => text.padStart(kind.length)
  const head = ['', ...UseKind.options].map((word, i) => (i === 0 ? ''.padEnd(width) : word)).join('  ')
  const rows = DataClass.options.map(c =>
    [c.padEnd(width), ...UseKind.options.map(kind => cell(uses[c][kind] === 0 ? '.' : String(uses[c][kind]), kind))].join('  '),
  )
  return ['cases by data class and kind of use (a dot: no case):', ...[head, ...rows].map(line => `  ${line}`)]
}

/** `law/rule: exceptions 1, 3`, so that many of one rule are one line. */
function exceptionsByRule(found: Counts): string[] {
  const split = untaken(found).map(name => name.split(' exception '))
  const byRule = Map.groupBy(split, ([rule = '']) => rule)
  return [...byRule].map(
    ([rule, names]) => `${rule}: exception${names.length > 1 ? 's' : ''} ${names.map(([, number]) => number).join(', ')}`,
  )
}

const untaken = (found: Counts): string[] => Object.entries(found).flatMap(([name, count]) => (count === 0 ? [name] : []))

const minusUntouched = (names: readonly string[], found: Counts): readonly string[] => names.filter(name => (found[name] ?? 0) > 0)

const untouched = (what: string, found: Counts): string[] => list(what, untaken(found))

const list = (what: string, names: readonly string[]): string[] => (names.length > 0 ? [`${what}:`, ...names.map(name => `  ${name}`)] : [])

const full = (what: string, found: Counts): string[] => [
  `${what}:`,
  ...Object.entries(found).map(([name, count]) => `  ${String(count).padStart(4)}  ${name}`),
]
