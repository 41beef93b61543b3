/**
 * Words that no part of a path may be called: PostgREST takes `not` out of a path wherever it stands, quoted or not, and turns the
 * condition round; the others end a path or begin something else.
 */
export const PATH_WORDS: ReadonlySet<string> = new Set(['not', 'and', 'or', 'order', 'limit', 'offset', 'select'])
