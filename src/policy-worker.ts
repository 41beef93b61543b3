import { parentPort, workerData } from 'node:worker_threads'
import { diffRulebooks } from './policy/diff.ts'
import { compileContent, type LoadedElsewhere, prepare } from './prepare.ts'
import { type Comparison, compareRulebooks } from './rulebook/compare.ts'
import { type FileProblem, FilesRefused } from './terms/faults.ts'
import type { CanonicalRulebook } from './terms/rulebook-content.ts'

/** What a gate has done on another thread, so that no caller waits while it reads a folder or walks a decision space. */
export type Job =
  | { readonly do: 'load'; readonly configFile: string; readonly bundle: string | null }
  | { readonly do: 'compare'; readonly before: CanonicalRulebook; readonly after: CanonicalRulebook; readonly at: number }

export type Done =
  | { readonly loaded: LoadedElsewhere }
  | { readonly problems: readonly FileProblem[] }
  | { readonly comparison: Comparison }

function run(job: Job): Done {
  if (job.do === 'compare') return { comparison: compare(job) }
  try {
    const { loaded } = prepare(job.configFile, job.bundle === null ? null : { text: job.bundle })
    const { canonical, configDigest, settings, signatures, serial, shadow, haven } = loaded
    return { loaded: { canonical, configDigest, settings, signatures, serial, shadow, haven: haven.value, configFile: job.configFile } }
  } catch (error) {
    if (!(error instanceof FilesRefused)) throw error
    return { problems: error.problems }
  }
}

function compare({ before, after, at }: Extract<Job, { do: 'compare' }>): Comparison {
  const comparable = ({ content }: CanonicalRulebook) => ({ content, rulebook: compileContent(content) })
  return compareRulebooks(comparable(before), comparable(after), at, diffRulebooks)
}

parentPort?.postMessage(run(workerData as Job))
