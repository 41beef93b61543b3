import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Received } from './check-receipts.ts'
import { PROTECTED } from './tenants.ts'

/** What one client of the crowd asks for, again and again. */
export interface Asking {
  readonly path: string
  readonly token: string
  readonly expect: Received
}

export interface Crowd {
  /** By decision id: everything of which at least the head came. */
  readonly received: ReadonlyMap<string, Received>
  /** Answers that came whole, answers that broke off after their head, and calls that got nothing. */
  readonly counts: { whole: number; brokenOff: number; unanswered: number }
  /** Answers nobody may give, such as a protected field. Must stay empty. */
  readonly wrong: readonly string[]
  /** Where to go on asking; null while there is no gate. */
  readonly moveTo: (gate: string | null) => Promise<void>
  /** Waits for the answers under way. */
  readonly stop: () => Promise<void>
}

/** Starts asking: one connection for each, a next question as soon as the last one is answered. */
export function gather(gate: string, askings: readonly Asking[]): Crowd {
  const received = new Map<string, Received>()
  const counts = { whole: 0, brokenOff: 0, unanswered: 0 }
  const wrong: string[] = []
  const open = (url: string) => new Pool(url, { connections: askings.length, pipelining: 1 })
  let pool: Pool | null = open(gate)
  let stopped = false

  async function ask(from: Pool, { path, token, expect }: Asking): Promise<void> {
    let headCame = false
    try {
      const answer = await from.request({ path, method: 'GET', headers: { authorization: `Bearer ${token}` } })
      // From here on the client holds something of the answer, however the body goes on.
      const id = answer.headers['haven-decision']
      headCame = true
      if (answer.statusCode !== (expect === 'released' ? 200 : 451)) wrong.push(`${path}: status ${answer.statusCode}, expected ${expect}`)
      else if (typeof id !== 'string') wrong.push(`${path}: an answer without Haven-Decision`)
      else received.set(id, expect)
      const text = await answer.body.text()
      counts.whole++
      if (expect === 'released' && PROTECTED.some(name => text.includes(name))) wrong.push(`${path}: a protected field left`)
    } catch {
      // The gate was killed: which of the two it was is all there is to say.
      counts[headCame ? 'brokenOff' : 'unanswered']++
      await wait(20)
    }
  }
  const loops = askings.map(async asking => {
    while (!stopped) {
      if (pool === null) await wait(20)
      else await ask(pool, asking)
    }
  })
  return {
    received,
    counts,
    wrong,
    moveTo: async url => {
      const left = pool
      pool = url === null ? null : open(url)
      await left?.destroy()
    },
    stop: async () => {
      stopped = true
      await Promise.all(loops)
      await pool?.destroy()
    },
  }
}
