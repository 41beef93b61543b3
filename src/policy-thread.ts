import { Worker } from 'node:worker_threads'
import type { Done, Job } from './policy-worker.ts'
import type { Comparison } from './rulebook/compare.ts'
import { takePrint } from './rulebook/print-files.ts'
import type { CanonicalRulebook } from './terms/rulebook-content.ts'

const JOB_MS_MAX = 120_000
const LOADS_MAX = 5
// `tsc` rewrites the endings of imports, and this is none.
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './policy-worker.ts' : './policy-worker.js', import.meta.url)

/** Runs one job on a thread of its own. @throws Error when it fails, is given up, or takes longer than two minutes */
export function onThread(job: Job, signal?: AbortSignal): Promise<Done> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: job })
    const stop = () => void worker.terminate()
    const late = setTimeout(stop, JOB_MS_MAX)
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted) stop()
    worker.once('message', (done: Done) => resolve(done))
    worker.once('error', reject)
    worker.once('exit', code => {
      clearTimeout(late)
      signal?.removeEventListener('abort', stop)
      reject(new Error(`the thread for policies ended without an answer (${code})`))
    })
  })
}

/**
 * Loads on another thread, again while files change under it: half of one commit and half of the next is a rulebook nobody wrote. `paths`
 * are what it reads. @throws Error when they do not come to rest, or it is given up
 */
export async function loadAtRest(job: Extract<Job, { do: 'load' }>, paths: () => readonly string[], signal?: AbortSignal): Promise<Done> {
  for (let i = 0; i < LOADS_MAX; i++) {
    const before = (await takePrint(paths())).print
    const done = await onThread(job, signal)
    if ((await takePrint(paths())).print === before) return done
  }
  throw new Error('its files change all the while they are read')
}

/** Compares two rulebooks on another thread. What cannot be compared counts as weaker. @throws Error when it is given up */
export async function compareOnThread(
  before: CanonicalRulebook,
  after: CanonicalRulebook,
  at: number,
  signal?: AbortSignal,
): Promise<Comparison> {
  try {
    const done = await onThread({ do: 'compare', before, after, at }, signal)
    if ('comparison' in done) return done.comparison
  } catch (error) {
    if (signal?.aborted) throw error
  }
  return { weaker: true, summary: ['the two rulebooks could not be compared'] }
}
