import { isDeepStrictEqual } from 'node:util'
import type { CatalogueFile, CollectionEntry, FieldEntry } from '../terms/catalogue.ts'

/** What became weaker in a catalogue, in sentences. Fields and parameters may go; a class may join others. */
export function compareCatalogues(before: CatalogueFile, after: CatalogueFile): readonly string[] {
  return [
    ...(subjectsOf(after) === null || subjectsOf(before) === subjectsOf(after)
      ? []
      : [`the data subjects now stand in ${subjectsOf(after)}`]),
    ...Object.entries(after.collections).flatMap(([name, collection]) => {
      const was = before.collections[name]
      return was ? compareCollections(name, was, collection) : [`the collection ${name} was added`]
    }),
    ...pathsThatGo(before, after),
  ]
}

/** A path that goes is weaker where another one that stays could take its calls, under the classes of other fields. */
function pathsThatGo(before: CatalogueFile, after: CatalogueFile): string[] {
  const stays = pathsOf(after)
  return pathsOf(before)
    .filter(path => !stays.includes(path))
    .flatMap(path => {
      const heir = stays.find(other => couldMatchTheSame(path, other))
      return heir === undefined ? [] : [`the path ${path} is gone, and its calls may be read as ${heir}`]
    })
}

const pathsOf = ({ collections }: CatalogueFile): string[] =>
  Object.entries(collections).flatMap(([name, { paths }]) => [`/${name}`, ...Object.keys(paths ?? {})])

function couldMatchTheSame(a: string, b: string): boolean {
  const [some, others] = [a.split('/'), b.split('/')]
  const isOpen = (segment = '') => segment.startsWith('{')
  return some.length === others.length && some.every((segment, i) => segment === others[i] || isOpen(segment) || isOpen(others[i]))
}

/** As `query/compile-catalogue` finds them: without a collection beside it, the last one left would become the one of people's own records. */
function subjectsOf({ source, collections }: CatalogueFile): string | null {
  const entries = Object.entries(collections)
  const marked = entries.find(([, entry]) => entry.subjects === true)
  const only = entries.length === 1 ? entries[0] : entries.find(([name]) => name === source)
  return marked?.[0] ?? (only && only[1].subjects !== false ? only[0] : null)
}

function compareCollections(name: string, before: CollectionEntry, after: CollectionEntry): string[] {
  const { fields, parameters, paths, envelope, subjects: _, ...others } = before
  const { fields: fieldsNow, parameters: parametersNow, paths: pathsNow, envelope: envelopeNow, subjects: _now, ...othersNow } = after
  const opened = (envelopeNow?.open ?? []).filter(member => !envelope?.open.includes(member))
  return [
    ...(isDeepStrictEqual(others, othersNow) ? [] : [`${name}: its key changed`]),
    ...compareFields(name, fields, fieldsNow),
    ...changed(parameters, parametersNow).map(parameter => `${name}: the parameter ${parameter} was added or changed`),
    ...changed(paths, pathsNow).map(path => `${name}: the path ${path} was added or changed`),
    ...(envelope?.records === envelopeNow?.records ? [] : [`${name}: its envelope changed`]),
    ...opened.map(member => `${name}: the member ${member} of the envelope is open now`),
  ]
}

const changed = (before: Readonly<Record<string, unknown>> = {}, after: Readonly<Record<string, unknown>> = {}): string[] =>
  Object.keys(after).filter(name => !isDeepStrictEqual(before[name], after[name]))

function compareFields(where: string, before: Readonly<Record<string, FieldEntry>>, after: Readonly<Record<string, FieldEntry>>): string[] {
  return Object.entries(after).flatMap(([name, entry]) => {
    const field = `${where}.${name}`
    const was = before[name]
    if (was === undefined) return [`the field ${field} was added`]
    const [old, now] = [detailsOf(was), detailsOf(entry)]
    const lost = old.classes.filter(dataClass => !now.classes.includes(dataClass))
    const shape = old.collection === now.collection && (old.fields === undefined) === (now.fields === undefined)
    return [
      ...lost.map(dataClass => `the field ${field} is no longer ${dataClass}`),
      // Beside another class `open` is no longer said, and with it goes every rule that speaks of `open` alone.
      ...(isOpenAlone(old.classes) && !isOpenAlone(now.classes) && now.classes.includes('open')
        ? [`the field ${field} is no longer open alone`]
        : []),
      // A field that was classed by what it relates to, and is classed by a word now, may be weaker: nobody can tell here.
      ...(old.classes.length === 0 && now.classes.length > 0 ? [`the field ${field} got classes of its own`] : []),
      ...(old.text && !now.text ? [`the field ${field} is no longer searched as text`] : []),
      ...(now.override !== undefined && now.override !== old.override ? [`the vocabulary is overridden for ${field}`] : []),
      ...(shape ? [] : [`the field ${field} is another kind of value`]),
      ...(old.fields && now.fields ? compareFields(field, old.fields, now.fields) : []),
    ]
  })
}

const isOpenAlone = (classes: readonly string[]): boolean => classes.length > 0 && classes.every(dataClass => dataClass === 'open')

function detailsOf(entry: FieldEntry) {
  const {
    class: classes,
    text,
    vocabularyOverride,
    collection,
    fields,
  } = typeof entry === 'string' || Array.isArray(entry) ? { class: entry, ...NO_MORE } : { ...NO_MORE, ...entry }
  const listed = classes === undefined ? [] : typeof classes === 'string' ? [classes] : classes
  return { classes: listed, text: text ?? false, override: vocabularyOverride, collection, fields }
}

const NO_MORE = { text: undefined, vocabularyOverride: undefined, collection: undefined, fields: undefined }
