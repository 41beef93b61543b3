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
  readonly state: 'in-force' | 'not-yet' | 'expired' | 'revoked'
}

export interface Certificates extends Book {
  readonly add: (certificate: Certificate, actor: Actor) => Promise<Done<CertificateView>>
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

const DAY_MS = 86_400_000

/** Promises of recipients. One in force makes its agency `certified`; days are whole and UTC, both ends included. */
export function createCertificates(parts: BookParts): Certificates {
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
        if (!mayStep(actor)) return refuse('forbidden', 'entering a certificate needs the role counsel or operator')
        const { agency, signed, until } = certificate
        if (until < signed) return refuse('invalid', `the certificate ends (${until}) before it was signed (${signed})`)
        if (parts.now() >= Date.parse(until) + DAY_MS)
          return refuse('invalid', `the certificate ended on ${until}; enter the one that is in force`)
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

function stateAt({ revoked, from, until }: Entered, now: number): CertificateView['state'] {
  if (revoked) return 'revoked'
  if (now >= until) return 'expired'
  return now < from ? 'not-yet' : 'in-force'
}

function viewOf(entered: Entered, now: number): CertificateView {
  const { id, certificate, enteredBy, enteredAt } = entered
  return { id, certificate, enteredBy, enteredAt, state: stateAt(entered, now) }
}

function observe(known: Map<string, Entered>, entry: JournalEntry, read: BookParts['read']): void {
  if (entry.kind !== 'certificate') return
  const body = members(entry.body)
  const id = textOf(body.id)
  const before = known.get(id)
  if (before && body.step === 'revoked') known.set(id, { ...before, revoked: true })
  if (before || body.step !== 'entered') return
  const content = Certificate.safeParse(read(textOf(body.digest)))
  known.set(id, {
    id,
    certificate: content.success ? content.data : null,
    enteredBy: textOf(body.by),
    enteredAt: entry.t_wall,
    from: Date.parse(textOf(body.signed)),
    until: Date.parse(textOf(body.until)) + DAY_MS,
    revoked: false,
  })
}
