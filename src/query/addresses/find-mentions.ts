import type { Address } from '../../terms/query-facts.ts'
import { isUrl } from './read-addresses.ts'

// Whatever may stand around an address in a sentence, in a list or in JSON.
const AROUND = /[\s,;|<>"'`()[\]{}]+/
// Bounded, so that a long text costs no more than its length.
const FROM_SCHEME = /[a-z][a-z0-9+.-]{0,31}:\/\/.*/i

/** Every mailbox and every URL in a text, wherever it stands. Time is linear in the text. */
export function findMentions(text: string): readonly Address[] {
  const plain = text.normalize('NFKC')
  const pieces = plain.split(AROUND)
  const mailboxes = pieces.filter(piece => /@[^@.]+\./.test(piece))
  const urls = pieces.flatMap(piece => (piece.includes('://') ? (FROM_SCHEME.exec(piece)?.[0] ?? []) : []))
  // A note may begin with a link; no host goes on behind a blank. A client drops tabs and reads `\` as `/` (URL standard, 4.4).
  const first = plain
    .replace(/[\t\n\r]/g, '')
    .replace(/^[\p{Cc}\p{Cf}\s]+/u, '')
    .replaceAll('\\', '/')
  const begins = isUrl(first) ? first.split(/[ <>"]/, 1) : []
  return [
    ...[...new Set([...begins, ...urls])].map(written => ({ kind: 'url', written, certain: false }) as const),
    ...[...new Set(mailboxes)].map(written => ({ kind: 'email', written, certain: false }) as const),
  ]
}
