import { ApiError } from './api-error.ts'
import type { ColumnRef, PathStep } from './query-tree.ts'

/** A cursor over one parameter's text. Every method moves it forward or throws PGRST100 with the place. */
export interface Reader {
  readonly done: () => boolean
  readonly rest: () => string
  readonly peek: (text: string) => boolean
  /** Steps over `text` if it comes next. */
  readonly take: (text: string) => boolean
  readonly expect: (text: string) => void
  /** The longest run that the (sticky) pattern matches here; empty if none. */
  readonly run: (pattern: RegExp) => string
  readonly identifier: () => string
  /** A `"quoted"` string if one starts here, else null. */
  readonly quoted: () => string | null
  readonly fail: (expected: string) => never
}

const NAME = /(?:[\p{L}\p{N}_$ ]|-(?!>))+/uy

/** `what` names the parameter in the error, as PostgREST does: "failed to parse select parameter (...)". */
export const readText = (text: string, what: string): Reader => {
  let at = 0
  const fail = (expected: string): never => {
    const found = at < text.length ? `unexpected "${text[at]}"` : 'unexpected end of input'
    throw new ApiError(400, 'PGRST100', `"failed to parse ${what} (${text})" (line 1, column ${at + 1})`, `${found} expecting ${expected}`)
  }
  const peek = (expected: string): boolean => text.startsWith(expected, at)
  const take = (expected: string): boolean => {
    if (!peek(expected)) return false
    at += expected.length
    return true
  }
  const expect = (expected: string): void => {
    if (!take(expected)) fail(`"${expected}"`)
  }
  const run = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const quoted = (): string | null => {
    if (!take('"')) return null
    const inner = run(/(?:[^"\\]|\\.)*/suy)
    expect('"')
    return inner.replace(/\\(.)/gsu, '$1')
  }
  const identifier = (): string => {
    const name = quoted() ?? run(NAME).trim()
    return name === '' ? fail('field name (* or [a..z0..9_$])') : name
  }
  return { done: () => at >= text.length, rest: () => text.slice(at), peek, take, expect, run, identifier, quoted, fail }
}

/** `name`, `name->key->>key`, `name->0`. */
export const readColumn = (reader: Reader): ColumnRef => {
  const name = reader.identifier()
  const path: PathStep[] = []
  while (reader.peek('->')) {
    const asText = reader.take('->>')
    if (!asText) reader.expect('->')
    const index = reader.run(/-?\d+(?![\p{L}\p{N}_$])/uy)
    path.push({ asText, key: index === '' ? reader.identifier() : Number(index) })
  }
  return { name, path }
}
