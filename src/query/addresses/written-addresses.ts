import type { Address } from '../../terms/query-facts.ts'
import { foldName, wordsOf } from '../catalogue/fold-name.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../json/read-json.ts'
import { distinctAddresses, isUrl, readAddresses } from './read-addresses.ts'

// Member names that say where something is sent, folded as the vocabulary folds names.
const DELIVERS = new Set([
  ...['notify', 'notifyurl', 'notification', 'notifications', 'notificationurl', 'notificationemail', 'endpoint', 'hook', 'hookurl'],
  ...['deliverto', 'deliveryurl', 'sendto', 'forwardto', 'copyto', 'replyto', 'to', 'cc', 'bcc', 'recipient', 'recipients'],
  ...['subscribe', 'subscriber', 'subscribers', 'subscription', 'subscriptions', 'topic', 'topics', 'channel', 'channels'],
])
const DELIVERS_ANYWHERE = /callback|webhook|hotlist|watchlist/
// A stored record's own e-mail is data; beside a topic or in a list of subscribers it is where the answer goes.
const EMAILS = new Set(['email', 'emails', 'mail', 'emailaddress', 'emailaddresses'])
const OF_DELIVERY =
  /^(?:callback|webhook|hook|hotlist|watchlist|notification|subscription|subscriber|alert|message|mail|email|export|feed|delivery|deliverie|dispatche?|recipient|topic|channel)s?$/

/**
 * Addresses in the body of a write: whatever stands under a name that says delivery, at any depth, and every URL under any name. (A webhook
 * with a filter delivers later what no query asks for: GHSA-j7mm-f4rv-6q6q; a hot list is a standing order.)
 */
export function writtenAddresses(collection: string, records: readonly JsonObject[]): readonly Address[] {
  const sends = wordsOf(collection).some(word => OF_DELIVERY.test(word))
  const found = records.flatMap(record => {
    const names = (name: string) => delivers(name) || (EMAILS.has(foldName(name)) && (sends || speaksOfDelivery(record)))
    return inMembers(record, false, names)
  })
  return distinctAddresses(found, 'body')
}

function delivers(name: string): boolean {
  const folded = foldName(name)
  return DELIVERS.has(folded) || DELIVERS_ANYWHERE.test(folded)
}

function speaksOfDelivery(value: Json): boolean {
  if (isJsonObject(value)) return [...value].some(([name, inner]) => delivers(name) || speaksOfDelivery(inner))
  return isJsonList(value) && value.some(speaksOfDelivery)
}

type Names = (name: string) => boolean

function inMembers(object: JsonObject, inside: boolean, names: Names): readonly Address[] {
  return [...object].flatMap(([name, value]) => inValue(name, value, inside || names(name), names))
}

function inValue(name: string, value: Json, isDelivery: boolean, names: Names): readonly Address[] {
  if (isJsonObject(value)) return inMembers(value, isDelivery, names)
  if (isJsonList(value)) return value.flatMap(item => inValue(name, item, isDelivery, names))
  if (typeof value === 'string') {
    if (isDelivery) return value.trim() === '' ? [] : readAddresses(value, 'body')
    // A note may begin with a link; no host goes on behind a blank.
    return isUrl(value) ? readAddresses(value.trimStart().split(' ')[0] ?? '', 'body') : []
  }
  if (!isDelivery || value === null || value === false) return []
  // A ticked box subscribes to what it is called.
  return [{ kind: 'topic', written: value === true ? name : value.number }]
}
