import type { CertificateView } from '../register/certificates.ts'

/** A certificate as JSON. */
export function viewCertificate({ id, state, enteredBy, enteredAt, verified, certificate }: CertificateView): object {
  return { id, state, enteredBy, enteredAt, verified, certificate }
}
