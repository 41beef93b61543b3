import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from './fail.ts'
import type { CliIo } from './io.ts'
import { usageError } from './usage.ts'

/** Is this a journal's directory? If not, says so and sets exit code 2. */
export async function isJournalDirectory(dir: string, io: CliIo, json: boolean | undefined): Promise<boolean> {
  const problem = await judge(dir)
  if (problem === null) return true
  fail(io, usageError(problem), json)
  return false
}

async function judge(dir: string): Promise<string | null> {
  try {
    if (!(await stat(dir)).isDirectory()) return `${dir} is not a directory`
  } catch {
    return `there is no directory ${dir}`
  }
  try {
    await stat(join(dir, 'public'))
    return null
  } catch {
    return `${dir} holds no journal (it has no public/)`
  }
}
