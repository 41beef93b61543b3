/** A body of the directory, as far as it matters who may stand inside whom. */
export interface Body {
  readonly id: string
  readonly category: string
}

/** How something of one body lies to something of another. */
export type Lie = 'same' | 'inside' | 'around'

/**
 * Why a body may not have something that lies so to what another body has, or null. The narrower one wins every look-up, so whoever has
 * a piece of somebody else's answers for it. Only a part of a body, of the same kind, has its place inside the whole.
 */
export function forbidLie(written: string, body: Body, lie: Lie, other: Body, theirs: string): string | null {
  if (other.id === body.id) return null
  if (lie === 'same') return `'${written}' already belongs to '${other.id}'; keep it in one place`
  const [inner, outer] = lie === 'inside' ? [body, other] : [other, body]
  if (inner.id.startsWith(`${outer.id}-`) && inner.category === outer.category) return null
  return `'${written}' lies ${lie} ${theirs} of '${other.id}'; if that is right, write it into the directory by hand`
}
