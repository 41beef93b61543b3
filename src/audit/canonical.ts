/** What an entry may hold. Integers only: a float has more than one spelling, and the hash is over the spelling. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/**
 * The canonical text of a value (RFC 8785, restricted to integers within 2^53).
 * Throws a `TypeError` for anything that has no single spelling: floats, `-0`, `undefined`, lone surrogates.
 */
export function canonical(value: JsonValue): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return integer(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (isList(value)) return list(value)
  if (typeof value === 'object') return members(value)
  throw new TypeError(`a ${typeof value} has no canonical form`)
}

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value)

function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new TypeError('a string with a lone surrogate has no canonical form')
  return JSON.stringify(text)
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`${value} is not an integer that has one spelling`)
  return String(value)
}

function list(values: readonly JsonValue[]): string {
  let text = '['
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + canonical(values[i]!)
  return `${text}]`
}

function members(value: { readonly [name: string]: JsonValue }): string {
  const names = Object.keys(value)
  if (!isSorted(names)) names.sort((a, b) => (a < b ? -1 : 1))
  let text = '{'
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    text += `${i === 0 ? '' : ','}${quote(name)}:${canonical(value[name]!)}`
  }
  return `${text}}`
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if (names[i - 1]! > names[i]!) return false
  return true
}
