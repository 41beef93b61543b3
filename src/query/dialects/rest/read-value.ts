import type { Collection, Field, Parameter } from '../../../terms/catalogue.ts'
import type { Address, FieldUse } from '../../../terms/query-facts.ts'
import { readAddresses } from '../../addresses/read-addresses.ts'
import { refuseDoubleEncoding } from '../../call/decode-once.ts'
import { classesOf } from '../../fields/classes-of.ts'
import { equalityKind } from '../../fields/equality-kind.ts'
import { countRows, type Place, useField } from '../../fields/use-field.ts'
import { notUnderstood, undeclared, unknownField } from '../../unreadable.ts'

/** What one declared parameter, in the path or in the query, does. */
export interface ValueRead {
  readonly uses: readonly FieldUse[]
  readonly dataSubjects: readonly string[]
  /** The fields a `select` names; null for every other use. */
  readonly selected: readonly Field[] | null
  /** Where a `deliver` parameter sends the answer. */
  readonly addresses: readonly Address[]
}

const NOTHING: ValueRead = { uses: [], dataSubjects: [], selected: null, addresses: [] }

// One plain key: a wildcard, a list or a comparison would name more than one person.
const KEY = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/

/**
 * Reads a value by what the catalogue binds its parameter to. `select`, `sort`, `group`, `aggregate` and `expand` hold names, which must be
 * catalogued, exactly as spelt; the values of `filter` and `search` are text for the record API, those of `deliver` are addresses. Cursors are refused: they carry values.
 */
export function readValue(collection: Collection, parameter: Parameter, value: string, where: string): ValueRead {
  refuseDoubleEncoding(value, where)
  const uses = (found: readonly FieldUse[]): ValueRead => ({ ...NOTHING, uses: found })
  switch (parameter.use) {
    case 'page':
      if (!/^(?:0|[1-9][0-9]{0,9})$/.test(value)) throw notUnderstood(where, `${where}: write a whole number, 0 or more`)
      return uses([])
    case 'identify':
    case 'filter':
      return readEquality(collection, parameter, value, where)
    case 'search':
      return uses(
        boundFields(collection, parameter, where).flatMap(field => useField(placeOf(collection, field), 'search', field.name, where)),
      )
    case 'count':
      if (!/^(?:true|false|0|1)$/.test(value)) throw notUnderstood(where, `${where}: write true or false`)
      return uses([countRows({ collection: collection.name, around: [], nested: false }, 'count', where)])
    case 'select':
      return { ...NOTHING, selected: namedFields(collection, parameter, value, where) }
    case 'deliver':
      return { ...NOTHING, addresses: readAddresses(value, where) }
    case 'sort':
      return uses(readSort(collection, parameter, value, where))
    case 'group':
    case 'aggregate':
      return uses(
        namedFields(collection, parameter, value, where).flatMap(field =>
          useField(placeOf(collection, field), use(parameter), field.name, where),
        ),
      )
    case 'expand':
      return uses(namedFields(collection, parameter, value, where).map(field => expansion(collection, field, where)))
    default:
      throw undeclared(where, `${where}: this parameter is not offered`)
  }
}

const use = (parameter: Parameter): 'group' | 'aggregate' => (parameter.use === 'group' ? 'group' : 'aggregate')

const placeOf = (collection: Collection, field: Field): Place => ({
  collection: collection.name,
  name: field.name,
  field,
  around: [],
  nested: false,
})

function readEquality(collection: Collection, parameter: Parameter, value: string, where: string): ValueRead {
  const [field] = boundFields(collection, parameter, where)
  if (field === undefined) throw undeclared(where, `${where}: this parameter is not offered`)
  if (parameter.use === 'filter') return { ...NOTHING, uses: useField(placeOf(collection, field), 'filter', field.name, where) }
  if (!KEY.test(value)) throw notUnderstood(where, `${where}: write one key, of letters, digits and . _ : @ -`)
  const kind = equalityKind(collection, field.name)
  const uses = useField(placeOf(collection, field), kind, field.name, where)
  return { ...NOTHING, uses, dataSubjects: kind === 'identify' ? [value] : [] }
}

function boundFields(collection: Collection, parameter: Parameter, where: string): readonly Field[] {
  const names = [...(parameter.field === undefined ? [] : [parameter.field]), ...(parameter.fields ?? [])]
  return names.map(name => lookUp(collection, name, where))
}

/** A comma list of catalogued names; where the catalogue binds the parameter to fields, only those. */
function namedFields(collection: Collection, parameter: Parameter, value: string, where: string): readonly Field[] {
  const offered = boundFields(collection, parameter, where).map(field => field.name)
  const names = value.split(',')
  if (new Set(names).size !== names.length) throw notUnderstood(where, `${where}: a name is given twice`)
  return names.map(name => {
    if (offered.length > 0 && !offered.includes(name)) throw unknownField(where, name)
    const field = lookUp(collection, name, where)
    // To sort or group by a relation would ask about the related records.
    if (field.collection !== null && parameter.use !== 'select' && parameter.use !== 'expand') throw unknownField(where, name)
    return field
  })
}

function readSort(collection: Collection, parameter: Parameter, value: string, where: string): readonly FieldUse[] {
  const names = value.split(',').map(term => (term.startsWith('-') ? term.slice(1) : term))
  return namedFields(collection, parameter, names.join(','), where).flatMap(field =>
    useField(placeOf(collection, field), 'sort', field.name, where),
  )
}

/** What is embedded is in the shape anyway, field by field; this says that it was asked for. */
function expansion(collection: Collection, field: Field, where: string): FieldUse {
  if (field.collection === null) throw unknownField(where, field.name)
  const classes = classesOf(field)
  return {
    collection: collection.name,
    field: field.name,
    classes: classes.length > 0 ? classes : ['open'],
    kind: 'expand',
    spelling: field.name,
    where,
  }
}

function lookUp(collection: Collection, name: string, where: string): Field {
  const field = collection.fields.get(name)
  if (field === undefined) throw unknownField(where, name)
  return field
}
