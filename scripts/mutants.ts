import type { Condition, Exception, LawFile, LawRule } from '../src/terms/law.ts'

/** One change to one law. */
export interface Mutant {
  readonly law: LawFile
  /** `rule: what was changed`. */
  readonly what: string
}

/** Every law that differs from this one by one condition, exception, class or effect: dropped, or turned round. */
export function mutantsOf(law: LawFile): readonly Mutant[] {
  return [
    ...mutateBinds(law),
    ...law.rules.flatMap((rule, i) =>
      mutateRule(rule).map(({ rule: mutated, what }) => ({
        law: { ...law, rules: law.rules.with(i, mutated) },
        what: `${rule.id}: ${what}`,
      })),
    ),
  ]
}

function mutateBinds(law: LawFile): Mutant[] {
  const { binds, ...unbound } = law
  return binds ? [{ law: unbound, what: 'binds dropped' }] : []
}

interface MutatedRule {
  readonly rule: LawRule
  readonly what: string
}

function mutateRule(rule: LawRule): MutatedRule[] {
  const exceptions = rule.unless ?? []
  return [
    ...mutateCondition(rule.when).map(({ condition, what }) => ({ rule: { ...rule, when: condition }, what: `when ${what}` })),
    ...(['withhold', 'hold', 'deny'] as const)
      .filter(then => then !== rule.then)
      .map(then => ({ rule: turned(rule, then), what: `then ${rule.then} -> ${then}` })),
    ...(rule.of ?? []).flatMap((dropped, _, all) =>
      all.length > 1 ? [{ rule: { ...rule, of: all.filter(one => one !== dropped) }, what: `of ${dropped} dropped` }] : [],
    ),
    ...exceptions.map((_, i) => ({ rule: { ...rule, unless: exceptions.toSpliced(i, 1) }, what: `exception ${i + 1} dropped` })),
    ...exceptions.flatMap((exception, i) => [
      ...mutateCondition(exception.when).map(({ condition, what }) => ({
        rule: { ...rule, unless: exceptions.with(i, { ...exception, when: condition }) },
        what: `exception ${i + 1} when ${what}`,
      })),
      ...(['permit', 'withhold', 'hold', 'deny'] as const)
        .filter(then => then !== exception.then)
        .map(then => ({
          rule: { ...rule, unless: exceptions.with(i, turned(exception, then)) },
          what: `exception ${i + 1} then ${exception.then} -> ${then}`,
        })),
    ]),
  ]
}

/** A clause with another effect, without what only the old one could carry: else the compiler would refuse it, and nothing be learnt. */
function turned<C extends { then: string; obligations?: Exception['obligations'] }, E extends string>(clause: C, then: E) {
  const { deadline: _, for: __, people: ___, obligations, ...rest } = clause as C & { deadline?: unknown; for?: unknown; people?: unknown }
  const owed = then === 'permit' ? obligations : obligations?.filter(one => 'notify' in one || 'review' in one)
  return { ...rest, then, ...(owed && owed.length > 0 ? { obligations: owed } : {}) }
}

interface MutatedCondition {
  readonly condition: Condition
  readonly what: string
}

type Value = readonly unknown[] | { readonly not: readonly unknown[] } | boolean | string

function mutateCondition(condition: Condition): MutatedCondition[] {
  const { all, any, not, requester, recipient, process, source, ...flat } = condition
  const nested = { requester, recipient, process, source }
  return [
    ...Object.entries(flat).flatMap(([key, value]) =>
      turns(value as Value).map(({ next, how }) => ({ condition: put(condition, key, next), what: `${key} ${how}` })),
    ),
    ...Object.entries(nested).flatMap(([group, attributes]) =>
      Object.entries(attributes ?? {}).flatMap(([key, value]) =>
        turns(value as Value).map(({ next, how }) => ({
          condition: put(condition, group, emptied(put(attributes ?? {}, key, next))),
          what: `${group}.${key} ${how}`,
        })),
      ),
    ),
    ...lists('all', all, condition),
    ...lists('any', any, condition),
    ...(not
      ? [
          { condition: put(condition, 'not', undefined), what: 'not dropped' },
          ...mutateCondition(not).map(inner => ({ condition: put(condition, 'not', inner.condition), what: `not ${inner.what}` })),
        ]
      : []),
  ]
}

function lists(key: 'all' | 'any', inner: readonly Condition[] | undefined, condition: Condition): MutatedCondition[] {
  return (inner ?? []).flatMap((one, i, every) => [
    ...(every.length > 1 ? [{ condition: put(condition, key, every.toSpliced(i, 1)), what: `${key} ${i + 1} dropped` }] : []),
    ...mutateCondition(one).map(mutated => ({
      condition: put(condition, key, every.with(i, mutated.condition)),
      what: `${key} ${i + 1} ${mutated.what}`,
    })),
  ])
}

/** What one attribute can become: nothing, or its opposite. */
function turns(value: Value): readonly { readonly next: unknown; readonly how: string }[] {
  const dropped = { next: undefined, how: 'dropped' }
  if (typeof value === 'boolean') return [dropped, { next: !value, how: 'turned' }]
  if (value === 'none' || value === 'query') return [dropped, { next: value === 'none' ? 'query' : 'none', how: 'turned' }]
  if (Array.isArray(value)) return [dropped, { next: { not: value }, how: 'turned' }]
  if (typeof value === 'object' && 'not' in value) return [dropped, { next: value.not, how: 'turned' }]
  return [dropped]
}

function put<T extends object>(object: T, key: string, value: unknown): T {
  const { [key]: _, ...rest } = object as Record<string, unknown>
  return (value === undefined ? rest : { ...object, [key]: value }) as T
}

const emptied = (object: object): object | undefined => (Object.keys(object).length === 0 ? undefined : object)
