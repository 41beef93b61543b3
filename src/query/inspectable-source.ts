import type { Catalogue } from '../terms/catalogue.ts'

/** A source as far as reading its queries goes. */
export interface InspectableSource {
  readonly name: string
  readonly dialect: 'rest' | 'postgrest'
  readonly catalogue: Catalogue
  readonly writes: boolean
}
