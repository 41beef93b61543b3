import type { Address } from '../../terms/query-facts.ts'
import { foldName, wordsOf } from '../catalogue/fold-name.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, readJson } from '../json/read-json.ts'
import { findMentions } from './find-mentions.ts'
import { distinctAddresses, readAddresses } from './read-addresses.ts'

// Member names that say where something is sent, folded as the vocabulary folds names.
const DELIVERS = new Set([
  ...['notification', 'notifications', 'notificationurl', 'notificationemail', 'endpoint', 'hook', 'hookurl', 'handler', 'handlerurl'],
  ...['deliver', 'deliverto', 'deliveryurl', 'sendto', 'forward', 'forwardto', 'copyto', 'replyto', 'reportto', 'sharewith', 'mailto'],
  ...['to', 'cc', 'bcc', 'recipient', 'recipients', 'destination', 'destinations', 'dest', 'target', 'targets', 'sink'],
  ...['pushurl', 'pushto'],
  ...['subscribe', 'subscriber', 'subscribers', 'subscription', 'subscriptions', 'topic', 'topics', 'channel', 'channels'],
])
const DELIVERS_ANYWHERE = ['callback', 'webhook', 'hotlist', 'watchlist', 'notify']
// A stored record's own e-mail is data; beside a topic or in a list of subscribers it is where the answer goes.
const EMAILS = new Set(['email', 'emails', 'mail', 'emailaddress', 'emailaddresses'])
const OF_DELIVERY =
  /^(?:callback|webhook|hook|hotlist|watchlist|notification|subscription|subscriber|alert|message|mail|email|export|feed|delivery|deliverie|dispatche?|recipient|topic|channel)s?$/

/**
 * Addresses in the body of a write: whatever stands under a name that says delivery, at any depth, and every mailbox and URL in any other
 * value as a mention. (A webhook with a filter delivers later what no query asks for: GHSA-j7mm-f4rv-6q6q; a hot list is a standing order.)
 */
export function writtenAddresses(collection: string, records: readonly JsonObject[]): readonly Address[] {
  const sends = wordsOf(collection).some(word => OF_DELIVERY.test(word))
  const found = records.flatMap(record => {
    const names = (name: string) => delivers(name) || (EMAILS.has(foldName(name)) && (sends || speaksOfDelivery(record)))
    return inMembers(record, false, { names, opens: true })
  })
  return distinctAddresses(found, 'body')
}

function delivers(name: string): boolean {
  const folded = foldName(name).normalize('NFKD').replace(/\p{M}/gu, '')
  if (DELIVERS.has(folded) || DELIVERS_ANYWHERE.some(word => folded.includes(word))) return true
  const letters = [...folded]
  const foreign = letters.filter(isForeign).length
  // A name in another language is that name: half of it at least must be Latin to be a disguise.
  if (foreign === 0 || foreign * 2 > letters.length) return false
  return (
    [...DELIVERS].some(word => looksLike(letters, word)) ||
    DELIVERS_ANYWHERE.some(word => letters.some((_, at) => looksLike(letters.slice(at, at + word.length), word)))
  )
}

// Between Latin letters, one of another alphabet stands for whichever it looks like: `callb\u0430ck`.
const looksLike = (letters: readonly string[], word: string): boolean =>
  letters.length === word.length && letters.every((letter, i) => letter === word[i] || isForeign(letter))

const isForeign = (letter: string): boolean => /[^\P{L}a-z]/u.test(letter)

function speaksOfDelivery(value: Json): boolean {
  if (isJsonObject(value)) return [...value].some(([name, inner]) => delivers(name) || speaksOfDelivery(inner))
  return isJsonList(value) && value.some(speaksOfDelivery)
}

interface Reading {
  /** Does a member of this name say delivery? */
  readonly names: (name: string) => boolean
  /** Text that is JSON is read as such, one level deep. */
  readonly opens: boolean
}

function inMembers(object: JsonObject, inside: boolean, reading: Reading): readonly Address[] {
  return [...object].flatMap(([name, value]) => inValue(name, value, inside || reading.names(name), reading))
}

function inValue(name: string, value: Json, isDelivery: boolean, reading: Reading): readonly Address[] {
  if (isJsonObject(value)) return inMembers(value, isDelivery, reading)
  if (isJsonList(value)) return value.flatMap(item => inValue(name, item, isDelivery, reading))
  if (typeof value === 'string') {
    const opened = reading.opens ? openJson(value) : null
    if (opened !== null) return inValue(name, opened, isDelivery, { ...reading, opens: false })
    if (!isDelivery) return findMentions(value)
    return value.trim() === '' ? [] : readAddresses(value, 'body')
  }
  if (!isDelivery || value === null || value === false) return []
  // A ticked box subscribes to what it is called.
  return [{ kind: 'topic', written: value === true ? name : value.number }]
}

function openJson(text: string): Json | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    return readJson(new TextEncoder().encode(text.trim()))
  } catch {
    // No JSON, or none that two readers read alike: it stays a text, and what it mentions counts.
    return null
  }
}
