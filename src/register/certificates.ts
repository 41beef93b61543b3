import { Certificate } from '../terms/instrument.ts'
import type { Actor, Book, BookParts, Done } from './book.ts'
import { refuse } from './book.ts'
import { type JournalEntry, members, textOf } from './journal-entry.ts'

export interface CertificateView {
  readonly id: string
  /** Null where the register's file does not hold what the journal says was entered: then it certifies nobody. */
  readonly certificate: Certificate | null
  readonly enteredBy: string
  readonly enteredAt: number
  /** The counsel who confirmed it; null: it certifies nobody yet. */
  readonly verified: { readonly by: string; readonly at: number } | null
  readonly state: 'entered' | 'in-force' | 'not-yet' | 'expired' | 'revoked'
}

export interface Certificates extends Book {
  /** Enters a certificate. It certifies nobody before counsel confirmed it. */
  readonly add: (certificate: Certificate, actor: Actor) => Promise<Done<CertificateView>>
  /** By a counsel other than who entered it. */
  readonly verify: (id: string, actor: Actor) => Promise<Done<CertificateView>>
  readonly revoke: (id: string, why: string, actor: Actor) => Promise<Done<CertificateView>>
  readonly list: () => readonly CertificateView[]
  /** Whether this agency has a certificate in force now. */
  readonly isCertified: (agency: string) => boolean
}

interface Entered extends Omit<CertificateView, 'state'> {
  /** First and last moment in force, as the journal says. */
  readonly from: number
  readonly until: number
  readonly revoked: boolean
}

export interface CertificateParts extends BookParts {
  /** Whether `identity.admin.people` lists this id; left out: everybody is listed. */
  readonly isPerson?: (id: string) => boolean
}

const DAY_MS = 86_400_000
/** A promise is asked for again every year (N.Y. Veh. & Traf. Law § 201(12)); the rest is for the days around its renewal. */
const TERM_DAYS_MAX = 400

/** Promises of recipients. One in force makes its agency `certified`; days are whole and UTC, both ends included. */
export function createCertificates(parts: CertificateParts): Certificates {
  const known = new Map<string, Entered>()
  const seen = (id: string): Done<CertificateView> => {
    const entered = known.get(id)
    return entered ? { ok: true, value: viewOf(entered, parts.now()) } : refuse('not-found', `there is no certificate ${id}`)
  }
  return {
    observe: entry => observe(known, entry, parts.read),
    list: () => [...known.values()].map(entered => viewOf(entered, parts.now())),
    isCertified: agency => [...known.values()].some(one => one.certificate?.agency === agency && stateAt(one, parts.now()) === 'in-force'),
    add: (certificate, actor) =>
      parts.inTurn(async () => {
        const refused = mayAdd(certificate, actor, parts.now())
        if (refused) return refused
        const { agency, signed, until } = certificate
        const id = parts.newId()
        await parts.take({
          kind: 'certificate',
          id,
          step: 'entered',
          by: actor.person,
          open: { agency, signed, until },
          content: certificate,
        })
        return seen(id)
      }),
    verify: (id, actor) =>
      parts.inTurn(async () => {
        const refused = mayVerify(known.get(id), actor, parts)
        if (refused) return refused
        await parts.take({ kind: 'certificate', id, step: 'verified', by: actor.person })
        return seen(id)
      }),
    revoke: (id, why, actor) =>
      parts.inTurn(async () => {
        if (!mayStep(actor)) return refuse('forbidden', 'revoking a certificate needs the role counsel or operator')
        const entered = known.get(id)
        if (!entered) return seen(id)
        if (entered.revoked) return refuse('conflict', `certificate ${id} is revoked already`)
        if (why.trim() === '') return refuse('invalid', 'say why, in a few words')
        await parts.take({ kind: 'certificate', id, step: 'revoked', by: actor.person, content: { why } })
        return seen(id)
      }),
  }
}

const mayStep = ({ roles }: Actor): boolean => roles.has('counsel') || roles.has('operator')

function mayAdd({ signed, until }: Certificate, actor: Actor, now: number): Done<never> | null {
  if (!mayStep(actor)) return refuse('forbidden', 'entering a certificate needs the role counsel or operator')
  if (until < signed) return refuse('invalid', `the certificate ends (${until}) before it was signed (${signed})`)
  if (now >= Date.parse(until) + DAY_MS) return refuse('invalid', `the certificate ended on ${until}; enter the one that is in force`)
  if (Date.parse(until) - Date.parse(signed) > TERM_DAYS_MAX * DAY_MS)
    return refuse(
      'invalid',
      `a certificate is good for ${TERM_DAYS_MAX} days at most; enter an earlier until, and the next one when it is signed`,
    )
  return null
}

/** Two people: one operator alone, or with a second login, must not open to a contractor what the law closes without a certificate. */
function mayVerify(entered: Entered | undefined, actor: Actor, { now, isPerson = () => true }: CertificateParts): Done<never> | null {
  if (!actor.roles.has('counsel')) return refuse('forbidden', 'verifying a certificate needs the role counsel')
  if (!entered) return refuse('not-found', 'there is no such certificate')
  const { id, certificate, enteredBy, verified } = entered
  if (!certificate) return refuse('conflict', `the register's file does not hold what was entered as ${id}; enter it again`)
  const state = stateAt(entered, now())
  if (state === 'revoked' || state === 'expired') return refuse('conflict', `certificate ${id} is ${state}`)
  if (verified) return refuse('conflict', `certificate ${id} is verified already`)
  if (enteredBy === actor.person) return refuse('forbidden', 'whoever entered a certificate may not verify it; another person must')
  // An id that nobody has any more may be the same person's earlier name.
  if (!isPerson(enteredBy))
    return refuse('conflict', `who entered it (${enteredBy}) is no longer among identity.admin.people; enter it again`)
  return null
}

function stateAt({ revoked, from, until, certificate, verified }: Entered, now: number): CertificateView['state'] {
  if (revoked) return 'revoked'
  if (now >= until) return 'expired'
  // One whose row is lost certifies nobody, whoever confirmed it.
  if (!certificate || !verified) return 'entered'
  return now < from ? 'not-yet' : 'in-force'
}

function viewOf(entered: Entered, now: number): CertificateView {
  const { id, certificate, enteredBy, enteredAt, verified } = entered
  return { id, certificate, enteredBy, enteredAt, verified, state: stateAt(entered, now) }
}

function observe(known: Map<string, Entered>, entry: JournalEntry, read: BookParts['read']): void {
  if (entry.kind !== 'certificate') return
  const body = members(entry.body)
  const id = textOf(body.id)
  const before = known.get(id)
  if (before && body.step === 'verified') known.set(id, { ...before, verified: { by: textOf(body.by), at: entry.t_wall } })
  if (before && body.step === 'revoked') known.set(id, { ...before, revoked: true })
  if (before || body.step !== 'entered') return
  const content = Certificate.safeParse(read(textOf(body.digest)))
  known.set(id, {
    id,
    certificate: content.success ? content.data : null,
    enteredBy: textOf(body.by),
    enteredAt: entry.t_wall,
    verified: null,
    from: Date.parse(textOf(body.signed)),
    until: Date.parse(textOf(body.until)) + DAY_MS,
    revoked: false,
  })
}
