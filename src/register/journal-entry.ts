export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json }

/** An entry of the journal as the register reads it. */
export interface JournalEntry {
  readonly [member: string]: Json
  readonly kind: string
  readonly id: string
  /** Milliseconds since 1970. */
  readonly t_wall: number
}

/** The members of an event entry's `body`, or of another object in an entry; empty where there is none. */
export function members(value: Json | undefined): { readonly [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [member: string]: Json }) : {}
}

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
export const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)
export const listOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
