import { createHash } from 'node:crypto'
import type { CanonicalRulebook, RulebookContent } from '../terms/rulebook-content.ts'

/** The canonical form of a rulebook, and its name. @throws TypeError for a value JSON cannot write (`.nan`, `.inf`) */
export function canonicalRulebook(content: RulebookContent): CanonicalRulebook {
  const text = canonicalJson(content)
  return { digest: createHash('sha256').update(text).digest('hex'), text, content }
}

/** JSON with sorted keys and no blanks (RFC 8785): one spelling for one value. Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} cannot be written in JSON`)
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('a text with half a character has no one spelling')
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}
