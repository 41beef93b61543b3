import { z } from 'zod'
import type { PartyRefusal } from '../terms/judgement.ts'
import type { Claims } from '../terms/parties.ts'
import { malformed, partyRefusal, type Refused } from './refusal.ts'

const Text = z.string().min(1)

const ClaimsShape = z.object({
  iss: Text,
  sub: Text,
  exp: z.number(),
  agency: Text.optional(),
  ori: Text.optional(),
  email: Text.optional(),
  // Some issuers write "true" as a text: that vouches for nothing, and is no reason to refuse the token.
  email_verified: z
    .unknown()
    .transform(verified => verified === true)
    .optional(),
  client_id: z.string().optional(),
  azp: z.string().optional(),
  act: z.unknown().optional(),
  cnf: z.unknown().optional(),
  subject_of: z.record(z.string(), Text).optional(),
  purpose: z.string().optional(),
  reason: z.string().optional(),
  case: z.string().optional(),
  recipient: z.union([z.string(), z.array(z.string())]).optional(),
  process: z.unknown().optional(),
})

const DECLARATIONS: readonly PropertyKey[] = ['purpose', 'reason', 'case', 'recipient', 'process']

/**
 * Checks the shape of a verified token's payload. Unknown claims are ignored. A payload that cannot say who asks is
 * unauthenticated; a declaration of the wrong type is malformed.
 */
export function readClaims(payload: unknown): Claims | PartyRefusal {
  const read = ClaimsShape.safeParse(payload)
  if (read.success) return read.data
  const places = [...new Set(read.error.issues.map(issue => String(issue.path[0] ?? 'payload')))]
  const login = z.object({ iss: Text, sub: Text }).safeParse(payload)
  const problem = placesProblem(places)
  return partyRefusal(problem, null, login.success ? { issuer: login.data.iss, subject: login.data.sub } : null)
}

function placesProblem(places: readonly string[]): Refused {
  const declarationsOnly = places.every(place => DECLARATIONS.includes(place))
  const detail = `The token's ${places.map(place => `'${place}'`).join(', ')} is missing or of the wrong type.`
  return declarationsOnly ? malformed(detail) : { refused: 'token.invalid', reply: 'unauthenticated', detail }
}
