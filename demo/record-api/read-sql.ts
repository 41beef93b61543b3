import { ApiError } from './api-error.ts'
import { aggregateOf, asJson, type Bind, castTo, columnExpression, type Expression, type Scope } from './expression.ts'
import { filterSql } from './filter-sql.ts'
import type { Stored } from './literal.ts'
import type { OrderTerm, ReadRequest, SelectItem } from './query-tree.ts'
import { type Relation, TABLES, type Table } from './tables.ts'

/** Two statements over the same parameters: one JSON text a row, and how many rows there are without the page. */
export interface Statement {
  readonly rows: string
  readonly count: string
  readonly parameters: Record<string, Stored>
}

/** One member of a row's JSON object. `json` keeps it from being quoted twice after it has come through a subquery. */
interface Member {
  readonly key: string
  readonly sql: string
  readonly json: boolean
  readonly grouped: boolean
}

interface Parts {
  readonly members: readonly Member[]
  readonly from: string
  readonly order: string
  readonly page: string
}

type EmbedItem = Extract<SelectItem, { kind: 'embed' }>
type ValueItem = Extract<SelectItem, { kind: 'value' }>

const relationOf = (table: Table, name: string): Relation => {
  const relation = table.relations.get(name)
  if (relation !== undefined) return relation
  throw new ApiError(
    400,
    'PGRST200',
    `Could not find a relationship between '${table.name}' and '${name}' in the schema cache`,
    `Searched for a foreign key relationship between '${table.name}' and '${name}' in the schema 'public', but no matches were found.`,
  )
}

const childScope = (scope: Scope, relation: Relation): Scope => ({
  table: TABLES.get(relation.table)!,
  alias: `${scope.alias}_${relation.table}`,
  bind: scope.bind,
})

const joinSql = (scope: Scope, child: Scope, relation: Relation): string =>
  `${child.alias}."${relation.to}" = ${scope.alias}."${relation.from}"`

const valueMember = (scope: Scope, item: ValueItem): Member => {
  const lastKey = item.column?.path.findLast(step => typeof step.key === 'string')?.key
  const key = item.alias ?? item.aggregate ?? String(lastKey ?? item.column?.name)
  let value: Expression = { sql: 'count(*)', type: 'integer' }
  if (item.column !== null) {
    value = castTo(columnExpression(scope, item.column), item.cast)
    if (item.aggregate !== null) value = castTo(aggregateOf(value, item.aggregate), item.aggregateCast)
  } else value = castTo(value, item.aggregateCast)
  return { key, sql: asJson(value), json: asJson(value).startsWith('json('), grouped: item.aggregate === null }
}

const rowSql = (members: readonly Member[], bind: Bind): string =>
  `json_object(${members.map(member => `${bind(member.key)}, ${member.sql}`).join(', ')})`

const selectSql = ({ members, from, order, page }: Parts, bind: Bind): string =>
  `SELECT ${rowSql(members, bind)} AS row ${from}${groupSql(members)}${order}${page}`

const groupSql = (members: readonly Member[]): string => {
  const grouped = members.filter(member => member.grouped)
  return grouped.length === members.length || grouped.length === 0 ? '' : ` GROUP BY ${grouped.map(member => member.sql).join(', ')}`
}

const spreadMembers = (child: Scope, relation: Relation, parts: Parts): readonly Member[] => {
  if (relation.many) throw new ApiError(400, 'PGRST119', `A spread operation on '${child.table.name}' is not possible`)
  return parts.members.map(member => {
    if (!member.grouped) throw new ApiError(400, 'PGRST127', 'Feature not implemented', 'Aggregates are not implemented in spreads.')
    const sql = `(SELECT ${member.sql} ${parts.from})`
    return { ...member, sql: member.json ? `json(${sql})` : sql }
  })
}

