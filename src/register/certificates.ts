import type { Certificate } from '../terms/instrument.ts'
import type { Actor, Book, BookParts, Done } from './book.ts'

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

export function createCertificates(_parts: BookParts): Certificates {
  throw new Error('not written yet')
}
