import { readFileSync } from 'node:fs'

/** Linux counts processor time for user space in hundredths of a second, whatever the kernel's own clock (USER_HZ, `man 5 proc_pid_stat`). */
const TICK_US = 10_000

/** Microseconds of processor time, user and system, that a process and all its threads have used. Linux only. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}
