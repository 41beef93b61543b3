import type { Command } from 'commander'
import { Certificate } from '../terms/instrument.ts'
import { type AdminOptions, type AdminParts, checkId, type Item } from './admin-client.ts'
import type { CliIo } from './io.ts'
import { addList, type Kind } from './look-up.ts'
import { readPaper } from './read-paper.ts'
import { plain } from './show-item.ts'
import { addStep } from './take-step.ts'

const KIND: Kind = { shelf: 'certificates', listed: 'certificates', columns: ['id', 'state', 'enteredBy', 'enteredAt', 'certificate'] }

type Entered = AdminOptions & { readonly file: string; readonly document?: string }
type Revoked = AdminOptions & { readonly why: string }

/** `haven certificate add | verify | revoke | list`: what recipients promised, where a statute wants a promise. */
export function addCertificate(program: Command, io: CliIo, parts: AdminParts): void {
  const group = program.command('certificate').description('what recipients promised, where a statute wants it')
  const add = group
    .command('add')
    .description('enter a certificate; it certifies nobody before another person with the role counsel verified it')
    .requiredOption('--file <file>', 'the certificate, YAML or JSON')
    .option('--document <file>', 'the document itself; its SHA-256 is entered, the file stays where it is')
  const schemas = { whole: Certificate, withoutDigest: Certificate.partial({ document: true }) }
  const say = (item: Item) =>
    item['state'] === 'entered'
      ? `the certificate ${plain(item['id'])} is entered: it certifies nobody until another person with the role counsel verifies it`
      : `the certificate ${plain(item['id'])} is ${plain(item['state'])}`
  addStep<Entered>(add, io, parts, { path: () => '/certificates', body: ({ file, document }) => readPaper(file, document, schemas), say })
  addStep(group.command('verify <id>').description('say that you checked the certificate with the agency that gave it'), io, parts, {
    path: id => `/certificates/${checkId(id)}/verify`,
    body: () => ({}),
    say,
  })
  const revoke = group
    .command('revoke <id>')
    .description('end a certificate')
    .requiredOption('--why <text>', 'why; kept in the register alone')
  addStep<Revoked>(revoke, io, parts, { path: id => `/certificates/${checkId(id)}/revoke`, body: ({ why }) => ({ why }), say })
  addList(group, io, parts, KIND, 'all certificates, the oldest first')
}
