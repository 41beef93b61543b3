import type { Parameter } from '../../../terms/catalogue.ts'
import { foldName } from '../../catalogue/fold-name.ts'

/** A page of at most this many records is not the collection as such. */
const SMALL = 100
const NARROWING = new Set<Parameter['use']>(['identify', 'filter', 'search'])
// Where the answer begins says nothing of where it ends.
const POSITIONS = new Set(['offset', 'skip', 'start', 'startindex', 'from'])

interface Given {
  readonly name: string
  readonly value: string
  readonly parameter: Parameter
}

/**
 * Whether a read asks for the collection as such. A filter without a value, or of wildcards alone, narrows nothing. Of the `page`
 * parameters, positions apart, each must be 1 to 100 (`page=0` too): record APIs read `limit=0` as no limit.
 */
export function isWhole(given: readonly Given[]): boolean {
  if (given.some(({ parameter, value }) => NARROWING.has(parameter.use) && !/^[\s*%?_]*$/.test(value))) return false
  const sizes = given.filter(({ name, parameter }) => parameter.use === 'page' && !POSITIONS.has(foldName(name)))
  return sizes.length === 0 || sizes.some(({ name, value }) => Number(value) > SMALL || (Number(value) === 0 && foldName(name) !== 'page'))
}
