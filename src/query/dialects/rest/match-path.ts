import type { Catalogue, Collection, Parameter } from '../../../terms/catalogue.ts'
import { readTemplate, type TemplateSegment } from '../../catalogue/path-template.ts'
import { unknownPath } from '../../unreadable.ts'

/** A declared path that the call's path is, and what its placeholders hold. */
export interface MatchedPath {
  readonly collection: Collection
  readonly bound: readonly { readonly name: string; readonly value: string; readonly parameter: Parameter }[]
}

/**
 * The one declared path that these segments are: `/<collection>`, or a template. Where a literal and a placeholder both fit
 * (`/residents/recent`, `/residents/{id}`), the literal is meant, as in every router that knows both.
 */
export function matchPath(catalogue: Catalogue, segments: readonly string[], spelling: string): MatchedPath {
  const listed = segments.length === 1 ? catalogue.collections.get(segments[0]!) : undefined
  if (listed !== undefined) return { collection: listed, bound: [] }
  const candidates = [...catalogue.collections.values()].flatMap(collection =>
    [...collection.paths].flatMap(([template, bindings]) => {
      const shape = readTemplate(template)
      return shape !== null && fits(shape, segments) ? [{ collection, bindings, shape }] : []
    }),
  )
  const found = candidates.toSorted((a, b) => literals(b.shape).localeCompare(literals(a.shape)))[0]
  if (found === undefined) throw unknownPath(spelling)
  const bound = found.shape.flatMap((segment, index) => {
    if (!('placeholder' in segment)) return []
    const parameter = found.bindings.get(segment.placeholder)
    if (parameter === undefined) throw unknownPath(spelling)
    return [{ name: segment.placeholder, value: segments[index]!, parameter }]
  })
  return { collection: found.collection, bound }
}

const fits = (shape: readonly TemplateSegment[], segments: readonly string[]): boolean =>
  shape.length === segments.length && shape.every((segment, index) => 'placeholder' in segment || segment.literal === segments[index])

/** Orders templates: the one whose first differing segment is literal comes first. */
const literals = (shape: readonly TemplateSegment[]): string => shape.map(segment => ('placeholder' in segment ? '0' : '1')).join('')
