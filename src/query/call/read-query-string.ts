import { ambiguous, undeclared } from '../unreadable.ts'
import { decodeOnce, refuseDoubleEncoding } from './decode-once.ts'

export interface QueryParameter {
  readonly name: string
  readonly value: string
}

// `callback` wraps the answer in script that a JSON redactor would skip; `_method` runs another method than the one judged.
const FORBIDDEN = new Set(['callback', 'jsonp', '_callback', '_jsonp', '_method'])

/**
 * The query string as name and value pairs, decoded once, `+` read as a blank (the form encoding, which PostgREST and the
 * usual REST frameworks read too). Names must not be encoded twice; whether a value may is the dialect's knowledge.
 */
export function readQueryString(raw: string): readonly QueryParameter[] {
  const parameters: QueryParameter[] = []
  for (const piece of raw.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    if (equals < 1) throw ambiguous('query', 'every parameter is written name=value')
    const name = decode(piece.slice(0, equals))
    refuseDoubleEncoding(name, 'query')
    if (FORBIDDEN.has(name.normalize('NFKC').trim().toLowerCase())) {
      throw undeclared('query', `the parameter ${JSON.stringify(name)} is not accepted`)
    }
    parameters.push({ name, value: decode(piece.slice(equals + 1)) })
  }
  return parameters
}

function decode(piece: string): string {
  return decodeOnce(piece.replaceAll('+', '%20'), 'query')
}
