/** One step into a JSON column: `->key`, `->3`, or `->>key` for text. */
export interface PathStep {
  readonly asText: boolean
  readonly key: string | number
}

export interface ColumnRef {
  readonly name: string
  readonly path: readonly PathStep[]
}

export type Aggregate = 'count' | 'sum' | 'avg' | 'min' | 'max'

/** One item of `select=`. A null column is the bare `count()`. */
export type SelectItem =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'value'
      readonly column: ColumnRef | null
      readonly cast: string | null
      readonly aggregate: Aggregate | null
      readonly aggregateCast: string | null
      readonly alias: string | null
    }
  | {
      readonly kind: 'embed'
      readonly relation: string
      readonly alias: string | null
      readonly inner: boolean
      readonly spread: boolean
      readonly items: readonly SelectItem[]
    }

export type Filter =
  | {
      readonly kind: 'condition'
      readonly column: ColumnRef
      readonly not: boolean
      readonly op: string
      readonly quantifier: 'any' | 'all' | null
      readonly value: string
    }
  | { readonly kind: 'tree'; readonly join: 'and' | 'or'; readonly not: boolean; readonly members: readonly Filter[] }

export interface OrderTerm {
  /** Set when the order goes by a column of a to-one embed: `order=rel(col)`. */
  readonly relation: string | null
  readonly column: ColumnRef
  readonly descending: boolean
  readonly nulls: 'first' | 'last'
}

/** What is asked of one table, or of one embed of it. */
export interface ReadRequest {
  readonly items: readonly SelectItem[]
  readonly filters: readonly Filter[]
  readonly order: readonly OrderTerm[]
  readonly limit: number | null
  readonly offset: number
  /** Filters, order and page of the embeds, by alias or relation name. */
  readonly embeds: ReadonlyMap<string, ReadRequest>
}
