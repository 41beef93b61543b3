import { inquiryOf } from '../audit/inquiry-of.ts'
import { readJournal } from '../audit/read.ts'
import type { Inquiry } from '../terms/inquiry.ts'

/** What the law was asked in a decision of a journal. @throws Error where there is no such decision, or the law was not asked; Fault */
export async function journalledInquiry(journalDir: string, id: string): Promise<Inquiry> {
  for await (const { entry } of readJournal(journalDir, { decisionId: id, kind: 'decision' })) {
    const inquiry = inquiryOf(entry)
    if (inquiry === null) throw new Error(`the law was not asked in decision ${id}: the gate refused the call before`)
    return inquiry
  }
  throw new Error(`there is no decision ${id} in ${journalDir}; write the id of the Haven-Decision header`)
}
