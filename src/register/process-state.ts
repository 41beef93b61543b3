import type { ProcessState } from '../terms/legal-process.ts'
import { isForm } from './administrative-paper.ts'
import type { Process } from './processes.ts'

const DAY_MS = 86_400_000

/** Days are whole and UTC, both ends included. `now`: milliseconds since 1970. */
export function stateAt(process: Process, now: number): ProcessState {
  const { instrument, verified, ended, used } = process
  if (ended) return ended.step
  if (!instrument || isForm(instrument)) return 'entered'
  if (instrument.until !== undefined && now >= Date.parse(instrument.until) + DAY_MS) return 'expired'
  if (instrument.uses !== undefined && used >= instrument.uses) return 'exhausted'
  if (new Set(verified.map(({ by }) => by)).size < 2) return 'entered'
  // A first day before the signature would make yesterday's call lawful by tomorrow's warrant.
  return now >= Math.max(Date.parse(instrument.from ?? instrument.signed), Date.parse(instrument.signed)) ? 'active' : 'verified'
}
