import { z } from 'zod'
import { Certificate } from '../terms/instrument.ts'
import { viewCertificate } from './certificate-view.ts'
import { addStep, type Desk, Nothing, Words } from './desk.ts'

const Why = z.strictObject({ why: Words })

/** Entering, verifying and revoking what recipients promised. */
export function addCertificateSteps(desk: Desk): void {
  const { certificates } = desk.books
  addStep(desk, '/certificates', { body: Certificate, take: ({ body, actor }) => certificates.add(body, actor), view: viewCertificate })
  addStep(desk, '/certificates/:id/verify', {
    body: Nothing,
    take: ({ id, actor }) => certificates.verify(id, actor),
    view: viewCertificate,
  })
  addStep(desk, '/certificates/:id/revoke', {
    body: Why,
    take: ({ id, body, actor }) => certificates.revoke(id, body.why, actor),
    view: viewCertificate,
  })
}
