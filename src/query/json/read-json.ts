import { malformed } from '../unreadable.ts'

/** A number as it was written: `JSON.parse` would round 9007199254740993, and then another record would be written. */
export interface JsonNumber {
  readonly number: string
}
export type JsonObject = ReadonlyMap<string, Json>
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject

export const isJsonObject = (value: Json): value is JsonObject => value instanceof Map

export const isJsonList = (value: Json): value is readonly Json[] => Array.isArray(value)

const DEPTH_MAX = 32
const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
// One way to match only, so that an unterminated string fails in linear time.
const STRING = /"[[^"\\\p{Cc}]\u007f-\u009f]*(?:\\(?:["\\\/bfnrt]|u[0-9a-fA-F]{4})[[^"\\\p{Cc}]\u007f-\u009f]*)*"/vy

interface Cursor {
  readonly text: string
  at: number
}

/**
 * Strict JSON (RFC 8259 with the limits of RFC 7493): UTF-8 without byte order mark, no member twice, no lone surrogate.
 * `JSON.parse` takes the last of two members while others take the first, so what was judged might not be what is written.
 */
export function readJson(bytes: Uint8Array): Json {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed('body', 'the body is not UTF-8')
  }
  const cursor: Cursor = { text, at: 0 }
  const value = readValue(cursor, 0)
  if (cursor.at !== text.length) throw broken(cursor)
  return value
}

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > DEPTH_MAX) throw malformed('body', `the body is nested deeper than ${DEPTH_MAX}`)
  take(cursor, BLANK)
  const value = readBare(cursor, depth)
  take(cursor, BLANK)
  return value
}

function readBare(cursor: Cursor, depth: number): Json {
  switch (cursor.text[cursor.at]) {
    case '{':
      return readObject(cursor, depth)
    case '[':
      return readArray(cursor, depth)
    case '"':
      return readString(cursor)
    default:
  }
  if (skip(cursor, 'null')) return null
  if (skip(cursor, 'true')) return true
  if (skip(cursor, 'false')) return false
  const number = take(cursor, NUMBER)
  if (number === null) throw broken(cursor)
  return { number }
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const members = new Map<string, Json>()
  skip(cursor, '{')
  take(cursor, BLANK)
  if (skip(cursor, '}')) return members
  do {
    take(cursor, BLANK)
    const name = readString(cursor)
    if (members.has(name)) throw malformed('body', `the member ${JSON.stringify(name)} is given twice`)
    take(cursor, BLANK)
    if (!skip(cursor, ':')) throw broken(cursor)
    members.set(name, readValue(cursor, depth + 1))
  } while (skip(cursor, ','))
  if (!skip(cursor, '}')) throw broken(cursor)
  return members
}

function readArray(cursor: Cursor, depth: number): readonly Json[] {
  const items: Json[] = []
  skip(cursor, '[')
  take(cursor, BLANK)
  if (skip(cursor, ']')) return items
  do items.push(readValue(cursor, depth + 1))
  while (skip(cursor, ','))
  if (!skip(cursor, ']')) throw broken(cursor)
  return items
}

function readString(cursor: Cursor): string {
  const literal = take(cursor, STRING)
  if (literal === null) throw broken(cursor)
  const value: string = JSON.parse(literal)
  if (!value.isWellFormed()) throw malformed('body', 'a string holds half a character')
  return value
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0] ?? null
  if (found !== null) cursor.at += found.length
  return found
}

function skip(cursor: Cursor, word: string): boolean {
  if (!cursor.text.startsWith(word, cursor.at)) return false
  cursor.at += word.length
  return true
}

function broken(cursor: Cursor): Error {
  return malformed('body', `the body is not JSON at character ${cursor.at + 1}`)
}
