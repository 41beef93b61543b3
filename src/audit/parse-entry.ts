import { canonical, type JsonValue } from './canonical.ts'

/** An entry as read back. Which further members it has depends on its kind. */
export interface Entry {
  readonly [member: string]: JsonValue
  readonly v: 1
  readonly kind: string
  readonly id: string
  readonly seq: number
  readonly boot: string
  readonly t_wall: number
}

export const ENTRY_KINDS: ReadonlySet<string> = new Set([
  'decision',
  'outcome',
  'rulebook',
  'rulebook-refused',
  'config',
  'key',
  'gap',
  'clock',
  'process',
  'hold',
  'notice',
  'review',
  'certificate',
  'unauthenticated',
])

/** Reads a record's text; `null` unless it is the canonical form of an entry this version knows. */
export function parseEntry(text: string): Entry | null {
  const value = parse(text)
  return isEntry(value) && isCanonical(value, text) ? value : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // not JSON is one way of not being an entry
  }
}

function isCanonical(value: Entry, text: string): boolean {
  try {
    return canonical(value) === text
  } catch {
    return false // a float or a lone surrogate: not canonical
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { v, kind, id, seq, boot, t_wall: time } = value as Partial<Record<string, unknown>>
  const named = typeof kind === 'string' && ENTRY_KINDS.has(kind) && typeof id === 'string' && typeof boot === 'string'
  return v === 1 && named && Number.isSafeInteger(seq) && Number.isSafeInteger(time)
}

/** A member that is an object; `null` for anything else. */
export function memberObject(
  entry: { readonly [member: string]: JsonValue },
  name: string,
): { readonly [member: string]: JsonValue } | null {
  const value = entry[name]
  return typeof value === 'object' && value !== null && !isArray(value) ? value : null
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

/** The rulebook an entry was written under, if it names one. */
export function rulebookOf(entry: Entry): string | null {
  const digest = entry.kind === 'decision' ? entry.rulebook : entry.kind === 'rulebook' ? memberObject(entry, 'body')?.digest : null
  return typeof digest === 'string' ? digest : null
}
