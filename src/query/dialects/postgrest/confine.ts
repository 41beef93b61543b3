import type { UpstreamRequest } from '../../../terms/call.ts'
import type { Collection } from '../../../terms/catalogue.ts'
import { equalityKind } from '../../fields/equality-kind.ts'
import { PATH_WORDS } from './path-words.ts'
import type { Filter, Question } from './question.ts'

/**
 * How to ask the same question of the rows of these keys alone: one more condition, joined by AND, before order and limit choose among the
 * rows. Null where the key would be read as something else, or asks about status by itself, and for more keys than an address can carry.
 */
export function confine(
  collection: Collection,
  question: Question,
  ask: (question: Question) => UpstreamRequest,
): ((keys: readonly string[]) => UpstreamRequest | null) | null {
  const { key } = collection
  // PostgREST cuts a parameter's name at every dot, inside quotes too.
  if (equalityKind(collection, key) !== 'identify' || key.includes('.') || RESERVED.has(key)) return null
  return keys => {
    const column = { name: key, path: [], spelling: key }
    const says: Filter = { node: 'filter', column, negated: false, operator: 'in', quantifier: null, language: null, value: keys }
    const asked = ask({ ...question, conditions: [...question.conditions, { embed: [], says }] })
    // Servers refuse longer ones (431), and by then the one use of a process would be gone.
    return asked.target.length > TARGET_BYTES_MAX ? null : asked
  }
}

const TARGET_BYTES_MAX = 6 * 1024
const RESERVED: ReadonlySet<string> = new Set([...PATH_WORDS, 'columns', 'on_conflict'])
