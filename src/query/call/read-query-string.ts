import { ambiguous, undeclared } from '../unreadable.ts'
import { decodeOnce, refuseDoubleEncoding } from './decode-once.ts'

export interface QueryParameter {
  readonly name: string
  readonly value: string
}

// They wrap the answer in script that a JSON redactor would skip.
const SCRIPT = new Set(['callback', 'jsonp', '_callback', '_jsonp'])

/**
 * The query string as name and value pairs, decoded once, `+` read as a blank (the form encoding, which PostgREST and the
 * usual REST frameworks read too). Names must not be encoded twice; whether a value may is the dialect's knowledge. `declared` are names
 * the catalogue binds to an address: there a `callback` is no wrapping.
 */
export function readQueryString(raw: string, declared: ReadonlySet<string> = new Set()): readonly QueryParameter[] {
  const parameters: QueryParameter[] = []
  for (const piece of raw.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    if (equals < 1) throw ambiguous('query', 'every parameter is written name=value')
    const name = decode(piece.slice(0, equals))
    refuseDoubleEncoding(name, 'query')
    const folded = name.normalize('NFKC').trim().toLowerCase()
    // `_method` runs another method than the one judged.
    if (folded === '_method' || (SCRIPT.has(folded) && !declared.has(name))) {
      throw undeclared('query', `the parameter ${JSON.stringify(name)} is not accepted`)
    }
    parameters.push({ name, value: decode(piece.slice(equals + 1)) })
  }
  return parameters
}

function decode(piece: string): string {
  return decodeOnce(piece.replaceAll('+', '%20'), 'query')
}
