import type { Collection, Parameter } from '../../../terms/catalogue.ts'
import type { QueryParameter } from '../../call/read-query-string.ts'
import { duplicate, unknownField } from '../../unreadable.ts'
import { readValue, type ValueRead } from './read-value.ts'

export interface ReadParameter extends ValueRead, QueryParameter {
  readonly parameter: Parameter
}

/**
 * The query's parameters, each declared by exactly this name. `Status`, `status[ne]` and `status__ne` are other parameters than `status`,
 * whatever the record API makes of them. A name in two spellings is a repetition, because frameworks fold names.
 */
export function readParameters(collection: Collection, parameters: readonly QueryParameter[]): readonly ReadParameter[] {
  const seen = new Set<string>()
  return parameters.map(({ name, value }) => {
    const folded = name.normalize('NFKC').toLowerCase()
    if (seen.has(folded)) throw duplicate('query', name)
    seen.add(folded)
    const parameter = collection.parameters.get(name)
    if (parameter === undefined) throw unknownField('query', name)
    return { name, value, parameter, ...readValue(collection, parameter, value, 'query') }
  })
}
