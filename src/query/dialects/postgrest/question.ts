/** `->key`, `->>key`, `->0`: one step into a JSON value. */
export interface JsonStep {
  readonly arrow: '->' | '->>'
  readonly key: string | number
}

/** A column as a query names it: what to look up, and how the caller spelt it. */
export interface ColumnName {
  readonly name: string
  readonly path: readonly JsonStep[]
  readonly spelling: string
}

export interface ColumnItem {
  readonly item: 'column'
  readonly alias: string | null
  readonly column: ColumnName
  readonly cast: string | null
  readonly aggregate: string | null
  readonly aggregateCast: string | null
}

export interface CountItem {
  readonly item: 'count'
  readonly alias: string | null
  readonly cast: string | null
}

export interface StarItem {
  readonly item: 'star'
}

export interface EmbedItem {
  readonly item: 'embed'
  readonly alias: string | null
  readonly name: string
  /** `...relation(...)`: its columns are lifted into the record around it. */
  readonly spread: boolean
  readonly join: 'inner' | 'left' | null
  readonly items: readonly SelectItem[]
}

export type SelectItem = ColumnItem | CountItem | StarItem | EmbedItem

export interface Filter {
  readonly node: 'filter'
  readonly column: ColumnName
  readonly negated: boolean
  readonly operator: string
  readonly quantifier: 'any' | 'all' | null
  /** The text search configuration: `fts(english)`. */
  readonly language: string | null
  readonly value: string | readonly string[]
}

export interface Logic {
  readonly node: 'logic'
  readonly operator: 'and' | 'or'
  readonly negated: boolean
  readonly conditions: readonly Condition[]
}

export type Condition = Filter | Logic

export interface OrderTerm {
  /** `order=relation(column)`. */
  readonly relation: string | null
  readonly column: ColumnName
  readonly direction: 'asc' | 'desc' | null
  readonly nulls: 'nullsfirst' | 'nullslast' | null
}

/** Something said about the rows of the collection itself (empty `embed`) or of an embedded one. */
export interface AtEmbed<T> {
  readonly embed: readonly string[]
  readonly says: T
}

/** A PostgREST query string, read. `select` is null when it is absent. */
export interface Question {
  readonly select: readonly SelectItem[] | null
  readonly conditions: readonly AtEmbed<Condition>[]
  readonly orders: readonly AtEmbed<readonly OrderTerm[]>[]
  readonly ranges: readonly AtEmbed<{ readonly word: 'limit' | 'offset'; readonly rows: string }>[]
}
