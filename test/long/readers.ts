import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { PROTECTED, redactedTenant } from './tenants.ts'

const OVERLAP = 32

/** Reads an answer to its end, as fast as it comes, looking for protected names in every byte. Throws when it is no 200 or breaks off. */
export async function readAll(url: string, token: string): Promise<{ seconds: number; bytes: number; problems: string[] }> {
  const started = performance.now()
  const answer = await ask(url, token)
  const problems = new Set<string>()
  const first = Buffer.from(`[${redactedTenant(0)}`)
  let bytes = 0
  let head: Buffer = Buffer.alloc(0)
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (head.length < first.length) head = Buffer.concat([head, chunk])
    bytes += chunk.length
    // A name may be cut in two by where a chunk ends.
    const seam = Buffer.concat([tail, chunk.subarray(0, OVERLAP)])
    for (const name of PROTECTED) if (chunk.includes(name) || seam.includes(name)) problems.add(`${name} left the gate`)
    tail = chunk.subarray(-OVERLAP)
  }
  if (!head.subarray(0, first.length).equals(first)) problems.add('the first record is not what it should be')
  if (tail.at(-1) !== 0x5d) problems.add('the list does not end as a list')
  return { seconds: (performance.now() - started) / 1000, bytes, problems: [...problems] }
}

/** Takes no more than the rate for so long, then hangs up. Throws when the answer ends before: then nothing was slow. */
export async function readSlowly(url: string, token: string, seconds: number, bytesPerSecond: number): Promise<{ bytes: number }> {
  const answer = await ask(url, token)
  const started = performance.now()
  const until = started + seconds * 1000
  let bytes = 0
  for await (const chunk of answer.iterator({ destroyOnReturn: true }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    const now = performance.now()
    if (now >= until) return { bytes }
    await wait(Math.max(0, started + (bytes / bytesPerSecond) * 1000 - now))
  }
  throw new Error(`the answer ended after ${bytes} bytes, before the slow client left: ask for more of them`)
}

async function ask(url: string, token: string): Promise<IncomingMessage> {
  const [answer] = (await once(get(url, { agent: false, headers: { authorization: `Bearer ${token}` } }), 'response')) as [IncomingMessage]
  if (answer.statusCode === 200) return answer
  answer.resume()
  throw new Error(`${url} answered ${answer.statusCode}`)
}
