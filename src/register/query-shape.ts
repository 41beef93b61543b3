import { createHash } from 'node:crypto'

/** One use as facts and entries both have it: catalogued names and a closed word. */
export interface ShapeUse {
  readonly collection: string
  readonly field: string
  readonly kind: string
}

/** The same fields of the same source in the same kinds of use, asked by the same agency, whoever they are about. */
export function shapeOf(agency: string, source: string, uses: readonly ShapeUse[]): string {
  const parts = new Set(uses.map(({ collection, field, kind }) => JSON.stringify([collection, field, kind])))
  return createHash('sha256')
    .update(JSON.stringify([agency, source, ...[...parts].sort((a, b) => (a < b ? -1 : 1))]))
    .digest('base64url')
}
