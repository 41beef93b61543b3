import type { Item } from './admin-client.ts'

/** Controls, and marks that turn the order of letters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A value as one line for a terminal; a number under the name of a time (`dueAt`, `until`) as that time, UTC. What stands in an instrument
 * or a query was written by somebody: an escape sequence in it could show counsel another warrant than the one that is verified.
 */
export function plain(value: unknown, name = ''): string {
  if (value === null || value === undefined || value === '') return '-'
  if (typeof value === 'number' && Math.abs(value) <= 8.64e15 && /(^at|At|^until)$/.test(name)) return new Date(value).toISOString()
  const text = Array.isArray(value)
    ? value.map(one => plain(one)).join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
  return text.replace(UNPRINTABLE, '\u{FFFD}') || '-'
}

/** Rows under each other, with a space between columns; nothing at all for no rows. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map(row => row[i]?.length ?? 0)))
  return [heads, ...rows].map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Every member of something, nested ones further in. */
export function lines(item: Item, indent = ''): readonly string[] {
  return Object.entries(item).flatMap(([name, value]) => {
    const nested = Array.isArray(value) ? value.filter(isItem) : isItem(value) ? [value] : []
    if (nested.length === 0) return [`${indent}${plain(name)}: ${plain(value, name)}`]
    return [`${indent}${plain(name)}:`, ...nested.flatMap(one => marked(lines(one, `${indent}    `), indent, Array.isArray(value)))]
  })
}

/** The first line of each of several carries a dash, so that two do not read as one. */
function marked(all: readonly string[], indent: string, isOneOfMany: boolean): readonly string[] {
  return isOneOfMany ? all.map((line, i) => (i === 0 ? `${indent}  - ${line.trimStart()}` : line)) : all
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)