const embedMembers = (scope: Scope, item: EmbedItem, request: ReadRequest): readonly Member[] => {
  const relation = relationOf(scope.table, item.relation)
  const child = childScope(scope, relation)
  const parts = readParts(child, request, joinSql(scope, child, relation))
  if (item.spread) return spreadMembers(child, relation, parts)
  if (parts.members.length === 0) return []
  const rows = selectSql(parts, scope.bind)
  const sql = relation.many ? `json((SELECT json_group_array(json(row)) FROM (${rows})))` : `json((${rows}))`
  return [{ key: item.alias ?? item.relation, sql, json: true, grouped: true }]
}

const membersOf = (scope: Scope, request: ReadRequest): readonly Member[] =>
  request.items.flatMap(item => {
    if (item.kind === 'value') return [valueMember(scope, item)]
    if (item.kind === 'embed') return embedMembers(scope, item, request.embeds.get(item.alias ?? item.relation)!)
    return [...scope.table.columns.keys()].map(name =>
      valueMember(scope, { kind: 'value', column: { name, path: [] }, cast: null, aggregate: null, aggregateCast: null, alias: null }),
    )
  })

const existsSql = (scope: Scope, item: EmbedItem, request: ReadRequest): string => {
  const relation = relationOf(scope.table, item.relation)
  const child = childScope(scope, relation)
  return `EXISTS (SELECT 1 ${readParts(child, request, joinSql(scope, child, relation)).from})`
}

const orderSql = (scope: Scope, terms: readonly OrderTerm[]): string => {
  if (terms.length === 0) return ''
  const sql = terms.map(term => {
    const direction = `${term.descending ? 'DESC' : 'ASC'} NULLS ${term.nulls.toUpperCase()}`
    if (term.relation === null) return `${columnExpression(scope, term.column).sql} ${direction}`
    const relation = relationOf(scope.table, term.relation)
    if (relation.many) throw new ApiError(400, 'PGRST118', `A related order on '${term.relation}' is not possible`)
    const child = childScope(scope, relation)
    const value = columnExpression(child, term.column).sql
    return `(SELECT ${value} FROM "${child.table.name}" AS ${child.alias} WHERE ${joinSql(scope, child, relation)}) ${direction}`
  })
  return ` ORDER BY ${sql.join(', ')}`
}

const readParts = (scope: Scope, request: ReadRequest, join: string | null): Parts => {
  const embeds = request.items.filter(item => item.kind === 'embed')
  const exists = (item: EmbedItem): string => existsSql(scope, item, request.embeds.get(item.alias ?? item.relation)!)
  const embedded = (name: string): string | null => {
    const item = embeds.find(embed => (embed.alias ?? embed.relation) === name)
    return item === undefined ? null : exists(item)
  }
  const where = [
    ...(join === null ? [] : [join]),
    ...request.filters.map(filter => filterSql(scope, filter, embedded)),
    ...embeds.filter(item => item.inner).map(exists),
  ]
  const paged = request.limit !== null || request.offset > 0
  return {
    members: membersOf(scope, request),
    from: `FROM "${scope.table.name}" AS ${scope.alias}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}`,
    order: orderSql(scope, request.order),
    page: paged ? ` LIMIT ${scope.bind(request.limit ?? -1)} OFFSET ${scope.bind(request.offset)}` : '',
  }
}

/** The statements for a read of one table. Throws the errors PostgREST and PostgreSQL give for what cannot be asked. */
export const readSql = (table: Table, request: ReadRequest): Statement => {
  const parameters: Record<string, Stored> = {}
  const bind: Bind = value => {
    const name = `p${Object.keys(parameters).length + 1}`
    parameters[name] = value
    return `:${name}`
  }
  const parts = readParts({ table, alias: 't', bind }, request, null)
  const group = groupSql(parts.members)
  const isOneGroup = group === '' && parts.members.some(member => !member.grouped)
  const count = isOneGroup ? 'SELECT 1 AS total' : `SELECT count(*) AS total FROM (SELECT 1 ${parts.from}${group})`
  return { rows: selectSql(parts, bind), count, parameters }
}
