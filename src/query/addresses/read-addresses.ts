import type { Address } from '../../terms/query-facts.ts'
import { notUnderstood } from '../unreadable.ts'

// Longer ones are cut by some clients on the way, and what is left is another address.
const LONGEST = 2048
const MOST = 64

// What a client takes for an address of its own accord: it drops tabs and newlines, and reads `\` as `/` (URL standard, 4.4).
const URL_LIKE = /^(?:[a-z][a-z0-9+.-]*:[/\\]{2}|(?:https?|ftps?|wss?|mailto):\S|[/\\]{2}[^\s/\\])/i

/** Whether a text begins as a URL does, protocol-relative ones (`//host/x`) included. */
export function isUrl(text: string): boolean {
  const bare = text
    .normalize('NFKC')
    .replace(/[\t\n\r]/g, '')
    .replace(/^[\p{Cc}\p{Cf}\s]+/u, '')
  return URL_LIKE.test(bare)
}

/**
 * The addresses a value names, as written: URLs, e-mail addresses, else one topic. Several in one value (`a@x.gov, b@y.gov`) are several
 * recipients, and whoever places them must see each. Whose they are is not judged here. `where` is in Haven's words.
 */
export function readAddresses(value: string, where: string): readonly Address[] {
  if (value.length > LONGEST) throw notUnderstood(where, `${where}: an address is longer than ${LONGEST} characters`)
  if (value.trim() === '') throw notUnderstood(where, `${where}: write the address that the answer goes to`)
  const pieces = value.split(/[\s,;]+/).filter(piece => piece !== '')
  const found = pieces.flatMap(piece => addressOf(piece) ?? [])
  // One URL may hold commas, and blanks that its client encodes; one topic may be several words.
  if (isUrl(value) && found.length <= 1) return [{ kind: 'url', written: value }]
  if (found.length === 0) return [{ kind: 'topic', written: value }]
  const words = pieces.filter(piece => addressOf(piece) === null).join(' ')
  return words === '' ? found : [...found, { kind: 'topic', written: words }]
}

/**
 * Without repetitions. More than a call can mean is refused; what is merely mentioned does not count: a list of residents holds an
 * e-mail address each.
 */
export function distinctAddresses(addresses: readonly Address[], where: string): readonly Address[] {
  const distinct = [
    ...new Map(addresses.map(address => [`${address.kind} ${address.certain ?? true} ${address.written}`, address])).values(),
  ]
  if (distinct.filter(address => address.certain !== false).length > MOST)
    throw notUnderstood(where, `${where}: the call names more than ${MOST} addresses`)
  return distinct
}

function addressOf(piece: string): Address | null {
  if (isUrl(piece)) return { kind: 'url', written: piece }
  return piece.includes('@') ? { kind: 'email', written: piece } : null
}
