import type { CollectionEntry, Parameter } from '../../terms/catalogue.ts'
import type { Compilation } from './compile-fields.ts'
import { pathShape, placeholdersOf } from './path-template.ts'

// Kinds the `rest` dialect can be told about; the others are Haven's own conclusions.
const BINDABLE = new Set([
  'filter',
  'sort',
  'select',
  'search',
  'page',
  'cursor',
  'identify',
  'group',
  'aggregate',
  'count',
  'expand',
  'deliver',
])
const NEEDS_FIELD = new Set(['filter', 'identify'])
const OF_RELATION = new Set(['select', 'expand'])
const IN_PATH = new Set(['filter', 'identify', 'page', 'deliver'])

/** Checks the `parameters` and `paths` of one collection against its fields; only the `rest` dialect has them. */
export function checkParameters(compilation: Compilation, entry: CollectionEntry, path: readonly PropertyKey[]): void {
  const complain = (at: readonly PropertyKey[], message: string) =>
    compilation.problems.push(compilation.file.problem([...path, ...at], message))
  if (compilation.dialect !== 'rest') {
    for (const part of ['parameters', 'paths', 'envelope'] as const) {
      if (entry[part] !== undefined)
        complain([part], `only the rest dialect has \`${part}\`; ${compilation.dialect} has a grammar of its own, remove it`)
    }
    return
  }
  for (const [name, parameter] of Object.entries(entry.parameters ?? {})) {
    checkParameter(entry, parameter, message => complain(['parameters', name], message))
  }
  for (const [template, bindings] of Object.entries(entry.paths ?? {})) {
    const placeholders = placeholdersOf(template)
    if (placeholders === null) {
      complain(['paths', template], 'write a path such as /residents/{id}: whole segments, placeholders in braces, each name once')
      continue
    }
    for (const name of placeholders) {
      if (!Object.hasOwn(bindings, name))
        complain(['paths', template], `the placeholder {${name}} is bound to no field; add ${name}: { field: ..., use: ... }`)
    }
    for (const [name, parameter] of Object.entries(bindings)) {
      if (!placeholders.includes(name)) complain(['paths', template, name], `the path has no placeholder {${name}}`)
      if (!IN_PATH.has(parameter.use)) complain(['paths', template, name], 'a placeholder is used to identify, filter, page or deliver')
      checkParameter(entry, parameter, message => complain(['paths', template, name], message))
    }
  }
}

function checkParameter(entry: CollectionEntry, parameter: Parameter, complain: (message: string) => void): void {
  const named = [...(parameter.field === undefined ? [] : [parameter.field]), ...(parameter.fields ?? [])]
  if (!BINDABLE.has(parameter.use)) complain(`a parameter cannot be bound to the use ${parameter.use}`)
  if (NEEDS_FIELD.has(parameter.use) && parameter.field === undefined) complain(`the use ${parameter.use} needs a \`field\``)
  if (NEEDS_FIELD.has(parameter.use) && parameter.fields !== undefined) complain(`the use ${parameter.use} takes one \`field\``)
  if (parameter.use === 'deliver' && named.length > 0) complain('where the answer goes is no field; bind `deliver` without one')
  if (parameter.use === 'search' && named.length === 0) complain('a search needs `fields`: everything the record API searches')
  if (parameter.use === 'identify' && parameter.field !== undefined && parameter.field !== entry.key) {
    complain(`only the key (${entry.key}) identifies; bind ${parameter.field} as a filter`)
  }
  for (const name of named) {
    const field = Object.hasOwn(entry.fields, name) ? entry.fields[name] : undefined
    if (field === undefined) complain(`there is no field ${JSON.stringify(name)} in this collection`)
    // What the related records hold would be asked about, and only the relation judged.
    else if (typeof field === 'object' && 'collection' in field && field.collection !== undefined && !OF_RELATION.has(parameter.use))
      complain(`${name} is a relation, which can be selected or expanded; not used as ${parameter.use}`)
  }
}

/** Two templates that match the same paths would let one call be read as two. */
export function checkOverlap(compilation: Compilation): void {
  const seen = new Map<string, string>()
  for (const [name, entry] of Object.entries(compilation.file.value.collections)) {
    for (const template of Object.keys(entry.paths ?? {})) {
      const other = seen.get(pathShape(template))
      if (other === undefined) seen.set(pathShape(template), template)
      else
        compilation.problems.push(compilation.file.problem(['collections', name, 'paths', template], `this path is the same as ${other}`))
      const list = template.slice(1)
      if (list !== name && Object.hasOwn(compilation.file.value.collections, list)) {
        compilation.problems.push(
          compilation.file.problem(['collections', name, 'paths', template], `this path lists the collection ${list}`),
        )
      }
    }
  }
}
