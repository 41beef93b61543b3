import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CliIo } from './io.ts'

/** Is this a journal's directory? If not, says so and sets exit code 2. */
export async function isJournalDirectory(dir: string, io: CliIo): Promise<boolean> {
  const problem = await judge(dir)
  if (problem === null) return true
  io.warn(problem)
  io.exit(2)
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
