import type { Agency } from '../terms/agency.ts'
import type { Address } from '../terms/query-facts.ts'
import type { CompiledLexicon } from './compile-lexicon.ts'
import type { Directory } from './directory.ts'
import { foldText } from './fold-text.ts'
import { domainOf, placeEach, placeWritten } from './party.ts'
import { readReason } from './read-reason.ts'

/** Whom one address names. Null stands for somebody nobody could place. */
export interface PlacedAddress {
  readonly agencies: readonly (Agency | null)[]
  readonly suspected: boolean
}

/** Places an address of a call, and the addresses inside it: a relay is told in its URL where to send what it gets. */
export function placeAddress({ kind, written }: Address, directory: Directory, lexicon: CompiledLexicon): PlacedAddress {
  if (kind === 'topic') return placeTopic(written, directory, lexicon)
  return { agencies: kind === 'email' ? placeEach(written, directory) : placeUrl(written, directory), suspected: false }
}

// `evil.example?x` under a member that delivers is an address without its scheme, not a topic.
const LIKE_HOST = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?(:\d+)?([/?#]\S*)?$/i
// What the lexicon can read, folded; any other character may be part of an address in some form.
const PLAIN = /^[a-z0-9][a-z0-9 _'’&()!-]*$/
const PHONE = /(?<![a-z0-9-])\d(?:[ ()-]*\d){6,}(?![a-z0-9-])/
// Nine characters with a digit: an ORI that no entry has.
const ORI = /^(?=.*\d)[a-z]{2}[a-z0-9]{7}$/
const TIME = /^(?:\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:\d\d)?)?|\d\d?:\d\d(?::\d\d)?)$/

function placeTopic(written: string, directory: Directory, lexicon: CompiledLexicon): PlacedAddress {
  const { recipients, suspected } = readReason(written, lexicon)
  const bodies = recipients.map(id => directory.byId(id)).filter(agency => agency !== null)
  const whole = placeWritten(written, directory)
  if (whole !== null) return { agencies: [whole, ...bodies], suspected }
  const pieces = written.split(/[,;|]/).map(piece => piece.normalize('NFKC').trim())
  return { agencies: [...bodies, ...pieces.flatMap(piece => placePiece(piece, directory))], suspected }
}

function placePiece(piece: string, directory: Directory): readonly (Agency | null)[] {
  if (!/[\p{L}\p{N}]/u.test(piece)) return []
  const agency = placeWritten(piece, directory)
  if (agency !== null) return [agency]
  if (LIKE_HOST.test(piece)) return placeUrl(`https://${piece}`, directory)
  const folded = foldText(piece)
  const isTopic = PLAIN.test(folded) && !PHONE.test(folded) && !ORI.test(folded)
  return isTopic || TIME.test(folded) ? [] : [null]
}

/**
 * As the record API's own client would resolve it: `https://good.example@evil.example/` goes to evil.example. What two clients resolve
 * differently (a backslash, white space inside), and a `mailto:` with further recipients, is nobody's.
 */
function placeUrl(written: string, directory: Directory): readonly (Agency | null)[] {
  const text = written.trim().replace(/^\/\//, 'https://')
  if (/[\\\s]/.test(text) || !URL.canParse(text)) return [null, ...placeInside(text, directory)]
  const url = new URL(text)
  const inside = placeInside(url.pathname + url.search + url.hash, directory)
  if (url.protocol !== 'mailto:') return [directory.byDomain(url.hostname), ...inside]
  const domain = /[,;?]/.test(text) ? null : domainOf(url.pathname)
  return [domain === null ? null : directory.byDomain(domain), ...inside]
}

// Escaped once for each address around it.
const DEEPEST = 4

/** Every mailbox and URL in the rest of a URL. */
function placeInside(rest: string, directory: Directory): readonly (Agency | null)[] {
  let text = rest
  for (let depth = 0; depth < DEEPEST; depth++)
    text = text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  const hosts = [...text.matchAll(/@(\w[\w-]*\.[\w.-]+)|[:=][/\\]{2,}([\w.-]+)/g)]
  return hosts.map(([, mailbox, host]) => directory.byDomain(mailbox ?? host ?? ''))
}
