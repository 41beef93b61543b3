// A writer that says which decisions were acknowledged until it is killed. Run by kill.test.ts as a process of its own.
import { writeSync } from 'node:fs'
import { openJournal } from '../../src/audit/open.ts'
import { optionsIn, permitted, RELEASED } from './given.ts'

const [home = '', round = ''] = process.argv.slice(2)
const journal = await openJournal(optionsIn(home, { checkpointEveryMs: 15 }))
let n = 0
const write = async (): Promise<void> => {
  for (;;) {
    const receipt = await journal.recordDecision(permitted(`r${round}-${n++}`))
    writeSync(1, `${receipt.index} ${receipt.judgement.call.id}\n`)
    if (n % 3 === 0) await journal.recordOutcome(receipt, RELEASED)
  }
}
await Promise.all(Array.from({ length: 32 }, write))
