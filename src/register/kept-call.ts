import { z } from 'zod'
import type { Judgement } from '../terms/judgement.ts'
import type { QueryFacts } from '../terms/query-facts.ts'

const BODY_BYTES_MAX = 64 * 1024

const Reasons = z.array(z.object({ rule: z.string().nullable(), cite: z.array(z.string()), text: z.string() }))

/** What the register's file keeps of a held call: only `sealed` says whom it concerns. */
export const KeptCall = z.object({ sealed: z.string().nullable(), requested: z.array(z.string()), reasons: Reasons })
export type KeptCall = z.infer<typeof KeptCall>

type Seal = ((text: string) => Promise<string>) | null

/** What counsel must see of a call that waits. Null where nothing waits. */
export async function keepCall(judgement: Judgement, seal: Seal): Promise<KeptCall | null> {
  const { query, decision, hold } = judgement
  if (!hold || query?.kind !== 'facts') return null
  const reasons = (decision.hold?.reasons ?? []).map(({ rule, cite, text }) => ({ rule, cite: [...cite], text }))
  const requested = query.uses.filter(({ classes }) => classes.some(dataClass => hold.classes.includes(dataClass)))
  const names = requested.map(({ collection, field, kind }) => `${collection}.${field} (${kind})`)
  return { sealed: await sealCall(judgement, seal), requested: [...new Set(names)], reasons }
}

/** The call in clear, sealed: what was asked, about whom, for whom and why. Null without a key, or where no query could be read. */
export async function sealCall({ parties, query }: Judgement, seal: Seal): Promise<string | null> {
  if (seal === null || query?.kind !== 'facts' || 'kind' in parties) return null
  const { login, recipients, reason, caseNumber } = parties
  return seal(
    JSON.stringify({
      ...{ source: query.source, collection: query.collection, method: query.upstream.method, target: query.upstream.target },
      ...{ body: textOf(query), dataSubjects: query.dataSubjects },
      ...{ reason, caseNumber, login, recipients: recipients.map(({ id, name, via }) => ({ id, name, via })) },
      addresses: query.addresses.map(({ kind, written }) => ({ kind, written })),
    }),
  )
}

/** A body is shown as text or not at all: counsel is told how long it was. */
function textOf({ upstream: { body } }: QueryFacts): string | { readonly bytes: number } | null {
  if (body === null) return null
  try {
    if (body.length <= BODY_BYTES_MAX) return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    // No UTF-8: only its length is said.
  }
  return { bytes: body.length }
}
