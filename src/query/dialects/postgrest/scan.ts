import { notUnderstood } from '../../unreadable.ts'

/** A place in a text that is being read. `where` names the part of the call, in Haven's words. */
export interface Scan {
  readonly text: string
  readonly where: string
  at: number
}

export const startScan = (text: string, where: string): Scan => ({ text, where, at: 0 })

export const atEnd = (scan: Scan): boolean => scan.at >= scan.text.length

export const sees = (scan: Scan, word: string): boolean => scan.text.startsWith(word, scan.at)

/** Reads `word` if it stands here. */
export function takeWord(scan: Scan, word: string): boolean {
  if (!sees(scan, word)) return false
  scan.at += word.length
  return true
}

/** Reads what a sticky (`y`) pattern matches here, or null. */
export function takePattern(scan: Scan, pattern: RegExp): string | null {
  pattern.lastIndex = scan.at
  const found = pattern.exec(scan.text)?.[0] ?? null
  if (found !== null) scan.at += found.length
  return found
}

/** Tries one reading and goes back where it does not fit. */
export function attempt<T>(scan: Scan, read: () => T | null): T | null {
  const start = scan.at
  const value = read()
  if (value === null) scan.at = start
  return value
}

export function expectWord(scan: Scan, word: string): void {
  if (!takeWord(scan, word)) throw stuck(scan)
}

export function expectEnd(scan: Scan): void {
  if (!atEnd(scan)) throw stuck(scan)
}

export const skipBlanks = (scan: Scan): void => {
  takePattern(scan, / */y)
}

/** Points at the character where reading stopped. */
export function stuck(scan: Scan): Error {
  const rest = scan.text.slice(scan.at, scan.at + 20)
  return notUnderstood(scan.where, `${scan.where}: not understood at ${rest === '' ? 'the end' : JSON.stringify(rest)}`)
}
