import type { Call } from '../terms/call.ts'
import type { LegalProcess } from '../terms/legal-process.ts'
import type { Claims } from '../terms/parties.ts'
import { readHeader } from './read-header.ts'
import { type DeclaredProcess, readProcess } from './read-process.ts'
import { isRefused, malformed, type Refused } from './refusal.ts'

const REASON_BYTES = 4096
const RECIPIENTS = 32
const WORD_LENGTH = 320

/** What the caller says of its call, from the token and from headers, agreed with each other. */
export interface Declarations {
  readonly purpose: { readonly code: string; readonly from: 'claim' | 'header' } | null
  readonly reason: string | null
  readonly case: string | null
  readonly recipients: readonly string[]
  readonly process: LegalProcess | null
  /** Ids of the register that the caller presents. */
  readonly presented: { readonly process: string | null; readonly hold: string | null }
}

/** Reads every declaration of a call. A claim and a header that both exist must say the same; recipients add up. */
export function readDeclarations(call: Call, claims: Claims): Declarations | Refused {
  const purpose = readOne(call, claims.purpose, 'purpose', value => value.trim().toLowerCase(), WORD_LENGTH)
  if (isRefused(purpose)) return purpose
  const reason = readOne(call, claims.reason, 'reason', value => value.trim(), REASON_BYTES)
  if (isRefused(reason)) return reason
  const caseNumber = readOne(call, claims.case, 'case', value => value.trim(), WORD_LENGTH)
  if (isRefused(caseNumber)) return caseNumber
  const recipients = readRecipients(call, claims)
  if (isRefused(recipients)) return recipients
  const process = readProcesses(call, claims)
  if (isRefused(process)) return process
  const hold = readHold(call)
  if (isRefused(hold)) return hold
  return {
    purpose: purpose.value === null ? null : { code: purpose.value, from: purpose.from },
    reason: reason.value,
    case: caseNumber.value,
    recipients: recipients.values,
    process: process.process?.process ?? null,
    presented: { process: process.process?.id ?? null, hold: hold.id },
  }
}

interface One {
  readonly value: string | null
  readonly from: 'claim' | 'header'
}

function readOne(call: Call, claim: string | undefined, name: string, tidy: (value: string) => string, bytes: number): One | Refused {
  const header = readHeader(call, `haven-${name}`, 'one')
  if (isRefused(header)) return header
  const written = [...(claim === undefined ? [] : [claim]), ...header.values].map(tidy)
  const bad = written.find(value => !value.isWellFormed() || Buffer.byteLength(value) > bytes)
  if (bad !== undefined) return malformed(`The declared ${name} is longer than ${bytes} bytes, or no valid Unicode.`)
  if (new Set(written).size > 1) return disagree(name)
  return { value: written[0] ?? null, from: claim === undefined ? 'header' : 'claim' }
}

const disagree = (name: string): Refused =>
  malformed(
    `The token and the header haven-${name} declare different things; send one of them, or the same in both.`,
    'party.declarations-disagree',
  )

function readRecipients(call: Call, claims: Claims): { readonly values: readonly string[] } | Refused {
  const header = readHeader(call, 'haven-recipient', 'list')
  if (isRefused(header)) return header
  const values = [...[claims.recipient ?? []].flat(), ...header.values]
  if (values.length > RECIPIENTS) return malformed(`More than ${RECIPIENTS} recipients were declared.`)
  const bad = values.some(value => value.trim() === '' || value.length > WORD_LENGTH || !value.isWellFormed())
  return bad ? malformed(`A declared recipient is empty, longer than ${WORD_LENGTH} characters, or no valid Unicode.`) : { values }
}

function readProcesses(call: Call, claims: Claims): { readonly process: DeclaredProcess | null } | Refused {
  const header = readHeader(call, 'haven-process', 'one')
  if (isRefused(header)) return header
  const read = [...(claims.process === undefined ? [] : [claims.process]), ...header.values].map(readProcess)
  const refused = read.find(isRefused)
  if (refused !== undefined) return refused
  const processes = read.flatMap(found => (isRefused(found) ? [] : [found]))
  if (new Set(processes.map(({ id, process }) => id ?? process.kind)).size > 1) return disagree('process')
  return { process: processes[0] ?? null }
}

/** An id the gate gave for something that waits (UUID). */
const HOLD = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function readHold(call: Call): { readonly id: string | null } | Refused {
  const header = readHeader(call, 'haven-hold', 'one')
  if (isRefused(header)) return header
  const [id] = header.values
  if (id !== undefined && !HOLD.test(id)) return malformed('The header Haven-Hold is not the id of a hold.')
  return { id: id ?? null }
}
