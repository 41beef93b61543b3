import type { Collection } from '../../terms/catalogue.ts'
import { classesOf } from './classes-of.ts'

/**
 * What an equality on a collection's key is: it only names the data subject, unless the key itself says something about
 * status, as an A-number does; then it asks a question.
 */
export function equalityKind(collection: Collection, field: string): 'identify' | 'filter' {
  const key = collection.fields.get(field)
  if (field !== collection.key || key === undefined || key.text) return 'filter'
  return classesOf(key).some(name => name === 'status' || name === 'status-identifier' || name === 'status-proxy') ? 'filter' : 'identify'
}
