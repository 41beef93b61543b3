import { readFileSync, writeFileSync } from 'node:fs'

/** Resident bytes of a process now, and the most it had since `forgetPeak`. Linux only. */
export function residentBytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
    if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`)
    return Number(kilobytes) * 1024
  }
  return { now: of('VmRSS'), peak: of('VmHWM') }
}

/** Sets the peak to what is resident now (`man 5 proc_pid_clear_refs`): loading the gate takes more than running it, and would hide the rise. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
